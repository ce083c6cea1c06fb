/**
 * Put a node's services together from what only its host can give.
 *
 * The actor of a node calls this once; what is the same for every node (registries, counts, the table
 * of commands) is made here.
 */
import type { Config } from '../config/config.js';
import { PubSub } from '../pubsub/pubsub.js';
import { applyToCore } from './apply-config.js';
import { ClientRegistry } from './client-registry.js';
import { CommandStats } from './command-stats.js';
import type {
  DebugSwitches,
  HostFacts,
  LogLevel,
  NodeServices,
  ReplicationControl,
} from '../commands/context.js';
import type { Engine, EngineKeyspace } from '../commands/engine.js';
import { standardCommands } from '../commands/index.js';
import { KeyspaceEvents } from './keyspace-events.js';
import { LatencyMonitor } from './latency-monitor.js';
import { Monitors } from './monitors.js';
import { Pause } from './pause.js';
import { Slowlog } from './slowlog.js';
import type { CommandSpec } from '../commands/spec.js';
import { NodeStats } from './stats.js';
import { CommandTable } from '../commands/table.js';
import { Upkeep } from './upkeep/upkeep.js';
import { Watches } from './watches.js';

/** What a node's host provides; see NodeServices for what each does. */
export interface NodeHost {
  readonly config: Config;
  readonly core: Engine;
  readonly keyspace: EngineKeyspace;
  readonly replication: ReplicationControl;
  readonly facts: HostFacts;
  readonly runId: string;
  /** Commands besides the standard ones: replication's. One of the same name replaces it. */
  readonly commands?: readonly CommandSpec[];
  port(): number;
  wallMicros(): number;
  sleep(ms: number): void;
  log(level: LogLevel, text: string): void;
  shutdown(): void;
  onFenced(): void;
  holdFor?(inputBytes: number): number;
  later(delayMs: number, task: () => void): void;
  onBatchEnd?(): void;
  readConfigFile?(): string | null;
  writeConfigFile?(text: string): void;
}

export function createServices(host: NodeHost): NodeServices {
  const nowMs = Math.floor(host.wallMicros() / 1000);
  applyToCore(host.config, host.core);
  const commands = new CommandTable([...standardCommands, ...(host.commands ?? [])]);
  const slowlog = new Slowlog();
  host.config.slowlogMaxLen.onChange((length) => {
    slowlog.trim(length);
    return null;
  });
  const pubsub = new PubSub();
  const clients = new ClientRegistry();
  const pause = new Pause();
  const switches: DebugSwitches = { activeExpire: true, skipsDumpChecks: false };
  const events = new KeyspaceEvents(host.config, host.core, pubsub);
  const latency = new LatencyMonitor();
  const upkeep = new Upkeep({
    config: host.config,
    core: host.core,
    clients,
    pause,
    replication: host.replication,
    wallMicros: () => host.wallMicros(),
    later: (delayMs, task) => host.later(delayMs, task),
    expiresActively: () => switches.activeExpire,
    publish() {
      events.drain();
      if (host.core.publish()) host.onBatchEnd?.();
      else host.onFenced();
    },
    onSlice(event, micros) {
      const thresholdMs = host.config.latencyMonitorThreshold.value;
      latency.add(event, micros, thresholdMs, Math.floor(host.wallMicros() / 1e6));
    },
  });
  return {
    config: host.config,
    commands,
    core: host.core,
    keyspace: host.keyspace,
    clients,
    pubsub,
    events,
    watches: new Watches(),
    pause,
    upkeep,
    stats: new NodeStats(nowMs),
    commandStats: new CommandStats(host.core, commands),
    slowlog,
    latency,
    monitors: new Monitors(),
    switches,
    replication: host.replication,
    host: host.facts,
    runId: host.runId,
    port: () => host.port(),
    wallMicros: () => host.wallMicros(),
    sleep: (ms) => host.sleep(ms),
    log: (level, text) => host.log(level, text),
    shutdown: () => host.shutdown(),
    onFenced: () => host.onFenced(),
    holdFor: (bytes) => host.holdFor?.(bytes) ?? 0,
    later: (delayMs, task) => host.later(delayMs, task),
    onBatchEnd() {
      upkeep.afterBatch();
      host.onBatchEnd?.();
    },
    readConfigFile: () => host.readConfigFile?.() ?? null,
    writeConfigFile: (text) => host.writeConfigFile?.(text),
  };
}
