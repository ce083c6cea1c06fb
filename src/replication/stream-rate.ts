/** How many bytes a second a stream has of late. */
import type { Millis } from '../base/time.js';

/**
 * Of late: between this long and twice as long. A load that pauses for a second or two, as its
 * source or the machine has it, is the same load.
 */
const SPAN_MS: Millis = 5000;

interface Mark {
  readonly head: number;
  readonly at: Millis;
}

export class StreamRate {
  #before: Mark | null = null;
  #last: Mark | null = null;

  /** Now and then. @param now - monotonic ms. */
  note(head: number, now: Millis): void {
    if (this.#last !== null && now - this.#last.at < SPAN_MS) return;
    this.#before = this.#last;
    this.#last = { head, at: now };
  }

  /** @returns 0 as long as nothing is known. */
  at(head: number, now: Millis): number {
    const since = this.#before ?? this.#last;
    if (since === null || now <= since.at) return 0;
    return (Math.max(0, head - since.head) * 1000) / (now - since.at);
  }
}
