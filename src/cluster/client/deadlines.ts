/**
 * Deadlines of many requests that all have the same time: one timer, and none while there is
 * nothing to wait for. As each has as long as the one before it, they are due in the order they
 * came in.
 */
import type { Clock, Millis } from '../../base/time.js';

export interface Due {
  /** Monotonic ms. */
  readonly deadlineAt: Millis;
}

/** The longest that a timer of Node can wait. */
const LONGEST_MS = 2 ** 31 - 1;

export class Deadlines<Request extends Due> {
  readonly #clock: Clock;
  readonly #onDue: (request: Request) => void;
  readonly #waiting = new Set<Request>();
  #timer: NodeJS.Timeout | null = null;

  constructor(clock: Clock, onDue: (request: Request) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  add(request: Request): void {
    this.#waiting.add(request);
    if (this.#timer === null) this.#arm(request);
  }

  delete(request: Request): void {
    this.#waiting.delete(request);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting.clear();
  }

  #arm({ deadlineAt }: Request): void {
    const delayMs = Math.max(1, deadlineAt - this.#clock.monotonicMs());
    // What is waited for keeps the process alive by its connection.
    this.#timer = setTimeout(() => this.#look(), Math.min(delayMs, LONGEST_MS)).unref();
  }

  #look(): void {
    this.#timer = null;
    const now = this.#clock.monotonicMs();
    for (const request of this.#waiting) {
      if (request.deadlineAt > now) {
        this.#arm(request);
        return;
      }
      this.#waiting.delete(request);
      this.#onDue(request);
    }
  }
}
