/**
 * Sessions with masters of this process: frames on the pair's wire, the stream out of the master's
 * ring, the snapshot out of its memory.
 *
 * Wires lose what crosses a partition, so a session is known by its number, and an answer that does
 * not come is asked for again.
 */
import type { Address } from '../../base/address.js';
import type { ReplicationEnvironment, ReplicationPeer } from '../environment.js';
import type { MasterSession, MasterSessionOwner, MasterTransport } from '../master-session.js';
import type { PsyncRequest } from '../psync.js';
import type { MasterFrame } from './frames.js';
import { SharedMasterSession } from './shared-master-session.js';

export class SharedMasters implements MasterTransport {
  readonly #env: ReplicationEnvironment;
  #session: SharedMasterSession | null = null;
  #lastNumber = 0;

  readonly #isHandingOver: () => boolean;

  /** @param isHandingOver - whether a request hands this node's role over. @see failover.ts */
  constructor(env: ReplicationEnvironment, isHandingOver: () => boolean) {
    this.#env = env;
    this.#isHandingOver = isHandingOver;
  }

  reaches({ host, port }: Address): boolean {
    return this.#env.peerAt(host, port) !== undefined;
  }

  open(
    { host, port }: Address,
    request: PsyncRequest,
    owner: MasterSessionOwner,
  ): MasterSession | null {
    const { ownIndex, config } = this.#env;
    const peer = this.#env.peerAt(host, port);
    if (peer === undefined || peer.memory === null || peer.index === ownIndex) return null;
    this.#lastNumber += 1;
    const session = this.#lastNumber;
    const { replid, offset } = request;
    const frame = {
      type: 'psync',
      session,
      replid,
      offset,
      port: config.announcePort,
      takeOver: this.#isHandingOver(),
    } as const;
    if (peer.wire.send(frame) !== 'sent') return null;
    this.#session = new SharedMasterSession(this.#env, owner, peer, session);
    return this.#session;
  }

  onFrame(peer: ReplicationPeer, frame: MasterFrame): void {
    if (this.#session?.peer === peer) this.#session.onFrame(frame);
  }

  /** A peer's thread has ended. */
  onPeerGone(peer: ReplicationPeer): void {
    if (this.#session?.peer === peer) this.#session.onGone();
  }
}
