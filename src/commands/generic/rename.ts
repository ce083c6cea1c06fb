/** `RENAME`: rename a key. */
import { ReplyError, reply } from '../../resp/reply.js';
import { keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/**
 * `RENAME key newkey` — give a value another key, replacing what was there. Errors: no such key.
 */
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
  run({ db, propagateVerbatim, notify }, [, from = NONE, to = NONE]) {
    if (!db.exists(from)) throw new ReplyError('ERR no such key');
    if (from.equals(to)) return reply.ok;
    const isTaken = db.exists(to);
    db.rename(from, to);
    propagateVerbatim();
    if (isTaken) notify('n', 'new', to); // In Redis it was deleted first.
    notify('g', 'rename_from', from);
    notify('g', 'rename_to', to);
    return reply.ok;
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
