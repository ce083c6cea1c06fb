/** `RENAME`: rename a key. */
import { core } from '../facts.js';
import { keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `RENAME key newkey` — executed by the core. */
export const rename = {
  name: 'rename',
  group: 'generic',
  since: '1.0.0',
  summary: 'Rename a key',
  complexity: 'O(1)',
  arity: 3,
  flags: ['write'],
  acl: ['keyspace'],
  keys: [keyAt(1, 'RW', 'access', 'delete'), keyAt(2, 'OW', 'update')],
  syntax: 'key newkey:key',
  run: core('keys', 'rename'),
} as const satisfies CommandSpec;
