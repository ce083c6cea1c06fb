/** One direction of a slow link: what is sent arrives after the link's delay, and in order. */
import { performance } from 'node:perf_hooks';

import type { Millis } from '../base/time.js';

export interface DelayTimers {
  /** Monotonic ms. */
  now(): Millis;
  /** @returns a function that calls it off. */
  later(delayMs: Millis, task: () => void): () => void;
}

const realTimers: DelayTimers = {
  now: () => performance.now(),
  later(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

export class DelayLine {
  readonly #timers: DelayTimers;
  /** In the order in which they were sent, which is that of their times too. */
  readonly #tasks: { readonly at: Millis; readonly run: () => void }[] = [];
  /** Calls the one timer off, which waits for the first task; null: nothing waits. */
  #cancel: (() => void) | null = null;
  #isClosed = false;

  constructor(timers: DelayTimers = realTimers) {
    this.#timers = timers;
  }

  /** Do it now, or when the delay and those of all before it are over. */
  pass(delayMs: Millis, run: () => void): void {
    if (this.#isClosed) return;
    const now = this.#timers.now();
    const at = Math.max(now + delayMs, this.#tasks.at(-1)?.at ?? now);
    // A timer may be late: nothing overtakes a task that waits for one.
    if (at <= now && this.#tasks.length === 0) return run();
    this.#tasks.push({ at, run });
    if (this.#cancel === null) this.#wait(now);
  }

  /** The link is gone, with what was under way and the timer: nothing arrives any more. */
  close(): void {
    this.#isClosed = true;
    this.#tasks.length = 0;
    this.#cancel?.();
    this.#cancel = null;
  }

  #wait(now: Millis): void {
    const first = this.#tasks[0];
    this.#cancel = first === undefined ? null : this.#timers.later(first.at - now, this.#arrive);
  }

  readonly #arrive = (): void => {
    const now = this.#timers.now();
    while (this.#tasks.length > 0 && this.#tasks[0]!.at <= now) this.#tasks.shift()!.run();
    this.#wait(now);
  };
}
