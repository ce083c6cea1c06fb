/** What came of one run. */
import type { Millis } from '../base/time.js';

export interface RunResult {
  readonly seed: number;
  /** Null when all went well. */
  readonly violation: { readonly rule: string; readonly text: string } | null;
  /** From the end of the faults until all agreed. */
  readonly recoveredMs: Millis;
  /** What the run has seen, and how often. */
  readonly seen: readonly (readonly [string, number])[];
}
