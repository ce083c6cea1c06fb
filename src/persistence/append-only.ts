/**
 * A node's append-only file: on or off, what it consists of, when it is written anew.
 *
 *   off ─ CONFIG SET appendonly yes ─▶ wait-rewrite ─ a first base is whole ─▶ on
 *
 * While it waits the stream goes into a temporary increment, which is the first one's beginning.
 * What is written and when is aof-writer.ts; the base, aof-base.ts; reading it back, aof-load.ts.
 *
 * @see redis/redis 7.0.15 src/aof.c
 */
import { RingleaderError } from '../base/errors.js';
import type { SnapshotTurn } from '../core/snapshot-turn.js';
import type { BaseParts } from './aof-base.js';
import type { AofConfig } from './aof-config.js';
import type { AofDisk, AofFile } from './aof-disk.js';
import { AofFiles } from './aof-files.js';
import { aofInfo } from './aof-info.js';
import { AofRewrites } from './aof-rewrites.js';
import { AofWriter, type AofWriterParts } from './aof-writer.js';
import { DiskError } from './disk.js';
import type { Manifest } from './manifest.js';
import { dueGrowth } from './rewrite-rules.js';

type WriterParts = Omit<AofWriterParts, 'fsync' | 'hasTimestamps' | 'sparesDisk' | 'onOvertaken'>;
export interface AppendOnlyParts
  extends WriterParts, Pick<BaseParts, 'core' | 'libraries' | 'soon'> {
  readonly turn: SnapshotTurn;
  readonly config: AofConfig;
  readonly disk: AofDisk;
  readonly processId: number;
}

/** What BGREWRITEAOF is answered: a status, or an error. */
export interface AofAnswer {
  readonly state: 'ok' | 'refused';
  readonly text: string;
}

type State = 'off' | 'wait-rewrite' | 'on';

export class AppendOnly {
  readonly #parts: AppendOnlyParts;
  readonly files: AofFiles;
  readonly #rewrites: AofRewrites;
  #state: State = 'off';
  #writer: AofWriter | null = null;
  #isScheduled = false;
  /** Of base and increments without the one being written; and what growth is counted from. */
  #olderBytes = 0;
  #baseBytes = 0;
  #delayedSyncs = 0;

  constructor(parts: AppendOnlyParts) {
    this.#parts = parts;
    this.files = new AofFiles(parts);
    this.#rewrites = new AofRewrites({
      ...parts,
      nowSeconds: () => Math.floor(parts.clock.wallMs() / 1000),
      temporaryBase: () => this.files.temporaryBase,
      base: () => this.#baseParts(),
      prepare: () => this.#prepareRewrite(),
      conclude: () => this.#concludeRewrite(),
      onEnd: () => this.#onRewriteEnd(),
      onSeized: () => (this.#isScheduled = true),
    });
  }

  get isOn(): boolean {
    return this.#state !== 'off';
  }

  /** Nothing has to be looked at in the next beat. */
  get isIdle(): boolean {
    if (this.#isScheduled || this.#rewrites.isRunning) return false;
    return this.#writer === null || (this.#writer.isSettled && this.#writer.error === null);
  }

  // ── Starting and ending ───────────────────────────────────────────────────────────────────────

  /** What there is to be read at the start. @throws RingleaderError. @throws DiskError */
  findAtStart(): Manifest {
    return this.files.find();
  }

  /**
   * All that there is has been read: write on.
   *
   * @throws DiskError. @throws RingleaderError OUT_OF_MEMORY
   */
  openAtStart(): void {
    const file = this.files.openAtStart(() => this.#rewrites.writeBaseNow());
    this.#state = 'on';
    this.#writer = this.#makeWriter(file);
    this.#olderBytes = this.files.bytesWithout(true);
    this.#baseBytes = this.files.baseBytes;
  }

  /**
   * The node ends: all that was published is to be on the disk.
   *
   * @param isForced - it ends whatever becomes of the file.
   * @returns false: its first base is still being written, without which it is worth nothing.
   */
  finish(isForced: boolean): boolean {
    const { log } = this.#parts;
    if (this.#rewrites.isRunning && this.#state === 'wait-rewrite') {
      log('warning', `Writing initial AOF${isForced ? '. Exit anyway.' : ", can't exit."}`);
      if (!isForced) return false;
    }
    if (this.#rewrites.isRunning) {
      log('warning', 'There is a child rewriting the AOF. Killing it!');
      this.#rewrites.abandon();
    }
    if (this.#writer === null) return true;
    log('notice', 'Calling fsync() on the AOF file.');
    this.#finish(this.#writer);
    return true;
  }

  /**
   * CONFIG SET appendonly.
   *
   * @param isQueued - within EXEC.
   * @returns why not; null: done, or begun.
   */
  set(isWanted: boolean, isQueued: boolean): string | null {
    if (isWanted === this.isOn) return null;
    if (!isWanted) {
      this.stop();
      return null;
    }
    return this.#start(isQueued) ? null : 'Unable to turn on AOF. Check server logs.';
  }

  /** No more is written: it was turned off, or a full sync is about to replace all data. */
  stop(): void {
    if (this.#state === 'off') return;
    if (this.#writer !== null) {
      this.#finish(this.#writer);
      this.#closeWriter();
    }
    this.#state = 'off';
    this.#isScheduled = false;
    this.#rewrites.abandon();
  }

  /** All data are others now: a file of them is begun. */
  restart(): void {
    if (this.isOn || !this.#parts.config.isWanted) return;
    if (!this.#start(false))
      this.#parts.log('warning', 'Failed enabling the AOF after a full sync');
  }

  #start(isQueued: boolean): boolean {
    const { log, turn } = this.#parts;
    this.#state = 'wait-rewrite';
    if (!this.#rewrites.isRunning && turn.isTaken) {
      this.#isScheduled = true;
      log(
        'warning',
        'AOF was enabled but there is already another background operation. An AOF background was scheduled to start when possible.',
      );
    } else if (isQueued) {
      this.#isScheduled = true;
      log(
        'warning',
        'AOF was enabled during a transaction. An AOF background was scheduled to start when possible.',
      );
    } else {
      this.#rewrites.abandon(); // It has not written what the stream brought meanwhile.
      if (this.#rewrites.begin()) return true;
      this.#state = 'off';
      log(
        'warning',
        "Redis needs to enable the AOF but can't trigger a background AOF rewrite operation. Check the above logs for more info about the error.",
      );
      return false;
    }
    return true;
  }

  // ── The stream ────────────────────────────────────────────────────────────────────────────────

  /** @see AofWriter.makeRoom */
  makeRoom(bytes: number): void {
    this.#writer?.makeRoom(bytes);
  }

  /** @see AofWriter.skip */
  skip(from: number): void {
    this.#writer?.skip(from);
  }

  /** Whether there is something to write at the end of this turn. */
  get pending(): 'none' | 'few' | 'much' {
    if (this.#writer === null || !this.#writer.isDue) return 'none';
    return this.#writer.isQuick ? 'few' : 'much';
  }

  /** @see AofWriter.owesSync */
  get owesSync(): boolean {
    return this.#writer?.owesSync === true;
  }

  /** @see AofWriter.flush. Once a turn, and before a reply that cannot wait for that. */
  flush(isForced = false): void {
    this.#writer?.flush(isForced);
  }

  /** @returns null, or why clients may not write, as Redis words it. */
  whyNoWrites(): string | null {
    const error = this.#writer?.error ?? null;
    return error === null ? null : `MISCONF Errors writing to the AOF file: ${error}`;
  }

  // ── Rewriting ─────────────────────────────────────────────────────────────────────────────────

  /** BGREWRITEAOF. @param isQueued - within EXEC. */
  rewriteInBackground(isQueued: boolean): AofAnswer {
    if (this.#rewrites.isRunning) {
      return refused('ERR Background append only file rewriting already in progress');
    }
    if (this.#parts.turn.isTaken || isQueued) {
      this.#isScheduled = true;
      this.#rewrites.counts.failures = 0; // Asked for by hand, it is not put off.
      return { state: 'ok', text: 'Background append only file rewriting scheduled' };
    }
    if (this.#rewrites.begin()) {
      return { state: 'ok', text: 'Background append only file rewriting started' };
    }
    return refused(
      "ERR Can't execute an AOF background rewriting. Please check the server logs for more information.",
    );
  }

  /** Ten times a second. */
  onCron(): void {
    this.flush();
    const { config, turn, log } = this.#parts;
    if (this.#rewrites.isRunning || turn.isTaken) return;
    if (this.#isScheduled) {
      if (!this.#rewrites.isLimited()) this.#rewrites.begin();
      return;
    }
    if (this.#state !== 'on') return;
    const growth = dueGrowth({
      currentBytes: this.#currentBytes,
      baseBytes: this.#baseBytes,
      percentage: config.rewritePercentage,
      minBytes: config.rewriteMinBytes,
    });
    if (growth === null || this.#rewrites.isLimited()) return;
    log('notice', `Starting automatic rewriting of AOF on ${growth}% growth`);
    this.#rewrites.begin();
  }

  /** @see RewritesOwner.prepare */
  #prepareRewrite(): void {
    this.files.makeFolder();
    this.#writer?.flush(true);
    if ((this.#writer?.pendingBytes ?? 0) > 0) throw new DiskError('the increment is behind');
    this.#openNewIncr();
    this.#isScheduled = false;
  }

  /** @see RewritesOwner.conclude */
  #concludeRewrite(): void {
    const isBeginning = this.#state === 'wait-rewrite';
    this.files.takeBase(isBeginning ? 'begin' : this.#state === 'on' ? 'keep-last' : 'none');
    if (isBeginning) this.#state = 'on';
    this.#olderBytes = this.files.bytesWithout(this.#state === 'on');
    this.#baseBytes = this.#currentBytes;
  }

  #onRewriteEnd(): void {
    this.files.removeTemporaryBase();
    if (this.#state !== 'wait-rewrite') return;
    // It is not on yet, so what has come meanwhile is in no file that counts: begin again.
    if (this.#writer !== null) this.#closeWriter();
    this.files.removeTemporaryIncr();
    this.#isScheduled = true;
  }

  /** What is published from now on goes into a new increment. @throws DiskError */
  #openNewIncr(): void {
    if (this.#state === 'off') return; // Only a base is made.
    if (this.#writer === null) {
      this.#writer = this.#makeWriter(this.files.openTemporaryIncr());
      return;
    }
    this.#writer.switchTo(this.files.openNewIncr());
    this.#olderBytes = this.files.bytesWithout(true);
  }

  /** The cursor was overtaken: only all data written anew, at once, make the file whole. */
  #onOvertaken(): void {
    const { log } = this.#parts;
    log('warning', 'The AOF has missed a part of the stream: writing it anew.');
    this.#rewrites.abandon(); // One that waits for its first base begins again by itself.
    if (this.#state !== 'on' || this.#writer === null) return;
    try {
      this.#rewrites.writeBaseNow();
      this.#writer.switchTo(this.files.openNewIncr());
      this.files.takeBase('keep-last');
      this.#olderBytes = this.files.bytesWithout(true);
      this.#baseBytes = this.#currentBytes;
    } catch (error) {
      if (!(error instanceof DiskError) && !(error instanceof RingleaderError)) throw error;
      log('warning', `The AOF cannot be made whole: ${error.message}. Exiting...`);
      this.#parts.onFatal();
    }
  }

  // ── INFO ──────────────────────────────────────────────────────────────────────────────────────

  /** @see aofInfo */
  info(): ReturnType<typeof aofInfo> {
    return aofInfo({
      isOn: this.isOn,
      writer: this.#writer,
      isScheduled: this.#isScheduled,
      counts: this.#rewrites.counts,
      rewriteTakesSeconds: this.#rewrites.takesSeconds,
      currentBytes: this.#currentBytes,
      baseBytes: this.#baseBytes,
      delayedSyncs: this.#delayedSyncs + (this.#writer?.delayedSyncs ?? 0),
    });
  }

  /** CONFIG RESETSTAT. */
  resetCounts(): void {
    this.#rewrites.counts.begun = 0;
    this.#delayedSyncs = 0;
    if (this.#writer !== null) this.#writer.delayedSyncs = 0;
  }

  /** Bytes that are pending, for INFO memory. */
  get bufferBytes(): number {
    return this.#writer?.pendingBytes ?? 0;
  }

  // ── What writers and bases are made of ────────────────────────────────────────────────────────

  get #currentBytes(): number {
    return this.#olderBytes + (this.#writer?.fileBytes ?? 0);
  }

  #baseParts(): BaseParts {
    const { core, clock, disk, config, libraries, soon, later } = this.#parts;
    return {
      core,
      libraries,
      clock,
      disk,
      soon,
      later,
      keySaveDelayMicros: () => config.keySaveDelayMicros,
      format: {
        isRdb: config.usesRdb,
        checksum: config.checksum,
        compresses: config.compresses,
        hasTimestamps: config.hasTimestamps,
        replication: this.#parts.history(),
      },
      syncsIncrementally: config.syncsIncrementally,
    };
  }

  #makeWriter(file: AofFile): AofWriter {
    const { config } = this.#parts;
    return new AofWriter(
      {
        ...this.#parts,
        fsync: () => config.fsync,
        hasTimestamps: () => config.hasTimestamps,
        sparesDisk: () => config.sparesDiskOnRewrite && this.#parts.turn.isTaken,
        onOvertaken: () => this.#onOvertaken(),
      },
      file,
    );
  }

  #finish(writer: AofWriter): void {
    try {
      writer.finish();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#parts.log('warning', `Fail to fsync the AOF file: ${error.message}`);
    }
  }

  #closeWriter(): void {
    this.#delayedSyncs += this.#writer?.delayedSyncs ?? 0;
    this.#writer?.close();
    this.#writer = null;
  }
}

const refused = (text: string): AofAnswer => ({ state: 'refused', text });
