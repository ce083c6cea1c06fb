/** How much succeeded and failed around a strike, counted in equal steps of time: for a plot. */
import type { Millis } from '../../base/time.js';
import type { Operation } from './operations.js';

export interface Activity {
  readonly stepMs: Millis;
  /** From the strike to the first step's beginning: negative. */
  readonly fromMs: Millis;
  /** One for each step. */
  readonly succeeded: readonly number[];
  readonly failed: readonly number[];
}

/** Steps that a person can read off an axis. */
const STEPS_MS = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000];
const MOST_STEPS = 60;
/** ms before the strike that are shown, if there was work. */
const LEAD_MS = 1_000;

/** @param closedAt - when watching ended; times are ms on the drill's clock. */
export function activityOf(
  operations: readonly Operation[],
  struckAt: Millis,
  closedAt: Millis,
): Activity {
  const settled = operations.filter(({ settledAt }) => settledAt !== null);
  const first = Math.min(struckAt, settled[0]?.settledAt ?? struckAt);
  const begin = Math.max(first, struckAt - LEAD_MS);
  const span = Math.max(1, closedAt - begin);
  const stepMs = STEPS_MS.find((step) => span / step <= MOST_STEPS) ?? STEPS_MS.at(-1)!;
  const before = Math.ceil((struckAt - begin) / stepMs);
  const steps = before + Math.max(1, Math.ceil((closedAt - struckAt) / stepMs));
  const succeeded = Array.from({ length: steps }, () => 0);
  const failed = Array.from({ length: steps }, () => 0);
  for (const { settledAt, error } of settled) {
    const step = before + Math.floor((settledAt! - struckAt) / stepMs);
    if (step < 0 || step >= steps) continue;
    const counted = error === null ? succeeded : failed;
    counted[step] = counted[step]! + 1;
  }
  return { stepMs, fromMs: 0 - before * stepMs, succeeded, failed };
}
