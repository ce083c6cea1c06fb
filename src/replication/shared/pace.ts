/**
 * Whether a stream flows so fast that looking at it every two milliseconds beats being woken.
 *
 * A replica that has applied everything can park, to be woken by the next batch, or linger, to look
 * again in a while. A wake costs the master and the replica some tens of microseconds, about
 * as much as applying a hundred commands; a stream that brings less than that in a millisecond is
 * worth a wake a batch, because its readers then are microseconds behind, and a faster one is not.
 */
import type { Millis } from '../../base/time.js';

/**
 * How long a replica lingers. Where threads outnumber cores, each look begins with a cache that
 * another thread has filled: at one millisecond a command costs the replica a tenth more, at four
 * no less than at two.
 */
export const LINGER_MS: Millis = 2;

/** Bytes a millisecond: about twenty small commands. */
export const FAST_BYTES_PER_MS = 2048;

export class Pace {
  #since: Millis = -Infinity;
  #bytes = 0;
  #isFast = false;

  /**
   * To be asked when everything is applied. The rate is that since the last answer that is at least
   * a millisecond old; what was asked more often gets the same answer again.
   *
   * @param now - monotonic ms.
   * @param bytes - applied since the beginning.
   */
  isFast(now: Millis, bytes: number): boolean {
    const elapsedMs = now - this.#since;
    if (elapsedMs < 1) return this.#isFast;
    this.#isFast = (bytes - this.#bytes) / elapsedMs >= FAST_BYTES_PER_MS;
    this.#since = now;
    this.#bytes = bytes;
    return this.#isFast;
  }
}
