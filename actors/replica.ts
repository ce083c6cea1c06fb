/**
 * A replica: hides expired keys from readers, and leaves it to the master's stream to delete them.
 */
import type { NodeBehaviour } from './behaviour.js';

export const replica: NodeBehaviour = {
  role: 'replica',
  enter({ keyspace }) {
    keyspace.role.isReplica = true;
  },
};
