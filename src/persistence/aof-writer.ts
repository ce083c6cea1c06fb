/**
 * What goes into the append-only file: a cursor into this node's own ring, and the file it is
 * written to.
 *
 * The stream is written once a turn of the loop, straight from the ring, in one write. While the
 * disk is busy with an fsync (everysec) a write would wait for it, so it is put off, up to 2 s, and
 * the bytes are copied out of the ring; so are those that a failed write leaves. The ring therefore
 * never has to keep them for longer than a turn, and a batch that would overwrite them in the same
 * turn has them written first.
 *
 * A file begins with a SELECT. What is in the stream for replicas alone (PING, GETACK) is left out;
 * a note says where in which history the bytes after it stand, wherever that does not follow from
 * what precedes them. (Redis passes over notes that it does not know.)
 *
 * @see redis/redis 7.0.15 src/aof.c, flushAppendOnlyFile(), feedAppendOnlyFile()
 */
import { type OwnRing, ringPieces } from '../backlog/own-ring.js';
import type { Clock, Millis } from '../base/time.js';
import type { RdbInfo } from '../rdb/encode.js';
import { encodeCommand } from '../resp/encode-command.js';
import type { AofFile } from './aof-disk.js';
import { formatNote } from './data-position.js';
import { DiskError } from './disk.js';
import type { LogLevel } from './environment.js';

export interface AofRing extends OwnRing {
  readonly streamDb: number;
  resizeRing(bytes: number): boolean;
}

export type AofLatencyEvent =
  | 'aof-write'
  | 'aof-write-pending-fsync'
  | 'aof-write-alone'
  | 'aof-fsync-always';

export interface AofWriterParts {
  readonly ring: AofRing;
  readonly clock: Clock;
  readonly fsync: () => 'always' | 'everysec' | 'no';
  /** `aof-timestamp-enabled` */
  readonly hasTimestamps: () => boolean;
  /** The history that the stream is in, and where it stands; null: in none. */
  readonly history: () => RdbInfo['replication'];
  /** Whether no fsync is to be begun now. */
  readonly sparesDisk: () => boolean;
  readonly log: (level: LogLevel, text: string) => void;
  /** With `always` what was answered cannot be taken back: the node ends. */
  readonly onFatal: () => never;
  /** The bytes at the cursor are gone: only all data written anew help. */
  readonly onOvertaken: () => void;
  /** A replica cannot refuse what its master sends: it ends instead. */
  readonly mustNotFail: () => boolean;
  /** How long a write or an fsync took. */
  readonly onLatency: (event: AofLatencyEvent, elapsedMs: number) => void;
}

/** Writes are put off for a running fsync no longer than this. */
const POSTPONE_MS: Millis = 2000;
const SYNC_EACH_MS: Millis = 1000;
const ERROR_LOG_EACH_MS: Millis = 30_000;
const SELECT = Buffer.from('*2\r\n$6\r\nSELECT\r\n');
const RING_STEP_BYTES = 64 * 1024;

export class AofWriter {
  readonly #parts: AofWriterParts;
  #file: AofFile;
  /** All up to here is written, or held. */
  #cursor: number;
  /** Copies of what precedes the cursor and could not be written yet. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** The database to select before the next byte; null: the file says which one it is in. */
  #selects: number | null;
  #timestampedAt = 0;
  /** The history that the last note has named; null: the next bytes need one. */
  #notedReplid: string | null = null;
  /** Stretches of the stream, from and to, that are not for the file. */
  #skipped: { from: number; to: number }[] = [];
  #syncedLength: number;
  #syncedAt: Millis;
  #isSyncing = false;
  #postponedSince: Millis | null = null;
  #loggedErrorAt: Millis | null = null;
  #writeError: string | null = null;
  #syncError: string | null = null;
  /** Writes that could not wait for an fsync any longer. */
  delayedSyncs = 0;

  /** What is published from now on goes into the file. */
  constructor(parts: AofWriterParts, file: AofFile) {
    this.#parts = parts;
    this.#file = file;
    this.#cursor = parts.ring.head();
    this.#selects = parts.ring.streamDb;
    this.#syncedLength = file.length;
    this.#syncedAt = parts.clock.monotonicMs();
  }

  /** Bytes of the file. */
  get fileBytes(): number {
    return this.#file.length;
  }

  /** Bytes that are not in the file yet. */
  get pendingBytes(): number {
    return this.#heldBytes + this.#parts.ring.head() - this.#cursor;
  }

  get isSyncing(): boolean {
    return this.#isSyncing;
  }

  /** Why clients may not write: the last error, until a write or an fsync succeeds. */
  get error(): string | null {
    return this.#writeError ?? this.#syncError;
  }

  get hasWriteError(): boolean {
    return this.#writeError !== null;
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
    if (ring.head() - this.#cursor + bytes <= ring.ringSize) return;
    this.flush(false);
    this.#hold(); // What was put off, or failed.
    if (bytes <= ring.ringSize) return;
    const size = Math.ceil(bytes / RING_STEP_BYTES) * RING_STEP_BYTES;
    if (!ring.resizeRing(size)) this.#parts.log('warning', 'No memory to keep the AOF whole');
  }

  /** What was appended since `from` is not for the file. */
  skip(from: number): void {
    this.#skipped.push({ from, to: this.#parts.ring.head() });
  }

  /**
   * Write what there is, and have it synced as configured.
   *
   * @param isForced - even if an fsync is under way.
   */
  flush(isForced: boolean): void {
    if (this.pendingBytes > 0) {
      if (this.#parts.fsync() === 'everysec' && !isForced && this.#isPutOff()) return this.#hold();
      if (!this.#write()) return;
    }
    this.#syncAsConfigured();
  }

  /** Have all on the disk. @throws DiskError */
  finish(): void {
    this.flush(true);
    this.#file.syncNow();
    this.#syncedLength = this.#file.length;
  }

  /** Go on in another file; all must be written. The one so far is synced, and closed. */
  switchTo(file: AofFile): void {
    const before = this.#file;
    void syncAndClose(before);
    this.#file = file;
    this.#syncedLength = file.length;
    this.#selects = this.#parts.ring.streamDb;
    this.#timestampedAt = 0;
    this.#notedReplid = null;
  }

  close(): void {
    this.#file.close();
  }

  #isPutOff(): boolean {
    if (!this.#isSyncing) return false;
    const now = this.#parts.clock.monotonicMs();
    this.#postponedSince ??= now;
    if (now - this.#postponedSince < POSTPONE_MS) return true;
    this.delayedSyncs += 1;
    this.#parts.log(
      'notice',
      'Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer without waiting for fsync to complete, this may slow down Redis.',
    );
    return false;
  }

  /** @returns whether it is written. */
  #write(): boolean {
    const { ring, clock } = this.#parts;
    const head = ring.head();
    const pieces = this.#piecesUpTo(head);
    if (pieces === null) {
      this.#cursor = head;
      this.#parts.onOvertaken();
      return false;
    }
    const parts = [...this.#held, ...pieces];
    const isBusy = this.#isSyncing;
    const startedAt = clock.monotonicMs();
    const outcome = parts.length === 0 ? WRITTEN : this.#file.append(parts);
    const elapsedMs = clock.monotonicMs() - startedAt;
    this.#parts.onLatency(isBusy ? 'aof-write-pending-fsync' : 'aof-write-alone', elapsedMs);
    this.#parts.onLatency('aof-write', elapsedMs);
    this.#postponedSince = null;
    if (outcome.state === 'written') {
      this.#cursor = head;
      this.#clearHeld();
      if (this.#writeError === null) return true;
      this.#writeError = null;
      this.#parts.log('warning', 'AOF write error looks solved, Redis can write again.');
      return true;
    }
    // In the order of the stream, so that the next try goes on where this one stopped.
    const rest = Buffer.concat(parts).subarray(outcome.keptBytes);
    this.#held = [rest];
    this.#heldBytes = rest.length;
    this.#cursor = head;
    this.#onWriteError(outcome.reason);
    return false;
  }

  /** Copy what is pending out of the ring. */
  #hold(): void {
    const head = this.#parts.ring.head();
    const pieces = this.#piecesUpTo(head);
    this.#cursor = head;
    if (pieces === null) return this.#parts.onOvertaken();
    for (const piece of pieces) {
      this.#held.push(Buffer.from(piece));
      this.#heldBytes += piece.length;
    }
  }

  /** What is for the file between the cursor and the head, and what precedes it there. */
  #piecesUpTo(head: number): Uint8Array[] | null {
    const { ring } = this.#parts;
    const pieces: Uint8Array[] = [];
    let at = this.#cursor;
    const skipped = this.#skipped;
    this.#skipped = [];
    for (const { from, to } of [...skipped, { from: head, to: head }]) {
      const found = ringPieces(ring, at, from);
      if (found === null) return null;
      if (found.length > 0) {
        if (pieces.length === 0) pieces.push(...this.#prefixFor(found[0]!));
        pieces.push(...this.#noteFor(at), ...found);
      }
      if (to > from) this.#notedReplid = null; // What follows does not stand where it seems to.
      at = to;
    }
    return pieces;
  }

  /** Where the bytes at `offset` stand, if it has to be said. */
  #noteFor(offset: number): Buffer[] {
    const history = this.#parts.history();
    if (history === null || history.replid === this.#notedReplid) return [];
    this.#notedReplid = history.replid;
    return [Buffer.from(formatNote({ ...history, offset }))];
  }

  #prefixFor(first: Uint8Array): Buffer[] {
    const parts: Buffer[] = [];
    if (this.#parts.hasTimestamps()) {
      const seconds = Math.floor(this.#parts.clock.wallMs() / 1000);
      if (seconds > this.#timestampedAt) parts.push(Buffer.from(`#TS:${seconds}\r\n`));
      this.#timestampedAt = seconds;
    }
    const db = this.#selects;
    this.#selects = null;
    const selectsItself = Buffer.from(first.subarray(0, SELECT.length)).equals(SELECT);
    if (db !== null && db >= 0 && !selectsItself) {
      parts.push(Buffer.from(encodeCommand(['SELECT', String(db)])));
    }
    return parts;
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

/** What it loses if that fails a power cut would have lost too, and a new base is on its way. */
async function syncAndClose(file: AofFile): Promise<void> {
  try {
    await file.sync();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  } finally {
    file.close();
  }
}
