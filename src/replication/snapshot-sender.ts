/**
 * The master's half of a full sync: one snapshot of the keyspace, taken at one moment, sent in
 * chunks to all replicas that wait for one.
 *
 * Commands go on between chunks; the core sees to it that what comes out is the state of the first
 * moment. A chunk is made only when every receiver has credit for it, so the slowest sets the pace
 * and nothing piles up. Chunks stay where the core made them, for all receivers to read, until each
 * has said that it has. A replica that asks while one snapshot is under way waits for the next.
 */
import { RingleaderError } from '../base/errors.js';
import type { SnapshotSlice } from '../core/core.js';
import { encodeEnd, encodeHeader } from '../rdb/encode.js';
import { type ChunkPlace, ChunkLoans } from './chunk-loans.js';
import type { ReplicationEnvironment } from './environment.js';
import { CHUNK_BYTES, CREDIT_CHUNKS } from './frames.js';
import type { ReplicaRecord } from './replica-record.js';

/** What a snapshot must say about the history it belongs to. */
export interface SnapshotMoment {
  readonly replid: string;
  readonly history: number;
  readonly isTop: boolean;
}

/**
 * - `header`, `body`, `end`: the part of the RDB that comes next
 * - `lent`: all is sent, and not yet all read
 */
type Phase = 'idle' | 'header' | 'body' | 'end' | 'lent';

export class SnapshotSender {
  readonly #env: ReplicationEnvironment;
  readonly #loans: ChunkLoans<ReplicaRecord>;
  readonly #onSent: (record: ReplicaRecord) => void;
  readonly #onFailed: (record: ReplicaRecord) => void;
  readonly #onIdle: () => void;
  readonly #receivers = new Set<ReplicaRecord>();
  #phase: Phase = 'idle';
  #header: Uint8Array = new Uint8Array(0);
  #chunk = 0;
  #isScheduled = false;

  /**
   * @param onSent - called for each receiver that has been sent all.
   * @param onFailed - called for each receiver of a snapshot that memory did not suffice for.
   * @param onIdle - called when another snapshot can be taken.
   */
  constructor(
    env: ReplicationEnvironment,
    onSent: (record: ReplicaRecord) => void,
    onFailed: (record: ReplicaRecord) => void,
    onIdle: () => void,
  ) {
    this.#env = env;
    this.#loans = new ChunkLoans(env.core.memory, (at) => env.core.snapshotGive(at));
    this.#onSent = onSent;
    this.#onFailed = onFailed;
    this.#onIdle = onIdle;
  }

  get isActive(): boolean {
    return this.#phase !== 'idle';
  }

  /** Take a snapshot of this moment for these replicas. */
  start(receivers: Iterable<ReplicaRecord>, moment: SnapshotMoment): void {
    const { core, clock } = this.#env;
    const offset = core.head();
    // Who loads the snapshot starts with no database selected: the stream must say which.
    if (moment.isTop) core.setStreamDb(-1);
    core.snapshotBegin();
    this.#header = encodeHeader({
      createdAtSeconds: Math.floor(clock.wallMs() / 1000),
      usedMemoryBytes: core.usedMemory(),
      replication: { replid: moment.replid, offset, streamDb: Math.max(0, core.streamDb) },
    });
    this.#phase = 'header';
    this.#chunk = 0;
    const { replid, history, isTop } = moment;
    for (const record of receivers) {
      const { session } = record;
      record.stage = 'sending';
      record.offset = offset;
      record.credit = CREDIT_CHUNKS;
      record.sentBytes = 0;
      record.heardAt = clock.monotonicMs();
      record.peer.wire.send({ type: 'full-resync', session, replid, offset, history, isTop });
      this.#receivers.add(record);
    }
    this.#resume();
  }

  /** A receiver has read a chunk: what can be sent is. */
  onCredit(record: ReplicaRecord, chunk: number): void {
    this.#loans.onReturned(record, chunk);
    this.#resume();
  }

  /** A receiver is gone. */
  remove(record: ReplicaRecord): void {
    if (!this.#receivers.delete(record)) return;
    this.#loans.forget(record);
    this.#resume();
  }

  #resume(): void {
    if (this.#isScheduled || !this.isActive) return;
    this.#isScheduled = true;
    this.#env.soon(() => {
      this.#isScheduled = false;
      this.#step();
    });
  }

  /** Send one chunk to all, if all can take it. */
  #step(): void {
    if (this.#phase === 'lent') {
      if (this.#loans.isEmpty) this.#finish();
      return;
    }
    if (this.#receivers.size === 0) {
      this.#env.core.snapshotEnd();
      this.#finish();
      return;
    }
    for (const record of this.#receivers) if (record.credit === 0) return;
    if (this.#phase === 'header') {
      this.#send(this.#header, false);
      this.#phase = 'body';
    } else if (this.#phase === 'body') this.#sendSlice();
    else {
      this.#send(encodeEnd(null), true);
      this.#env.core.snapshotEnd();
      this.#phase = 'lent';
      for (const record of this.#receivers) this.#onSent(record);
    }
    this.#resume();
  }

  #sendSlice(): void {
    const slice = this.#nextSlice();
    if (slice === null) {
      const failed = [...this.#receivers];
      this.#env.core.snapshotEnd();
      this.#phase = 'lent';
      for (const record of failed) this.#onFailed(record);
      return;
    }
    const { at, length, isLast } = slice;
    if (isLast) this.#phase = 'end';
    if (length > 0) this.#send(this.#loans.lend(this.#chunk, at, length, this.#receivers), false);
    else this.#env.core.snapshotGive(at);
  }

  /** @returns null: the snapshot is void. */
  #nextSlice(): SnapshotSlice | null {
    try {
      return this.#env.core.snapshotStep(CHUNK_BYTES);
    } catch (error) {
      if (!(error instanceof RingleaderError)) throw error;
      return null;
    }
  }

  #send(body: Uint8Array | ChunkPlace, isLast: boolean): void {
    const chunk = this.#chunk;
    this.#chunk += 1;
    for (const record of this.#receivers) {
      // A chunk that is lost leaves a gap in the numbers, at which the replica starts over.
      record.peer.wire.send({ type: 'snapshot', session: record.session, chunk, body, isLast });
      record.sentBytes += body.length;
      record.credit -= 1;
    }
  }

  #finish(): void {
    this.#phase = 'idle';
    this.#receivers.clear();
    this.#onIdle();
  }
}
