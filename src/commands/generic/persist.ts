/** `PERSIST`: let a key live for ever. */
import { core, oneKey } from '../facts.js';
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
  events: ({ existed, exists }) => (existed && exists ? [['g', 'persist']] : []),
  run: core('expiry', 'persist'),
} as const satisfies CommandSpec;
