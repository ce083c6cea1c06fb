/**
 * The master's half of a full sync: one snapshot of the keyspace, taken at one moment, sent in
 * chunks to all replicas that wait for one.
 *
 * Commands go on between chunks; the core sees to it that what comes out is the state of the first
 * moment. A chunk is made only when every receiver has credit for it, so the slowest sets the pace
 * and nothing piles up. A replica that asks while one is under way waits for the next.
 */
import { RingleaderError } from '../base/errors.js';
import { encodeRdb } from '../rdb/encode.js';
import type { ReplicationEnvironment } from './environment.js';
import { CHUNK_BYTES, CREDIT_CHUNKS } from './frames.js';
import type { ReplicaRecord } from './replica-record.js';

/** What a snapshot must say about the history it belongs to. */
export interface SnapshotMoment {
  readonly replid: string;
  readonly history: number;
  readonly isTop: boolean;
}

export class SnapshotSender {
  readonly #env: ReplicationEnvironment;
  readonly #onSent: (record: ReplicaRecord) => void;
  readonly #onFailed: (record: ReplicaRecord) => void;
  readonly #onIdle: () => void;
  readonly #receivers = new Set<ReplicaRecord>();
  #chunks: Iterator<Uint8Array, void> | null = null;
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
    this.#onSent = onSent;
    this.#onFailed = onFailed;
    this.#onIdle = onIdle;
  }

  get isActive(): boolean {
    return this.#chunks !== null;
  }

  /** Take a snapshot of this moment for these replicas. */
  start(receivers: Iterable<ReplicaRecord>, moment: SnapshotMoment): void {
    const { core, clock } = this.#env;
    const offset = core.head();
    // Who loads the snapshot starts with no database selected: the stream must say which.
    if (moment.isTop) core.setStreamDb(-1);
    core.snapshotBegin();
    const info = {
      createdAtSeconds: Math.floor(clock.wallMs() / 1000),
      usedMemoryBytes: core.usedMemory(),
      replication: { replid: moment.replid, offset, streamDb: Math.max(0, core.streamDb) },
    };
    this.#chunks = encodeRdb(info, this.#body(), false);
    const { replid, history, isTop } = moment;
    for (const record of receivers) {
      const { session } = record;
      record.stage = 'sending';
      record.offset = offset;
      record.credit = CREDIT_CHUNKS;
      record.chunks = 0;
      record.sentBytes = 0;
      record.heardAt = clock.monotonicMs();
      record.peer.wire.send({ type: 'full-resync', session, replid, offset, history, isTop });
      this.#receivers.add(record);
    }
    this.resume();
  }

  /** Credit came, or a receiver went: send what can be sent. */
  resume(): void {
    if (this.#isScheduled || !this.isActive) return;
    this.#isScheduled = true;
    this.#env.soon(() => {
      this.#isScheduled = false;
      this.#step();
    });
  }

  /** A receiver is gone. */
  remove(record: ReplicaRecord): void {
    if (this.#receivers.delete(record)) this.resume();
  }

  /** Send one chunk to all, if all can take it. */
  #step(): void {
    if (this.#chunks === null) return;
    if (this.#receivers.size === 0) {
      this.#finish();
      return;
    }
    for (const record of this.#receivers) if (record.credit === 0) return;
    const bytes = this.#nextChunk(this.#chunks);
    if (bytes === null) {
      const failed = [...this.#receivers];
      this.#finish();
      for (const record of failed) this.#onFailed(record);
      return;
    }
    if (bytes === undefined) {
      this.#send(new Uint8Array(0), true);
      this.#finish();
      return;
    }
    this.#send(bytes, false);
    this.resume();
  }

  /** @returns undefined after the last; null: the snapshot is void. */
  #nextChunk(chunks: Iterator<Uint8Array, void>): Uint8Array | undefined | null {
    try {
      return chunks.next().value ?? undefined;
    } catch (error) {
      if (!(error instanceof RingleaderError)) throw error;
      return null;
    }
  }

  #send(bytes: Uint8Array, isLast: boolean): void {
    for (const record of this.#receivers) {
      const { session, chunks: chunk } = record;
      // A chunk that is lost leaves a gap in the numbers, at which the replica starts over.
      record.peer.wire.send({ type: 'snapshot', session, chunk, bytes, isLast });
      record.chunks += 1;
      record.sentBytes += bytes.length;
      record.credit -= 1;
      if (isLast) this.#onSent(record);
    }
  }

  #finish(): void {
    this.#chunks = null;
    this.#receivers.clear();
    this.#env.core.snapshotEnd();
    this.#onIdle();
  }

  *#body(): Generator<Uint8Array, void> {
    for (;;) {
      const { bytes, isLast } = this.#env.core.snapshotStep(CHUNK_BYTES);
      if (bytes.length > 0) yield bytes;
      if (isLast) return;
    }
  }
}
