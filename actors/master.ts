/** A node as master: it decides what expires, and its stream says so. */
import type { Behaviour } from './behaviour.js';

/** Work units of one slice of the expiry cycle: well below a millisecond. */
const EXPIRE_BUDGET = 4096;

export const master: Behaviour = {
  role: 'master',
  enter({ keyspace }) {
    keyspace.role.isReplica = false;
  },
  onCron({ core, replicator }) {
    const hasMore = core.activeExpire(0, EXPIRE_BUDGET);
    if (core.publish()) replicator.afterBatch();
    else replicator.onFenced();
    return hasMore;
  },
};
