/** `ZSCORE`: tell the score of a member of a sorted set. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZSCORE key member` — executed by the core. */
export const zscore = {
  name: 'zscore',
  group: 'sorted-set',
  since: '1.2.0',
  summary: 'Tell the score of a member of a sorted set',
  complexity: 'O(1)',
  arity: 3,
  flags: ['readonly', 'fast'],
  acl: ['sortedset'],
  keys: oneKey('RO', 'access'),
  syntax: 'key member',
  memberAt: 2,
  run: core('sorted-sets', 'zscore'),
} as const satisfies CommandSpec;
