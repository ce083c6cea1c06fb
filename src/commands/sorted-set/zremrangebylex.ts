/** `ZREMRANGEBYLEX`: remove the members of a sorted set between two members. */
import { core, removed } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZREMRANGEBYLEX key min max` — executed by the core. */
export const zremrangebylex = {
  name: 'zremrangebylex',
  group: 'sorted-set',
  since: '2.8.9',
  summary: 'Remove the members of a sorted set between two members',
  complexity: 'O(log(N)+M), N being the size of the sorted set and M the number of members removed',
  arity: 4,
  flags: ['write'],
  acl: ['sortedset'],
  keys: oneKey('RW', 'delete'),
  syntax: 'key min max',
  events: removed('z', 'zremrangebylex'),
  run: core('sorted-ranges', 'zremrangebylex'),
} as const satisfies CommandSpec;
