/**
 * Drive one connection: bytes in, commands executed, replies out in order.
 *
 * The hot path does nothing per command: a chunk is copied into the core once, the core executes
 * every command it knows, and its replies go out in one write. Only what the core hands over (a
 * command of TypeScript's, or any command while the gate has a reason to ask) is looked at here.
 *
 * Input that is not executed yet stays here as the chunks it came in: an incomplete command (`need`
 * says how much is missing, so a large value is copied once, when it is whole), or commands behind
 * one that blocks its client.
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
import { latin1 } from './arguments.js';
import { Client, type ClientOutput } from './client.js';
import type { NodeServices } from './context.js';
import { call, FencedSignal } from './dispatch.js';
import { baseFlags, effectiveFlags, gateFlags, isPaused, refusal } from './gate.js';
import { OutputLimiter } from './output-limit.js';
import type { Blocked, CommandResult } from './spec.js';
import type { Resolved } from './table.js';
import type { Transport } from './transport.js';

/** Replies up to this many bytes are joined for one write; larger ones are written as they are. */
const JOIN_BYTES = 64 * 1024;
/** Input executed before its writes are published and its replies sent. */
const SLICE_BYTES = 64 * 1024;

export class Connection implements ClientOutput {
  readonly client: Client;
  readonly #services: NodeServices;
  readonly #transport: Transport;
  readonly #limiter = new OutputLimiter();
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Bytes that must be pending before executing can make progress; 0: unknown. */
  #need = 0;
  #output: Uint8Array[] = [];
  #flushQueued = false;
  #closed = false;
  /** Flow control has told this client to wait; see `#hold`. */
  #isHeld = false;
  #takeOver: ((chunk: Uint8Array) => void) | null = null;

  constructor(services: NodeServices, transport: Transport) {
    this.#services = services;
    this.#transport = transport;
    const needsNoPassword = services.config.requirepass.value === '';
    const nowMs = this.#nowMs();
    this.client = new Client(services.clients.nextId(), this, nowMs, needsNoPassword);
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
    let bytes = this.#transport.bufferedBytes;
    for (const part of this.#output) bytes += part.length;
    return bytes;
  }

  get inputBytes(): number {
    return this.#pendingBytes;
  }

  /** The transport has received bytes. They are kept, not copied. */
  receive(chunk: Uint8Array): void {
    if (this.#closed) return;
    const { stats, config } = this.#services;
    stats.reads++;
    stats.netInputBytes += chunk.length;
    if (this.#takeOver !== null) return this.#takeOver(chunk);
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    this.client.lastInteractionMs = this.#nowMs();
    if (this.#pendingBytes > config.clientQueryBufferLimit.value) {
      this.#services.log('warning', 'Closing client that reached max query buffer length');
      return this.kill();
    }
    this.#process();
  }

  /** The other side is gone. */
  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { services, client } = { services: this.#services, client: this.client };
    services.clients.remove(client);
    services.pubsub.drop(client);
    services.watches.unwatch(client);
    client.blocked = null;
    this.#pending = [];
    this.#output = [];
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

  /**
   * Leave request and reply: from now on what arrives goes to `handler` (a replica's link after
   * PSYNC). What has arrived already and was not executed is passed on first.
   */
  takeOver(handler: (chunk: Uint8Array) => void): void {
    this.#takeOver = handler;
    const rest = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    for (const chunk of rest) handler(chunk);
  }

  /** What must happen now and then: time-outs and soft limits. To be called every 100 ms. */
  cron(nowMs: number): void {
    const timeoutMs = this.#services.config.timeout.value * 1000;
    const idle = nowMs - this.client.lastInteractionMs;
    const exempt =
      this.client.link !== null || this.client.blocked !== null || this.client.subscriptions > 0;
    if (timeoutMs > 0 && idle > timeoutMs && !exempt) {
      this.#services.log('verbose', 'Closing idle client');
      this.kill();
      return;
    }
    this.#checkOutputLimit();
  }

  #process(): void {
    let isReady = !this.#isHeld && this.client.blocked === null && !this.client.closeAfterReply;
    while (isReady && this.#pendingBytes > 0 && this.#pendingBytes >= this.#need) {
      if (this.#services.pause.mode === 'all' && this.client.link === null) {
        this.#awaitPause();
        return;
      }
      const bytes = Math.min(this.#pendingBytes, Math.max(SLICE_BYTES, this.#need));
      const holdMs = this.#services.holdFor(bytes);
      if (holdMs > 0) {
        this.#hold(holdMs);
        return;
      }
      try {
        isReady = this.#execute(bytes) && !this.#closed;
      } catch (error) {
        if (!(error instanceof FencedSignal)) throw error;
        this.#output = []; // What was not published must not be answered.
        this.#services.onFenced();
        this.kill();
        return;
      }
      this.#flush();
      this.#services.onBatchEnd();
    }
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
    const { core, replication } = this.#services;
    const { client } = this;
    core.setNow(this.#nowMs());
    this.#need = 0;
    const input = core.input(bytes);
    if (input === 0) return this.#outOfMemory();
    let at = input;
    const end = input + bytes;
    for (const chunk of this.#pending) {
      const fitting = at + chunk.length > end ? chunk.subarray(0, end - at) : chunk;
      core.write(at, fitting);
      at += fitting.length;
      if (at === end) break;
    }
    let done = 0;
    while (done < bytes) {
      const flags = baseFlags(this.#services, client) | gateFlags(this.#services, client);
      const status = core.execute(input + done, bytes - done, flags, client.db);
      const consumed = core.consumed;
      done += consumed;
      if (status === STATUS_FENCED) throw new FencedSignal();
      if (core.replyLength > 0) this.#output.push(core.takeReplies());
      client.writeOffset = replication.offset();
      switch (status) {
        case STATUS_COMMAND:
          this.#drop(consumed);
          if (!this.#runHandedOver()) return false;
          break;
        case STATUS_PROTOCOL_ERROR:
          this.#closeAfterReply();
          return false;
        case STATUS_DONE:
          // A command cut off by the slice's end wants a longer one, even if it does not say so.
          this.#drop(consumed);
          this.#need = done < bytes ? core.need || bytes - done + 1 : 0;
          return true;
        case STATUS_OUT_OF_MEMORY:
          return this.#outOfMemory();
        default: // STATUS_REPLY_FULL: make room, then go on.
          this.#drop(consumed);
          this.#flush();
          if (this.#closed) return false;
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
    const args = Array.from({ length: core.argc }, (_, index) => core.arg(index));
    if (this.#isWebBrowser(args)) return false;
    const isReady = this.#runCommand(args);
    this.#endCommand();
    return isReady;
  }

  /** @returns whether the client can have its next command run. */
  #runCommand(args: readonly Buffer[]): boolean {
    const { commands, stats } = this.#services;
    let resolved: Resolved;
    try {
      resolved = commands.resolve(args);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      this.#refuse(error.message);
      return true;
    }
    const flags = effectiveFlags(resolved.spec, this.client);
    const reason = refusal(this.#services, this.client, resolved, flags);
    if (reason !== null) {
      if (resolved.spec.name === 'exec' && this.client.transaction !== null) {
        this.client.transaction = null;
        this.#services.watches.unwatch(this.client);
        this.#answer(reply.error(`EXECABORT Transaction discarded because of: ${reason}`));
      } else {
        this.#refuse(reason);
      }
      return true;
    }
    if (isPaused(this.#services, this.client, flags)) {
      this.#putBack(encodeCommand(args));
      this.#awaitPause();
      return false;
    }
    if (this.client.transaction !== null && !NEVER_QUEUED.has(resolved.spec.name)) {
      this.client.transaction.queue.push({ ...resolved, args });
      stats.commands++;
      this.#answer(reply.simple('QUEUED'));
      return true;
    }
    this.#answer(call(this.#services, this.client, resolved, args));
    this.client.writeOffset = this.#services.replication.offset();
    if (this.client.closeAfterReply) this.#closeAfterReply();
    return !this.#closed && this.client.blocked === null && this.#takeOver === null;
  }

  /** A browser tricked into posting commands: its request line and headers are no commands. */
  #isWebBrowser(args: readonly Buffer[]): boolean {
    const name = latin1(args[0]).toLowerCase();
    if (name !== 'host:' && name !== 'post') return false;
    this.#services.log('warning', 'Possible SECURITY ATTACK detected: HTTP sent to Redis.');
    this.kill();
    return true;
  }

  #refuse(text: string): void {
    if (this.client.transaction !== null) this.client.transaction.failed = true;
    this.#answer(reply.error(text));
  }

  #answer(result: CommandResult): void {
    if (result === null) return;
    const { client } = this;
    const isSilent = client.replyMode === 'off' || client.replyMode === 'skip';
    if (result.type === 'blocked') return this.#block(result, isSilent);
    if (result.type === 'error') this.#services.stats.countError(result.text);
    if (isSilent) return;
    this.#output.push(result.type === 'raw' ? result.bytes : replyBytes(result, client.resp));
  }

  /** CLIENT REPLY SKIP is about one command: the one after it. */
  #endCommand(): void {
    const { client } = this;
    if (client.replyMode === 'skip') client.replyMode = 'on';
    else if (client.replyMode === 'skip-next') client.replyMode = 'skip';
  }

  #block(blocked: Blocked, isSilent: boolean): void {
    const state = {
      settle: (value: Reply): void => {
        if (this.client.blocked !== state) return; // Answered already, or gone.
        this.client.blocked = null;
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
    this.#transport.pause();
    this.#services.pause.whenOver(() => this.#resumeLater());
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

  #drop(bytes: number): void {
    this.#pendingBytes -= bytes;
    let left = bytes;
    while (left > 0) {
      const first = this.#pending[0];
      if (first === undefined) return;
      if (first.length > left) {
        this.#pending[0] = first.subarray(left);
        return;
      }
      left -= first.length;
      this.#pending.shift();
    }
  }

  #putBack(bytes: Uint8Array): void {
    this.#pending.unshift(bytes);
    this.#pendingBytes += bytes.length;
  }

  #flush(): void {
    this.#flushQueued = false;
    if (this.#closed || this.#output.length === 0) return;
    const parts = this.#output;
    this.#output = [];
    let bytes = 0;
    for (const part of parts) bytes += part.length;
    const { stats } = this.#services;
    stats.netOutputBytes += bytes;
    stats.writes++;
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) this.#transport.write(only);
    else if (bytes <= JOIN_BYTES) this.#transport.write(Buffer.concat(parts, bytes));
    else for (const part of parts) this.#transport.write(part);
    this.#checkOutputLimit();
  }

  #checkOutputLimit(): void {
    if (this.#closed) return;
    const { config } = this.#services;
    const { type } = this.client;
    const limits = config.clientOutputBufferLimit.value;
    const limit = type === 'master' ? limits.normal : limits[type];
    if (!this.#limiter.isOver(limit, this.#transport.bufferedBytes, this.#nowMs())) return;
    this.#services.log(
      'warning',
      `Client ${this.client.describe(this.#nowMs())} closed for overcoming of output buffer limits.`,
    );
    this.kill();
  }

  #nowMs(): number {
    return Math.floor(this.#services.wallMicros() / 1000);
  }
}

/** Commands that act at once inside MULTI. */
const NEVER_QUEUED = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset']);
