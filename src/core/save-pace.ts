/**
 * How fast keys are put into a snapshot: as fast as they can be, unless a test wants it slow
 * (`rdb-key-save-delay`).
 */
import type { Millis } from '../base/time.js';

export interface SavePace {
  /** Bytes of a slice; 1: a key each. */
  readonly sliceBytes: number;
  /** Slices to be made in one turn. */
  readonly slices: number;
  /** Until the next turn; 0: at once. */
  readonly waitMs: Millis;
}

/**
 * @param delayMicros - for each key; negative: a µs for so many keys; 0: none.
 * @param sliceBytes - where there is no delay.
 */
export function savePace(delayMicros: number, sliceBytes: number): SavePace {
  if (delayMicros === 0) return { sliceBytes, slices: 1, waitMs: 0 };
  if (delayMicros < 0) return { sliceBytes: 1, slices: -delayMicros * 1000, waitMs: 1 };
  if (delayMicros >= 1000) {
    return { sliceBytes: 1, slices: 1, waitMs: Math.round(delayMicros / 1000) };
  }
  return { sliceBytes: 1, slices: Math.round(1000 / delayMicros), waitMs: 1 };
}
