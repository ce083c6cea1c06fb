/** The real clocks, and the one way to stop a thread. */
import type { Clock } from '../base/time.js';
import { WallClock } from '../base/wall-clock.js';
import type { NodeClock } from '../commands/node/process.js';

export const realClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

const wallClock = new WallClock(realClock, performance.timeOrigin);

/** @returns Unix time in µs, with a fraction. */
export function wallMicros(): number {
  return wallClock.micros();
}

/** Stop this thread, and nothing else, for so many ms. */
export function sleepThread(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** A node's. What it has planned keeps its thread no longer than its clients do. */
export const nodeClock: NodeClock = {
  wallMicros,
  later(delayMs, task) {
    const timer = setTimeout(task, delayMs).unref();
    return () => clearTimeout(timer);
  },
  sleep: sleepThread,
};

/** Call back after so many ms. @returns what calls it off. */
export function later(delayMs: number, task: () => void): () => void {
  const timer = setTimeout(task, delayMs);
  return () => clearTimeout(timer);
}
