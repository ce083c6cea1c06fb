/** `ZRANGE`: tell the members of a sorted set in a range. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/**
 * `ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT (offset count)] [WITHSCORES]` — executed
 * by the core.
 */
export const zrange = {
  name: 'zrange',
  group: 'sorted-set',
  since: '1.2.0',
  history: [['6.2.0', 'Added the `REV`, `BYSCORE`, `BYLEX` and `LIMIT` options.']],
  summary: 'Tell the members of a sorted set in a range',
  complexity: 'O(log(N)+M), N being the size of the sorted set and M the number of members told',
  arity: -4,
  flags: ['readonly'],
  acl: ['sortedset'],
  keys: oneKey('RO', 'access'),
  syntax:
    'key start stop [sortby: BYSCORE | BYLEX] [REV] [LIMIT (offset_count: offset:integer count:integer)] [WITHSCORES]',
  run: core('sorted-ranges', 'zrange'),
} as const satisfies CommandSpec;
