/**
 * Replies of one turn, until they leave in one write; and how much a client may have outstanding.
 *
 * Redis lets the replies of a client that does not read grow without bound, unless
 * client-output-buffer-limit says otherwise, which for normal clients it does not by default. Here
 * such a client's commands wait. But a client may well send a whole pipeline before it reads the
 * first reply, so its input is read on, and what is executed counts as credit: replies wait for the
 * client's reading only when they are ALLOWANCE_BYTES more than the requests executed meanwhile. So
 * nobody can make a node hold more than he has sent himself, and that is bounded by
 * client-query-buffer-limit; and a pipeline of writes, with its small replies, never waits.
 */
import type { OutputLimit } from '../config/special.js';
import type { Transport } from './transport.js';

/** Replies up to this many bytes are joined for one write; larger ones are written as they are. */
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

  /** Write everything. */
  flush(): void {
    const parts = this.#parts;
    const bytes = this.#bytes;
    this.clear();
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) this.#transport.write(only);
    else if (bytes <= JOIN_BYTES) this.#transport.write(Buffer.concat(parts, bytes));
    else for (const part of parts) this.#transport.write(part);
  }

  /** So many bytes of requests were executed. */
  addCredit(bytes: number): void {
    this.#credit += bytes;
  }

  /**
   * Whether the client must read before more of its commands are executed.
   *
   * @param limit - of its class. Where there is one, output may grow up to it and be dropped for it, as
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
