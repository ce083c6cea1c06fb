/**
 * Sessions with masters of this process: frames on the pair's wire, the stream out of the master's
 * ring, the snapshot out of its memory.
 *
 * Wires lose what crosses a partition, so a session is known by its number, and an answer that does
 * not come is asked for again.
 */
import type { Address } from '../../base/address.js';
import type { ReplicationEnvironment, ReplicationPeer } from '../environment.js';
import type {
  MasterSession,
  MasterSessionOwner,
  MasterTransport,
  Recalled,
} from '../master-session.js';
import type { PsyncRequest } from '../psync.js';
import type { StrictReplica } from '../strict/strict-rules.js';
import type { MasterFrame } from './frames.js';
import { SharedMasterSession } from './shared-master-session.js';

export class SharedMasters implements MasterTransport {
  readonly #env: ReplicationEnvironment;
  #session: SharedMasterSession | null = null;
  #lastNumber = 0;

  readonly #isHandingOver: () => boolean;
  readonly #strict: () => StrictReplica | null;

  /**
   * @param isHandingOver - whether a request hands this node's role over. @see failover.ts
   * @param strict - null: the cluster is not strict.
   */
  constructor(
    env: ReplicationEnvironment,
    isHandingOver: () => boolean,
    strict: () => StrictReplica | null,
  ) {
    this.#env = env;
    this.#isHandingOver = isHandingOver;
    this.#strict = strict;
  }

  reaches({ host, port }: Address): boolean {
    return this.#env.peerAt(host, port) !== undefined;
  }

  open(master: Address, request: PsyncRequest, owner: MasterSessionOwner): MasterSession | null {
    const peer = this.#peerAt(master);
    if (peer === null) return null;
    this.#lastNumber += 1;
    const session = this.#lastNumber;
    const { replid, offset } = request;
    const strict = this.#strict()?.question(replid === '?');
    const frame = {
      type: 'psync',
      session,
      replid,
      offset,
      port: this.#env.config.announcePort,
      takeOver: this.#isHandingOver(),
      ...(strict === undefined ? {} : { strict }),
    } as const;
    if (peer.wire.send(frame) !== 'sent') return null;
    this.#session = new SharedMasterSession(this.#env, owner, peer, session, request);
    return this.#session;
  }

  recall(master: Address, request: PsyncRequest, owner: MasterSessionOwner): Recalled | null {
    const peer = this.#peerAt(master);
    if (peer === null) return null;
    this.#lastNumber += 1;
    const session = new SharedMasterSession(this.#env, owner, peer, this.#lastNumber, request);
    const replid = session.recall();
    if (replid === null) return null;
    this.#session = session;
    return { session, replid };
  }

  /** @returns null: no other node of this process is there, or it has not begun yet. */
  #peerAt({ host, port }: Address): ReplicationPeer | null {
    const peer = this.#env.peerAt(host, port);
    const isThere = peer !== undefined && peer.memory !== null && peer.index !== this.#env.ownIndex;
    return isThere ? peer : null;
  }

  onFrame(peer: ReplicationPeer, frame: MasterFrame): void {
    if (this.#session?.peer === peer) this.#session.onFrame(frame);
  }

  /** A peer's thread has ended. */
  onPeerGone(peer: ReplicationPeer): void {
    if (this.#session?.peer === peer) this.#session.onGone();
  }
}
