/**
 * The snapshot as it comes from a socket: a line that says where it ends, then RDB.
 *
 *   $1234\r\n        so many bytes follow, the stream right behind them
 *   $EOF:<40>\r\n    it ends where these 40 bytes come again; the stream waits for the first ACK
 *
 * Empty lines before it are signs of life of a master that still prepares it.
 *
 * @see redis/redis 7.0 src/replication.c, readSyncBulkPayload()
 */
import { lineIn } from './lines.js';

export type PayloadEvent =
  | { readonly state: 'header'; /** Bytes; null: not known. */ readonly total: number | null }
  | { readonly state: 'bytes'; readonly bytes: Buffer }
  /** @see rest: bytes of the stream, which came behind it. */
  | { readonly state: 'end'; readonly rest: Buffer }
  | { readonly state: 'failed'; readonly reason: string };

const MARK_BYTES = 40;
const EMPTY = Buffer.alloc(0);

export class PayloadReader {
  #phase: 'header' | 'counted' | 'marked' | 'over' = 'header';
  #held: Buffer = EMPTY;
  #left = 0;
  #mark = EMPTY;
  /** The last bytes received, as many as the mark has at most. */
  #tail = EMPTY;

  /** @param bytes - the next that came. */
  *feed(bytes: Buffer): Generator<PayloadEvent> {
    let rest = bytes;
    if (this.#phase === 'header') {
      rest = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
      while (this.#phase === 'header') {
        const found = lineIn(rest);
        if (found === null) {
          if (rest.length > MAX_HEADER_BYTES) yield failed('its first line has no end');
          this.#held = Buffer.from(rest);
          return;
        }
        rest = rest.subarray(found.end);
        if (found.line !== '') yield this.#onHeader(found.line);
      }
      this.#held = EMPTY;
    }
    if (this.#phase === 'marked') yield* this.#marked(rest);
    else if (this.#phase === 'counted') yield* this.#counted(rest);
  }

  #onHeader(line: string): PayloadEvent {
    this.#phase = 'over';
    if (line.startsWith('-')) return failed(`MASTER aborted replication with an error: ${line}`);
    if (line.startsWith('$EOF:') && line.length >= 5 + MARK_BYTES) {
      this.#phase = 'marked';
      this.#mark = Buffer.from(line.slice(5, 5 + MARK_BYTES), 'latin1');
      return { state: 'header', total: null };
    }
    if (!/^\$\d{1,15}$/.test(line)) {
      return failed(
        `Bad protocol from MASTER, the first byte is not '$' (we received '${line.slice(0, 64)}'), are you sure the host and port are right?`,
      );
    }
    this.#phase = 'counted';
    this.#left = Number(line.slice(1));
    return { state: 'header', total: this.#left };
  }

  *#counted(bytes: Buffer): Generator<PayloadEvent> {
    const body = bytes.subarray(0, this.#left);
    this.#left -= body.length;
    if (body.length > 0) yield { state: 'bytes', bytes: body };
    if (this.#left > 0) return;
    this.#phase = 'over';
    yield { state: 'end', rest: bytes.subarray(body.length) };
  }

  /** The mark itself is passed on as well: behind the RDB's end it is not looked at. */
  *#marked(bytes: Buffer): Generator<PayloadEvent> {
    if (bytes.length === 0) return;
    const ending =
      bytes.length >= MARK_BYTES
        ? bytes.subarray(bytes.length - MARK_BYTES)
        : Buffer.concat([this.#tail, bytes]).subarray(-MARK_BYTES);
    this.#tail = Buffer.from(ending);
    yield { state: 'bytes', bytes };
    if (!this.#tail.equals(this.#mark)) return;
    this.#phase = 'over';
    yield { state: 'end', rest: EMPTY };
  }
}

/** Redis reads it into a buffer of 1024. */
const MAX_HEADER_BYTES = 1024;

const failed = (reason: string): PayloadEvent => ({ state: 'failed', reason });
