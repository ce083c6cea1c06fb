/** `SMEMBERS`: list the members of a set. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SMEMBERS key` — executed by the core. */
export const smembers = {
  name: 'smembers',
  group: 'set',
  since: '1.0.0',
  summary: 'List the members of a set',
  complexity: 'O(N), N being the size of the set',
  arity: 2,
  flags: ['readonly'],
  acl: ['set'],
  tips: ['nondeterministic_output_order'],
  keys: oneKey('RO', 'access'),
  syntax: 'key',
  run: core('sets', 'smembers'),
} as const satisfies CommandSpec;
