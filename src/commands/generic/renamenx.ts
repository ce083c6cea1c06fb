/** `RENAMENX`: rename a key unless the new name is taken. */
import { ReplyError, reply } from '../../resp/reply.js';
import { keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `RENAMENX key newkey` — give a value another key if that one is free. Errors: no such key. */
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
  run({ db, propagateVerbatim, notify }, [, from = NONE, to = NONE]) {
    if (!db.exists(from)) throw new ReplyError('ERR no such key');
    if (from.equals(to) || db.exists(to)) return reply.integer(0);
    db.rename(from, to);
    propagateVerbatim();
    notify('g', 'rename_from', from);
    notify('g', 'rename_to', to);
    return reply.integer(1);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
