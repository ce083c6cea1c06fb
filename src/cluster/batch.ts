/**
 * Batches of commands already encoded: the shortest way into a node, for load and benchmarks.
 *
 * The bytes go as they are, one message a batch; replies are counted, not parsed.
 */
import { RingleaderError } from '../base/errors.js';
import type { Connection } from '../runtime/connection.js';
import { ReplyCounter } from './reply-counter.js';

interface Waiting {
  /** The count of replies at which the batch is answered. */
  readonly replies: number;
  resolve(): void;
  reject(error: Error): void;
}

export class BatchChannel {
  readonly #port: Connection;
  readonly #counter = new ReplyCounter();
  #waiting: Waiting[] = [];
  /** Replies that all batches so far ask for. */
  #expected = 0;
  #closed = false;

  constructor(port: Connection) {
    this.#port = port;
    port.on('message', (bytes) => this.#receive(bytes));
    port.on('close', () => this.close());
  }

  /** Replies so far, over all batches. */
  get replies(): number {
    return this.#counter.replies;
  }

  /** Those of them that were errors. */
  get errors(): number {
    return this.#counter.errors;
  }

  /**
   * Send a batch; resolves when it is answered. Several may be under way at once.
   *
   * @param bytes - whole commands in RESP.
   * @param how - `copy` them; `move` the buffer, which is gone here then; or, if they lie in a
   * SharedArrayBuffer, `share` them: the node reads them in place, so they must not change before
   * they are answered.
   * @param replies - how many commands that is; each must be answered by one reply.
   * @throws RingleaderError CONNECTION_LOST, if the node goes before all replies came.
   */
  send(bytes: Uint8Array, replies: number, how: 'copy' | 'move' | 'share' = 'copy'): Promise<void> {
    if (this.#closed) return Promise.reject(lost());
    this.#expected += replies;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ replies: this.#expected, resolve, reject });
      if (how === 'move' && bytes.buffer instanceof ArrayBuffer) {
        this.#port.postMessage(bytes, [bytes.buffer]);
      } else if (how === 'share') this.#port.share(bytes);
      else this.#port.postMessage(bytes);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#port.close();
    for (const waiting of this.#waiting) waiting.reject(lost());
    this.#waiting = [];
  }

  #receive(bytes: Uint8Array): void {
    try {
      this.#counter.feed(bytes);
    } catch {
      this.close();
      return;
    }
    let first = this.#waiting[0];
    while (first !== undefined && this.#counter.replies >= first.replies) {
      this.#waiting.shift();
      first.resolve();
      first = this.#waiting[0];
    }
  }
}

function lost(): RingleaderError {
  return new RingleaderError('CONNECTION_LOST', 'the connection was lost before all replies came');
}
