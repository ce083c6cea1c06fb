/** `HSTRLEN`: tell how long the value of a field is. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `HSTRLEN key field` — executed by the core. */
export const hstrlen = {
  name: 'hstrlen',
  group: 'hash',
  since: '3.2.0',
  summary: 'Tell how long the value of a field is',
  complexity: 'O(1)',
  arity: 3,
  flags: ['readonly', 'fast'],
  acl: ['hash'],
  keys: oneKey('RO'),
  syntax: 'key field',
  memberAt: 2,
  run: core('hashes', 'hstrlen'),
} as const satisfies CommandSpec;
