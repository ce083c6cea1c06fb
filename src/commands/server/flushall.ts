/** `FLUSHALL`: delete all keys of all databases. */
import { reply } from '../../resp/reply.js';
import { isFlushLazy } from './flush-mode.js';
import type { CommandSpec } from '../spec.js';

/** `FLUSHALL [ASYNC | SYNC]` — delete all keys of all databases. */
export const flushall = {
  name: 'flushall',
  group: 'server',
  since: '1.0.0',
  history: [
    ['4.0.0', 'Added the `ASYNC` flushing mode modifier.'],
    ['6.2.0', 'Added the `SYNC` flushing mode modifier.'],
  ],
  summary: 'Delete all keys of all databases',
  complexity: 'O(N) where N is the total number of keys in all databases',
  arity: -1,
  flags: ['write'],
  acl: ['keyspace', 'dangerous'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  syntax: '[flush_type: ASYNC | SYNC]',
  run({ config, core, keyspace, watches, blocked, upkeep, saved, propagateVerbatim }, args) {
    const isLazy = isFlushLazy(args, config);
    watches.touchFlushed(null, (index) => keyspace.db(index));
    core.addDirty(keyspace.flushAll(isLazy));
    blocked.recheck(null);
    upkeep.freeSoon();
    saved.onFlushAll();
    propagateVerbatim(0); // Also when there was nothing to delete, as Redis does.
    return reply.ok;
  },
} as const satisfies CommandSpec;
