/**
 * Bytes that have arrived and are not parsed yet: append at the end, read from the front.
 *
 * Space is doubled when it runs out and parsed bytes are dropped only then, so a value that arrives
 * in n pieces is copied a constant number of times, not n times.
 */
import { NUL } from './wire.js';

export class InputBuffer {
  #buffer = Buffer.allocUnsafe(0);
  #start = 0;
  #end = 0;

  /** Bytes not read yet. */
  get length(): number {
    return this.#end - this.#start;
  }

  append(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#buffer.length) {
      const needed = this.length + chunk.length;
      const grown = Buffer.allocUnsafe(Math.max(1024, needed * 2));
      this.#buffer.copy(grown, 0, this.#start, this.#end);
      this.#end = this.length;
      this.#start = 0;
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** @returns the byte at `offset` from the front, or undefined past the end. */
  peek(offset = 0): number | undefined {
    return offset < this.length ? this.#buffer[this.#start + offset] : undefined;
  }

  /** @returns the offset of the first such byte from the front, or -1. */
  indexOf(byte: number): number {
    return this.#buffer.subarray(this.#start, this.#end).indexOf(byte);
  }

  /** indexOf(), as C finds characters: none beyond a NUL. */
  indexOfInText(byte: number): number {
    const at = this.indexOf(byte);
    if (at < 0) return -1;
    return this.#buffer.subarray(this.#start, this.#start + at).includes(NUL) ? -1 : at;
  }

  /** Read and drop `bytes` from the front. @returns a copy. */
  take(bytes: number): Buffer {
    const taken = Buffer.from(this.#buffer.subarray(this.#start, this.#start + bytes));
    this.skip(bytes);
    return taken;
  }

  /** Read and drop `bytes` from the front. @returns them, one character each. */
  takeText(bytes: number): string {
    const text = this.#buffer.toString('latin1', this.#start, this.#start + bytes);
    this.skip(bytes);
    return text;
  }

  skip(bytes: number): void {
    this.#start += bytes;
    if (this.#start === this.#end) {
      this.#start = 0;
      this.#end = 0;
    }
  }
}
