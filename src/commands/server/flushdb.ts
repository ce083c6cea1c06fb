/** `FLUSHDB`: delete all keys of the database. */
import { reply } from '../../resp/reply.js';
import { isFlushLazy } from './flush-mode.js';
import type { CommandSpec } from '../spec.js';

/** `FLUSHDB [ASYNC | SYNC]` — delete all keys of the database. */
export const flushdb = {
  name: 'flushdb',
  group: 'server',
  since: '1.0.0',
  history: [
    ['4.0.0', 'Added the `ASYNC` flushing mode modifier.'],
    ['6.2.0', 'Added the `SYNC` flushing mode modifier.'],
  ],
  summary: 'Delete all keys of the database',
  complexity: 'O(N) where N is the number of keys in the selected database',
  arity: -1,
  flags: ['write'],
  acl: ['keyspace', 'dangerous'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  syntax: '[flush_type: ASYNC | SYNC]',
  run({ client, config, db, keyspace, watches, blocked, upkeep, propagateVerbatim }, args) {
    const isLazy = isFlushLazy(args, config);
    watches.touchFlushed(client.db, (index) => keyspace.db(index));
    const flushed = db.flush(isLazy);
    blocked.recheck(client.db);
    upkeep.freeSoon();
    propagateVerbatim(flushed); // Also when there was nothing to delete, as Redis does.
    return reply.ok;
  },
} as const satisfies CommandSpec;
