/** One direction of a slow link: what is sent arrives after the link's delay, and in order. */
import type { Millis } from '../../base/time.js';

export interface DelayTimers {
  /** Monotonic ms. */
  now(): Millis;
  later(delayMs: Millis, task: () => void): void;
}

const realTimers: DelayTimers = {
  now: () => performance.now(),
  later: (delayMs, task) => {
    setTimeout(task, delayMs);
  },
};

export class DelayLine {
  readonly #timers: DelayTimers;
  readonly #tasks: (() => void)[] = [];
  /** When the last task is due. */
  #due: Millis = -Infinity;

  constructor(timers: DelayTimers = realTimers) {
    this.#timers = timers;
  }

  /** Do it now, or when the delay and those of all before it are over. */
  pass(delayMs: Millis, task: () => void): void {
    const now = this.#timers.now();
    this.#due = Math.max(this.#due, now + delayMs);
    // A timer may be late: nothing overtakes a task that waits for one.
    if (this.#due <= now && this.#tasks.length === 0) return task();
    this.#tasks.push(task);
    // Each timer lets the first one go, whichever timer it is: they may end in any order.
    this.#timers.later(this.#due - now, () => this.#tasks.shift()?.());
  }
}
