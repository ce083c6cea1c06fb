/** `ZLEXCOUNT`: count the members of a sorted set between two members. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZLEXCOUNT key min max` — executed by the core. */
export const zlexcount = {
  name: 'zlexcount',
  group: 'sorted-set',
  since: '2.8.9',
  summary: 'Count the members of a sorted set between two members',
  complexity: 'O(log(N)), N being the size of the sorted set',
  arity: 4,
  flags: ['readonly', 'fast'],
  acl: ['sortedset'],
  keys: oneKey('RO', 'access'),
  syntax: 'key min max',
  run: core('sorted-ranges', 'zlexcount'),
} as const satisfies CommandSpec;
