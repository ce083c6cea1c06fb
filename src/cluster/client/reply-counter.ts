/**
 * Counts replies in a byte stream without making values of them.
 *
 * For load: a benchmark that parses replies into objects measures its own parser. Understands RESP2
 * (`+ - : $ *`), split anywhere.
 */
import { RingleaderError } from '../../base/errors.js';
import { CR, LF } from '../../resp/wire.js';

const PLUS = 0x2b;
const MINUS = 0x2d;
const COLON = 0x3a;
const DOLLAR = 0x24;

export class ReplyCounter {
  /** Whole replies so far; one array is one reply. */
  replies = 0;
  /** Those that were errors. */
  errors = 0;
  /** The first byte of the line under way; 0: between lines. */
  #mark = 0;
  /** The number of a `$` or `*` line, so far. */
  #number = 0;
  #isNegative = false;
  /** Bytes of a bulk string, its CRLF included, that are still to come. */
  #skip = 0;
  /** Replies still to come until the outermost one is whole. */
  #open = 1;
  #isNested = false;

  /** @throws RingleaderError PROTOCOL_ERROR */
  feed(bytes: Uint8Array): void {
    const end = bytes.length;
    let at = this.#countShort(bytes);
    while (at < end) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, end - at);
        this.#skip -= step;
        at += step;
        if (this.#skip === 0) this.#complete();
      } else if (this.#mark === 0) {
        this.#begin(bytes[at]!);
        at += 1;
      } else {
        at = this.#line(bytes, at, end);
      }
    }
  }

  /**
   * Count the `+OK`s, integers and bulk strings of less than a hundred bytes that the bytes begin
   * with: all there is in most answers to writes.
   *
   * @returns where the first other reply begins, or one that is cut off.
   */
  #countShort(bytes: Uint8Array): number {
    if (this.#mark !== 0 || this.#skip > 0 || this.#isNested) return 0;
    let at = 0;
    for (;;) {
      const next = endOfShort(bytes, at);
      if (next === 0) return at;
      this.replies += 1;
      at = next;
    }
  }

  #begin(mark: number): void {
    if (mark !== PLUS && mark !== MINUS && mark !== 0x3a && mark !== 0x24 && mark !== 0x2a) {
      throw new RingleaderError('PROTOCOL_ERROR', `expected a RESP2 reply, got byte ${mark}`);
    }
    this.#mark = mark;
    this.#number = 0;
    this.#isNegative = false;
    if (mark === MINUS && !this.#isNested) this.errors += 1;
  }

  #line(bytes: Uint8Array, from: number, end: number): number {
    const hasNumber = this.#mark === 0x24 || this.#mark === 0x2a;
    for (let at = from; at < end; at += 1) {
      const byte = bytes[at]!;
      if (byte === LF) {
        this.#endLine();
        return at + 1;
      }
      if (!hasNumber || byte === CR) continue;
      if (byte === MINUS) this.#isNegative = true;
      else this.#number = this.#number * 10 + (byte - 0x30);
    }
    return end;
  }

  #endLine(): void {
    const mark = this.#mark;
    this.#mark = 0;
    const isEmpty = this.#isNegative;
    if (mark === 0x24 && !isEmpty) this.#skip = this.#number + 2;
    else if (mark === 0x2a && !isEmpty && this.#number > 0) {
      this.#isNested = true;
      this.#open += this.#number - 1;
    } else this.#complete();
  }

  #complete(): void {
    this.#open -= 1;
    if (this.#open > 0) return;
    this.#open = 1;
    this.#isNested = false;
    this.replies += 1;
  }
}

/** @returns where the short reply that begins at a place ends; 0: it is another one, or cut off. */
function endOfShort(bytes: Uint8Array, at: number): number {
  const mark = bytes[at];
  let next = at;
  if (mark === PLUS) {
    next += 5;
    if (bytes[at + 2] !== 0x4b) return 0;
  } else if (mark === COLON) {
    next += 3;
    while (next < bytes.length && bytes[next] !== LF) next += 1;
    next += 1;
  } else if (mark === DOLLAR) {
    const first = bytes[at + 1]! - 0x30;
    const second = bytes[at + 2]! - 0x30;
    if (!(first >= 0 && first <= 9)) return 0;
    if (second >= 0 && second <= 9) next += 5 + first * 10 + second + 2;
    else next += 4 + first + 2;
  } else return 0;
  return next <= bytes.length && bytes[next - 1] === LF ? next : 0;
}
