/** `HINCRBY`: add an integer to a field of a hash. */
import { changed, core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `HINCRBY key field increment` — executed by the core. */
export const hincrby = {
  name: 'hincrby',
  group: 'hash',
  since: '2.0.0',
  summary: 'Add an integer to a field of a hash',
  complexity: 'O(1)',
  arity: 4,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['hash'],
  keys: oneKey('RW', 'access', 'update'),
  syntax: 'key field increment:integer',
  events: changed('h', 'hincrby'),
  memberAt: 2,
  run: core('hashes', 'hincrby'),
} as const satisfies CommandSpec;
