/**
 * Whether a client lets too much output pile up.
 *
 * Over the hard limit at any moment, or over the soft one for longer than its seconds.
 *
 * @see redis/redis 7.0 src/networking.c, checkClientOutputBufferLimits()
 */
import type { OutputLimit } from '../../config/special.js';

export class OutputLimiter {
  /** Since when it is over the soft limit, Unix ms; null: it is not. */
  #softSinceMs: number | null = null;

  /** @param bytes - output not yet taken by the client. */
  isOver(limit: OutputLimit, bytes: number, nowMs: number): boolean {
    if (limit.hardBytes > 0 && bytes >= limit.hardBytes) return true;
    if (limit.softBytes === 0 || bytes < limit.softBytes) {
      this.#softSinceMs = null;
      return false;
    }
    this.#softSinceMs ??= nowMs;
    return nowMs - this.#softSinceMs > limit.softSeconds * 1000;
  }
}
