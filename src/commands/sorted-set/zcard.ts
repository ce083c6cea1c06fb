/** `ZCARD`: tell how many members a sorted set has. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZCARD key` — executed by the core. */
export const zcard = {
  name: 'zcard',
  group: 'sorted-set',
  since: '1.2.0',
  summary: 'Tell how many members a sorted set has',
  complexity: 'O(1)',
  arity: 2,
  flags: ['readonly', 'fast'],
  acl: ['sortedset'],
  keys: oneKey('RO'),
  syntax: 'key',
  run: core('sorted-sets', 'zcard'),
} as const satisfies CommandSpec;
