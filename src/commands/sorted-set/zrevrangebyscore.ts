/** `ZREVRANGEBYSCORE`: tell the members of a sorted set between two scores, the greatest first. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT (offset count)]` — executed by the core. */
export const zrevrangebyscore = {
  name: 'zrevrangebyscore',
  group: 'sorted-set',
  since: '2.2.0',
  history: [['2.1.6', '`min` and `max` can be exclusive.']],
  summary: 'Tell the members of a sorted set between two scores, the greatest first',
  complexity: 'O(log(N)+M), N being the size of the sorted set and M the number of members told',
  arity: -4,
  flags: ['readonly'],
  acl: ['sortedset'],
  deprecated: { since: '6.2.0', replacedBy: '`ZRANGE` with the `REV` and `BYSCORE` arguments' },
  keys: oneKey('RO', 'access'),
  syntax:
    'key max:double min:double [WITHSCORES] [LIMIT (offset_count: offset:integer count:integer)]',
  run: core('sorted-ranges', 'zrevrangebyscore'),
} as const satisfies CommandSpec;
