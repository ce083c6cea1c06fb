/** A master: expired keys are its to delete, and its replicas learn of it from the stream. */
import type { NodeBehaviour, NodeParts } from './behaviour.js';

/** Units of work of one slice of the active cycle: well below a millisecond. */
const EXPIRE_SLICE = 4096;
/** Slices per cron turn at the most: a quarter of the thread's time, as Redis' slow cycle. */
const EXPIRE_SLICES_PER_TURN = 32;

export const master: NodeBehaviour = {
  role: 'master',
  enter({ keyspace }) {
    keyspace.role.isReplica = false;
  },
  cron(node) {
    expireSlice(node, EXPIRE_SLICES_PER_TURN);
  },
};

/** Delete a slice of the expired keys; if there are more, go on after the clients had their turn. */
function expireSlice(node: NodeParts, slicesLeft: number): void {
  if (node.keyspace.role.isReplica || slicesLeft === 0 || !node.expiresActively()) return;
  const hasMore = node.core.activeExpire(0, EXPIRE_SLICE);
  node.publish();
  if (hasMore) node.soon(() => expireSlice(node, slicesLeft - 1));
}
