/** `ZCOUNT`: count the members of a sorted set between two scores. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZCOUNT key min max` — executed by the core. */
export const zcount = {
  name: 'zcount',
  group: 'sorted-set',
  since: '2.0.0',
  summary: 'Count the members of a sorted set between two scores',
  complexity: 'O(log(N)), N being the size of the sorted set',
  arity: 4,
  flags: ['readonly', 'fast'],
  acl: ['sortedset'],
  keys: oneKey('RO', 'access'),
  syntax: 'key min:double max:double',
  run: core('sorted-ranges', 'zcount'),
} as const satisfies CommandSpec;
