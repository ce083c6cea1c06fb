/** Sessions with masters outside the process, over sockets. */
import type { Address } from '../../base/address.js';
import type { ReplicationEnvironment } from '../environment.js';
import type { MasterSession, MasterSessionOwner, MasterTransport } from '../master-session.js';
import type { PsyncRequest } from '../psync.js';
import { TcpMasterSession } from './tcp-master-session.js';

export class TcpMasters implements MasterTransport {
  readonly #env: ReplicationEnvironment;
  readonly #isHandingOver: () => boolean;

  /** @param isHandingOver - whether a request hands this node's role over. @see failover.ts */
  constructor(env: ReplicationEnvironment, isHandingOver: () => boolean) {
    this.#env = env;
    this.#isHandingOver = isHandingOver;
  }

  /** Any address may be a server's. */
  reaches(): boolean {
    return this.#env.dial !== undefined;
  }

  open(master: Address, request: PsyncRequest, owner: MasterSessionOwner): MasterSession | null {
    const { dial } = this.#env;
    if (dial === undefined) return null;
    return new TcpMasterSession(this.#env, owner, master, request, this.#isHandingOver(), dial);
  }
}
