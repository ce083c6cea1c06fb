/** `ZREMRANGEBYSCORE`: remove the members of a sorted set between two scores. */
import { core, removed } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZREMRANGEBYSCORE key min max` — executed by the core. */
export const zremrangebyscore = {
  name: 'zremrangebyscore',
  group: 'sorted-set',
  since: '1.2.0',
  summary: 'Remove the members of a sorted set between two scores',
  complexity: 'O(log(N)+M), N being the size of the sorted set and M the number of members removed',
  arity: 4,
  flags: ['write'],
  acl: ['sortedset'],
  keys: oneKey('RW', 'delete'),
  syntax: 'key min:double max:double',
  events: removed('z', 'zremrangebyscore'),
  run: core('sorted-ranges', 'zremrangebyscore'),
} as const satisfies CommandSpec;
