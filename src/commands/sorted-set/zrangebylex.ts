/** `ZRANGEBYLEX`: tell the members of a sorted set between two members. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZRANGEBYLEX key min max [LIMIT (offset count)]` — executed by the core. */
export const zrangebylex = {
  name: 'zrangebylex',
  group: 'sorted-set',
  since: '2.8.9',
  summary: 'Tell the members of a sorted set between two members',
  complexity: 'O(log(N)+M), N being the size of the sorted set and M the number of members told',
  arity: -4,
  flags: ['readonly'],
  acl: ['sortedset'],
  deprecated: { since: '6.2.0', replacedBy: '`ZRANGE` with the `BYLEX` argument' },
  keys: oneKey('RO', 'access'),
  syntax: 'key min max [LIMIT (offset_count: offset:integer count:integer)]',
  run: core('sorted-ranges', 'zrangebylex'),
} as const satisfies CommandSpec;
