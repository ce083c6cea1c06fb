/** `SLOWLOG GET`: the entries of the slow log. */
import { ReplyError, reply } from '../../resp/reply.js';
import { integerArg, wrongUse } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

const BAD_COUNT = 'ERR count should be greater than or equal to -1';
const DEFAULT_COUNT = 10;

/** `SLOWLOG GET [count]` — the newest entries of the slow log, all of them with -1. */
export const slowlogGet = {
  name: 'get',
  group: 'server',
  since: '2.2.12',
  history: [['4.0.0', 'Added client IP address, port and name to the reply.']],
  summary: 'Get the entries of the slow log',
  complexity: 'O(N) where N is the number of entries returned',
  arity: -2,
  flags: ['admin', 'loading', 'stale'],
  acl: [],
  tips: ['request_policy:all_nodes', 'nondeterministic_output'],
  syntax: '[count:integer]',
  run({ slowlog }, args) {
    if (args.length > 3) throw wrongUse('SLOWLOG', args);
    const count = args[2] === undefined ? DEFAULT_COUNT : integerArg(args[2], BAD_COUNT);
    if (count < -1) throw new ReplyError(BAD_COUNT);
    const { entries } = slowlog;
    return reply.array(
      entries
        .slice(0, count === -1 ? entries.length : count)
        .map((entry) =>
          reply.array([
            reply.integer(entry.id),
            reply.integer(entry.time),
            reply.integer(entry.micros),
            reply.bulks(entry.args),
            reply.bulk(entry.address),
            reply.bulk(entry.clientName),
          ]),
        ),
    );
  },
} as const satisfies CommandSpec;
