/**
 * What a connection sends: replies gathered and written, counted as the client's memory, and the
 * client ended that lets more of them pile up than it may.
 */
import type { OutputLimit } from '../../config/special.js';
import type { Client } from '../client.js';
import { BUFFER_BYTES } from '../client-line.js';
import { type ClientEviction, evictClientsOver } from './client-eviction.js';
import type { NodeClock } from '../../commands/node/process.js';
import type { BatchFlow } from '../flow.js';
import { OutputLimiter } from './output-limit.js';
import { HeldReplies } from './held-replies.js';
import { ALLOWANCE_BYTES, OutputQueue } from './output-queue.js';
import type { StreamErrors } from '../stream-errors.js';
import type { Transport } from './transport.js';
import type { Upkeep } from '../upkeep/upkeep.js';

export interface OutputNode extends ClientEviction {
  readonly clock: NodeClock;
  readonly upkeep: Upkeep;
  readonly streamErrors: Pick<StreamErrors, 'fromReplica'>;
  readonly flow: Pick<BatchFlow, 'awaitDisk' | 'majority' | 'syncNow'>;
  /** The offset of the last byte published. */
  readonly replication: { offset(): number };
}

export class ConnectionOutput {
  readonly #node: OutputNode;
  readonly #client: Client;
  readonly #queue: OutputQueue;
  readonly #limiter = new OutputLimiter();
  /** Replies that a majority does not hold yet; null: the cluster is not strict. */
  readonly #held: HeldReplies | null;
  /** What is queued tells of data. */
  #tellsData = false;
  #flushQueued = false;
  /** What is queued is to be on the disk first. */
  #awaitsDisk = false;
  #closed = false;
  /** What of this client's buffers counts as used memory. */
  #countedBytes = 0;

  constructor(node: OutputNode, client: Client, transport: Transport) {
    this.#node = node;
    this.#client = client;
    this.#queue = new OutputQueue(transport);
    const { majority } = node.flow;
    this.#held =
      majority &&
      new HeldReplies(majority, {
        send: (parts) => this.#send(parts),
        lost: () => this.#client.output.kill(),
      });
  }

  /** Bytes queued and not yet taken by the other side. */
  get bytes(): number {
    return this.#queue.bytes + (this.#held?.bytes ?? 0);
  }

  /** Whether replies wait for a majority. */
  get isHolding(): boolean {
    return this.#held !== null && this.#held.bytes > 0;
  }

  /** Whether so many do that no more should be executed before. */
  get isHoldingMuch(): boolean {
    return this.#held !== null && this.#held.bytes > ALLOWANCE_BYTES;
  }

  /** Call once no reply waits for a majority. */
  whenReleased(task: () => void): void {
    this.#held?.whenEmpty(task);
  }

  /** The replies since the last flush tell of data: strict nodes see to it that these stay. */
  tellsData(): void {
    this.#tellsData = true;
  }

  /** Whether there is so much of it that it should be written before more is executed. */
  get isLong(): boolean {
    return this.#queue.isLong;
  }

  /** Queue bytes, to be sent with the next flush(). */
  push(bytes: Uint8Array): void {
    if (this.#client.link === 'replica') this.#dropReplica(bytes);
    else this.#queue.push(bytes);
  }

  /** Queue bytes; they are sent when the batch that is running ends, or when this turn does. */
  send(bytes: Uint8Array): void {
    if (this.#closed || bytes.length === 0) return;
    this.push(bytes);
    if (this.#flushQueued) return;
    this.#flushQueued = true;
    queueMicrotask(() => this.flush());
  }

  /**
   * So many bytes of input were executed: as much output is no sign of a client that does not read.
   */
  addCredit(inputBytes: number): void {
    this.#queue.addCredit(inputBytes);
  }

  /** Write what is queued, or do so once what it acknowledges is on the disk. */
  flush(): void {
    this.#flushQueued = false;
    if (this.#closed || this.#queue.unwritten === 0 || this.#awaitsDisk) return;
    this.#awaitsDisk = this.#node.flow.awaitDisk(() => {
      this.#awaitsDisk = false;
      this.#write();
    });
    if (!this.#awaitsDisk) this.#write();
  }

  /** Write what is queued now. */
  flushNow(): void {
    this.#node.flow.syncNow();
    this.#awaitsDisk = false;
    this.flush();
  }

  #write(): void {
    if (this.#closed || this.#queue.unwritten === 0) return;
    // What is over the limit is not sent, even if the client would read it: as in Redis.
    if (this.#isOverLimit()) return this.#drop('scheduled to be closed ASAP');
    const held = this.#held;
    if (held !== null && (this.#tellsData || held.bytes > 0)) {
      this.#tellsData = false;
      held.hold(this.#queue.takeAll(), this.#node.replication.offset());
    } else this.#writeQueued();
    this.countMemory();
  }

  #writeQueued(): void {
    const { stats } = this.#node;
    stats.netOutputBytes += this.#queue.unwritten;
    stats.writes++;
    this.#queue.flush();
  }

  /** A majority holds what these tell. */
  #send(parts: readonly Uint8Array[]): void {
    if (this.#closed) return;
    const later = this.#queue.takeAll();
    for (const part of parts) this.#queue.push(part);
    this.#writeQueued();
    for (const part of later) this.#queue.push(part);
  }

  /** What is queued is not to be sent. */
  clear(): void {
    this.#queue.clear();
  }

  close(): void {
    this.#closed = true;
    this.#queue.clear();
    this.#held?.clear();
    this.#node.upkeep.countClientMemory(-this.#countedBytes);
  }

  /** Whether the client must read before more is executed. */
  get isFull(): boolean {
    return this.#queue.isFull(this.#limit, this.#node.config.clientQueryBufferLimit.value);
  }

  /** Soft limits. To be called every 100 ms. */
  cron(): void {
    this.countMemory();
    if (this.#isOverLimit()) this.#drop('closed');
  }

  /**
   * Buffers count for `maxmemory`, from when they grow; where there is none they are not counted.
   */
  countMemory(): void {
    const { config, upkeep } = this.#node;
    if (config.maxmemory.value === 0 || this.#closed) return;
    const bytes = this.#client.memoryBytes;
    if (bytes === this.#countedBytes) return;
    const more = bytes - this.#countedBytes;
    this.#countedBytes = bytes;
    upkeep.countClientMemory(more);
    // Clients go before keys do: their buffers would make keys go for nothing.
    const { lastInteractionMs } = this.#client;
    if (more > 0) evictClientsOver(this.#node, upkeep.countedClientBytes, lastInteractionMs);
  }

  get #limit(): OutputLimit {
    const limits = this.#node.config.clientOutputBufferLimit.value;
    const { type } = this.#client;
    return limits[type === 'master' ? 'normal' : type];
  }

  /**
   * What fits a client's own buffer is no output that piles up, as in Redis: small limits let it
   * pass.
   */
  #isOverLimit(): boolean {
    // A replica's stream has no buffer here: how far one may fall behind is replication's to say.
    if (this.#client.link === 'replica') return false;
    if (this.#closed) return false;
    const limit = this.#limit;
    const nowMs = limit.softBytes === 0 ? 0 : this.#node.clock.wallMicros() / 1000;
    const { bytes } = this.#queue;
    return this.#limiter.isOver(limit, bytes <= BUFFER_BYTES ? 0 : bytes, nowMs);
  }

  #drop(how: string): void {
    this.#node.log.write(
      'warning',
      `Client ${this.#describe()} ${how} for overcoming of output buffer limits.`,
    );
    this.#client.output.kill();
  }

  /**
   * On a replica's connection goes the stream: a reply or message among it would be read as part
   * of it.
   */
  #dropReplica(bytes: Uint8Array): void {
    const client = this.#client;
    if (client.closeAfterReply) return;
    client.closeAfterReply = true;
    const command = client.lastCommand ?? '<unknown>';
    const { log, streamErrors } = this.#node;
    const text = Buffer.from(bytes).toString('latin1');
    if (text.startsWith('-')) streamErrors.fromReplica(text.slice(1).trimEnd(), command);
    log.write(
      'warning',
      `Replica generated a reply to command '${command}', disconnecting it: ${this.#describe()}`,
    );
    // Not at once: others are perhaps being sent the same message.
    queueMicrotask(() => client.output.kill());
  }

  #describe(): string {
    return this.#client.describe(Math.floor(this.#node.clock.wallMicros() / 1000));
  }
}
