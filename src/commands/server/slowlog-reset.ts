/** `SLOWLOG RESET`: empty the slow log. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `SLOWLOG RESET` — remove all entries of the slow log. */
export const slowlogReset = {
  name: 'reset',
  group: 'server',
  since: '2.2.12',
  summary: 'Remove all entries of the slow log',
  complexity: 'O(N) where N is the number of entries in the slowlog',
  arity: 2,
  flags: ['admin', 'loading', 'stale'],
  acl: [],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  run({ slowlog }) {
    slowlog.reset();
    return reply.ok;
  },
} as const satisfies CommandSpec;
