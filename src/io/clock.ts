/** The real clocks, and the one way to stop a thread. */
import type { Clock } from '../base/time.js';

/** @returns Unix time in µs. The system clock's jumps show. */
export function wallMicros(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1000);
}

export const realClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** Stop this thread, and nothing else, for so many ms. */
export function sleepThread(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
