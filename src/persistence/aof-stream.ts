/**
 * What of a node's stream goes into its append-only file: a cursor into its own ring.
 *
 * A file begins with a SELECT. What is in the stream for replicas alone (PING, GETACK) is left out;
 * a note says where in which history the bytes after it stand, wherever that does not follow from
 * what precedes them. (Redis passes over notes that it does not know.)
 *
 * @see redis/redis 7.0.15 src/aof.c, feedAppendOnlyFile()
 */
import { type OwnRing, ringPieces } from '../backlog/own-ring.js';
import type { Clock } from '../base/time.js';
import type { RdbInfo } from '../rdb/encode.js';
import { encodeCommand } from '../resp/encode-command.js';
import { formatNote } from './data-position.js';

interface AofRing extends OwnRing {
  readonly streamDb: number;
  resizeRing(bytes: number): boolean;
}

export interface AofStreamParts {
  readonly ring: AofRing;
  readonly clock: Clock;
  /** `aof-timestamp-enabled` */
  readonly hasTimestamps: () => boolean;
  /** The history that the stream is in, and where it stands; null: in none. */
  readonly history: () => RdbInfo['replication'];
}

const SELECT = Buffer.from('*2\r\n$6\r\nSELECT\r\n');

export class AofStream {
  readonly #parts: AofStreamParts;
  /** All up to here is taken. */
  #cursor: number;
  /** The database to select before the next byte; null: the file says which one it is in. */
  #selects: number | null;
  #timestampedAt = 0;
  /** The history that the last note has named; null: the next bytes need one. */
  #notedReplid: string | null = null;
  /** Stretches of the stream, from and to, that are not for the file. */
  #skipped: { from: number; to: number }[] = [];

  /** What is published from now on goes into the file. */
  constructor(parts: AofStreamParts) {
    this.#parts = parts;
    this.#cursor = parts.ring.head();
    this.#selects = parts.ring.streamDb;
  }

  /** Bytes that the ring has to keep. */
  get waitingBytes(): number {
    return this.#parts.ring.head() - this.#cursor;
  }

  /** What was appended since `from` is not for the file. */
  skip(from: number): void {
    this.#skipped.push({ from, to: this.#parts.ring.head() });
  }

  /** What is taken next begins another file. */
  beginFile(): void {
    this.#selects = this.#parts.ring.streamDb;
    this.#timestampedAt = 0;
    this.#notedReplid = null;
  }

  /**
   * All that is for the file between the cursor and the head, and what precedes it there; the
   * cursor is at the head then.
   *
   * @returns pieces that are valid until the core's next call; null: what was at the cursor is
   * gone.
   */
  take(): Uint8Array[] | null {
    const { ring } = this.#parts;
    const head = ring.head();
    const pieces: Uint8Array[] = [];
    let at = this.#cursor;
    this.#cursor = head;
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
}
