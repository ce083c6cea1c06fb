/** `ZSCAN`: walk over the members of a sorted set step by step. */
import { oneKey } from '../key-specs.js';
import { scanElements } from '../scan-elements.js';
import type { CommandSpec } from '../spec.js';

/**
 * `ZSCAN key cursor [MATCH pattern] [COUNT count]` — walk over the members of a sorted set step by
 * step.
 */
export const zscan = {
  name: 'zscan',
  group: 'sorted-set',
  since: '2.8.0',
  summary: 'Walk over the members of a sorted set step by step',
  complexity: 'O(1) for a call, O(N) for a whole walk, N being the number of members',
  arity: -3,
  flags: ['readonly'],
  acl: ['sortedset'],
  tips: ['nondeterministic_output'],
  keys: oneKey('RO', 'access'),
  syntax: 'key cursor:integer [MATCH pattern:pattern] [COUNT count:integer]',
  run: (context, args) => scanElements(context, args, 'zset'),
} as const satisfies CommandSpec;
