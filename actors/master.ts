/** A master: expired keys are its to delete, and its replicas learn of it from the stream. */
import type { NodeBehaviour } from './behaviour.js';

export const master: NodeBehaviour = {
  role: 'master',
  enter({ keyspace }) {
    keyspace.role.isReplica = false;
  },
};
