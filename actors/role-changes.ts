/** Who replicates from whom, changed by clients: where commands and replication meet. */
import type { Address } from '../src/base/address.js';
import type { CommandClient } from '../src/commands/node/clients.js';
import type { NodeLog } from '../src/commands/node/process.js';
import type { RoleChanges } from '../src/commands/node/replication.js';
import type { FailoverRequest } from '../src/replication/failover.js';
import type { PsyncRequest } from '../src/replication/psync.js';
import type { Replicator } from '../src/replication/replicator.js';

/** What one asks for that asks with SYNC. */
const EVERYTHING: PsyncRequest = { replid: '?', offset: -1 };

export interface RoleChangesParts {
  readonly replicator: Replicator;
  readonly log: NodeLog;
  /** Whether a promotion by a sentinel fences the master that it replaces. */
  readonly fencing: boolean;
  /** Unix ms. */
  wallMs(): number;
}

export class ClientRoleChanges implements RoleChanges {
  readonly #parts: RoleChangesParts;

  constructor(parts: RoleChangesParts) {
    this.#parts = parts;
  }

  replicaOf(
    master: Address | null,
    requestedBy: CommandClient,
    by: 'user' | 'failover' = 'user',
  ): void {
    const { replicator, log, fencing } = this.#parts;
    const requester = `${by} request from '${requestedBy.describe(this.#parts.wallMs())}'`;
    if (master === null) {
      const isFencing = fencing && requestedBy.origin === 'sentinel';
      if (replicator.promote({ fence: isFencing }))
        log.write('notice', `MASTER MODE enabled (${requester})`);
    } else {
      replicator.replicaOf(master, requestedBy.origin === 'sentinel');
      log.write('notice', `REPLICAOF ${master.host}:${master.port} enabled (${requester})`);
    }
  }

  failover(request: FailoverRequest, requestedBy: CommandClient): string | null {
    return this.#parts.replicator.failover(request, requestedBy.origin === 'sentinel');
  }

  changeHistory(): void {
    this.#parts.replicator.changeHistory();
  }

  abortFailover(): boolean {
    return this.#parts.replicator.abortFailover();
  }

  serve(client: CommandClient, request: PsyncRequest | null): string | null {
    const { replica, output } = client;
    const facts = {
      host: replica.address || hostOf(output.remoteAddress),
      port: replica.listeningPort,
      eof: replica.eof,
      psync2: replica.psync2,
      rdbOnly: replica.rdbOnly,
      rdbContents: replica.rdbContents,
      isOld: request === null,
    };
    const { replicator } = this.#parts;
    const served = replicator.serve(facts, output.stream(), request ?? EVERYTHING);
    if (typeof served === 'string') return served;
    replica.served = served;
    client.link = 'replica';
    return null;
  }
}

/** `127.0.0.1` of `127.0.0.1:50123`, `::1` of `[::1]:50123`. */
function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}
