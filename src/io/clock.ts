/** The real clocks, and the one way to stop a thread. */
import type { Clock } from '../base/time.js';

const ANCHOR_PERIOD_MICROS = 1e6;
/** Date.now() counts whole ms: what it differs by less is no difference. */
const TOLERANCE_MICROS = 2000;

let originMicros = performance.timeOrigin * 1000;
let anchoredAt = 0;

/**
 * @returns Unix time in µs, with a fraction. Between two calls the thread's own steady clock counts;
 * once a second it is set by the system's, if that was changed.
 */
export function wallMicros(): number {
  const steady = performance.now() * 1000;
  if (steady - anchoredAt > ANCHOR_PERIOD_MICROS) {
    anchoredAt = steady;
    const origin = Date.now() * 1000 - steady;
    if (Math.abs(origin - originMicros) > TOLERANCE_MICROS) originMicros = origin;
  }
  return originMicros + steady;
}

export const realClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** Stop this thread, and nothing else, for so many ms. */
export function sleepThread(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
