/** Time as the rules see it: a number that is passed in. */

/** Milliseconds: a duration, or a moment on the clock that the context names. */
export type Millis = number;

/** A source of time. Only `src/io` holds one that is real. */
export interface Clock {
  /** @returns Unix time in ms, for expiry and what people read. */
  wallMs(): Millis;
  /** @returns ms on a clock that never goes back, for timeouts; its zero means nothing. */
  monotonicMs(): Millis;
}
