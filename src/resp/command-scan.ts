/**
 * How much of a command is missing, found out with every byte of its lines looked at once.
 *
 * The core keeps nothing of an incomplete command and parses it from its beginning. Were that done
 * whenever another argument is whole, a command of many long ones would be copied and parsed once
 * for each. So its lines are walked here, where it waits, while the rest comes in, and the core
 * looks again when there is something to find: the command's end, or a line that it will refuse.
 * What a line may hold is the core's to judge (src/core/assembly/protocol/parser.ts).
 */

import { ASTERISK, CR, DIGIT_ZERO, DOLLAR, MAX_LINE_BYTES, NUL } from './wire.js';

const MAX_DIGITS = 10;
/** `$0`, and two line ends. */
const SMALLEST_BULK_BYTES = 6;

export class CommandScan {
  /** The next byte to look at, and where its line begins: bytes from the command's beginning. */
  #at = 0;
  #lineStart = 0;
  /** The chunk that byte is in, or comes after, and how many bytes are before that. */
  #chunk = 0;
  #bytesBefore = 0;
  /** Of the line so far: the number, and how many digits it has; -1: before the first byte. */
  #number = 0;
  #digits = -1;
  /** Not a length as lengths are written: an error once the line ends. */
  #isOdd = false;
  #isLineEnd = false;
  /** Arguments to come; -1: their number has not been read. */
  #argumentsLeft = -1;
  #isOver = false;

  /**
   * Go on where the chunks ended last time.
   *
   * @param chunks - what has come of the command, and of others after it. Between calls chunks are
   *   added, or replaced by copies.
   * @param maxBulkBytes - an argument said to be longer is for the core to see at once.
   * @returns bytes, from the command's beginning, below which parsing it is vain. If so many are
   * there,
   *   it is whole or malformed.
   */
  advance(chunks: readonly Uint8Array[], maxBulkBytes: number): number {
    while (!this.#isOver) {
      const chunk = chunks[this.#chunk];
      if (chunk === undefined) return Math.max(this.#at + 1, this.#leastEnd());
      const offset = this.#at - this.#bytesBefore;
      if (offset >= chunk.length) {
        this.#bytesBefore += chunk.length;
        this.#chunk++;
      } else {
        this.#at++;
        this.#look(chunk[offset]!, maxBulkBytes);
      }
    }
    return this.#at;
  }

  /** Where the command ends at the earliest. */
  #leastEnd(): number {
    return this.#lineStart + Math.max(0, this.#argumentsLeft) * SMALLEST_BULK_BYTES;
  }

  #look(byte: number, maxBulkBytes: number): void {
    if (this.#isLineEnd) {
      this.#endLine(maxBulkBytes);
    } else if (byte === CR) {
      this.#isLineEnd = true;
    } else if (byte === NUL) {
      // It hides the line's end: nothing happens until the line is too long.
      this.#isOver = true;
      this.#at = this.#lineStart + MAX_LINE_BYTES + 1;
    } else if (this.#at - this.#lineStart > MAX_LINE_BYTES) {
      this.#isOver = true;
    } else if (this.#digits < 0) {
      this.#digits = 0;
      if (this.#argumentsLeft >= 0) this.#isOdd = byte !== DOLLAR;
      else if (byte !== ASTERISK) this.#isOver = true; // An inline command.
    } else {
      this.#lookAtDigit(byte - DIGIT_ZERO);
    }
  }

  #lookAtDigit(digit: number): void {
    const isDigit = digit >= 0 && digit <= 9;
    const isBehindZero = this.#digits > 0 && this.#number === 0;
    if (!isDigit || isBehindZero || this.#digits === MAX_DIGITS) this.#isOdd = true;
    this.#number = this.#number * 10 + digit;
    this.#digits++;
  }

  #endLine(maxBulkBytes: number): void {
    const number = this.#number;
    const isBulk = this.#argumentsLeft >= 0;
    if (this.#isOdd || this.#digits <= 0 || (isBulk && number > maxBulkBytes)) {
      this.#isOver = true;
      return;
    }
    this.#argumentsLeft = isBulk ? this.#argumentsLeft - 1 : number;
    if (isBulk) this.#at += number + 2;
    this.#isOver = this.#argumentsLeft === 0;
    this.#lineStart = this.#at;
    this.#number = 0;
    this.#digits = -1;
    this.#isLineEnd = false;
  }
}
