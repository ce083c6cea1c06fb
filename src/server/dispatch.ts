/**
 * Run one command: the one place where refusals become replies and effects reach the replicas.
 *
 * @see redis/redis 7.0 src/server.c, call() and propagatePendingCommands()
 */
import {
  FLAG_DEFER_PUBLISH,
  FLAG_KEEP_ALL,
  FLAG_REPLICA,
  STATUS_FENCED,
} from '../core/assembly/layout.js';
import { assert } from '../base/assert.js';
import type { ByteWriter } from '../resp/byte-writer.js';
import { encodeCommands } from '../resp/encode-command.js';
import { ReplyError, reply, wrongArity } from '../resp/reply.js';
import type { Client } from './client.js';
import { CommandContext, type CommandNode } from '../commands/context.js';
import type { BatchFlow } from './flow.js';
import { baseFlags, type Gatekeepers } from './gate.js';
import { type KeyObservers, namedKeys, tellNamed } from './named-keys.js';
import { observeBatch, observeCall, observeFailure } from './observation/observe.js';
import { type CommandResult, type CommandSpec, isCores } from '../commands/spec.js';
import type { StreamErrors } from './stream-errors.js';
import type { Tracking } from './tracking.js';
import type { KeyWaiters } from './waiter.js';
import type { CommandTable, Resolved } from '../commands/table.js';

/** What a command needs, and what is needed around it. */
export type Execution = Omit<CommandNode, 'commands' | 'blocked'> &
  Gatekeepers &
  KeyObservers & {
    readonly tracking: Tracking;
    readonly commands: CommandTable;
    readonly streamErrors: StreamErrors;
    readonly blocked: KeyWaiters;
    readonly flow: Pick<BatchFlow, 'makeRoom'>;
  };

/** The node was fenced while a command ran: what it did must not be answered. */
export class FencedSignal extends Error {
  override readonly name = 'FencedSignal';
}

/**
 * Run a command that has passed the gate.
 *
 * @param inTransaction - EXEC, or a script, is running it: it wraps what is propagated, and
 * publishes it.
 * @param isPrivate - replicas get nothing of it.
 * @returns what to answer; a refusal is an error reply.
 * @throws FencedSignal
 */
export function call(
  services: Execution,
  client: Client,
  resolved: Resolved,
  args: readonly Buffer[],
  inTransaction = false,
  isPrivate = false,
): CommandResult {
  const { spec } = resolved;
  const startedAt = services.clock.wallMicros();
  services.tracking.begin(client);
  const wished = isCores(spec)
    ? callCore(services, client, spec, args, inTransaction, isPrivate)
    : callHost(
        services,
        client,
        spec,
        args,
        inTransaction,
        isPrivate,
        Math.floor(startedAt / 1000),
      );
  // In a transaction no client blocks.
  const isRefused = inTransaction && wished?.type === 'blocked-on-keys';
  const result = isRefused ? (wished.refusedReply ?? reply.nullArray) : wished;
  if (client.tracking !== null) services.tracking.remember(client, spec, { spec, args });
  if (result?.type === 'error') observeFailure(services, spec, result.text);
  observeCall(
    services,
    client,
    resolved,
    args,
    Math.max(0, services.clock.wallMicros() - startedAt),
    !inTransaction && (result?.type === 'blocked' || result?.type === 'blocked-on-keys'),
  );
  return result;
}

/** Run a command of TypeScript. */
function callHost(
  services: Execution,
  client: Client,
  spec: CommandSpec,
  args: readonly Buffer[],
  inTransaction: boolean,
  isPrivate: boolean,
  nowMs: number,
): CommandResult {
  services.stats.commands++;
  if (typeof spec.run !== 'function') return reply.error(wrongArity(spec.name));
  const context = new CommandContext(services, client, nowMs);
  const db = client.db;
  const named = namedKeys(services, spec, args, db);
  let result: CommandResult;
  try {
    result = spec.run(context, args);
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error;
    return reply.error(error.message);
  }
  const propagated = context.propagated(args);
  passOn(services, db, spec, propagated, context.changes, inTransaction, isPrivate);
  if (propagated.length > 0) tellNamed(services, spec, args, named, context.changes);
  services.events.drain();
  if (inTransaction) return result;
  // Reading may have put a DEL for an expired key into the stream.
  const mayHaveAppended =
    propagated.length > 0 || spec.flags.includes('write') || spec.flags.includes('readonly');
  if (mayHaveAppended && !services.core.publish()) throw new FencedSignal();
  return result;
}

/**
 * A command of TypeScript has changed something: count it, and append what replicas are to get.
 *
 * @param effects - in order.
 * @param changes - how many.
 */
export function passOn(
  services: Execution,
  db: number,
  spec: CommandSpec,
  effects: readonly (readonly (Uint8Array | string)[])[],
  changes: number,
  inTransaction: boolean,
  isPrivate = false,
): void {
  if (effects.length === 0) return;
  if (spec.flags.includes('write')) services.core.addDirty(changes);
  // A replica's stream is its master's: what happens here (a PUBLISH, say) stays here.
  if (!services.replication.appends() || isPrivate) return;
  const isWrapped = effects.length > 1 && !inTransaction;
  const stream = isWrapped ? [['MULTI'], ...effects, ['EXEC']] : effects;
  for (const command of stream) services.core.append(db, command);
}

/** Run a command that the core knows, given as arguments. */
function callCore(
  services: Execution,
  client: Client,
  spec: CommandSpec,
  args: readonly Buffer[],
  inTransaction: boolean,
  isPrivate: boolean,
): CommandResult {
  const { core } = services;
  const before = core.dirty;
  const named = namedKeys(services, spec, args, client.db);
  const deferral = (inTransaction ? FLAG_DEFER_PUBLISH : 0) | (isPrivate ? FLAG_REPLICA : 0);
  // The gate has made room; within EXEC nothing is evicted.
  const flags = baseFlags(services, client) | deferral | FLAG_KEEP_ALL;
  const status = runAlone(services, spec, args, flags, client.db);
  if (status === STATUS_FENCED) throw new FencedSignal();
  const bytes = core.takeReplies();
  const isTold = core.dirty !== before || (spec.tellsUnchanged === true && bytes[0] !== MINUS);
  if (isTold) tellNamed(services, spec, args, named, core.dirty - before);
  services.events.drain();
  return { type: 'raw', bytes };
}

/** Have the core run one of its commands, by whatever name it is called. @returns STATUS_*. */
export function runAlone(
  { core, commands }: Execution,
  spec: CommandSpec,
  args: readonly Buffer[],
  flags: number,
  db: number,
): number {
  if (!commands.isRenamed(spec)) return core.run(args, flags, db);
  return core.renamed.run(spec.name, () => core.run(args, flags, db));
}

/**
 * Run commands of the core within EXEC, where no observer is told of each (observe.ts,
 * named-keys.ts): what each by itself would cost is mostly the way there and back.
 *
 * @param out - gets their replies.
 * @throws FencedSignal
 */
export function callCoreTogether(
  services: Execution,
  client: Client,
  commands: readonly (readonly Buffer[])[],
  out: ByteWriter,
): void {
  const { core } = services;
  const bytes = encodeCommands(commands);
  callCoreInput(services, client, core.scratch(bytes), bytes.length, out);
}

/**
 * As callCoreTogether, with commands that are in the core's memory.
 *
 * @throws FencedSignal
 */
export function callCoreInput(
  services: Execution,
  client: Client,
  at: number,
  length: number,
  out: ByteWriter,
): void {
  const { core } = services;
  const flags = baseFlags(services, client) | FLAG_DEFER_PUBLISH | FLAG_KEEP_ALL;
  for (let done = 0; done < length; done += core.consumed) {
    const startedAt = services.clock.wallMicros();
    const status = core.execute(at + done, length - done, flags, client.db);
    if (status === STATUS_FENCED) throw new FencedSignal();
    assert(core.consumed > 0, 'the core left a queued command alone');
    out.bytes(core.takeReplies());
    observeBatch(services, client, Math.max(0, services.clock.wallMicros() - startedAt));
  }
  services.events.drain();
}

/** What an error begins with. */
const MINUS = 0x2d;
