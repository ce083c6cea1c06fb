/** The time of day to the microsecond, at the price of a steady clock. */
import type { Clock } from './time.js';

const ANCHOR_PERIOD_MICROS = 1e6;
/** The system's clock counts whole ms here: what it differs by less is no difference. */
const TOLERANCE_MICROS = 2000;
/**
 * Longer between two looks at clocks: the thread was interrupted, what they say does not compare.
 */
const LOOK_MICROS = 500;

/**
 * Between two calls the steady clock counts; once a second the system's is looked at, and followed
 * if it was set.
 */
export class WallClock {
  readonly #clock: Clock;
  #originMicros: number;
  #anchoredAt = -Infinity;

  /** @param originMs - Unix time at which the steady clock was 0. */
  constructor(clock: Clock, originMs: number) {
    this.#clock = clock;
    this.#originMicros = originMs * 1000;
  }

  /** @returns Unix time in µs, with a fraction. */
  micros(): number {
    const steady = this.#clock.monotonicMs() * 1000;
    if (steady - this.#anchoredAt > ANCHOR_PERIOD_MICROS) this.#anchor(steady);
    return this.#originMicros + steady;
  }

  #anchor(steady: number): void {
    const origin = this.#clock.wallMs() * 1000 - steady;
    const took = this.#clock.monotonicMs() * 1000 - steady;
    if (took > LOOK_MICROS) return;
    this.#anchoredAt = steady;
    if (Math.abs(origin - this.#originMicros) > TOLERANCE_MICROS) this.#originMicros = origin;
  }
}
