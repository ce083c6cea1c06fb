/** A client's connection as a replica's: where commands and replication meet. */
import type { Client } from '../src/server/client.js';
import type { PsyncRequest } from '../src/replication/psync.js';
import type { Replicator } from '../src/replication/replicator.js';

/** What one asks for that asks with SYNC. */
const EVERYTHING: PsyncRequest = { replid: '?', offset: -1 };

/**
 * @param request - null: it asked with SYNC.
 * @returns null, or why it is not served, as Redis words it.
 */
export function serveReplica(
  replicator: Replicator,
  client: Client,
  request: PsyncRequest | null,
): string | null {
  const { replica, output } = client;
  const facts = {
    host: replica.address || hostOf(output.remoteAddress),
    port: replica.listeningPort,
    eof: replica.eof,
    psync2: replica.psync2,
    rdbOnly: replica.rdbOnly,
    isOld: request === null,
  };
  const served = replicator.serve(facts, output.stream(), request ?? EVERYTHING);
  if (typeof served === 'string') return served;
  replica.served = served;
  client.link = 'replica';
  return null;
}

/** `127.0.0.1` of `127.0.0.1:50123`, `::1` of `[::1]:50123`. */
function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}
