/** `OBJECT REFCOUNT`: tell how many refer to a value. */
import { reply } from '../../resp/reply.js';
import { referencesTo } from './references.js';
import { subcommandKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `OBJECT REFCOUNT key` — how many refer to the value; null: no such key. */
export const objectRefcount = {
  name: 'refcount',
  group: 'generic',
  since: '2.2.3',
  summary: 'Tell how many refer to a value',
  complexity: 'O(1)',
  arity: 3,
  flags: ['readonly'],
  acl: ['keyspace'],
  tips: ['nondeterministic_output'],
  keys: subcommandKey('RO'),
  syntax: 'key',
  run: ({ config, db }, [, , key = NONE]) =>
    db.exists(key) ? reply.integer(referencesTo({ config }, db, key)) : reply.null,
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
