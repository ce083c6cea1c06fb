/**
 * Put a node's services together from what only its host can give.
 *
 * The actor of a node calls this once; what is the same for every node (registries, counts, the
 * table of commands) is made here.
 */
import type { CommandNode } from '../commands/context.js';
import type { Core } from '../core/core.js';
import { standardCommands } from '../commands/index.js';
import type { DebugSwitches } from '../commands/node/process.js';
import { CommandTable } from '../commands/table.js';
import { PubSub } from '../pubsub/pubsub.js';
import { Access, type UsersFile } from './acl/access-control.js';
import { applyToCore } from './apply-config.js';
import { BlockedClients } from './blocked-clients.js';
import { ClientRegistry } from './client-registry.js';
import { CommandStats } from './observation/command-stats.js';
import type { BatchFlow } from './flow.js';
import { infoText } from './info/info.js';
import { memoryFields } from './info/info-memory.js';
import { KeyspaceEvents } from './keyspace-events.js';
import { LatencyMonitor } from './observation/latency-monitor.js';
import { KeyMigrations } from './migrate/migrations.js';
import type { DialTarget } from './migrate/target.js';
import { Monitors } from './observation/monitors.js';
import { Pause } from './pause.js';
import type { LuaEngine } from '../scripting/lua-state.js';
import { ScriptingService } from './scripting/scripting-service.js';
import { renameCommands } from './rename-commands.js';
import { Slowlog } from './observation/slowlog.js';
import { NodeStats } from './observation/stats.js';
import { StreamErrors } from './stream-errors.js';
import { ClientTransactions } from './transaction.js';
import { Tracking } from './tracking.js';
import { Upkeep } from './upkeep/upkeep.js';
import { Watches } from './watches.js';

/** What a node's host provides. */
export interface NodeHost extends Pick<
  CommandNode,
  | 'config'
  | 'core'
  | 'keyspace'
  | 'replication'
  | 'roles'
  | 'saved'
  | 'end'
  | 'clock'
  | 'log'
  | 'appendOnly'
  | 'configFile'
  | 'process'
> {
  readonly flow: BatchFlow;
  readonly usersFile: UsersFile;
  readonly lua: LuaEngine;
  /** Begin a connection to a server that MIGRATE names. */
  readonly dialTarget: DialTarget;
}

/** All of it: each part of the server takes of this what it names. */
export interface NodeServices extends NodeHost, CommandNode {
  readonly access: Access;
  readonly core: Core;
  readonly scripting: ScriptingService;
  readonly commands: CommandTable;
  readonly clients: ClientRegistry;
  readonly events: KeyspaceEvents;
  readonly watches: Watches;
  readonly blocked: BlockedClients;
  readonly pause: Pause;
  readonly upkeep: Upkeep;
  readonly stats: NodeStats;
  readonly commandStats: CommandStats;
  readonly slowlog: Slowlog;
  readonly latency: LatencyMonitor;
  readonly monitors: Monitors;
  readonly tracking: Tracking;
  readonly streamErrors: StreamErrors;
}

export function createServices(host: NodeHost): NodeServices {
  const { config, core, clock } = host;
  applyToCore(config, core);
  const commands = new CommandTable(standardCommands);
  const ownNames = new CommandTable(standardCommands); // By which rules name commands.
  const slowlog = new Slowlog();
  config.slowlogMaxLen.onChange((length) => {
    slowlog.trim(length);
    return null;
  });
  const stats = new NodeStats(Math.floor(clock.wallMicros() / 1000));
  const pubsub = new PubSub();
  const clients = new ClientRegistry();
  const pause = new Pause();
  const tracking = new Tracking(clients, config);
  const watches = new Watches(tracking);
  const blocked = new BlockedClients(() => services);
  const switches: DebugSwitches = {
    activeExpire: true,
    pausesCron: false,
    skipsDumpChecks: false,
    aofFlushSleepMicros: 0,
    allowsDeniedScripts: false,
  };
  const events = new KeyspaceEvents(config, core, pubsub, tracking);
  const latency = new LatencyMonitor();
  const upkeep = new Upkeep({
    config,
    core,
    clients,
    pause,
    clock,
    replication: host.replication,
    expiresActively: () => switches.activeExpire,
    publish() {
      events.drain();
      blocked.serve();
      if (core.publish()) host.flow.onBatchEnd();
      else host.flow.onFenced();
    },
    onSlice(event, micros) {
      const thresholdMs = config.latencyMonitorThreshold.value;
      latency.add(event, micros, thresholdMs, Math.floor(clock.wallMicros() / 1e6));
    },
  });
  const transactions = new ClientTransactions(() => services);
  const scripting = new ScriptingService(host.lua, () => services);
  const services: NodeServices = {
    ...host,
    flow: {
      holdFor: (bytes) => host.flow.holdFor(bytes),
      onFenced: () => host.flow.onFenced(),
      makeRoom: (bytes) => host.flow.makeRoom(bytes),
      awaitDisk: (send) => host.flow.awaitDisk(send),
      majority: host.flow.majority,
      syncNow: () => host.flow.syncNow(),
      onBatchEnd() {
        upkeep.afterBatch();
        host.flow.onBatchEnd();
      },
    },
    access: new Access({
      config,
      commands: ownNames,
      clients,
      clock,
      log: host.log,
      file: host.usersFile,
    }),
    commands,
    clients,
    scripting,
    pubsub,
    events,
    watches,
    blocked,
    pause,
    upkeep,
    stats,
    streamErrors: new StreamErrors({
      config,
      log: host.log,
      stats,
      core,
      names: commands.all().map(({ name }) => name),
    }),
    commandStats: new CommandStats(core, commands),
    slowlog,
    latency,
    monitors: new Monitors(),
    migrations: new KeyMigrations(() => services, host.dialTarget),
    switches,
    tracking,
    transactions,
    report: {
      text: (asked, nowMs) => infoText(services, nowMs, asked),
      memory: () => memoryFields(services),
    },
  };
  renameCommands(commands, core, config.renamedCommands);
  return services;
}
