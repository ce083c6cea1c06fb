/** `PERSIST`: let a key live for ever. */
import { oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `PERSIST key` — executed by the core. */
export const persist = {
  name: 'persist',
  group: 'generic',
  since: '2.2.0',
  summary: 'Let a key live for ever',
  complexity: 'O(1)',
  arity: 2,
  flags: ['write', 'fast'],
  acl: ['keyspace'],
  keys: oneKey('RW', 'update'),
  syntax: 'key',
  run: 'core',
} as const satisfies CommandSpec;
