/** The few statistics a report quotes. */

/** @returns the middle value; of an even count, the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Ours and the peer's figure of the same run. */
export interface Pair {
  readonly ours: number;
  readonly peer: number;
}

/** A line of the report. */
export interface Comparison {
  readonly name: string;
  readonly unit: string;
  readonly pairs: readonly Pair[];
  readonly ours: number;
  readonly peer: number;
  /** Median of the pairs' ratios, ours / peer: machine drift hits both halves of a pair. */
  readonly ratio: number;
  readonly ratioMin: number;
  readonly ratioMax: number;
}

export function compare(name: string, unit: string, pairs: readonly Pair[]): Comparison {
  const ratios = pairs.map(({ ours, peer }) => ours / peer);
  return {
    name,
    unit,
    pairs,
    ours: median(pairs.map(({ ours }) => ours)),
    peer: median(pairs.map(({ peer }) => peer)),
    ratio: median(ratios),
    ratioMin: Math.min(...ratios),
    ratioMax: Math.max(...ratios),
  };
}
