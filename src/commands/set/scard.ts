/** `SCARD`: count the members of a set. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SCARD key` — executed by the core. */
export const scard = {
  name: 'scard',
  group: 'set',
  since: '1.0.0',
  summary: 'Count the members of a set',
  complexity: 'O(1)',
  arity: 2,
  flags: ['readonly', 'fast'],
  acl: ['set'],
  keys: oneKey('RO'),
  syntax: 'key',
  run: core('sets', 'scard'),
} as const satisfies CommandSpec;
