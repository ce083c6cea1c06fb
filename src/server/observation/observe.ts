/**
 * What is noted of each command that ran: its cost, the slow log, latency events, monitors.
 *
 * The default configuration costs two readings of the clock per call of the core. A command of the
 * core is timed on its own only when a directive asks for commands that take less than
 * ALONE_MICROS; above that, only a slow command can be meant (core/assembly/slow.ts), and
 * the core says which it was. What it cannot tell: a small command that the machine itself held up.
 *
 * @see redis/redis 7.0.15 src/server.c, call()
 */
import type { Client } from '../client.js';
import type { Core } from '../../core/core.js';
import type { NodeClock } from '../../commands/node/process.js';
import type { ReplicationState } from '../../commands/node/replication.js';
import type { Config } from '../../config/config.js';
import type { CommandStats } from './command-stats.js';
import type { LatencyEvent, LatencyMonitor } from './latency-monitor.js';
import type { Monitors } from './monitors.js';
import type { Slowlog } from './slowlog.js';
import type { NodeStats } from './stats.js';
import { withoutSecrets } from './redact.js';
import { type CommandSpec, isCores } from '../../commands/spec.js';
import type { Resolved } from '../../commands/table.js';

/** Where commands are noted, and by what rules. */
export interface Observation {
  readonly config: Config;
  readonly core: Core;
  readonly clock: NodeClock;
  readonly stats: NodeStats;
  readonly commandStats: CommandStats;
  readonly slowlog: Slowlog;
  readonly latency: LatencyMonitor;
  readonly monitors: Monitors;
  readonly replication: Pick<ReplicationState, 'isLoading'>;
}

/** µs. No slice of input without a slow command takes so long. */
const ALONE_MICROS = 1000;

/**
 * Whether every command must be timed, or seen, on its own: none may run inside the core's batch.
 */
export function observesEach({ monitors, config }: Observation): boolean {
  const slowerThan = config.slowlogLogSlowerThan.value;
  return monitors.active || (slowerThan >= 0 && slowerThan < ALONE_MICROS);
}

/**
 * A command has run by itself.
 *
 * @param micros - what it took.
 * @param isBlocked - its client waits: the slow log gets it with its answer.
 */
export function observeCall(
  services: Observation,
  client: Client,
  resolved: Resolved,
  args: readonly Buffer[],
  micros: number,
  isBlocked = false,
): void {
  const { spec } = resolved;
  const { commandStats, config, monitors } = services;
  const isTracked = config.latencyTracking.value;
  if (isCores(spec)) commandStats.recordBatch(micros, services.core.slowId, isTracked);
  else commandStats.recordCall(spec, micros, isTracked);
  observeEvent(services, spec.flags.includes('fast') ? 'fast-command' : 'command', micros);
  if (!isBlocked) noteIfSlow(services, client, resolved, args, micros);
  if (monitors.active && isShown(spec) && !services.replication.isLoading()) {
    monitors.feed(client, client.db, withoutSecrets(resolved, args), services.clock.wallMicros());
  }
}

/** Whether MONITOR shows the command. */
export function isShown({ flags }: CommandSpec): boolean {
  return !flags.includes('skip_monitor') && !flags.includes('admin');
}

/** Write a command that took so many µs into the slow log, if that is slow. */
export function noteIfSlow(
  services: Observation,
  client: Client,
  resolved: Resolved,
  args: readonly Buffer[],
  micros: number,
): void {
  if (!isSlowerThan(services, micros) || resolved.spec.flags.includes('skip_slowlog')) return;
  noteSlow(services, client, withoutSecrets(resolved, args), micros);
}

/** The core has run a batch in so many µs; its results are still there. */
export function observeBatch(services: Observation, client: Client, micros: number): void {
  const { core, commandStats, config } = services;
  const { slowId } = core;
  client.lastCommand = commandStats.lastName ?? client.lastCommand;
  const slowMicros = commandStats.recordBatch(micros, slowId, config.latencyTracking.value);
  if (slowId === 0) return;
  const event = commandStats.isFast(slowId) ? 'fast-command' : 'command';
  observeEvent(services, event, slowMicros);
  if (!isSlowerThan(services, slowMicros)) return;
  noteSlow(services, client, core.args(), slowMicros);
}

/** A stretch of the master's stream was applied in so many µs. */
export function observeApplied({ commandStats, config }: Observation, micros: number): void {
  commandStats.recordBatch(micros, 0, config.latencyTracking.value);
}

/** A command of the master's stream that is TypeScript's has run. */
export function observeAppliedCall(
  { stats, commandStats, config }: Observation,
  { spec }: Resolved,
  micros: number,
): void {
  stats.commands++;
  commandStats.recordCall(spec, micros, config.latencyTracking.value);
}

/** Something else than a command took so many µs. */
function observeEvent(services: Observation, event: LatencyEvent, micros: number): void {
  const thresholdMs = services.config.latencyMonitorThreshold.value;
  if (thresholdMs === 0 || micros < thresholdMs * 1000) return;
  services.latency.add(event, micros, thresholdMs, Math.floor(services.clock.wallMicros() / 1e6));
}

/** A command was refused before it ran. @param spec - null: there is none of that name. */
export function observeRefusal(
  { stats, commandStats }: Observation,
  spec: CommandSpec | null,
  text: string,
): void {
  stats.countError(text);
  if (spec !== null) commandStats.of(spec).rejected++;
}

/** A command ran, and answers with an error. */
export function observeFailure(
  { stats, commandStats }: Observation,
  spec: CommandSpec,
  text: string,
): void {
  stats.countError(text);
  commandStats.of(spec).failed++;
}

function isSlowerThan({ config }: Observation, micros: number): boolean {
  const slowerThan = config.slowlogLogSlowerThan.value;
  return slowerThan >= 0 && micros >= slowerThan;
}

function noteSlow(
  services: Observation,
  client: Client,
  args: readonly Uint8Array[],
  micros: number,
): void {
  const unixSeconds = Math.floor(services.clock.wallMicros() / 1e6);
  services.slowlog.add(client, args, micros, unixSeconds, services.config.slowlogMaxLen.value);
}
