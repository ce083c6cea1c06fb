/**
 * What a client has sent and the node has not executed yet: the chunks as they came, not copied.
 *
 * They are copied into the core when it is their turn: once, or twice where a command turns out to
 * be incomplete, for then it is left alone until it is whole.
 */

import { allocateAligned, alignmentOf } from '../../base/alignment.js';
import { CommandScan } from '../../resp/command-scan.js';

/** Where the bytes go: the data core. */
interface Target {
  write(at: number, bytes: Uint8Array): void;
}

export class InputQueue {
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  /** Below so many bytes parsing is vain; 0: not tried yet. */
  #need = 0;
  #scan: CommandScan | null = null;

  get bytes(): number {
    return this.#bytes;
  }

  /** How many bytes must be parsed together to get on. */
  get need(): number {
    return this.#need;
  }

  /** The first command is incomplete: parsing it again is vain below so many bytes. */
  awaitMore(need: number): void {
    this.#need = need;
  }

  /**
   * Whether the first command may be whole.
   *
   * @param maxBulkBytes - as CommandScan's.
   */
  isWorthParsing(maxBulkBytes: number): boolean {
    if (this.#bytes === 0 || this.#bytes < this.#need) return false;
    if (this.#need === 0) return true;
    this.#scan ??= new CommandScan();
    this.#need = Math.max(this.#need, this.#scan.advance(this.#chunks, maxBulkBytes));
    return this.#bytes >= this.#need;
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** Where within a word the first byte lies (base/alignment.ts). */
  get alignment(): number {
    const first = this.#chunks[0];
    return first === undefined ? 0 : alignmentOf(first);
  }

  /**
   * Copy the chunk that was pushed last, as far as it is still here: its memory is needed again.
   * The copy is aligned with where its bytes will be put, behind those before it.
   */
  keepLast(): void {
    const last = this.#chunks.length - 1;
    const chunk = this.#chunks[last];
    if (chunk === undefined) return;
    const copy = allocateAligned(chunk.length, this.alignment + this.#bytes - chunk.length);
    copy.set(chunk);
    this.#chunks[last] = copy;
  }

  /** Put bytes back before all others. */
  unshift(bytes: Uint8Array): void {
    this.#chunks.unshift(bytes);
    this.#bytes += bytes.length;
    this.#forget();
  }

  /** Copy the first so many bytes, which are there; they stay in the queue. */
  copyTo(target: Target, start: number, bytes: number): void {
    const end = start + bytes;
    let at = start;
    for (const chunk of this.#chunks) {
      const fitting = at + chunk.length > end ? chunk.subarray(0, end - at) : chunk;
      target.write(at, fitting);
      at += fitting.length;
      if (at === end) return;
    }
  }

  /** Remove the first so many bytes, which are there. */
  drop(bytes: number): void {
    if (bytes === 0) return;
    this.#forget();
    this.#bytes -= bytes;
    let left = bytes;
    let done = 0;
    while (left > 0) {
      const first = this.#chunks[done]!;
      if (first.length > left) {
        this.#chunks[done] = first.subarray(left);
        break;
      }
      left -= first.length;
      done++;
    }
    if (done === this.#chunks.length) this.#chunks.length = 0;
    else if (done > 0) this.#chunks.splice(0, done);
  }

  /** @returns the first bytes, at most so many. */
  beginning(bytes: number): Buffer {
    return Buffer.concat(this.#chunks.slice(0, bytes)).subarray(0, bytes);
  }

  /** @returns all chunks; the queue is empty then. */
  takeAll(): Uint8Array[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#bytes = 0;
    this.#forget();
    return chunks;
  }

  /** Another command is the first. */
  #forget(): void {
    this.#need = 0;
    this.#scan = null;
  }
}
