/** `OBJECT ENCODING`: tell how a value is encoded. */
import { reply } from '../../resp/reply.js';
import { subcommandKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `OBJECT ENCODING key` — the encoding that Redis would use; null: no such key. */
export const objectEncoding = {
  name: 'encoding',
  group: 'generic',
  since: '2.2.3',
  summary: 'Tell how a value is encoded',
  complexity: 'O(1)',
  arity: 3,
  flags: ['readonly'],
  acl: ['keyspace'],
  tips: ['nondeterministic_output'],
  keys: subcommandKey('RO'),
  syntax: 'key',
  run({ db }, [, , key = NONE]) {
    const encoding = db.encodingOf(key);
    return encoding === null ? reply.null : reply.bulk(encoding);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
