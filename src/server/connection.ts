/**
 * Drive one connection: bytes in, commands executed, replies out in order.
 *
 * The hot path does nothing per command: a chunk is copied into the core once, the core executes
 * every command it knows, and its replies go out in one write. Only what the core hands over (a
 * command of TypeScript's, or any command while the gate has a reason to ask) is looked at here.
 *
 * Input that is not executed yet stays in a queue (input-queue.ts): an incomplete command, which is not
 * looked at again before it is whole; commands behind one that blocks its client, or those of a client
 * that does not read its replies (output-queue.ts).
 */
import {
  STATUS_COMMAND,
  STATUS_DONE,
  STATUS_FENCED,
  STATUS_OUT_OF_MEMORY,
  STATUS_PROTOCOL_ERROR,
} from '../core/assembly/layout.js';
import { encodeCommand } from '../resp/encode-command.js';
import { replyBytes } from '../resp/encode.js';
import { type Reply, ReplyError, reply } from '../resp/reply.js';
import type { OutputLimit } from '../config/special.js';
import { latin1 } from '../commands/arguments.js';
import { BUFFER_BYTES, Client, type ClientOutput, type OutputStream } from './client.js';
import { evictClientsOver } from './client-eviction.js';
import type { NodeServices } from '../commands/context.js';
import { call, FencedSignal } from './dispatch.js';
import { InputQueue } from './input-queue.js';
import { quoted } from './monitors.js';
import { observeBatch, observeFailure, observeRefusal } from './observe.js';
import { OutputQueue } from './output-queue.js';
import { streamOver } from './output-stream.js';
import { baseFlags, effectiveFlags, gateFlags, isPaused, refusal } from './gate.js';
import { OutputLimiter } from './output-limit.js';
import { type Blocked, type CommandResult, type CommandSpec, fullName } from '../commands/spec.js';
import type { Resolved } from '../commands/table.js';
import type { Transport } from './transport.js';

/** Input executed before its writes are published and its replies sent. */
const SLICE_BYTES = 64 * 1024;

export class Connection implements ClientOutput {
  readonly client: Client;
  readonly #services: NodeServices;
  readonly #transport: Transport;
  readonly #limiter = new OutputLimiter();
  readonly #input = new InputQueue();
  readonly #output: OutputQueue;
  #flushQueued = false;
  #closed = false;
  /** Flow control has told this client to wait; see `#hold`. */
  #isHeld = false;
  /** It has to read before more is executed; see `#awaitDrain`. */
  #isFull = false;
  /** What of this client's buffers counts as used memory. */
  #countedBytes = 0;
  /** Unix ms, when its last batch began. */
  #nowMs: number;
  /** Of the command that is running: bytes of the input up to its end, and of its arguments. */
  #runningBytes = 0;
  #argumentBytes = 0;

  constructor(services: NodeServices, transport: Transport) {
    this.#services = services;
    this.#transport = transport;
    this.#output = new OutputQueue(transport);
    const needsNoPassword = services.config.requirepass.value === '';
    this.#nowMs = Math.floor(services.wallMicros() / 1000);
    this.client = new Client(services.clients.nextId(), this, this.#nowMs, needsNoPassword);
    services.clients.add(this.client);
    services.stats.connections++;
  }

  get remoteAddress(): string {
    return this.#transport.remoteAddress;
  }

  get localAddress(): string {
    return this.#transport.localAddress;
  }

  get outputBytes(): number {
    return this.#output.bytes;
  }

  get inputBytes(): number {
    return this.#input.bytes + this.#runningBytes;
  }

  get argumentBytes(): number {
    return this.#argumentBytes;
  }

  /**
   * The transport has received bytes.
   *
   * @param isLent - they are the transport's again when this returns; else they may be kept.
   */
  receive(chunk: Uint8Array, isLent = false): void {
    if (this.#closed) return;
    const { stats, config } = this.#services;
    stats.reads++;
    stats.netInputBytes += chunk.length;
    this.#input.push(chunk);
    if (this.#input.bytes > config.clientQueryBufferLimit.value) {
      this.#services.log(
        'warning',
        `Closing client that reached max query buffer length: ${this.#describe()} (qbuf initial bytes: ${quoted(this.#input.beginning(64))})`,
      );
      return this.kill();
    }
    this.#process();
    if (isLent) this.#input.keepLast();
    this.#countMemory();
  }

  /** The other side is gone. */
  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { services, client } = { services: this.#services, client: this.client };
    services.clients.remove(client);
    services.pubsub.drop(client);
    services.watches.unwatch(client);
    services.monitors.remove(client);
    client.replica.served?.onClose();
    client.replica.served = null;
    client.blocked = null;
    this.#input.takeAll();
    this.#output.clear();
    services.upkeep.countClientMemory(-this.#countedBytes);
  }

  /** Queue bytes; they are sent when the batch that is running ends, or when this turn does. */
  send(bytes: Uint8Array): void {
    if (this.#closed || bytes.length === 0) return;
    this.#output.push(bytes);
    if (this.#flushQueued) return;
    this.#flushQueued = true;
    queueMicrotask(() => this.#flush());
  }

  kill(): void {
    if (this.#closed) return;
    this.#transport.destroy();
    this.closed();
  }

  stream(): OutputStream {
    this.#flush();
    if (this.#services.config.replDisableTcpNodelay.value) this.#transport.setNoDelay?.(false);
    return streamOver(this.#transport, this.#services.stats, () => this.kill());
  }

  /** What must happen now and then: time-outs and soft limits. To be called every 100 ms. */
  cron(nowMs: number): void {
    const timeoutMs = this.#services.config.timeout.value * 1000;
    const { client } = this;
    const idle = nowMs - client.lastInteractionMs;
    const exempt =
      client.link !== null ||
      client.isMonitor ||
      client.blocked !== null ||
      client.isPostponed ||
      client.subscriptions > 0;
    if (timeoutMs > 0 && idle > timeoutMs && !exempt) {
      this.#services.log('verbose', 'Closing idle client');
      this.kill();
      return;
    }
    this.#countMemory();
    if (this.#isOverLimit()) this.#dropForLimit('closed');
  }

  #process(): void {
    const { client } = this;
    let isReady =
      !this.#isHeld && !this.#isFull && client.blocked === null && !client.closeAfterReply;
    while (isReady && this.#input.isWorthParsing(this.#maxBulkBytes)) {
      if (this.#services.pause.mode === 'all' && client.link === null) {
        this.#awaitPause();
        return;
      }
      const bytes = Math.min(this.#input.bytes, Math.max(SLICE_BYTES, this.#input.need));
      const holdMs = this.#services.holdFor(bytes);
      if (holdMs > 0) {
        this.#hold(holdMs);
        return;
      }
      try {
        isReady = this.#execute(bytes) && !this.#closed;
      } catch (error) {
        if (!(error instanceof FencedSignal)) throw error;
        this.#output.clear(); // What was not published must not be answered.
        this.#services.onFenced();
        this.kill();
        return;
      }
      this.#flush();
      this.#services.onBatchEnd();
      if (isReady && this.#awaitsDrain()) return;
    }
  }

  /** The longest argument to wait for. Before AUTH none is: it is refused. */
  get #maxBulkBytes(): number {
    return this.client.authenticated ? this.#services.config.protoMaxBulkLen.value : 0;
  }

  /** Leave the input alone for a while: replicas in the process must catch up first. */
  #hold(ms: number): void {
    this.#isHeld = true;
    this.#transport.pause();
    this.#services.later(ms, () => {
      this.#isHeld = false;
      if (this.#closed) return;
      this.#transport.resume();
      this.#process();
    });
  }

  /**
   * Execute the commands in the first so many pending bytes.
   *
   * @returns whether the bytes after them may be executed at once.
   */
  #execute(bytes: number): boolean {
    const services = this.#services;
    const { core, replication } = services;
    const { client } = this;
    const input = core.input(bytes, this.#input.phase);
    if (input === 0) return this.#outOfMemory();
    this.#input.copyTo(core, input, bytes);
    let startedAt = services.wallMicros();
    this.#nowMs = Math.floor(startedAt / 1000);
    client.lastInteractionMs = this.#nowMs;
    core.setNow(this.#nowMs);
    let done = 0;
    while (done < bytes) {
      const flags = baseFlags(services, client) | gateFlags(services, client);
      const status = core.execute(input + done, bytes - done, flags, client.db);
      const endedAt = services.wallMicros();
      observeBatch(services, client, Math.max(0, endedAt - startedAt));
      startedAt = endedAt;
      services.events.drain();
      const consumed = core.consumed;
      done += consumed;
      if (status === STATUS_FENCED) throw new FencedSignal();
      if (core.replyLength > 0) this.#output.push(core.takeReplies());
      this.#output.addCredit(consumed);
      client.writeOffset = replication.offset();
      switch (status) {
        case STATUS_COMMAND:
          this.#input.drop(consumed);
          this.#runningBytes = consumed;
          if (!this.#runHandedOver()) return false;
          startedAt = services.wallMicros();
          break;
        case STATUS_PROTOCOL_ERROR:
          this.#closeAfterReply();
          return false;
        case STATUS_DONE:
          // A command cut off by the slice's end wants a longer one, even if it does not say so.
          this.#input.drop(consumed);
          if (done < bytes) this.#input.awaitMore(Math.max(core.need, bytes - done + 1));
          return true;
        case STATUS_OUT_OF_MEMORY:
          return this.#outOfMemory();
        default: // STATUS_REPLY_FULL, or a command of much work has ended the call: go on.
          this.#input.drop(consumed);
      }
      if (this.#output.isLong) {
        this.#flush();
        if (this.#closed || this.#awaitsDrain()) return false;
      }
    }
    return true;
  }

  /** There is no room in the core for the request itself, or for any reply. */
  #outOfMemory(): false {
    this.#services.log('warning', 'Closing client: no memory for its request');
    this.kill();
    return false;
  }

  /** Run the command in the argument table. @returns whether to go on with what is pending. */
  #runHandedOver(): boolean {
    const { core } = this.#services;
    const args = core.args();
    if (this.#isWebBrowser(args)) return false;
    for (const arg of args) this.#argumentBytes += arg.length;
    const isReady = this.#runCommand(args);
    if (this.client.isMonitor) this.#services.monitors.feedOwn(this.client);
    this.#argumentBytes = 0;
    this.#runningBytes = 0;
    this.#endCommand();
    return isReady;
  }

  /** @returns whether the client can have its next command run. */
  #runCommand(args: readonly Buffer[]): boolean {
    const { commands } = this.#services;
    let resolved: Resolved;
    try {
      resolved = commands.resolve(args);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      const spec = commands.lookup(args)?.spec ?? null;
      this.#refuse(spec, spec?.name === 'exec' ? this.#abort(error.message) : error.message);
      return true;
    }
    const flags = effectiveFlags(resolved.spec, this.client);
    const reason = refusal(this.#services, this.client, resolved, flags);
    if (reason !== null) {
      this.#refuse(resolved.spec, resolved.spec.name === 'exec' ? this.#abort(reason) : reason);
      return true;
    }
    if (isPaused(this.#services, this.client, flags)) {
      this.#input.unshift(encodeCommand(args));
      this.#awaitPause();
      return false;
    }
    if (this.client.transaction !== null && !NEVER_QUEUED.has(resolved.spec.name)) {
      this.client.lastCommand = fullName(resolved.spec, resolved.container);
      this.client.transaction.add(resolved, args);
      this.#answer(reply.simple('QUEUED'));
      return true;
    }
    const result = call(this.#services, this.client, resolved, args);
    if (result?.type === 'blocked') this.#block(result, resolved.spec);
    else this.#answer(result);
    this.client.writeOffset = this.#services.replication.offset();
    if (this.client.closeAfterReply) this.#closeAfterReply();
    return !this.#closed && this.client.blocked === null;
  }

  /** A browser tricked into posting commands: its request line and headers are no commands. */
  #isWebBrowser(args: readonly Buffer[]): boolean {
    const [name] = args;
    if (name === undefined || (name.length !== 4 && name.length !== 5)) return false;
    if (!/^(?:post|host:)$/i.test(latin1(name))) return false;
    this.#services.log('warning', 'Possible SECURITY ATTACK detected: HTTP sent to Redis.');
    this.kill();
    return true;
  }

  /** EXEC is refused: so is the transaction, if there is one. @returns what to answer. */
  #abort(reason: string): string {
    this.client.transaction = null;
    this.#services.watches.unwatch(this.client);
    return `EXECABORT Transaction discarded because of: ${reason.replace(/^ERR /, '')}`;
  }

  #refuse(spec: CommandSpec | null, text: string): void {
    if (this.client.transaction !== null) this.client.transaction.failed = true;
    observeRefusal(this.#services, spec, text);
    this.#answer(reply.error(text));
  }

  #answer(result: Exclude<CommandResult, Blocked>): void {
    if (result === null || this.client.isSilent) return;
    const bytes = result.type === 'raw' ? result.bytes : replyBytes(result, this.client.resp);
    this.#output.push(bytes);
  }

  /** CLIENT REPLY SKIP is about one command: the one after it. */
  #endCommand(): void {
    const { client } = this;
    if (client.replyMode === 'skip') client.replyMode = 'on';
    else if (client.replyMode === 'skip-next') client.replyMode = 'skip';
  }

  #block(blocked: Blocked, spec: CommandSpec): void {
    const { isSilent } = this.client;
    const state = {
      settle: (value: Reply): void => {
        if (this.client.blocked !== state) return; // Answered already, or gone.
        this.client.blocked = null;
        if (value.type === 'error') observeFailure(this.#services, spec, value.text);
        if (!isSilent) this.#answer(value);
        this.#resumeLater();
      },
      timeoutReply: () => blocked.timeoutReply(),
    };
    this.client.blocked = state;
    this.#transport.pause();
    blocked.reply.then(
      (value) => state.settle(value),
      (error: unknown) => state.settle(reply.error(`ERR ${String(error)}`)),
    );
  }

  #awaitPause(): void {
    this.client.isPostponed = true;
    this.#transport.pause();
    this.#services.pause.whenOver(() => {
      this.client.isPostponed = false;
      this.#resumeLater();
    });
  }

  /** Go on once the command that is running, another client's perhaps, is done with the core. */
  #resumeLater(): void {
    queueMicrotask(() => {
      if (this.#closed) return;
      this.#flush();
      this.#transport.resume();
      this.#process();
    });
  }

  #closeAfterReply(): void {
    this.client.closeAfterReply = true;
    this.#flush();
    if (this.#closed) return;
    this.#transport.end();
    this.closed();
  }

  /**
   * Whether the client must read first. If so, its input, which is taken on meanwhile, is executed
   * once it has.
   */
  #awaitsDrain(): boolean {
    const { config } = this.#services;
    if (!this.#output.isFull(this.#limit, config.clientQueryBufferLimit.value)) return false;
    this.#isFull = true;
    this.#transport.whenDrained(() => {
      this.#isFull = false;
      if (!this.#closed) this.#process();
    });
    return true;
  }

  #flush(): void {
    this.#flushQueued = false;
    if (this.#closed || this.#output.unwritten === 0) return;
    // What is over the limit is not sent, even if the client would read it: as in Redis.
    if (this.#isOverLimit()) return this.#dropForLimit('scheduled to be closed ASAP');
    const { stats } = this.#services;
    stats.netOutputBytes += this.#output.unwritten;
    stats.writes++;
    this.#output.flush();
    this.#countMemory();
  }

  /** Buffers count for `maxmemory`, from when they grow; where there is none nobody asks. */
  #countMemory(): void {
    const { config, upkeep } = this.#services;
    if (config.maxmemory.value === 0 || this.#closed) return;
    const bytes = this.client.memoryBytes;
    if (bytes === this.#countedBytes) return;
    const more = bytes - this.#countedBytes;
    this.#countedBytes = bytes;
    upkeep.countClientMemory(more);
    // Clients go before keys do: their buffers would make keys go for nothing.
    if (more > 0) evictClientsOver(this.#services, upkeep.countedClientBytes, this.#nowMs);
  }

  get #limit(): OutputLimit {
    const limits = this.#services.config.clientOutputBufferLimit.value;
    const { type } = this.client;
    return limits[type === 'master' ? 'normal' : type];
  }

  /** What fits a client's own buffer is no output that piles up, as in Redis: small limits let it pass. */
  #isOverLimit(): boolean {
    if (this.#closed) return false;
    const limit = this.#limit;
    const nowMs = limit.softBytes === 0 ? 0 : this.#services.wallMicros() / 1000;
    const { bytes } = this.#output;
    return this.#limiter.isOver(limit, bytes <= BUFFER_BYTES ? 0 : bytes, nowMs);
  }

  #dropForLimit(how: string): void {
    this.#services.log(
      'warning',
      `Client ${this.#describe()} ${how} for overcoming of output buffer limits.`,
    );
    this.kill();
  }

  #describe(): string {
    return this.client.describe(Math.floor(this.#services.wallMicros() / 1000));
  }
}

/** Commands that act at once inside MULTI. */
const NEVER_QUEUED = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset']);
