/**
 * How far an answer can be trusted: intervals for shares and for counts.
 *
 * Two things are uncertain. The series is a sample of how the server is written to; windows that
 * overlap are not independent, so a million of them may be worth twenty. And when the share is
 * known, the number of full resyncs among so many outages is still a matter of luck.
 */

import { normalSurvival } from './outages.js';

/** 97.5 % of a normal variable lie below: an interval of ±z holds 95 %. */
const Z = 1.959964;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The 95 % interval of a share, after Wilson: it neither leaves 0 to 1 nor shrinks to nothing when
 * all cases agree.
 *
 * @param cases - independent ones that the share was seen in; need not be whole.
 */
export function shareInterval(share: number, cases: number): Interval {
  const scale = 1 + (Z * Z) / cases;
  const centre = (share + (Z * Z) / (2 * cases)) / scale;
  const spread =
    (Z / scale) * Math.sqrt((share * (1 - share)) / cases + (Z * Z) / (4 * cases * cases));
  return {
    low: share === 0 ? 0 : Math.max(0, centre - spread),
    high: share === 1 ? 1 : Math.min(1, centre + spread),
  };
}

/**
 * How sure it is that the probability behind a share is no more than a target: the level whose
 * interval, as above, just reaches it.
 *
 * @returns 0 to 1.
 */
export function confidenceBelow(share: number, cases: number, target: number): number {
  const z = (target - share) / Math.sqrt((target * (1 - target)) / cases);
  return 1 - normalSurvival(z);
}

/**
 * How many independent cases a share is worth, judged by how much it differs between equal parts of
 * the series: the number of independent cases whose mean would scatter as much.
 *
 * @param parts - the share in each part.
 * @param most - as many cases as there can be: those that do not overlap.
 */
export function independentCases(parts: ArrayLike<number>, most: number): number {
  const count = parts.length;
  let sum = 0;
  for (let index = 0; index < count; index++) sum += parts[index] ?? 0;
  const mean = sum / count;
  let squares = 0;
  for (let index = 0; index < count; index++) squares += ((parts[index] ?? 0) - mean) ** 2;
  const variance = squares / (count - 1) / count;
  if (variance === 0) return Math.max(1, most);
  return Math.max(1, Math.min(most, (mean * (1 - mean)) / variance));
}

/**
 * The 95 % interval of a count: at most 2.5 % of the probability lies below `low`, and at most 2.5
 * % above `high`.
 *
 * @param trials - outages.
 * @param share - the probability of each; an interval, where it is itself not known exactly.
 */
export function countInterval(trials: number, share: Interval): Interval {
  return { low: quantile(trials, share.low, 0.025), high: quantile(trials, share.high, 0.975) };
}

/**
 * @returns the smallest count that is reached with more than `level` (below 1) of the probability.
 */
function quantile(trials: number, share: number, level: number): number {
  if (share <= 0) return 0;
  if (share >= 1) return trials;
  let logTerm = trials * Math.log1p(-share);
  const logOdds = Math.log(share) - Math.log1p(-share);
  let sum = 0;
  for (let count = 0; count < trials; count++) {
    sum += Math.exp(logTerm);
    if (sum > level) return count;
    logTerm += Math.log((trials - count) / (count + 1)) + logOdds;
  }
  return trials;
}
