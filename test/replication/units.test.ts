/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './shared/ring-applier.unit.js';
import './shared/chunk-loans.unit.js';
import './flow-rules.unit.js';
import './shared/frames.unit.js';
import './shared/gap.unit.js';
import './link-state.unit.js';
import './min-replicas.unit.js';
import './shared/pace.unit.js';
import './shared/shared-master-session.unit.js';
import './psync.unit.js';
import './replication-id.unit.js';
import './snapshot/snapshot-receiver.unit.js';
import './snapshot/snapshot-rules.unit.js';
import './tcp/handshake.unit.js';
import './tcp/payload.unit.js';
import './tcp/transaction-edge.unit.js';
import './wait.unit.js';
