/**
 * How much is written while a replica is away, over every moment at which it could have left.
 *
 * For an outage of length d that begins at a moment t, uniform over the series, the replica lacks
 * W(t) = offset(t + d) - offset(t) bytes when it asks to go on. With samples joined by straight
 * lines W is piecewise linear in t; its corners are the samples and the samples moved back by d.
 * Between two corners the share of time with W > s is known exactly, so no moment is left out and
 * none is drawn by lot: the sum over the pieces is the integral, for all sizes at once, in one
 * pass.
 *
 * Beside it stands the worst case that the samples allow: what was written between two samples may
 * all have come at one moment, so that a window contains whatever it touches. The truth lies
 * between "nothing of it" and that; with samples closer together than the outages are long the two
 * agree.
 */
import { type Series, segments } from './series.js';
import { countBelow } from './size-grid.js';

/** Parts of the series whose shares are told apart, to see how much they differ. */
export const BLOCKS = 16;

/** What one length of outage comes to. */
export interface WindowShares {
  /** Share of start times whose window is larger than sizes[i]; falls with i. */
  readonly linear: Float64Array;
  /** The same at the worst that the samples allow. */
  readonly worst: Float64Array;
  /** BLOCKS rows of `linear`, one for each equal part of the start times. */
  readonly blocks: Float64Array;
  /** Start times measured, in seconds; 0: no segment is as long as the outage. */
  readonly startSeconds: number;
  /** The largest window, read linearly and at worst. */
  readonly largest: number;
  readonly largestWorst: number;
}

/** What is made of each window before it is counted: `scale * W + addedBytes`. */
export interface Adjustment {
  readonly scale: number;
  readonly addedBytes: number;
}

/**
 * @param outageSeconds - length of the outage, more than 0.
 * @param sizes - of the grid (size-grid.ts).
 */
export function measureWindows(
  series: Series,
  outageSeconds: number,
  sizes: Float64Array,
  { scale, addedBytes }: Adjustment = { scale: 1, addedBytes: 0 },
): WindowShares {
  const { seconds, bytes, rates, isExact } = series;
  const parts = segments(series).filter(
    ({ first, last }) => seconds[last]! - seconds[first]! > outageSeconds,
  );
  const startSeconds = parts.reduce(
    (sum, { first, last }) => sum + seconds[last]! - seconds[first]! - outageSeconds,
    0,
  );
  const tally = new Tally(sizes, BLOCKS);
  const worst = new Tally(sizes, 1);
  const blockSeconds = startSeconds / BLOCKS;
  let block = 0;
  let blockLeft = blockSeconds;
  for (const { first, last } of parts) {
    const end = seconds[last]! - outageSeconds;
    let t = seconds[first]!;
    // The samples before and after t, and before and after t + outage; i and j are the latter ones.
    let i = first + 1;
    let j = first + 1;
    while (j < last && seconds[j]! <= t + outageSeconds) j++;
    let cornerI = seconds[i]!;
    let cornerJ = seconds[j]! - outageSeconds;
    let rateI = rates[i]!;
    let rateJ = rates[j]!;
    let from = (bytes[j]! - rateJ * (cornerJ - t) - bytes[first]!) * scale + addedBytes;
    let belowFrom = countBelow(from, sizes.length);
    while (t < end) {
      let next = cornerI < cornerJ ? cornerI : cornerJ;
      if (next > end) next = end;
      if (next < t) next = t;
      const isBlockEnd = next - t > blockLeft && block < BLOCKS - 1;
      if (isBlockEnd) next = t + blockLeft;
      const length = next - t;
      const window = bytes[j]! - rateJ * (cornerJ - next) - bytes[i]! + rateI * (cornerI - next);
      const to = window * scale + addedBytes;
      const belowTo = countBelow(to, sizes.length);
      tally.addLine(block, from, belowFrom, to, belowTo, length);
      if (!isExact) worst.addLevel((bytes[j]! - bytes[i - 1]!) * scale + addedBytes, length);
      t = next;
      from = to;
      belowFrom = belowTo;
      if (isBlockEnd) {
        block++;
        blockLeft = blockSeconds;
        continue;
      }
      blockLeft -= length;
      if (cornerI <= t && i < last) {
        cornerI = seconds[++i]!;
        rateI = rates[i]!;
      }
      if (cornerJ <= t && j < last) {
        cornerJ = seconds[++j]! - outageSeconds;
        rateJ = rates[j]!;
      }
    }
  }
  const blocks = tally.shares(blockSeconds);
  const linear = new Float64Array(sizes.length);
  for (let b = 0; b < BLOCKS; b++) {
    for (let m = 0; m < sizes.length; m++) linear[m]! += blocks[b * sizes.length + m]! / BLOCKS;
  }
  return {
    linear,
    worst: isExact ? linear : worst.shares(startSeconds),
    blocks,
    startSeconds,
    largest: tally.largest,
    largestWorst: isExact ? tally.largest : worst.largest,
  };
}

/** At index k: seconds for all sizes below k. */
const BELOW = 0;
/** Differences, from one size to the next, of the constant and the slope of lines. */
const CONSTANT = 1;
const SLOPE = 2;
/** What was added for one size alone. */
const SINGLE = 3;
const SUMS = 4;

/**
 * Seconds above each size, summed over pieces.
 *
 * A piece adds the same to all sizes below it and a line to those it crosses. Both are kept as
 * differences between neighbouring sizes and summed up in the end, so a piece costs the same
 * however many sizes there are.
 */
class Tally {
  readonly #sizes: Float64Array;
  readonly #width: number;
  /** For each row and size the four sums below, side by side: a piece touches few cache lines. */
  readonly #sums: Float64Array;
  largest = 0;

  constructor(sizes: Float64Array, rows: number) {
    this.#sizes = sizes;
    this.#width = sizes.length + 1;
    this.#sums = new Float64Array(rows * this.#width * SUMS);
  }

  /** The window is `level` for so many seconds. */
  addLevel(level: number, seconds: number): void {
    if (level > this.largest) this.largest = level;
    this.#sums[countBelow(level, this.#width - 1) * SUMS + BELOW]! += seconds;
  }

  /**
   * The window goes from `from` to `to` in a straight line within so many seconds.
   *
   * @param belowFrom - countBelow(from), which the piece before has found already.
   */
  addLine(
    row: number,
    from: number,
    belowFrom: number,
    to: number,
    belowTo: number,
    seconds: number,
  ): void {
    if (to > this.largest) this.largest = to;
    const sums = this.#sums;
    const origin = row * this.#width;
    if (belowFrom === belowTo) {
      sums[(origin + belowTo) * SUMS + BELOW]! += seconds;
      return;
    }
    const isRising = belowFrom < belowTo;
    const first = isRising ? belowFrom : belowTo;
    const last = isRising ? belowTo : belowFrom;
    const high = isRising ? to : from;
    const perByte = seconds / (isRising ? to - from : from - to);
    const at = (origin + first) * SUMS;
    sums[at + BELOW]! += seconds;
    if (last - first === 1) {
      // A line over one size may be steep: added by itself, it loses no digits.
      sums[at + SINGLE]! += (high - this.#sizes[first]!) * perByte;
      return;
    }
    const until = (origin + last) * SUMS;
    sums[at + CONSTANT]! += high * perByte;
    sums[at + SLOPE]! += perByte;
    sums[until + CONSTANT]! -= high * perByte;
    sums[until + SLOPE]! -= perByte;
  }

  /** @returns for each row and size the share of `rowSeconds` above it, 0 to 1. */
  shares(rowSeconds: number): Float64Array {
    const count = this.#sizes.length;
    const sums = this.#sums;
    const rows = sums.length / SUMS / this.#width;
    const shares = new Float64Array(rows * count);
    if (rowSeconds <= 0) return shares;
    for (let row = 0; row < rows; row++) {
      const origin = row * this.#width;
      let constant = 0;
      let slope = 0;
      for (let m = 0; m < count; m++) {
        const at = (origin + m) * SUMS;
        constant += sums[at + CONSTANT]!;
        slope += sums[at + SLOPE]!;
        const line = Math.max(0, constant - slope * this.#sizes[m]!);
        shares[row * count + m] = sums[at + SINGLE]! + line;
      }
      let below = 0;
      for (let m = count - 1; m >= 0; m--) {
        below += sums[(origin + m + 1) * SUMS + BELOW]!;
        shares[row * count + m] = clamp((shares[row * count + m]! + below) / rowSeconds);
      }
    }
    return shares;
  }
}

/** Rounding may carry a sum a little over the whole. */
function clamp(share: number): number {
  return share < 1e-12 ? 0 : Math.min(1, share);
}
