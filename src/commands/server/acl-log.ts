/** `ACL LOG`: show what was denied. */
import { type Reply, reply } from '../../resp/reply.js';
import type { DenialEntry } from '../access/control.js';
import { integerArg, wordArg, wrongUse } from '../arguments.js';
import type { CommandSpec } from '../spec.js';
import { latin1Reply } from './latin1-reply.js';
import type { AccessContext } from './access-context.js';

/** `ACL LOG [count | RESET]` — what was denied to whom, the newest first; or forget it. */
export const aclLog = {
  name: 'log',
  group: 'server',
  since: '6.0.0',
  summary: 'Show what was denied, or forget it',
  complexity: 'O(N) with N being the number of entries shown.',
  arity: -2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  syntax: '[operation: count:integer | RESET]',
  run({ access, nowMs }: AccessContext, args: readonly Buffer[]) {
    if (args.length > 3) throw wrongUse('ACL', args);
    if (wordArg(args[2]) === 'reset') {
      access.resetDenials();
      return reply.ok;
    }
    const count = args[2] === undefined ? 10 : Math.max(0, integerArg(args[2]));
    return reply.array(access.denials.slice(0, count).map((entry) => shown(entry, nowMs)));
  },
} as const satisfies CommandSpec;

function shown(entry: DenialEntry, nowMs: number): Reply {
  return reply.map([
    [reply.bulk('count'), reply.integer(entry.count)],
    [reply.bulk('reason'), reply.bulk(entry.reason)],
    [reply.bulk('context'), reply.bulk(entry.context)],
    [reply.bulk('object'), latin1Reply(entry.object)],
    [reply.bulk('username'), latin1Reply(entry.username)],
    [reply.bulk('age-seconds'), reply.double((nowMs - entry.lastMs) / 1000)],
    [reply.bulk('client-info'), latin1Reply(entry.clientInfo)],
  ]);
}
