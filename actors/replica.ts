/** A node as replica: it executes its master's stream, and what has expired waits for that. */
import type { Behaviour } from './behaviour.js';

export const replica: Behaviour = {
  role: 'replica',
  enter({ keyspace }) {
    keyspace.role.isReplica = true;
  },
  onCron() {
    return false;
  },
};
