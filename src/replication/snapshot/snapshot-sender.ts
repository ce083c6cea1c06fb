/**
 * The master's half of a full sync: one snapshot of the keyspace, taken at one moment, sent in
 * chunks to all replicas that wait for one.
 *
 * Commands go on between chunks; the core sees to it that what comes out is the state of the first
 * moment. A chunk is made only when every receiver can take it, so the slowest sets the pace
 * and nothing piles up. Chunks stay where the core made them, for those in the process to read,
 * until each has said that it has. A replica that asks while one snapshot is under way waits for
 * the next.
 */
import { RingleaderError } from '../../base/errors.js';
import type { SnapshotSlice } from '../../core/snapshots.js';
import type { SnapshotHolder } from '../../core/snapshot-turn.js';
import { CoreChecksum } from '../../rdb/core-checksum.js';
import { encodeEnd, encodeHeader } from '../../rdb/encode.js';
import type { ReplicationEnvironment } from '../environment.js';
import type { ReplicaRecord } from '../replica-record.js';
import type { ReplicaSession, SnapshotChunk, StreamAnswer } from '../replica-session.js';
import { SharedChunks } from '../shared/shared-chunks.js';
import { CHUNK_BYTES } from '../shared/frames.js';
import { SendBuffers } from '../tcp/send-buffers.js';
import { savePace } from '../../core/save-pace.js';

/**
 * - `header`, `body`, `end`: the part of the RDB that comes next
 * - `shared`: all is sent, and not yet all read
 */
type Phase = 'idle' | 'header' | 'body' | 'end' | 'shared';

export interface SnapshotSenderOwner {
  /** A receiver has been sent all. */
  onSent(record: ReplicaRecord): void;
  /** There is no more of a receiver's snapshot. */
  onFailed(record: ReplicaRecord, reason: string): void;
  /** Another snapshot can be taken. */
  onIdle(): void;
}

export class SnapshotSender implements SnapshotHolder {
  readonly kind = 'rdb';
  startedAtSeconds = 0;
  readonly #env: ReplicationEnvironment;
  readonly #owner: SnapshotSenderOwner;
  readonly #sharedChunks: SharedChunks<ReplicaSession>;
  readonly #receivers = new Map<ReplicaSession, ReplicaRecord>();
  /** What was copied for those across sockets. */
  readonly #copies = new SendBuffers(CHUNK_BYTES + (CHUNK_BYTES >> 3));
  #phase: Phase = 'idle';
  #header: Uint8Array = new Uint8Array(0);
  /** The same without libraries. */
  #emptyHeader: Uint8Array = new Uint8Array(0);
  /** Of header and body, for who keeps them as a file; null: nobody does. */
  #checksum: CoreChecksum | null = null;
  #chunk = 0;
  /** It is sent across sockets while it is made, and not by way of a file. */
  #isDiskless = false;
  /** The core's count of keys at the last turn of a snapshot. */
  #pacedKeys = 0;
  #isScheduled = false;
  /** While it is held back: go on. */
  #endPause: (() => void) | null = null;

  constructor(env: ReplicationEnvironment, owner: SnapshotSenderOwner) {
    this.#env = env;
    this.#owner = owner;
    this.#sharedChunks = new SharedChunks(env.core.memory, (at) => env.core.snapshots.give(at));
    env.snapshotTurn.whenFree(() => {
      if (!this.isActive) owner.onIdle();
    });
  }

  get isActive(): boolean {
    return this.#phase !== 'idle';
  }

  /** A save at the end of the node: these replicas have to begin anew elsewhere. */
  giveUp(reason: string): void {
    this.#abandon(reason);
  }

  /**
   * FLUSHALL: who waits for data that are gone begins anew, with none.
   *
   * @see redis/redis 7.0 src/db.c, flushAllDataAndResetRDB()
   */
  onFlushed(): void {
    this.#abandon('FLUSHALL has ended the snapshot');
  }

  /**
   * Take a snapshot of this moment for these replicas. @returns false: it is not this one's turn.
   */
  start(receivers: Iterable<ReplicaRecord>, answer: StreamAnswer, isMaster: boolean): boolean {
    const { core, clock } = this.#env;
    if (!this.#env.snapshotTurn.take(this)) return false;
    const offset = core.head();
    // Who loads the snapshot starts with no database selected: the stream must say which.
    if (isMaster) core.setStreamDb(-1);
    core.snapshots.begin();
    this.startedAtSeconds = Math.floor(clock.wallMs() / 1000);
    const { replid } = answer;
    const info = {
      createdAtSeconds: this.startedAtSeconds,
      usedMemoryBytes: core.usedMemory(),
      replication: { replid, offset, streamDb: Math.max(0, core.streamDb) },
    };
    this.#header = encodeHeader({ ...info, libraries: this.#env.libraries?.codes() ?? [] });
    this.#emptyHeader = encodeHeader({ ...info, libraries: [] });
    this.#phase = 'header';
    this.#chunk = 0;
    this.#pacedKeys = core.snapshots.keys;
    this.#isDiskless = false;
    for (const record of receivers) {
      this.#isDiskless ||= isDiskless(record.session);
      record.stage = 'sending';
      record.offset = offset;
      record.sentBytes = 0;
      record.heardAt = clock.monotonicMs();
      record.session.fullResync(answer, offset);
      this.#receivers.set(record.session, record);
    }
    const isKept = [...this.#receivers.keys()].some(({ isBackup }) => isBackup);
    this.#checksum = isKept ? new CoreChecksum(core) : null;
    this.#checksum?.update(this.#header);
    this.#resume();
    return true;
  }

  /** A receiver can take more: what can be sent is. @param returned - the chunk it has read. */
  onReady(session: ReplicaSession, returned: number | null): void {
    if (returned !== null) this.#sharedChunks.onReturned(session, returned);
    this.#resume();
  }

  /** A receiver has loaded all: it reads no chunk any more, even if it has not said so of each. */
  onLoaded(session: ReplicaSession): void {
    this.#sharedChunks.forget(session);
    this.#resume();
  }

  /** A receiver is gone. */
  remove(session: ReplicaSession): void {
    if (!this.#receivers.delete(session)) return;
    this.#sharedChunks.forget(session);
    if (this.#receivers.size === 0) this.#resumeNow();
    else this.#resume();
  }

  #resume(waitMs = 0): void {
    if (this.#isScheduled || !this.isActive) return;
    this.#isScheduled = true;
    const go = (): void => {
      this.#isScheduled = false;
      this.#endPause = null;
      this.#step();
    };
    if (waitMs === 0) return this.#env.soon(go);
    const callOff = this.#env.later(waitMs, go);
    this.#endPause = () => {
      callOff();
      this.#env.soon(go);
    };
  }

  /** There is nothing to wait for any more: it may have been for long. */
  #resumeNow(): void {
    const endPause = this.#endPause;
    this.#endPause = null;
    if (endPause === null) this.#resume();
    else endPause();
  }

  /** Send one chunk to all, if all can take it. */
  #step(): void {
    if (this.#phase === 'shared') {
      if (this.#sharedChunks.isEmpty) this.#finish();
      return;
    }
    if (this.#receivers.size === 0) {
      if (this.#isDiskless) this.#log('last replica dropped, killing fork child.');
      this.#endSnapshot();
      this.#finish();
      return;
    }
    for (const session of this.#receivers.keys()) if (!session.isReady()) return;
    if (this.#phase === 'header') {
      this.#sendEach(
        (session) => (session.rdbContents === 'nothing' ? this.#emptyHeader : this.#header),
        false,
      );
      const wantsKeys = [...this.#receivers.keys()].some(
        ({ rdbContents }) => rdbContents === 'all',
      );
      this.#phase = wantsKeys ? 'body' : 'end';
    } else if (this.#phase === 'body') {
      this.#resume(this.#sendSlices());
      return;
    } else {
      const end = encodeEnd(null);
      this.#sendEach((session) => (session.isBackup ? this.#summedEnd(session) : end), true);
      this.#phase = 'shared';
      const left = [...this.#receivers.keys()].filter(isDiskless).length;
      if (this.#isDiskless) this.#log(`done reading from pipe, ${left} replicas still up.`);
      this.#endSnapshot();
      for (const record of this.#receivers.values()) this.#owner.onSent(record);
    }
    this.#resume();
  }

  /** @returns ms to wait before the next ones. */
  #sendSlices(): number {
    const { core, config } = this.#env;
    const pace = savePace(config.keySaveDelayMicros, CHUNK_BYTES);
    for (let made = 0; made < pace.slices && this.#phase === 'body'; made += 1) {
      for (const session of this.#receivers.keys()) if (!session.isReady()) return 0;
      this.#sendSlice(pace.sliceBytes);
    }
    // Those that clients' writes have put out count as well.
    const keys = (core.snapshots.keys - this.#pacedKeys) >>> 0;
    this.#pacedKeys = core.snapshots.keys;
    return Math.max(
      pace.waitMs,
      Math.round((keys * Math.max(0, config.keySaveDelayMicros)) / 1000),
    );
  }

  #summedEnd({ rdbContents }: ReplicaSession): Uint8Array {
    let checksum = this.#checksum;
    if (rdbContents !== 'all' || checksum === null) {
      checksum = new CoreChecksum(this.#env.core);
      checksum.update(rdbContents === 'nothing' ? this.#emptyHeader : this.#header);
    }
    const last = encodeEnd(null).subarray(0, 1);
    return encodeEnd(checksum.digestWith(last));
  }

  #sendSlice(bytes: number): void {
    const slice = this.#nextSlice(bytes);
    if (slice === null) {
      this.#abandon('out of memory for a snapshot');
      return;
    }
    if (slice.isLast) this.#phase = 'end';
    const { core } = this.#env;
    this.#checksum?.update(core.u8.subarray(slice.at, slice.at + slice.length));
    if (slice.length > 0) this.#sendPlaced(slice);
    else core.snapshots.give(slice.at);
  }

  #abandon(reason: string): void {
    const failed = [...this.#receivers.values()];
    this.#phase = 'shared';
    this.#endSnapshot();
    for (const record of failed) this.#owner.onFailed(record, reason);
    this.#resumeNow();
  }

  #endSnapshot(): void {
    this.#env.core.snapshots.end();
    this.#env.snapshotTurn.giveBack(this);
  }

  /** @returns null: the snapshot is void. */
  #nextSlice(bytes: number): SnapshotSlice | null {
    try {
      return this.#env.core.snapshots.step(bytes);
    } catch (error) {
      if (!(error instanceof RingleaderError)) throw error;
      return null;
    }
  }

  /**
   * Share what lies in the core's memory with those who can read it there; the others get a copy.
   */
  #sendPlaced({ at, length }: SnapshotSlice): void {
    const { core } = this.#env;
    const sessions = [...this.#receivers.keys()].filter(({ rdbContents }) => rdbContents === 'all');
    const readers = sessions.filter(({ isRemote }) => !isRemote);
    const copy =
      readers.length === sessions.length
        ? new Uint8Array(0)
        : this.#copies.copyOf(
            core.u8.subarray(at, at + length),
            sessions.filter(({ isRemote, isSpooled }) => isRemote && !isSpooled),
          );
    if (readers.length === 0) {
      core.snapshots.give(at);
      this.#sendEach((session) => (session.rdbContents === 'all' ? copy : null), false);
      return;
    }
    const place = this.#sharedChunks.share(this.#chunk, at, length, readers);
    this.#sendEach((session) => {
      if (session.rdbContents !== 'all') return null;
      return session.isRemote ? copy : place;
    }, false);
  }

  /** @param bodyFor - null: it gets nothing of this. */
  #sendEach(
    bodyFor: (session: ReplicaSession) => SnapshotChunk['body'] | null,
    isLast: boolean,
  ): void {
    const number = this.#chunk;
    this.#chunk += 1;
    for (const [session, record] of this.#receivers) {
      const body = bodyFor(session);
      if (body === null) continue;
      session.send({ number, body, isLast });
      record.sentBytes += body.length;
    }
  }

  /** In the words of Redis, whose child makes the snapshot and is read through a pipe. */
  #log(what: string): void {
    const text = `Diskless rdb transfer, ${what}`;
    this.#env.onEvent({ type: 'log', level: 'notice', text });
  }

  #finish(): void {
    this.#phase = 'idle';
    this.#copies.clear();
    this.#receivers.clear();
    this.#owner.onIdle();
  }
}

function isDiskless({ isRemote, isSpooled }: ReplicaSession): boolean {
  return isRemote && !isSpooled;
}
