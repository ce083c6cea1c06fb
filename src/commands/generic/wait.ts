/** `WAIT`: wait for replicas to have the writes of this connection. */
import { ReplyError, reply } from '../../resp/reply.js';
import { integerArg, timeoutArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/**
 * `WAIT numreplicas timeout` — wait until so many replicas have what this connection wrote.
 *
 * The reply is how many have, also when the time (ms, 0: no limit) ran out before there were
 * enough.
 */
export const wait = {
  name: 'wait',
  group: 'generic',
  since: '3.0.0',
  summary: 'Wait for replicas to have the writes of this connection',
  complexity: 'O(1)',
  arity: 3,
  flags: ['noscript'],
  acl: ['connection'],
  tips: ['request_policy:all_shards', 'response_policy:agg_min'],
  syntax: 'numreplicas:integer timeout:integer',
  run({ client, replication }, [, replicasArg, timeout]) {
    if (replication.role() === 'replica') throw new ReplyError(NOT_ON_A_REPLICA);
    const replicas = integerArg(replicasArg);
    const timeoutMs = timeoutArg(timeout);
    const offset = client.writeOffset;
    const acked = replication.ackedReplicas(offset);
    if (acked >= replicas || client.transaction !== null) return reply.integer(acked);
    return {
      type: 'blocked',
      reply: replication.wait(replicas, timeoutMs, offset).then(reply.integer),
      hasTimeout: timeoutMs > 0,
      timeoutReply: () => reply.integer(replication.ackedReplicas(offset)),
    };
  },
} as const satisfies CommandSpec;

const NOT_ON_A_REPLICA =
  'ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured to be writable (which is not the default) writes to replicas are just local and are not propagated.';
