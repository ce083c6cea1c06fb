/** `ZRANGEBYSCORE`: tell the members of a sorted set between two scores. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT (offset count)]` — executed by the core. */
export const zrangebyscore = {
  name: 'zrangebyscore',
  group: 'sorted-set',
  since: '1.0.5',
  history: [['2.0.0', 'Added the `WITHSCORES` modifier.']],
  summary: 'Tell the members of a sorted set between two scores',
  complexity: 'O(log(N)+M), N being the size of the sorted set and M the number of members told',
  arity: -4,
  flags: ['readonly'],
  acl: ['sortedset'],
  deprecated: { since: '6.2.0', replacedBy: '`ZRANGE` with the `BYSCORE` argument' },
  keys: oneKey('RO', 'access'),
  syntax:
    'key min:double max:double [WITHSCORES] [LIMIT (offset_count: offset:integer count:integer)]',
  run: core('sorted-ranges', 'zrangebyscore'),
} as const satisfies CommandSpec;
