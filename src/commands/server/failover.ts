/** `FAILOVER`: hand this master's role to one of its replicas. */
import type { Address } from '../../base/address.js';
import { ReplyError, reply } from '../../resp/reply.js';
import { integerArg, latin1, SYNTAX_ERROR, wordArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/**
 * `FAILOVER [TO host port [FORCE]] [TIMEOUT ms]`, `FAILOVER ABORT` — begin to hand over, or stop
 * it.
 *
 * Writes wait until a replica has everything; then it is told to take over.
 */
export const failover = {
  name: 'failover',
  group: 'server',
  since: '6.2.0',
  summary: 'Hand the role of the master to one of its replicas, losing nothing',
  complexity: 'O(1)',
  arity: -1,
  flags: ['admin', 'noscript', 'stale'],
  acl: [],
  syntax: '[target: TO host port:integer [FORCE]] [ABORT] [milliseconds: TIMEOUT integer]',
  run({ roles, client }, args) {
    if (args.length === 2 && wordArg(args[1]) === 'abort') {
      if (!roles.abortFailover()) throw new ReplyError('ERR No failover in progress.');
      return reply.ok;
    }
    const whyNot = roles.failover(readRequest(args), client);
    if (whyNot !== null) throw new ReplyError(whyNot);
    return reply.ok;
  },
} as const satisfies CommandSpec;

function readRequest(args: readonly Buffer[]): {
  target: Address | null;
  force: boolean;
  timeoutMs: number;
} {
  let target: Address | null = null;
  let force = false;
  let timeoutMs = 0;
  for (let at = 1; at < args.length; at += 1) {
    const word = wordArg(args[at]);
    if (word === 'timeout' && at + 1 < args.length && timeoutMs === 0) {
      timeoutMs = integerArg(args[at + 1]);
      if (timeoutMs <= 0) throw new ReplyError('ERR FAILOVER timeout must be greater than 0');
      at += 1;
    } else if (word === 'to' && at + 2 < args.length && target === null) {
      target = { host: latin1(args[at + 1]), port: integerArg(args[at + 2]) };
      at += 2;
    } else if (word === 'force' && !force) force = true;
    else throw new ReplyError(SYNTAX_ERROR);
  }
  return { target, force, timeoutMs };
}
