/**
 * A growing byte buffer that replies are written into: one allocation for many small writes.
 *
 * It doubles when full, so writing n bytes copies at most 2n. `take` hands the bytes over and
 * starts again; the writer never touches what it has handed over, so the caller may keep it in a
 * socket's queue.
 */
const FIRST_BYTES = 512;

export class ByteWriter {
  #buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  /** Append bytes; they are copied. */
  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** Append text as UTF-8, or one byte per character when the text carries raw bytes. */
  text(value: string, encoding: 'utf8' | 'latin1' = 'utf8'): void {
    this.#reserve(encoding === 'latin1' ? value.length : value.length * 3);
    this.#length += this.#buffer.write(value, this.#length, encoding);
  }

  /** @returns what has been written; the writer is empty afterwards. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length);
    // The rest of the slab stays usable: what was taken is never written to again.
    this.#buffer = this.#buffer.subarray(this.#length);
    this.#length = 0;
    return taken;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(FIRST_BYTES, needed, this.#length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}
