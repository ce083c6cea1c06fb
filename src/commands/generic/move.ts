/** `MOVE`: move a key to another database. */
import { ReplyError, reply } from '../../resp/reply.js';
import { databaseArg } from '../arguments.js';
import { oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/**
 * `MOVE key db` — move a key, with its expiry, to another database.
 *
 * The reply is 1, or 0 when there is no such key or the other database has one of that name.
 */
export const move = {
  name: 'move',
  group: 'generic',
  since: '1.0.0',
  summary: 'Move a key to another database',
  complexity: 'O(1)',
  arity: 3,
  flags: ['write', 'fast'],
  acl: ['keyspace'],
  keys: oneKey('RW', 'access', 'update'),
  syntax: 'key db:integer',
  run({ client, db, keyspace, watches, propagateVerbatim, notify }, [, key = NONE, index]) {
    const toDb = databaseArg(index, keyspace.databases);
    if (toDb === client.db) {
      throw new ReplyError('ERR source and destination objects are the same');
    }
    if (!db.exists(key) || keyspace.db(toDb).exists(key)) return reply.integer(0);
    db.rename(key, key, toDb);
    watches.touch(toDb, key);
    propagateVerbatim();
    notify('g', 'move_from', key);
    notify('g', 'move_to', key, toDb);
    return reply.integer(1);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
