/** `HLEN`: count the fields of a hash. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `HLEN key` — executed by the core. */
export const hlen = {
  name: 'hlen',
  group: 'hash',
  since: '2.0.0',
  summary: 'Count the fields of a hash',
  complexity: 'O(1)',
  arity: 2,
  flags: ['readonly', 'fast'],
  acl: ['hash'],
  keys: oneKey('RO'),
  syntax: 'key',
  run: core('hashes', 'hlen'),
} as const satisfies CommandSpec;
