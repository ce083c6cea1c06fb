/**
 * Batches of commands already encoded: the shortest way into a node, for load and benchmarks.
 *
 * The bytes go as they are, one message a batch; replies are counted, not parsed.
 */
import { RingleaderError } from '../../base/errors.js';
import { checkMs, checkOptions } from '../../base/refuse.js';
import type { Millis } from '../../base/time.js';
import { realClock } from '../../io/clock.js';
import type { BytePort } from '../../runtime/connection.js';
import { Deadlines, type Due } from './deadlines.js';
import { ReplyCounter } from './reply-counter.js';

export interface BatchOptions {
  /** ms for a batch to be answered; then TIMEOUT, and the channel is closed. Default 30 000. */
  readonly timeoutMs?: Millis;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** In the process, or over TCP. */
interface BatchPort extends BytePort {
  /** Send bytes of a SharedArrayBuffer, uncopied. */
  share(bytes: Uint8Array): void;
}

interface Waiting extends Due {
  /** The count of replies at which the batch is answered. */
  readonly replies: number;
  resolve(): void;
  reject(error: Error): void;
}

export class BatchChannel {
  readonly #port: BatchPort;
  readonly #counter = new ReplyCounter();
  #waiting: Waiting[] = [];
  /** Replies that all batches so far ask for. */
  #expected = 0;
  readonly #timeoutMs: Millis;
  readonly #deadlines = new Deadlines<Waiting>(realClock, (waiting) => this.#onDue(waiting));
  #closed = false;

  /** @throws RingleaderError CONFIG_INVALID */
  constructor(port: BatchPort, options: BatchOptions = {}) {
    this.#port = port;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
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
   * @throws RingleaderError CONNECTION_LOST, if the node goes before all replies came. TIMEOUT.
   */
  send(bytes: Uint8Array, replies: number, how: 'copy' | 'move' | 'share' = 'copy'): Promise<void> {
    if (this.#closed) return Promise.reject(lost());
    this.#expected += replies;
    return new Promise((resolve, reject) => {
      const deadlineAt = realClock.monotonicMs() + this.#timeoutMs;
      const waiting = { replies: this.#expected, deadlineAt, resolve, reject };
      this.#waiting.push(waiting);
      if (deadlineAt < Infinity) this.#deadlines.add(waiting);
      if (how === 'move' && bytes.buffer instanceof ArrayBuffer) {
        this.#port.postMessage(bytes, [bytes.buffer]);
      } else if (how === 'share') this.#port.share(bytes);
      else this.#port.postMessage(bytes);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#deadlines.close();
    this.#port.close();
    for (const waiting of this.#waiting) waiting.reject(lost());
    this.#waiting = [];
  }

  #onDue(waiting: Waiting): void {
    waiting.reject(
      new RingleaderError('TIMEOUT', `a batch has not all its replies after ${this.#timeoutMs} ms`),
    );
    this.close();
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
      this.#deadlines.delete(first);
      first.resolve();
      first = this.#waiting[0];
    }
  }
}

/** @throws RingleaderError CONFIG_INVALID */
export function checkBatchOptions(options: BatchOptions): void {
  checkOptions('batches()', options, ['timeoutMs']);
  checkMs('timeoutMs', options.timeoutMs, 1);
}

function lost(): RingleaderError {
  return new RingleaderError('CONNECTION_LOST', 'the connection was lost before all replies came');
}
