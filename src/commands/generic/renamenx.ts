/** `RENAMENX`: rename a key unless the new name is taken. */
import { core } from '../facts.js';
import { keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `RENAMENX key newkey` — executed by the core. */
export const renamenx = {
  name: 'renamenx',
  group: 'generic',
  since: '1.0.0',
  history: [
    [
      '3.2.0',
      'The command no longer returns an error when source and destination names are the same.',
    ],
  ],
  summary: 'Rename a key unless the new name is taken',
  complexity: 'O(1)',
  arity: 3,
  flags: ['write', 'fast'],
  acl: ['keyspace'],
  keys: [keyAt(1, 'RW', 'access', 'delete'), keyAt(2, 'OW', 'insert')],
  syntax: 'key newkey:key',
  run: core('keys', 'renamenx'),
} as const satisfies CommandSpec;
