/** `LLEN`: how many elements a list has. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `LLEN key` — executed by the core. */
export const llen = {
  name: 'llen',
  group: 'list',
  since: '1.0.0',
  summary: 'How many elements a list has',
  complexity: 'O(1)',
  arity: 2,
  flags: ['readonly', 'fast'],
  acl: ['list'],
  keys: oneKey('RO'),
  syntax: 'key',
  run: core('lists', 'llen'),
} as const satisfies CommandSpec;
