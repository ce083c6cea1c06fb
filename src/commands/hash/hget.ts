/** `HGET`: read a field of a hash. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `HGET key field` — executed by the core. */
export const hget = {
  name: 'hget',
  group: 'hash',
  since: '2.0.0',
  summary: 'Read a field of a hash',
  complexity: 'O(1)',
  arity: 3,
  flags: ['readonly', 'fast'],
  acl: ['hash'],
  keys: oneKey('RO', 'access'),
  syntax: 'key field',
  memberAt: 2,
  run: core('hashes', 'hget'),
} as const satisfies CommandSpec;
