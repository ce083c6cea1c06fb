/**
 * Whether a client may run a command now: the checks before execution, in Redis' order.
 *
 * The core asks no other part: when any of these might refuse, its input is gated (`gateFlags`) and
 * the commands come here first. Without such a reason nothing is gated and nothing is asked.
 *
 * @see redis/redis 7.0 src/server.c, processCommand()
 */
import {
  FLAG_DEFER_PUBLISH,
  FLAG_GATE_ALL,
  FLAG_GATE_WRITES,
  FLAG_KEEP_ALL,
  FLAG_NO_REPLY,
  FLAG_REPLICA,
  FLAG_RESP3,
  FLAG_UNAUTHENTICATED,
  NO_ROOM,
} from '../core/assembly/layout.js';
import type { Access } from './acl/access-control.js';
import { deniedText } from './acl/denied-text.js';
import type { Client } from './client.js';
import { OUT_OF_MEMORY } from '../keyspace/errors.js';
import { mayUseProtected } from '../commands/node/clients.js';
import type { AppendOnlyFile, SavedData } from '../commands/node/persistence.js';
import { LOADING, type ReplicationState } from '../commands/node/replication.js';
import type { KeyspaceEvents } from './keyspace-events.js';
import { type Observation, observesEach } from './observation/observe.js';
import type { Pause } from './pause.js';
import type { Watches } from './watches.js';
import type { DeclaredFlags } from '../scripting/script-flags.js';
import { type CommandFlag, fullName } from '../commands/facts.js';
import type { CommandSpec } from '../commands/spec.js';
import type { Resolved } from '../commands/table.js';

const PUBSUB_CONTEXT = new Set([
  'ping',
  'subscribe',
  'unsubscribe',
  'psubscribe',
  'punsubscribe',
  'ssubscribe',
  'sunsubscribe',
  'quit',
  'reset',
]);

/** What scripts have to do with what may run. */
interface ScriptGate {
  /** One has run too long, and is not over. */
  readonly isBusy: boolean;
  /** What others are told then; null: nothing. */
  busyText(): string | null;
  /** @returns the flags that a call's script has declared; undefined: it is unknown. */
  declaredBy(name: string, args: readonly Buffer[]): DeclaredFlags | undefined;
}

/** What decides whether commands may run. */
export interface Gatekeepers extends Observation {
  readonly access: Access;
  readonly replication: Pick<
    ReplicationState,
    'appends' | 'canWrite' | 'whyNotServing' | 'isStale' | 'isLoading' | 'isLoadingBeside'
  >;
  readonly saved: Pick<SavedData, 'whyNoWrites'>;
  readonly pause: Pause;
  readonly watches: Watches;
  readonly events: KeyspaceEvents;
  readonly appendOnly: Pick<AppendOnlyFile, 'whyNoWrites'>;
  readonly scripting: ScriptGate;
}

/** @returns FLAG_… for executing this client's commands without asking. */
export function baseFlags(services: Gatekeepers, client: Client): number {
  let flags = 0;
  if (client.resp === 3) flags |= FLAG_RESP3;
  if (client.isSilent || client.closeAfterReply) flags |= FLAG_NO_REPLY;
  if (services.access.mustAuthenticate(client)) flags |= FLAG_UNAUTHENTICATED;
  if (!services.replication.appends()) flags |= FLAG_REPLICA;
  if (services.pause.mode !== 'none') flags |= FLAG_KEEP_ALL;
  return flags;
}

/**
 * @returns FLAG_GATE_… for the commands that must be asked about first, and what the others need.
 */
export function gateFlags(services: Gatekeepers, client: Client): number {
  const { replication, config } = services;
  // What the script has written so far is not to be published by another's call.
  if (services.scripting.isBusy) return FLAG_GATE_ALL | FLAG_DEFER_PUBLISH;
  const gateAll =
    services.access.mustAuthenticate(client) ||
    services.access.gatesCore(client) ||
    client.transaction !== null ||
    client.link !== null ||
    (client.tracking !== null && !client.tracking.bcast) ||
    client.replyMode === 'skip-next' ||
    client.replyMode === 'skip' ||
    (client.resp === 2 && client.subscriptions > 0) ||
    services.pause.mode === 'all' ||
    observesEach(services) ||
    replication.isLoading() ||
    replication.whyNotServing() !== null ||
    services.saved.whyNoWrites() !== null || // PING as well is refused then.
    (!config.replicaServeStaleData.value && replication.isStale());
  if (gateAll) return FLAG_GATE_ALL;
  // While writes are paused nothing may change: reads hide expired keys, as a replica's do.
  if (services.pause.mode === 'write') return FLAG_GATE_WRITES | FLAG_REPLICA;
  const gateWrites =
    services.watches.active ||
    services.events.active ||
    services.appendOnly.whyNoWrites() !== null ||
    replication.canWrite() !== null;
  return gateWrites ? FLAG_GATE_WRITES : 0;
}

/**
 * @param flags - the command's; for EXEC also those of the commands it would run.
 * @returns why the client may not run the command now, or null.
 */
export function refusal(
  services: Gatekeepers,
  client: Client,
  resolved: Resolved,
  args: readonly Buffer[],
  flags: ReadonlySet<CommandFlag>,
): string | null {
  const { spec, container } = resolved;
  const { replication, config } = services;
  const unprotected = protectedRefusal(services, client, resolved);
  if (unprotected !== null) return unprotected;
  if (services.access.mustAuthenticate(client) && !spec.flags.includes('no_auth')) {
    return 'NOAUTH Authentication required.';
  }
  if (client.transaction !== null && spec.flags.includes('no_multi')) {
    return 'ERR Command not allowed inside a transaction';
  }
  const context = client.transaction === null ? 'toplevel' : 'multi';
  const denied = deniedText(services.access, client, resolved, args, context);
  if (denied !== null) return denied;
  if (lacksRoom(services, client) && takesMemory(spec, client, flags)) {
    return OUT_OF_MEMORY;
  }
  const unwritable = writeRefusal(services, client, spec, flags);
  if (unwritable !== null) return unwritable;
  const unserved = client.link !== 'master' && usesData(spec, flags);
  const whyNot = unserved ? replication.whyNotServing() : null;
  if (whyNot !== null) return whyNot;
  if (client.resp === 2 && client.subscriptions > 0 && !PUBSUB_CONTEXT.has(spec.name)) {
    return `ERR Can't execute '${fullName(spec, container)}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`;
  }
  if (!config.replicaServeStaleData.value && replication.isStale() && !flags.has('stale')) {
    return "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.";
  }
  if (replication.isLoading() && !flags.has('loading')) return LOADING;
  if (flags.has('no_async_loading') && replication.isLoadingBeside()) return LOADING;
  const busy = services.scripting.busyText();
  if (busy !== null && !spec.flags.includes('allow_busy')) return busy;
  const touchesData = flags.has('write') || flags.has('readonly') || flags.has('may_replicate');
  if ((client.link === 'replica' || client.isMonitor) && touchesData) {
    return "ERR Replica can't interact with the keyspace";
  }
  return null;
}

/** Whether what a command does or tells is about keys: scripts may read and write any. */
export function usesData(spec: CommandSpec, flags: ReadonlySet<CommandFlag>): boolean {
  const runsScript = spec.group === 'scripting' && spec.keys !== undefined;
  return flags.has('write') || flags.has('readonly') || runsScript;
}

/** Of DEBUG and MODULE, which the configuration must allow the client. */
function protectedRefusal(
  { config }: Gatekeepers,
  client: Client,
  { spec, container }: Resolved,
): string | null {
  if (!spec.flags.includes('protected')) return null;
  const [setting, name] =
    container?.name === 'module'
      ? [config.enableModuleCommand, 'MODULE']
      : [config.enableDebugCommand, 'DEBUG'];
  return mayUseProtected(setting.value, client) ? null : protectedText(name, setting.name);
}

/** Of writes, and of PING where the disk refuses them. */
function writeRefusal(
  { saved, appendOnly, replication }: Gatekeepers,
  client: Client,
  spec: CommandSpec,
  flags: ReadonlySet<CommandFlag>,
): string | null {
  const isWrite = flags.has('write');
  const isOfDisk = isWrite || spec.name === 'ping';
  const ofDisk = isOfDisk ? (saved.whyNoWrites() ?? appendOnly.whyNoWrites()) : null;
  if (ofDisk !== null) return ofDisk;
  return isWrite && client.link !== 'master' ? replication.canWrite() : null;
}

/** Evict as before any command. @returns whether memory stays over its limit for all that. */
export function lacksRoom(services: Gatekeepers, client: Client): boolean {
  if (services.config.maxmemory.value === 0 || client.link === 'master') return false;
  const room = services.core.upkeep.keepLimit(baseFlags(services, client));
  services.events.drain(); // What was evicted is told before the command is answered.
  return room === NO_ROOM;
}

/** Whether a command is refused without memory. Queueing any takes some. */
function takesMemory(spec: CommandSpec, client: Client, flags: ReadonlySet<CommandFlag>): boolean {
  return flags.has('denyoom') || (client.transaction !== null && !ENDS_TRANSACTION.has(spec.name));
}

const ENDS_TRANSACTION = new Set(['exec', 'discard', 'quit', 'reset']);

/** Whether CLIENT PAUSE makes this command wait. */
export function isPaused(
  services: Gatekeepers,
  client: Client,
  flags: ReadonlySet<CommandFlag>,
): boolean {
  if (client.link !== null || services.pause.mode === 'none') return false;
  if (services.pause.mode === 'all') return true;
  return flags.has('write') || flags.has('may_replicate');
}

/** @returns the flags that decide: EXEC is as much as all that it would run. */
export function effectiveFlags(spec: CommandSpec, client: Client): ReadonlySet<CommandFlag> {
  if (spec.name !== 'exec' || client.transaction === null) return ownFlags(spec);
  const flags = new Set<CommandFlag>(spec.flags);
  for (const queued of client.transaction.flags) {
    for (const flag of ['write', 'denyoom', 'readonly', 'may_replicate'] as const) {
      if (queued.has(flag)) flags.add(flag);
    }
    for (const flag of ['stale', 'loading'] as const) {
      if (!queued.has(flag)) flags.delete(flag);
    }
  }
  return flags;
}

const FLAGS = new WeakMap<CommandSpec, ReadonlySet<CommandFlag>>();

/** Of the command itself. */
export function ownFlags(spec: CommandSpec): ReadonlySet<CommandFlag> {
  let flags = FLAGS.get(spec);
  if (flags === undefined) {
    flags = new Set(spec.flags);
    FLAGS.set(spec, flags);
  }
  return flags;
}

function protectedText(command: string, directive: string): string {
  return `ERR ${command} command not allowed. If the ${directive} option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.`;
}
