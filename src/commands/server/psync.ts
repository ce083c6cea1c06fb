/** `PSYNC`: become a replica, from an offset on. */
import { ReplyError } from '../../resp/reply.js';
import { integerArg, latin1, wordArg } from '../arguments.js';
import type { CommandContext } from '../context.js';
import type { CommandSpec } from '../spec.js';
import { synchronize } from './synchronize.js';

/**
 * `PSYNC replicationid offset [FAILOVER]` — follow this node's stream on this connection.
 *
 * Answered by `+CONTINUE`, or `+FULLRESYNC` and a snapshot once one is taken; then the stream.
 */
export const psync = {
  name: 'psync',
  group: 'server',
  since: '2.8.0',
  summary: 'Follow the stream of writes from an offset on',
  complexity: '',
  arity: -3,
  flags: ['no_async_loading', 'admin', 'no_multi', 'noscript'],
  acl: [],
  syntax: 'replicationid offset:integer',
  run(context, [, replid, offset, option]) {
    const { client } = context;
    if (client.link === 'replica' || client.isMonitor) return null; // As Redis: not a word.
    if (wordArg(option ?? Buffer.alloc(0)) === 'failover') takeOver(context, latin1(replid));
    return synchronize(context, { replid: latin1(replid), offset: offsetArg(context, offset) });
  },
} as const satisfies CommandSpec;

function offsetArg({ client, log, nowMs }: CommandContext, offset: Buffer | undefined): number {
  try {
    return integerArg(offset);
  } catch (error) {
    const replica = client.describe(nowMs);
    log.write('warning', `Replica ${replica} asks for synchronization but with a wrong offset`);
    throw error;
  }
}

/** The master hands its role to this replica. */
function takeOver(
  { client, replication, roles }: Parameters<typeof synchronize>[0],
  replid: string,
): void {
  if (replication.master() === null) {
    throw new ReplyError("ERR PSYNC FAILOVER can't be sent to a master.");
  }
  if (replid.toLowerCase() !== replication.replid()) {
    throw new ReplyError('ERR PSYNC FAILOVER replid must match my replid.');
  }
  roles.replicaOf(null, client, 'failover');
}
