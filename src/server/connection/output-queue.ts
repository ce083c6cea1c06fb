/**
 * Replies of one turn, until they leave in one write; and how much a client may have outstanding.
 *
 * Redis lets the replies of a client that does not read grow without bound, unless
 * client-output-buffer-limit says otherwise, which for normal clients it does not by default. Here
 * such a client's commands wait. But a client may well send a whole pipeline before it reads the
 * first reply, so its input is read on, and what is executed counts as credit: replies wait for the
 * client's reading only when they are ALLOWANCE_BYTES more than the requests executed meanwhile. So
 * no client can make a node hold more than it has sent itself, and that is bounded by
 * client-query-buffer-limit; and a pipeline of writes, with its small replies, never waits.
 */
import type { OutputLimit } from '../../config/special.js';
import type { Transport } from './transport.js';

/**
 * Replies up to this many bytes altogether are joined for one write; a larger one is written as it
 * is.
 */
const JOIN_BYTES = 64 * 1024;
export const ALLOWANCE_BYTES = 1024 * 1024;

export class OutputQueue {
  readonly #transport: Transport;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  /** Bytes of requests executed since the client had taken every reply. */
  #credit = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Bytes not yet taken by the other side. */
  get bytes(): number {
    return this.#bytes + this.#transport.bufferedBytes;
  }

  /** Bytes that the next flush() would write. */
  get unwritten(): number {
    return this.#bytes;
  }

  push(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
  }

  clear(): void {
    this.#parts = [];
    this.#bytes = 0;
  }

  /** @returns what the next flush() would write, which it does not any more. */
  takeAll(): readonly Uint8Array[] {
    const parts = this.#parts;
    this.clear();
    return parts;
  }

  /** Whether there is enough for a write of its own. */
  get isLong(): boolean {
    return this.#bytes >= JOIN_BYTES;
  }

  /** Write everything. */
  flush(): void {
    const parts = this.#parts;
    this.clear();
    let first = 0;
    let bytes = 0;
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index]!;
      if (bytes > 0 && bytes + part.length > JOIN_BYTES) {
        this.#write(parts.slice(first, index), bytes);
        first = index;
        bytes = 0;
      }
      bytes += part.length;
    }
    if (bytes > 0) this.#write(first === 0 ? parts : parts.slice(first), bytes);
  }

  #write(parts: readonly Uint8Array[], bytes: number): void {
    const [only] = parts;
    this.#transport.write(parts.length === 1 ? only! : Buffer.concat(parts, bytes));
  }

  /** So many bytes of requests were executed. */
  addCredit(bytes: number): void {
    this.#credit += bytes;
  }

  /**
   * Whether the client must read before more of its commands are executed.
   *
   * @param limit - of its class. Where there is one, output may grow up to it and be dropped for
   * it, as
   *   in Redis.
   * @param maxCredit - bytes; client-query-buffer-limit.
   */
  isFull(limit: OutputLimit, maxCredit: number): boolean {
    const bytes = this.#transport.bufferedBytes;
    if (bytes === 0) {
      this.#credit = 0;
      return false;
    }
    if (bytes <= ALLOWANCE_BYTES) return false;
    const allowed = ALLOWANCE_BYTES + Math.min(this.#credit, maxCredit);
    return bytes > Math.max(allowed, limit.hardBytes, limit.softBytes);
  }
}
