/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './apply.unit.js';
import './chunk-loans.unit.js';
import './flow-control.unit.js';
import './frames.unit.js';
import './gap.unit.js';
import './link-state.unit.js';
import './min-replicas.unit.js';
import './pace.unit.js';
import './psync.unit.js';
import './replication-id.unit.js';
import './snapshot-receiver.unit.js';
import './wait.unit.js';
