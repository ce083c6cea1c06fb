/**
 * REPLICAOF and its old name SLAVEOF.
 *
 * @see redis/redis 7.0 src/replication.c, replicaofCommand()
 */
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { integerArg, latin1, wordArg } from '../arguments.js';
import type { CommandContext } from '../context.js';

export function follow(
  { client, replication, roles }: CommandContext,
  [, hostArg, portArg]: readonly Buffer[],
): Reply {
  if (replication.isFailingOver()) {
    throw new ReplyError('ERR REPLICAOF not allowed while failing over.');
  }
  if (wordArg(hostArg) === 'no' && wordArg(portArg) === 'one') {
    if (replication.master() !== null) roles.replicaOf(null, client);
    return reply.ok;
  }
  if (client.link === 'replica' || client.isMonitor) {
    throw new ReplyError('ERR Command is not valid when client is a replica.');
  }
  const host = latin1(hostArg);
  const port = integerArg(portArg, 'ERR Invalid master port');
  if (port < 0 || port > 65535) throw new ReplyError('ERR Invalid master port');
  const master = replication.master();
  if (master !== null && master.host.toLowerCase() === host.toLowerCase() && master.port === port) {
    return reply.simple('OK Already connected to specified master');
  }
  roles.replicaOf({ host, port }, client);
  return reply.ok;
}
