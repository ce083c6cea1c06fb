/** `ZREVRANGEBYLEX`: tell the members of a sorted set between two members, the greatest first. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZREVRANGEBYLEX key max min [LIMIT (offset count)]` — executed by the core. */
export const zrevrangebylex = {
  name: 'zrevrangebylex',
  group: 'sorted-set',
  since: '2.8.9',
  summary: 'Tell the members of a sorted set between two members, the greatest first',
  complexity: 'O(log(N)+M), N being the size of the sorted set and M the number of members told',
  arity: -4,
  flags: ['readonly'],
  acl: ['sortedset'],
  deprecated: { since: '6.2.0', replacedBy: '`ZRANGE` with the `REV` and `BYLEX` arguments' },
  keys: oneKey('RO', 'access'),
  syntax: 'key max min [LIMIT (offset_count: offset:integer count:integer)]',
  run: core('sorted-ranges', 'zrevrangebylex'),
} as const satisfies CommandSpec;
