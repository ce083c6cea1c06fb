/** `ZINCRBY`: add to the score of a member of a sorted set. */
import { changed, core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZINCRBY key increment member` — executed by the core. */
export const zincrby = {
  name: 'zincrby',
  group: 'sorted-set',
  since: '1.2.0',
  summary: 'Add to the score of a member of a sorted set',
  complexity: 'O(log(N)), N being the size of the sorted set',
  arity: 4,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['sortedset'],
  keys: oneKey('RW', 'access', 'update'),
  syntax: 'key increment:integer member',
  events: changed('z', 'zincr'),
  memberAt: 3,
  run: core('sorted-sets', 'zincrby'),
} as const satisfies CommandSpec;
