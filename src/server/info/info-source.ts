/** Where INFO's figures come from. */
import type { Core } from '../../core/core.js';
import type { Keyspace } from '../../keyspace/keyspace.js';
import type { AppendOnlyFile, SavedData } from '../../commands/node/persistence.js';
import type { NodeClock, NodeEnd, NodeProcess } from '../../commands/node/process.js';
import type { Scripting } from '../../commands/node/scripting.js';
import type { Migrations } from '../../commands/migration.js';
import type { ReplicationState } from '../../commands/node/replication.js';
import type { Config } from '../../config/config.js';
import type { PubSub } from '../../pubsub/pubsub.js';
import type { ClientRegistry } from '../client-registry.js';
import type { CommandStats } from '../observation/command-stats.js';
import type { NodeStats } from '../observation/stats.js';
import type { Tracking } from '../tracking.js';
import type { Upkeep } from '../upkeep/upkeep.js';

export interface InfoSource {
  readonly config: Config;
  readonly core: Core;
  readonly keyspace: Keyspace;
  readonly clients: ClientRegistry;
  readonly pubsub: PubSub;
  readonly tracking: Tracking;
  readonly upkeep: Upkeep;
  readonly stats: NodeStats;
  readonly commandStats: CommandStats;
  readonly replication: ReplicationState;
  readonly saved: SavedData;
  readonly migrations: Migrations;
  readonly scripting: Scripting;
  readonly end: NodeEnd;
  readonly appendOnly: AppendOnlyFile;
  readonly clock: NodeClock;
  readonly process: NodeProcess;
}
