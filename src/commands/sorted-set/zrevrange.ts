/** `ZREVRANGE`: tell the members of a sorted set between two ranks, the greatest first. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZREVRANGE key start stop [WITHSCORES]` — executed by the core. */
export const zrevrange = {
  name: 'zrevrange',
  group: 'sorted-set',
  since: '1.2.0',
  summary: 'Tell the members of a sorted set between two ranks, the greatest first',
  complexity: 'O(log(N)+M), N being the size of the sorted set and M the number of members told',
  arity: -4,
  flags: ['readonly'],
  acl: ['sortedset'],
  deprecated: { since: '6.2.0', replacedBy: '`ZRANGE` with the `REV` argument' },
  keys: oneKey('RO', 'access'),
  syntax: 'key start:integer stop:integer [WITHSCORES]',
  run: core('sorted-ranges', 'zrevrange'),
} as const satisfies CommandSpec;
