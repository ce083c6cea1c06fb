/** `ZREMRANGEBYRANK`: remove the members of a sorted set between two ranks. */
import { core, removed } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZREMRANGEBYRANK key start stop` — executed by the core. */
export const zremrangebyrank = {
  name: 'zremrangebyrank',
  group: 'sorted-set',
  since: '2.0.0',
  summary: 'Remove the members of a sorted set between two ranks',
  complexity: 'O(log(N)+M), N being the size of the sorted set and M the number of members removed',
  arity: 4,
  flags: ['write'],
  acl: ['sortedset'],
  keys: oneKey('RW', 'delete'),
  syntax: 'key start:integer stop:integer',
  events: removed('z', 'zremrangebyrank'),
  run: core('sorted-ranges', 'zremrangebyrank'),
} as const satisfies CommandSpec;
