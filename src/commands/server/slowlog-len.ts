/** `SLOWLOG LEN`: how long the slow log is. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `SLOWLOG LEN` — how many entries the slow log has. */
export const slowlogLen = {
  name: 'len',
  group: 'server',
  since: '2.2.12',
  summary: 'Tell how many entries the slow log has',
  complexity: 'O(1)',
  arity: 2,
  flags: ['admin', 'loading', 'stale'],
  acl: [],
  tips: ['request_policy:all_nodes', 'response_policy:agg_sum', 'nondeterministic_output'],
  run: ({ slowlog }) => reply.integer(slowlog.entries.length),
} as const satisfies CommandSpec;
