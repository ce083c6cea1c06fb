/** `COPY`: give a value a second key. */
import { ReplyError, reply } from '../../resp/reply.js';
import { databaseArg, SYNTAX_ERROR, wordArg } from '../arguments.js';
import { keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/**
 * `COPY source destination [DB destination-db] [REPLACE]` — copy a value and its expiry.
 *
 * The reply is 1, or 0 when there is no source or (without REPLACE) the destination is taken.
 */
export const copy = {
  name: 'copy',
  group: 'generic',
  since: '6.2.0',
  summary: 'Give a value a second key',
  complexity: 'O(N) for collections, N being the number of nested items; O(1) for strings',
  arity: -3,
  flags: ['write', 'denyoom'],
  acl: ['keyspace'],
  keys: [keyAt(1, 'RO', 'access'), keyAt(2, 'OW', 'update')],
  syntax: 'source:key destination:key [DB destination-db:integer] [replace: REPLACE]',
  tellsWatchers: true,
  run({ client, db, keyspace, watches, propagateVerbatim, notify }, args) {
    const [, source = NONE, destination = NONE, ...options] = args;
    let toDb = client.db;
    let isReplacing = false;
    for (let i = 0; i < options.length; i++) {
      const option = wordArg(options[i]);
      if (option === 'replace') isReplacing = true;
      else if (option === 'db' && i + 1 < options.length) {
        toDb = databaseArg(options[++i], keyspace.databases);
      } else throw new ReplyError(SYNTAX_ERROR);
    }
    if (toDb === client.db && source.equals(destination)) {
      throw new ReplyError('ERR source and destination objects are the same');
    }
    if (!db.access.touch(source)) return reply.integer(0);
    const isTaken = keyspace.db(toDb).exists(destination);
    if (isTaken && !isReplacing) return reply.integer(0);
    db.copy(source, destination, toDb);
    watches.touch(toDb, destination);
    propagateVerbatim();
    if (isTaken) notify('n', 'new', destination, toDb); // In Redis it was deleted first.
    notify('g', 'copy_to', destination, toDb);
    return reply.integer(1);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
