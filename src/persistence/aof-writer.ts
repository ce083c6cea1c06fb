/**
 * What goes into the append-only file: a cursor into this node's own ring, and the file it is
 * written to.
 *
 * With `always` the stream is written once a turn of the loop, straight from the ring, in one
 * write, and synced. Else a few bytes that come alone are written at once, and more is copied out
 * of the ring and written beside commands, one write at a time: while one is under way, what is
 * published waits in the ring for the next. What the end of the process then takes with it are some
 * milliseconds, of the second that `everysec` allows. A batch that would overwrite what waits has
 * it copied first.
 *
 * What of the stream it is, and what is written between, is aof-stream.ts.
 *
 * @see redis/redis 7.0.15 src/aof.c, flushAppendOnlyFile(), feedAppendOnlyFile()
 */
import type { Millis } from '../base/time.js';
import { type AofFile, type AppendOutcome, syncAndClose } from './aof-disk.js';
import { AofStream, type AofStreamParts } from './aof-stream.js';
import { DiskError } from './disk.js';
import type { LogLevel } from './environment.js';
import { joinAligned } from '../base/alignment.js';
import type { Later } from './paced.js';

export type AofLatencyEvent =
  | 'aof-write'
  | 'aof-write-pending-fsync'
  | 'aof-write-alone'
  | 'aof-fsync-always';

export interface AofWriterParts extends AofStreamParts {
  readonly fsync: () => 'always' | 'everysec' | 'no';
  readonly later: Later;
  /** Whether no fsync is to be begun now. */
  readonly sparesDisk: () => boolean;
  readonly log: (level: LogLevel, text: string) => void;
  /** With `always` what was answered cannot be taken back: the node ends. */
  readonly onFatal: () => never;
  /** The bytes at the cursor are gone: only all data written anew help. */
  readonly onOvertaken: () => void;
  /** A replica cannot refuse what its master sends: it ends instead. */
  readonly mustNotFail: () => boolean;
  /** The node is about to write while clients wait; for tests that slow it down. */
  readonly beforeWrite?: () => void;
  /** How long a write or an fsync took. */
  readonly onLatency: (event: AofLatencyEvent, elapsedMs: number) => void;
}

/** A write that an fsync holds up for longer is counted. */
const DELAYED_MS: Millis = 2000;
/** Between the beginnings of two writes beside commands, unless so much waits. */
const WRITE_EACH_MS: Millis = 2;
const MUCH_BYTES = 256 * 1024;
const FEW_BYTES = 4096;
/** More waits for a write only while a disk is slow. */
const ROOM_BYTES = 1024 * 1024;
const SYNC_EACH_MS: Millis = 1000;
const ERROR_LOG_EACH_MS: Millis = 30_000;
const RING_STEP_BYTES = 64 * 1024;

export class AofWriter {
  readonly #parts: AofWriterParts;
  readonly #fewBytes: number;
  readonly #stream: AofStream;
  #file: AofFile;
  /** Copies of what precedes the cursor and could not be written yet. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Where a write beside commands is put together. */
  readonly #room = Buffer.allocUnsafeSlow(ROOM_BYTES);
  #syncedLength: number;
  #syncedAt: Millis;
  #isSyncing = false;
  /** The write under way beside commands. */
  #underWay: BackgroundWrite | null = null;
  /** When the last of them was begun. */
  #begunAt: Millis = -Infinity;
  /** Calls off the write that is due; null: none is. */
  #callOff: (() => void) | null = null;
  #loggedErrorAt: Millis | null = null;
  #writeError: string | null = null;
  #syncError: string | null = null;
  /** Writes that could not wait for an fsync any longer. */
  delayedSyncs = 0;

  /**
   * What is published from now on goes into the file.
   *
   * @param fewBytes - up to so many are written at once, not beside commands.
   */
  constructor(parts: AofWriterParts, file: AofFile, fewBytes = FEW_BYTES) {
    this.#parts = parts;
    this.#fewBytes = fewBytes;
    this.#file = file;
    this.#stream = new AofStream(parts);
    this.#syncedLength = file.length;
    this.#syncedAt = parts.clock.monotonicMs();
  }

  /** Bytes of the file. */
  get fileBytes(): number {
    return this.#file.length;
  }

  /** Bytes that are not in the file yet. */
  get pendingBytes(): number {
    return this.#heldBytes + (this.#underWay?.bytes.length ?? 0) + this.#stream.waitingBytes;
  }

  /** Whether flush() has something to do that is not under way, or due. */
  get isDue(): boolean {
    if (this.#parts.fsync() === 'always') return this.pendingBytes > 0;
    const isComing = this.#underWay !== null || this.#callOff !== null;
    return !isComing && (this.#heldBytes > 0 || this.#stream.waitingBytes > 0);
  }

  /** Whether flush() would be quick: few bytes, and some time after the last. */
  get isQuick(): boolean {
    const waitMs = this.#begunAt + WRITE_EACH_MS - this.#parts.clock.monotonicMs();
    const isFew = this.pendingBytes <= this.#fewBytes;
    return isFew && waitMs <= 0 && !this.#isSyncing && this.#parts.fsync() !== 'always';
  }

  get isSyncing(): boolean {
    return this.#isSyncing;
  }

  /** Why clients may not write: the last error, until a write or an fsync succeeds. */
  get error(): string | null {
    return this.#writeError ?? this.#syncError;
  }

  /** Whether all is in the file, and on the disk if that is wanted. */
  get isSettled(): boolean {
    const isSynced = this.#parts.fsync() === 'no' || this.#file.length === this.#syncedLength;
    return this.pendingBytes === 0 && isSynced;
  }

  /** Whether a reply that is sent now would acknowledge what is not on the disk. */
  get owesSync(): boolean {
    if (this.#parts.fsync() !== 'always') return false;
    return this.#parts.sparesDisk() ? this.pendingBytes > 0 : !this.isSettled;
  }

  /**
   * So many bytes may be appended before this is asked again: see to it that none is overwritten.
   */
  makeRoom(bytes: number): void {
    const { ring } = this.#parts;
    if (this.#stream.waitingBytes + bytes <= ring.ringSize) return;
    this.flush(false);
    this.#hold(); // What was put off, or failed.
    if (bytes <= ring.ringSize) return;
    const size = Math.ceil(bytes / RING_STEP_BYTES) * RING_STEP_BYTES;
    if (!ring.resizeRing(size)) this.#parts.log('warning', 'No memory to keep the AOF whole');
  }

  /** What was appended since `from` is not for the file. */
  skip(from: number): void {
    this.#stream.skip(from);
  }

  /**
   * Write what there is, and have it synced as configured: before this returns with `always`, else
   * beside commands.
   *
   * @param isForced - before this returns in any case.
   */
  flush(isForced: boolean): void {
    if (this.pendingBytes > 0) {
      if (this.#parts.fsync() !== 'always' && !isForced) return this.#writeBeside();
      if (!this.#awaitBackground() || !this.#write()) return;
    }
    this.#syncAsConfigured();
  }

  /** Have all on the disk. @throws DiskError */
  finish(): void {
    this.flush(true);
    if (this.#underWay !== null) throw new DiskError('a write does not come to its end');
    this.#file.syncNow();
    this.#syncedLength = this.#file.length;
  }

  /** Go on in another file; all must be written. The one so far is synced, and closed. */
  switchTo(file: AofFile): void {
    const before = this.#file;
    void syncAndClose(before);
    this.#underWay = null;
    this.#file = file;
    this.#syncedLength = file.length;
    this.#stream.beginFile();
  }

  close(): void {
    this.#callOff?.();
    this.#file.close();
  }

  /** Begin a write beside commands, or see to it that it is begun. */
  #writeBeside(): void {
    const { clock, later } = this.#parts;
    const now = clock.monotonicMs();
    if (this.#underWay !== null) return this.#noteDelay(this.#underWay, now);
    if (this.#callOff !== null) return;
    const waitMs = this.#begunAt + WRITE_EACH_MS - now;
    if (waitMs > 0 && this.#stream.waitingBytes + this.#heldBytes < MUCH_BYTES) {
      this.#callOff = later(waitMs, () => {
        this.#callOff = null;
        this.#begunAt = -Infinity; // However early the timer is by this clock.
        if (this.pendingBytes > 0) this.#writeBeside();
      });
      return;
    }
    const pieces = this.#stream.take();
    if (pieces === null) return this.#parts.onOvertaken();
    // One write at a time is under way: the next is put together where the last was.
    const bytes = joinAligned([...this.#held, ...pieces], this.#room);
    this.#clearHeld();
    if (bytes.length === 0) return this.#syncAsConfigured(); // All of it was for replicas alone.
    this.#begunAt = now;
    if (bytes.length <= this.#fewBytes && !this.#isSyncing) {
      // Sooner done than handed to another thread; an fsync would hold it up.
      this.#parts.beforeWrite?.();
      const outcome = this.#file.append([bytes]);
      this.#noteTime({ startedAt: now, isBusy: false });
      if (this.#isWritten(outcome, [bytes])) this.#syncAsConfigured();
      return;
    }
    this.#underWay = { bytes, startedAt: now, isBusy: this.#isSyncing, isCounted: false };
    void this.#follow(this.#underWay);
  }

  async #follow(write: BackgroundWrite): Promise<void> {
    const outcome = await this.#file.appendBeside(write.bytes);
    if (this.#underWay !== write) return; // It was waited for, or its file is another's.
    this.#underWay = null;
    this.#noteTime(write);
    if (!this.#isWritten(outcome, [write.bytes])) return;
    this.#syncAsConfigured();
    if (this.isDue) this.#writeBeside();
  }

  /** Wait for the write beside commands. @returns whether there is none any more. */
  #awaitBackground(): boolean {
    this.#callOff?.();
    this.#callOff = null;
    const write = this.#underWay;
    if (write === null) return true;
    if (!this.#file.awaitAppend()) return false;
    this.#underWay = null;
    this.#noteTime(write);
    return this.#isWritten(WRITTEN, [write.bytes]);
  }

  #noteTime({ startedAt, isBusy }: Pick<BackgroundWrite, 'startedAt' | 'isBusy'>): void {
    const elapsedMs = this.#parts.clock.monotonicMs() - startedAt;
    this.#parts.onLatency(isBusy ? 'aof-write-pending-fsync' : 'aof-write-alone', elapsedMs);
    this.#parts.onLatency('aof-write', elapsedMs);
  }

  #noteDelay(write: BackgroundWrite, now: Millis): void {
    if (!this.#isSyncing || write.isCounted || now - write.startedAt < DELAYED_MS) return;
    write.isCounted = true;
    this.delayedSyncs += 1;
    this.#parts.log(
      'notice',
      'Asynchronous AOF fsync is taking too long (disk is busy?). What is written meanwhile waits in memory.',
    );
  }

  /** @returns whether it is written. */
  #write(): boolean {
    const { clock } = this.#parts;
    const pieces = this.#stream.take();
    if (pieces === null) {
      this.#parts.onOvertaken();
      return false;
    }
    const parts = [...this.#held, ...pieces];
    const startedAt = clock.monotonicMs();
    this.#parts.beforeWrite?.();
    const outcome = parts.length === 0 ? WRITTEN : this.#file.append(parts);
    this.#noteTime({ startedAt, isBusy: this.#isSyncing });
    this.#clearHeld();
    return this.#isWritten(outcome, parts);
  }

  /** What did not get into the file is kept, in the order of the stream. */
  #isWritten(outcome: AppendOutcome, parts: readonly Uint8Array[]): boolean {
    if (outcome.state === 'written') {
      if (this.#writeError === null) return true;
      this.#writeError = null;
      this.#parts.log('warning', 'AOF write error looks solved, Redis can write again.');
      return true;
    }
    const rest = Buffer.concat(parts).subarray(outcome.keptBytes);
    this.#held = [rest, ...this.#held];
    this.#heldBytes += rest.length;
    this.#onWriteError(outcome.reason);
    return false;
  }

  /** Copy what is pending out of the ring. */
  #hold(): void {
    const pieces = this.#stream.take();
    if (pieces === null) return this.#parts.onOvertaken();
    for (const piece of pieces) {
      this.#held.push(Buffer.from(piece));
      this.#heldBytes += piece.length;
    }
  }

  #clearHeld(): void {
    if (this.#heldBytes === 0) return;
    this.#held = [];
    this.#heldBytes = 0;
  }

  #onWriteError(reason: string): void {
    const now = this.#parts.clock.monotonicMs();
    if (this.#loggedErrorAt === null || now - this.#loggedErrorAt > ERROR_LOG_EACH_MS) {
      this.#loggedErrorAt = now;
      this.#parts.log('warning', `Error writing to the AOF file: ${reason}`);
    }
    this.#writeError = reason;
    if (this.#parts.mustNotFail()) {
      this.#parts.log('warning', 'Replica was unable to write command to disk. Exiting...');
      this.#parts.onFatal();
    }
    if (this.#parts.fsync() !== 'always') return;
    this.#parts.log(
      'warning',
      "Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...",
    );
    this.#parts.onFatal();
  }

  #syncAsConfigured(): void {
    const policy = this.#parts.fsync();
    if (policy === 'no' || this.#file.length === this.#syncedLength) return;
    if (this.#parts.sparesDisk()) return;
    if (policy === 'always') return this.#syncNow();
    const now = this.#parts.clock.monotonicMs();
    if (now - this.#syncedAt < SYNC_EACH_MS || this.#isSyncing) return;
    this.#syncedAt = now;
    void this.#syncBeside(this.#file);
  }

  #syncNow(): void {
    const startedAt = this.#parts.clock.monotonicMs();
    try {
      this.#file.syncNow();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#parts.log(
        'warning',
        `Can't persist AOF for fsync error when the AOF fsync policy is 'always': ${error.message}. Exiting...`,
      );
      this.#parts.onFatal();
    }
    this.#parts.onLatency('aof-fsync-always', this.#parts.clock.monotonicMs() - startedAt);
    this.#syncedLength = this.#file.length;
  }

  async #syncBeside(file: AofFile): Promise<void> {
    this.#isSyncing = true;
    const { length } = file;
    try {
      await file.sync();
      this.#syncError = null;
      if (file === this.#file) this.#syncedLength = length;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      if (this.#syncError === null) {
        this.#parts.log('warning', `Fail to fsync the AOF file: ${error.message}`);
      }
      this.#syncError = error.message;
    } finally {
      this.#isSyncing = false;
    }
  }
}

const WRITTEN = { state: 'written' } as const;

/** A write beside commands. */
interface BackgroundWrite {
  readonly bytes: Buffer;
  readonly startedAt: Millis;
  /** An fsync was under way when it began. */
  readonly isBusy: boolean;
  /** As one that was delayed. */
  isCounted: boolean;
}
