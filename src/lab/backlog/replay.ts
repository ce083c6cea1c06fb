/**
 * Replaying outages: what was predicted beside what production's replication does.
 *
 * Bytes are scaled so that the backlog under test is small (Redis' smallest is 16 kb, ours may be
 * any size): a replay of terabytes takes no longer than one of megabytes, and what decides, bytes
 * written against bytes held, is the same.
 */
import { Prng } from '../../base/prng.js';
import { countInterval, type Interval } from './confidence.js';
import type { CurvePoint } from './curve.js';
import type { OutagePattern } from './outages.js';
import { type PlannedOutage, planOutage } from './replay-plan.js';
import type { Series } from './series.js';

export interface ReplayTask {
  readonly series: Series;
  readonly pattern: OutagePattern;
  readonly how: { readonly reconnectSeconds: number; readonly inFlightBytes: number };
  /** Bytes of backlog, of the series; not scaled. */
  readonly size: number;
  readonly rounds: number;
  readonly seed: number;
}

/** What came of a replay's outages. */
export interface Observed {
  readonly full: number;
  readonly partial: number;
}

export interface ReplayResult extends Observed {
  readonly size: number;
  readonly seed: number;
  readonly rounds: number;
  /** Of a full resync per outage, and how many of the rounds that may come to (95 %). */
  readonly predicted: number;
  readonly expected: Interval;
  readonly isInside: boolean;
}

/** Backlogs under test are no larger than this, in the ring, unless a caller says otherwise. */
const TESTED_BYTES = 128 * 1024;
/** Beyond so many backlogs nothing can change the outcome: no more is written. */
const MOST_BACKLOGS = 2;

/** An outage in the bytes of the ring under test. */
export interface ScaledOutage extends PlannedOutage {
  readonly backlogBytes: number;
}

/**
 * @param testedBytes - the size of the backlog that they are scaled to, unless it is smaller
 * anyhow.
 * @returns the outages of a replay, scaled.
 */
export function* plannedOutages(
  task: ReplayTask,
  testedBytes = TESTED_BYTES,
): Generator<ScaledOutage> {
  const { series, pattern, how, size, rounds, seed } = task;
  const prng = new Prng(seed);
  const scale = Math.min(1, testedBytes / size);
  const backlogBytes = Math.round(size * scale);
  for (let round = 0; round < rounds; round++) {
    const planned = planOutage(series, pattern, how, prng);
    const factor = Math.min(scale, (MOST_BACKLOGS * backlogBytes) / Math.max(1, planned.bytes));
    const parts = planned.parts.map((part) => part * factor);
    yield { seconds: planned.seconds, parts, bytes: planned.bytes * factor, backlogBytes };
  }
}

/** Further apart than the seeds of one size. */
const DICE = 100_003;

/** @returns a task for each size and seed; `share` is what is predicted for the size. */
export function replayTasks(
  points: readonly Pick<CurvePoint, 'size' | 'share'>[],
  seeds: readonly number[],
): { readonly size: number; readonly share: number; readonly seed: number }[] {
  // Each size has dice of its own: one unlucky draw must not look like several.
  return points.flatMap(({ size, share }, index) =>
    seeds.map((seed) => ({ size, share, seed: seed + index * DICE })),
  );
}

/** @param predicted - the curve's share at the task's size. */
export function compare(task: ReplayTask, observed: Observed, predicted: number): ReplayResult {
  const { size, seed, rounds } = task;
  const expected = countInterval(rounds, { low: predicted, high: predicted });
  const isInside = observed.full >= expected.low && observed.full <= expected.high;
  return { ...observed, size, seed, rounds, predicted, expected, isInside };
}
