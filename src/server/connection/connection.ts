/**
 * Drive one connection: bytes in, the core's calls, replies out in order, and who waits for whom.
 *
 * The hot path does nothing per command: a chunk is copied into the core once, the core executes
 * every command it knows, and its replies go out in one write. Only what the core hands over (a
 * command of TypeScript's, or any command while the gate has a reason to ask) is run by itself
 * (command-run.ts).
 *
 * Input that is not executed yet stays in a queue (input-queue.ts): an incomplete command, which is
 * not looked at again before it is whole; commands behind one that blocks its client, or those of a
 * client that does not read its replies (output-queue.ts).
 */
import {
  STATUS_COMMAND,
  STATUS_DONE,
  STATUS_FENCED,
  STATUS_OUT_OF_MEMORY,
  STATUS_PROTOCOL_ERROR,
} from '../../core/assembly/layout.js';
import { encodeCommand } from '../../resp/encode-command.js';
import type { OutputStream } from '../../commands/node/clients.js';
import { Client, type ClientOutput } from '../client.js';
import { type Aftermath, CommandRun } from '../command-run.js';
import { type Execution, FencedSignal } from '../dispatch.js';
import type { BatchFlow } from '../flow.js';
import { ConnectionOutput, type OutputNode } from './connection-output.js';
import { InputQueue } from './input-queue.js';
import { quoted } from '../observation/monitors.js';
import { observeBatch } from '../observation/observe.js';
import { streamOver } from './output-stream.js';
import { baseFlags, gateFlags } from '../gate.js';
import { runWhole } from '../whole-transaction.js';
import type { Transport } from './transport.js';

/** Input executed before its writes are published and its replies sent. */
const SLICE_BYTES = 64 * 1024;

/** The node that a connection is served by. */
export type ServingNode = Execution & OutputNode & { readonly flow: BatchFlow };

export class Connection implements ClientOutput {
  readonly client: Client;
  readonly #node: ServingNode;
  readonly #commands: CommandRun;
  readonly #transport: Transport;
  readonly #input = new InputQueue();
  readonly #output: ConnectionOutput;
  #closed = false;
  /** Flow control has told this client to wait; see `#hold`. */
  #isHeld = false;
  /** It has to read before more is executed; see `#awaitDrain`. */
  #isFull = false;
  /** Of the command that is running: bytes of the input up to its end, and of its arguments. */
  #runningBytes = 0;
  #argumentBytes = 0;

  constructor(node: ServingNode, transport: Transport) {
    this.#node = node;
    this.#transport = transport;
    const nowMs = Math.floor(node.clock.wallMicros() / 1000);
    this.client = new Client(node.clients.nextId(), this, nowMs, false);
    node.access.greet(this.client);
    this.#output = new ConnectionOutput(node, this.client, transport);
    node.clients.add(this.client);
    node.stats.connections++;
    this.#commands = new CommandRun(node, this.client, {
      answer: (bytes, tellsData) => {
        this.#output.push(bytes);
        if (tellsData) this.#output.tellsData();
      },
      resume: () => this.#resumeLater(),
    });
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
    const { stats, config } = this.#node;
    stats.reads++;
    stats.netInputBytes += chunk.length;
    this.client.replica.served?.onBytes();
    this.#input.push(chunk);
    if (this.#input.bytes > config.clientQueryBufferLimit.value) {
      this.#node.log.write(
        'warning',
        `Closing client that reached max query buffer length: ${this.#describe()} (qbuf initial bytes: ${quoted(this.#input.beginning(64))})`,
      );
      return this.kill();
    }
    this.#process();
    if (isLent) this.#input.keepLast();
    this.#output.countMemory();
  }

  /** The other side is gone. */
  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { client } = this;
    const node = this.#node;
    node.clients.remove(client);
    node.pubsub.drop(client);
    node.watches.unwatch(client);
    node.monitors.remove(client);
    node.tracking.disable(client);
    client.replica.served?.onClose();
    client.replica.served = null;
    client.blocked?.end();
    this.#input.takeAll();
    this.#output.close();
  }

  send(bytes: Uint8Array): void {
    this.#output.send(bytes);
  }

  kill(): void {
    if (this.#closed) return;
    this.#transport.destroy();
    this.closed();
  }

  stream(): OutputStream {
    this.#output.flushNow();
    if (this.#node.config.replDisableTcpNodelay.value) this.#transport.setNoDelay?.(false);
    return streamOver(this.#transport, this.#node.stats, () => this.kill());
  }

  /** What must happen now and then: time-outs and soft limits. To be called every 100 ms. */
  cron(nowMs: number): void {
    const timeoutMs = this.#node.config.timeout.value * 1000;
    const { client } = this;
    const idle = nowMs - client.lastInteractionMs;
    const exempt =
      client.link !== null ||
      client.isMonitor ||
      client.blocked !== null ||
      client.isPostponed ||
      client.subscriptions > 0;
    if (timeoutMs > 0 && idle > timeoutMs && !exempt) {
      this.#node.log.write('verbose', 'Closing idle client');
      this.kill();
      return;
    }
    this.#output.cron();
  }

  #process(): void {
    const { client } = this;
    let isReady =
      !this.#isHeld && !this.#isFull && client.blocked === null && !client.closeAfterReply;
    while (isReady && this.#input.isWorthParsing(this.#maxBulkBytes)) {
      if (this.#node.pause.mode === 'all' && client.link === null) {
        this.#awaitPause();
        return;
      }
      const bytes = Math.min(this.#input.bytes, Math.max(SLICE_BYTES, this.#input.need));
      const holdMs = this.#node.flow.holdFor(bytes);
      if (holdMs > 0) {
        this.#hold(holdMs);
        return;
      }
      try {
        isReady = this.#execute(bytes) && !this.#closed;
      } catch (error) {
        if (!(error instanceof FencedSignal)) throw error;
        this.#output.clear(); // What was not published must not be answered.
        this.#node.flow.onFenced();
        this.kill();
        return;
      }
      this.#output.flush();
      this.#node.flow.onBatchEnd();
      if (isReady && this.#awaitsDrain()) return;
    }
  }

  /** The longest argument to wait for. Before AUTH none is: it is refused. */
  get #maxBulkBytes(): number {
    return this.#node.access.mustAuthenticate(this.client)
      ? 0
      : this.#node.config.protoMaxBulkLen.value;
  }

  /** Leave the input alone for a while: replicas in the process must catch up first. */
  #hold(ms: number): void {
    this.#isHeld = true;
    this.#transport.pause();
    this.#node.clock.later(ms, () => {
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
    const node = this.#node;
    const { core, replication } = node;
    const { client } = this;
    const input = core.input(bytes, this.#input.alignment);
    if (input === 0) return this.#outOfMemory();
    this.#input.copyTo(core, input, bytes);
    let startedAt = node.clock.wallMicros();
    client.lastInteractionMs = Math.floor(startedAt / 1000);
    core.setNow(client.lastInteractionMs);
    let done = 0;
    let ahead = 0;
    while (done < bytes) {
      const flags = baseFlags(node, client) | gateFlags(node, client);
      const status = core.execute(input + done, bytes - done, flags, client.db);
      const endedAt = node.clock.wallMicros();
      observeBatch(node, client, Math.max(0, endedAt - startedAt));
      startedAt = endedAt;
      node.events.drain();
      const consumed = core.consumed;
      done += consumed;
      if (status === STATUS_FENCED) throw new FencedSignal();
      if (core.replyLength > 0) {
        this.#output.push(core.takeReplies());
        this.#output.tellsData();
      }
      this.#output.addCredit(consumed);
      client.writeOffset = replication.offset();
      if (core.awaited.hasReady) node.blocked.serve();
      switch (status) {
        case STATUS_COMMAND:
          this.#input.drop(consumed);
          this.#runningBytes = consumed;
          ahead = this.#runWhole(input + done, bytes - done);
          done += ahead;
          if (ahead === 0 && !this.#runHandedOver()) return false;
          startedAt = node.clock.wallMicros();
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
        default: // STATUS_REPLY_FULL, or a slow command has ended the call: go on.
          this.#input.drop(consumed);
      }
      if (this.#output.isLong) {
        this.#output.flushNow();
        if (this.#closed || this.#awaitsDrain()) return false;
      }
    }
    return true;
  }

  /** There is no room in the core for the request itself, or for any reply. */
  #outOfMemory(): false {
    this.#node.log.write('warning', 'Closing client: no memory for its request');
    this.kill();
    return false;
  }

  /** @returns the bytes of a transaction that has been run at once; 0: there is none. */
  #runWhole(at: number, bytes: number): number {
    const ran = runWhole(this.#node, this.client, at, bytes);
    if (ran === null) return 0;
    this.#runningBytes = 0;
    this.#input.drop(ran.bytes);
    this.#output.push(ran.replies);
    this.#output.tellsData();
    this.#output.addCredit(ran.bytes);
    this.client.writeOffset = this.#node.replication.offset();
    this.#node.blocked.serve();
    return ran.bytes;
  }

  /** Run the command in the argument table. @returns whether to go on with what is pending. */
  #runHandedOver(): boolean {
    const args = this.#node.core.args();
    for (const arg of args) this.#argumentBytes += arg.length;
    const aftermath = this.#commands.run(args);
    this.#takeCareOf(aftermath, args);
    if (this.client.isMonitor) this.#node.monitors.feedOwn(this.client);
    this.#argumentBytes = 0;
    this.#runningBytes = 0;
    this.#endCommand();
    return aftermath === 'next' && !this.#closed;
  }

  #takeCareOf(aftermath: Aftermath, args: readonly Buffer[]): void {
    switch (aftermath) {
      case 'next':
      case 'blocked': // What it sends meanwhile is kept; that it goes away must be seen.
        return;
      case 'paused':
        this.#input.unshift(encodeCommand(args));
        this.#awaitPause();
        return;
      case 'end':
        this.#closeAfterReply();
        return;
      case 'kill':
        this.kill();
    }
  }

  /** CLIENT REPLY SKIP is about one command: the one after it. */
  #endCommand(): void {
    const { client } = this;
    if (client.replyMode === 'skip') client.replyMode = 'on';
    else if (client.replyMode === 'skip-next') client.replyMode = 'skip';
  }

  #awaitPause(): void {
    this.client.isPostponed = true;
    this.#transport.pause();
    this.#node.pause.whenOver(() => {
      this.client.isPostponed = false;
      this.#resumeLater();
    });
  }

  /** Go on once the command that is running, another client's perhaps, is done with the core. */
  #resumeLater(): void {
    queueMicrotask(() => {
      if (this.#closed) return;
      if (this.client.closeAfterReply) return this.#closeAfterReply();
      this.#output.flush();
      this.#transport.resume();
      this.#process();
    });
  }

  #closeAfterReply(): void {
    this.client.closeAfterReply = true;
    this.#output.flushNow();
    if (this.#closed) return;
    if (this.#output.isHolding) return this.#output.whenReleased(() => this.#closeAfterReply());
    this.#transport.end();
    this.closed();
  }

  /**
   * Whether the client must read first. If so, its input, which is taken on meanwhile, is executed
   * once it has.
   */
  #awaitsDrain(): boolean {
    const goOn = (): void => {
      this.#isFull = false;
      if (!this.#closed) this.#process();
    };
    if (this.#output.isHoldingMuch) {
      this.#isFull = true;
      this.#output.whenReleased(goOn);
      return true;
    }
    if (!this.#output.isFull) return false;
    this.#isFull = true;
    this.#transport.whenDrained(goOn);
    return true;
  }

  #describe(): string {
    return this.client.describe(Math.floor(this.#node.clock.wallMicros() / 1000));
  }
}
