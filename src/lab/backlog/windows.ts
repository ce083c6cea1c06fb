/**
 * How much is written while a replica is away, over every moment at which it could have left.
 *
 * For an outage of length d that begins at a moment t, uniform over the series, the replica lacks
 * W(t) = offset(t + d) - offset(t) bytes when it asks to go on. With samples joined by straight lines
 * W is piecewise linear in t; its corners are the samples and the samples moved back by d. Between
 * two corners the share of time with W > s is known exactly, so no moment is left out and none is
 * drawn by lot: the sum over the pieces is the integral, for all sizes at once, in one pass.
 *
 * Beside it stands the worst case that the samples allow: what was written between two samples may
 * all have come at one moment, so that a window contains whatever it touches. The truth lies between
 * "nothing of it" and that; with samples closer together than the outages are long the two agree.
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
  const { seconds, bytes, isExact } = series;
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
    let i = first; // seconds[i] <= t
    let j = first; // seconds[j] <= t + outage
    let t = seconds[first]!;
    while (j + 1 < last && seconds[j + 1]! <= t + outageSeconds) j++;
    let slopeI = slope(series, i);
    let slopeJ = slope(series, j);
    const w = bytes[j]! + slopeJ * (t + outageSeconds - seconds[j]!) - bytes[first]!;
    let from = w * scale + addedBytes;
    let belowFrom = tally.countBelow(from);
    while (t < end) {
      const nextI = seconds[i + 1]!;
      const nextJ = seconds[j + 1]! - outageSeconds;
      let next = Math.max(t, Math.min(nextI, nextJ, end));
      const isBlockEnd = next - t > blockLeft && block < BLOCKS - 1;
      if (isBlockEnd) next = t + blockLeft;
      const nextW =
        bytes[j]! +
        slopeJ * (next + outageSeconds - seconds[j]!) -
        (bytes[i]! + slopeI * (next - seconds[i]!));
      const length = next - t;
      const to = nextW * scale + addedBytes;
      const belowTo = tally.countBelow(to);
      tally.addLine(block, from, belowFrom, to, belowTo, length);
      if (!isExact) worst.addLevel((bytes[j + 1]! - bytes[i]!) * scale + addedBytes, length);
      blockLeft -= length;
      if (isBlockEnd) {
        block++;
        blockLeft = blockSeconds;
      }
      t = next;
      from = to;
      belowFrom = belowTo;
      if (!isBlockEnd && nextI <= t && i + 1 < last) slopeI = slope(series, ++i);
      if (!isBlockEnd && nextJ <= t && j + 1 < last) slopeJ = slope(series, ++j);
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

function slope({ seconds, bytes }: Series, index: number): number {
  return (bytes[index + 1]! - bytes[index]!) / (seconds[index + 1]! - seconds[index]!);
}

/** Up to so many sizes between the ends of a piece are added one by one, more as a line. */
const FEW = 2;

/**
 * Seconds above each size, summed over pieces.
 *
 * A piece adds the same to all sizes below it and a line to those it crosses. Both are kept as
 * differences between neighbouring sizes and summed up in the end, so a piece costs the same however
 * many sizes there are.
 */
class Tally {
  readonly #sizes: Float64Array;
  readonly #width: number;
  /** At k: seconds for all sizes below index k. */
  readonly #below: Float64Array;
  /** Differences of the constant and the slope of lines; and what was added one by one. */
  readonly #constant: Float64Array;
  readonly #slope: Float64Array;
  readonly #single: Float64Array;
  largest = 0;

  constructor(sizes: Float64Array, rows: number) {
    this.#sizes = sizes;
    this.#width = sizes.length + 1;
    this.#below = new Float64Array(rows * this.#width);
    this.#constant = new Float64Array(rows * this.#width);
    this.#slope = new Float64Array(rows * this.#width);
    this.#single = new Float64Array(rows * this.#width);
  }

  /** The window is `level` for so many seconds. */
  addLevel(level: number, seconds: number): void {
    if (level > this.largest) this.largest = level;
    this.#below[this.countBelow(level)]! += seconds;
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
    const origin = row * this.#width;
    if (belowFrom === belowTo) {
      this.#below[origin + belowTo]! += seconds;
      return;
    }
    const [first, last] = belowFrom < belowTo ? [belowFrom, belowTo] : [belowTo, belowFrom];
    const high = Math.max(from, to);
    const perByte = seconds / Math.abs(to - from);
    this.#below[origin + first]! += seconds;
    // A line over few sizes may be steep: added one by one, it loses no digits.
    if (last - first <= FEW) {
      for (let m = first; m < last; m++) {
        this.#single[origin + m]! += (high - this.#sizes[m]!) * perByte;
      }
      return;
    }
    this.#constant[origin + first]! += high * perByte;
    this.#slope[origin + first]! += perByte;
    this.#constant[origin + last]! -= high * perByte;
    this.#slope[origin + last]! -= perByte;
  }

  /** @returns for each row and size the share of `rowSeconds` above it, 0 to 1. */
  shares(rowSeconds: number): Float64Array {
    const count = this.#sizes.length;
    const rows = this.#below.length / this.#width;
    const shares = new Float64Array(rows * count);
    if (rowSeconds <= 0) return shares;
    for (let row = 0; row < rows; row++) {
      const origin = row * this.#width;
      let constant = 0;
      let slope = 0;
      for (let m = 0; m < count; m++) {
        constant += this.#constant[origin + m]!;
        slope += this.#slope[origin + m]!;
        const line = Math.max(0, constant - slope * this.#sizes[m]!);
        shares[row * count + m] = this.#single[origin + m]! + line;
      }
      let below = 0;
      for (let m = count - 1; m >= 0; m--) {
        below += this.#below[origin + m + 1]!;
        shares[row * count + m] = clamp((shares[row * count + m]! + below) / rowSeconds);
      }
    }
    return shares;
  }

  /** @returns how many sizes are below. */
  countBelow(level: number): number {
    return Math.min(this.#sizes.length, countBelow(level));
  }
}

/** Rounding may carry a sum a little over the whole. */
function clamp(share: number): number {
  return share < 1e-12 ? 0 : Math.min(1, share);
}
