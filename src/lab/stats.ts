/** The few statistics a report quotes. */

/** @returns the middle value; of an even count, the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * @param share - 0 to 1: 0.99 for the 99th percentile.
 * @returns the least value that at least that share of the values does not exceed; NaN of none.
 */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Two figures of the same run. */
export interface Pair {
  readonly ours: number;
  /** Null: there is no peer on this machine. */
  readonly peer: number | null;
}

/** A line of the report. */
export interface Comparison {
  readonly name: string;
  readonly unit: string;
  /** What the two sides are, if not ours and Redis. */
  readonly sides?: readonly [ours: string, peer: string];
  readonly pairs: readonly Pair[];
  readonly ours: number;
  /** Null, as the ratios are: there was no peer. */
  readonly peer: number | null;
  /** Median of the pairs' ratios, ours / peer: machine drift hits both halves of a pair. */
  readonly ratio: number | null;
  readonly ratioMin: number | null;
  readonly ratioMax: number | null;
}

export function compare(
  name: string,
  unit: string,
  pairs: readonly Pair[],
  sides?: readonly [ours: string, peer: string],
): Comparison {
  const peers = pairs.flatMap(({ peer }) => (peer === null ? [] : [peer]));
  const ratios = pairs.flatMap(({ ours, peer }) => (peer === null ? [] : [ours / peer]));
  const hasPeer = peers.length > 0;
  return {
    name,
    unit,
    ...(sides === undefined ? {} : { sides }),
    pairs,
    ours: median(pairs.map(({ ours }) => ours)),
    peer: hasPeer ? median(peers) : null,
    ratio: hasPeer ? median(ratios) : null,
    ratioMin: hasPeer ? Math.min(...ratios) : null,
    ratioMax: hasPeer ? Math.max(...ratios) : null,
  };
}
