/**
 * EXEC: run what MULTI has queued.
 *
 * Replicas get the effects between MULTI and EXEC, so that they too apply all of them together. The
 * core adds a write to the stream while it runs it, so the MULTI goes first whenever more than one
 * of the queued commands may write. Nothing of it is published before all of it is there: a replica
 * that is promoted meanwhile has the whole transaction, or nothing of it.
 *
 * What the commands push to the client itself (SUBSCRIBE's confirmations, which are its replies,
 * and messages that it listens to) stands between the replies, where it came, as Redis sends it.
 *
 * @see redis/redis 7.0 src/multi.c, execCommand()
 */
import { ByteWriter } from '../resp/byte-writer.js';
import { roomFor } from '../resp/encode-command.js';
import { encodeReply } from '../resp/encode.js';
import { type Reply, ReplyError, reply } from '../resp/reply.js';
import type { Client } from './client.js';
import { call, callCoreTogether, type Execution, FencedSignal } from './dispatch.js';
import { observesEach } from './observation/observe.js';
import { Transaction } from './queued.js';
import type { Transactions } from '../commands/node/keys.js';
import { type CommandResult, isCores, type RawReply } from '../commands/spec.js';
import type { Resolved } from '../commands/table.js';

/** What MULTI, DISCARD and EXEC do. */
export class ClientTransactions implements Transactions {
  readonly #node: () => Execution;

  /** @param node - asked for when there is a transaction: it needs these itself. */
  constructor(node: () => Execution) {
    this.#node = node;
  }

  begin(client: Client): void {
    client.transaction = new Transaction();
  }

  discard(client: Client): void {
    client.transaction = null;
    this.#node().watches.unwatch(client);
  }

  /** @throws FencedSignal */
  exec(client: Client): Reply | null {
    return runTransaction(this.#node(), client);
  }
}

/**
 * @returns what to answer if a watched key has changed; else null: the replies are sent already.
 * @throws ReplyError: there is no transaction, or one of its commands could not be queued.
 * @throws FencedSignal
 */
function runTransaction(services: Execution, client: Client): Reply | null {
  const { watches, keyspace } = services;
  const { transaction } = client;
  if (transaction === null) throw new ReplyError('ERR EXEC without MULTI');
  const isBroken = client.watchBroken || watches.hasExpired(client, (db) => keyspace.db(db));
  watches.unwatch(client);
  if (transaction.failed || isBroken) {
    client.transaction = null;
    if (!transaction.failed) return reply.nullArray;
    throw new ReplyError('EXECABORT Transaction discarded because of previous errors.');
  }

  const out = new ByteWriter();
  client.collected = out;
  try {
    runQueued(services, client, transaction, out);
  } finally {
    client.collected = null;
    client.transaction = null;
  }
  // Sent, not answered: what a CLIENT REPLY among the commands says is about those after it.
  client.send(out.take());
  return null;
}

/** @param out - gets the array of replies and, where they came, pushes. */
function runQueued(
  services: Execution,
  client: Client,
  { queue }: Transaction,
  out: ByteWriter,
): void {
  const block = new StreamBlock(services, client);
  block.begin(queue);
  if (!client.isSilent) out.text(`*${queue.length}\r\n`);
  const runsTogether =
    !services.watches.active &&
    !services.events.active &&
    !observesEach(services) &&
    !services.access.gatesCore(client) &&
    client.tracking === null;
  for (let index = 0; index < queue.length; index++) {
    const together = runsTogether ? shortCoreCommands(services, queue, index) : [];
    if (together.length > 1) {
      callCoreTogether(services, client, together, out);
      index += together.length - 1;
      continue;
    }
    const { resolved, args } = queue[index]!;
    const isTurn = TURNS_STREAM.has(resolved.spec.name);
    if (isTurn) block.end();
    const isOver = client.closeAfterReply; // It has ended its own connection with an earlier command.
    const result =
      deniedNow(services, client, resolved, args) ?? call(services, client, resolved, args, true);
    if (isAnswer(result) && !client.isSilent && !isOver) {
      if (result.type === 'raw') out.bytes(result.bytes);
      else encodeReply(out, result, client.resp);
    }
    if (isTurn) block.begin(queue.slice(index + 1));
  }
  block.end();
}

/** The rules may have changed since a command was queued. @returns null: it is permitted. */
function deniedNow(
  services: Execution,
  client: Client,
  resolved: Resolved,
  args: readonly Buffer[],
): Reply | null {
  const denial = services.access.denial(client, resolved, args, 'multi');
  if (denial === null) return null;
  return reply.error(
    `NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: ${DENIED[denial.what]}`,
  );
}

const DENIED = {
  command: 'no permission to execute the command or subcommand',
  key: 'no permission to touch the specified keys',
  channel: 'no permission to access one of the channels used as arguments',
} as const;

/** Whether it is a reply: in a transaction nothing blocks. */
function isAnswer(result: CommandResult): result is Reply | RawReply {
  return result !== null && result.type !== 'blocked' && result.type !== 'blocked-on-keys';
}

/** Requests of so many bytes are run together; longer commands alone. */
const TOGETHER_BYTES = 64 * 1024;

/**
 * @returns the commands of the core from `start` on, up to the first that is another's, is called
 * by another name, or is too long.
 */
function shortCoreCommands(
  { commands: table }: Execution,
  queue: Transaction['queue'],
  start: number,
): (readonly Buffer[])[] {
  const commands: (readonly Buffer[])[] = [];
  let bytes = 0;
  for (let index = start; index < queue.length; index++) {
    const { resolved, args } = queue[index]!;
    if (!isCores(resolved.spec) || table.isRenamed(resolved.spec)) break;
    bytes += roomFor(args);
    if (bytes > TOGETHER_BYTES) break;
    commands.push(args);
  }
  return commands;
}

/** Commands after which the stream may be another's: what stands before them is published first. */
const TURNS_STREAM = new Set(['replicaof', 'slaveof', 'shutdown']);

/** What a transaction adds to the stream, from MULTI to EXEC. */
class StreamBlock {
  readonly #services: Execution;
  readonly #client: Client;
  #isWrapped = false;

  constructor(services: Execution, client: Client) {
    this.#services = services;
    this.#client = client;
  }

  /** A single write needs no wrapping. */
  begin(commands: Transaction['queue']): void {
    const writes = commands.filter(mayWrite);
    // All of it is appended before any is published.
    const bytes = writes.reduce((sum, { args }) => sum + roomFor(args), 0);
    this.#services.flow.makeRoom(2 * bytes);
    this.#isWrapped = writes.length > 1 && this.#services.replication.appends();
    if (!this.#isWrapped) return;
    // As in Redis, SELECT stands before MULTI, not behind it: in the database of the first write.
    const { keyspace, core } = this.#services;
    core.append(firstDatabase(commands, this.#client.db, keyspace.databases), ['MULTI']);
  }

  /** @throws FencedSignal */
  end(): void {
    const { core } = this.#services;
    if (this.#isWrapped) core.append(core.streamDb, ['EXEC']);
    this.#isWrapped = false;
    if (!core.publish()) throw new FencedSignal();
  }
}

type Queued = Transaction['queue'][number];

function mayWrite({ resolved: { spec } }: Queued): boolean {
  return spec.flags.includes('write') || spec.flags.includes('may_replicate');
}

/** @returns the database that the first command that may write will run in. */
function firstDatabase(commands: readonly Queued[], selected: number, databases: number): number {
  let db = selected;
  for (const command of commands) {
    if (mayWrite(command)) return db;
    if (command.resolved.spec.name !== 'select') continue;
    const index = Number(command.args[1]);
    if (Number.isInteger(index) && index >= 0 && index < databases) db = index;
  }
  return db;
}
