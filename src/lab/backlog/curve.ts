/**
 * The probability of a full resync per outage, as a function of the backlog's size.
 *
 * An outage of length d ends in a full resync when more was written meanwhile than the backlog
 * holds. windows.ts knows the share of start times where that is so, for one d. Here the lengths of
 * a pattern come together:
 * - A list of lengths is a weighted sum: exact at every size of the grid.
 * - A distribution is integrated. For a share p of start times, the window that only they exceed
 *   grows with d; where it reaches the size is the *critical length* of p, and of the outages as
 *   long as that a known share, the survival function's, is longer. The mean over p is the
 *   probability. Lengths between two nodes are interpolated there, which is exact for a steady
 *   stream; the nodes are dense towards long outages, as those are what full resyncs come from.
 */
import { independentCases, type Interval, shareInterval } from './confidence.js';
import {
  type OutagePattern,
  lengthOutlastedBy,
  meanSeconds,
  survival,
  survivalOf,
} from './outages.js';
import { type Series, longestSegment, regularInterval, totalSeconds } from './series.js';
import { countBelow, gridSizes } from './size-grid.js';
import { BLOCKS, measureWindows, type WindowShares } from './windows.js';

export interface CurveOptions {
  /** From the link's return until the replica asks; counted in full. Seconds. */
  readonly reconnectSeconds: number;
  /** Bytes that were under way to the replica when the link went. */
  readonly inFlightBytes: number;
  /** The sizes reach at least as far. */
  readonly atLeastBytes?: number;
}

export interface CurvePoint {
  /** Bytes of backlog. */
  readonly size: number;
  /** Probability that an outage ends in a full resync. */
  readonly share: number;
  /** Where the probability of another day's series lies, with 95 % confidence. */
  readonly interval: Interval;
  /** Independent outages that the series is worth here. */
  readonly cases: number;
  /** The probability if everything between two samples came at the worst moment. */
  readonly worst: number;
}

/** A list of more different lengths is taken as a distribution. */
const MOST_LENGTHS = 64;
/**
 * Nodes of a distribution: down to one outage in 2^16, so many to each halving of the outages left.
 * Sizes for a probability then are within 1 % of those that many more nodes give; with half as
 * many, which is what a very long series gets, within 3 % (20 series of
 * test/lab/backlog/scenarios.ts).
 */
const HALVINGS = 16;
const NODES_PER_HALVING = 2;
const MANY_SAMPLES = 200_000;
/** A length of outage, and the share of outages that it stands for. */
interface Length {
  readonly seconds: number;
  readonly weight: number;
}

/** And what was measured for it. */
interface Node extends Length {
  /** Until the replica asks. */
  readonly effectiveSeconds: number;
  readonly shares: WindowShares;
}

export class ResyncCurve {
  /** Bytes, ascending; round numbers. */
  readonly sizes: Float64Array;
  /** The largest window, read linearly and at worst: a larger backlog is never outgrown. */
  readonly largest: number;
  readonly largestWorst: number;
  /** The share of outages longer than the series; their windows are scaled up. */
  readonly beyond: number;
  /** Outages that do not overlap, which the series has room for. */
  readonly disjoint: number;
  readonly #readings: Readonly<Record<Reading, (index: number) => number>>;
  readonly #blocks: Float64Array;

  /** Use `measureCurve`. */
  constructor(
    sizes: Float64Array,
    pattern: OutagePattern,
    nodes: readonly Node[],
    isList: boolean,
    totals: { readonly beyond: number; readonly disjoint: number },
  ) {
    this.sizes = sizes;
    this.largest = Math.max(...nodes.map(({ shares }) => shares.largest));
    this.largestWorst = Math.max(...nodes.map(({ shares }) => shares.largestWorst));
    this.beyond = totals.beyond;
    this.disjoint = totals.disjoint;
    const read = (reading: Reading): ((index: number) => number) =>
      isList ? sumUp(nodes, reading) : integrate(sizes, pattern, nodes, reading);
    this.#readings = { linear: read('linear'), worst: read('worst') };
    this.#blocks = new Float64Array(BLOCKS * sizes.length);
    for (const { weight, shares } of nodes) {
      for (let at = 0; at < this.#blocks.length; at++) {
        this.#blocks[at]! += weight * shares.blocks[at]!;
      }
    }
  }

  /** @param index - of a size. */
  point(index: number): CurvePoint {
    const share = this.#readings.linear(index);
    const parts = Array.from(
      { length: BLOCKS },
      (_, block) => this.#blocks[block * this.sizes.length + index]!,
    );
    const cases = independentCases(parts, this.disjoint);
    const interval = shareInterval(share, cases);
    const worst = this.#readings.worst(index);
    return { size: this.sizes[index]!, share, interval, cases, worst };
  }

  /** @returns the point of the largest size of the grid that is no larger: never too hopeful. */
  at(bytes: number): CurvePoint {
    return this.point(this.indexOf(bytes));
  }

  /** @returns the index of the largest size that is no larger than `bytes`, or of the smallest. */
  indexOf(bytes: number): number {
    const above = this.sizes.findIndex((size) => size > bytes);
    return above === -1 ? this.sizes.length - 1 : Math.max(0, above - 1);
  }

  /** @returns the index of the smallest size that is no smaller than `bytes`, or of the largest. */
  indexAbove(bytes: number): number {
    return Math.min(this.sizes.length - 1, countBelow(bytes, this.sizes.length));
  }

  /** @returns the first index at which `isGood`, if all after it are good too; -1: none. */
  firstIndex(isGood: (point: CurvePoint) => boolean): number {
    let low = 0;
    let high = this.sizes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isGood(this.point(middle))) high = middle;
      else low = middle + 1;
    }
    return low === this.sizes.length ? -1 : low;
  }
}

/**
 * Measure a series against a pattern of outages.
 *
 * @param onProgress - called after each length measured; what it returns is waited for.
 */
export async function measureCurve(
  series: Series,
  pattern: OutagePattern,
  { reconnectSeconds, inFlightBytes, atLeastBytes = 0 }: CurveOptions,
  onProgress: (done: number, total: number) => void | Promise<void> = () => {},
): Promise<ResyncCurve> {
  const longest = longestSegment(series);
  const beyond = survival(pattern, longest - reconnectSeconds);
  const list = listNodes(pattern);
  const perHalving = NODES_PER_HALVING / (series.seconds.length > MANY_SAMPLES ? 2 : 1);
  const interval = regularInterval(series);
  const lengths =
    list ?? onCorners(distributionNodes(pattern, perHalving), interval, reconnectSeconds);
  const longestOutage = lengths.at(-1)!.seconds + reconnectSeconds;
  const whole = measureAny(series, longestOutage, gridSizes(0), inFlightBytes);
  const sizes = gridSizes(Math.max(whole.largestWorst, atLeastBytes));
  const nodes: Node[] = [];
  for (const { seconds, weight } of lengths) {
    const effectiveSeconds = seconds + reconnectSeconds;
    const shares = measureAny(series, effectiveSeconds, sizes, inFlightBytes);
    nodes.push({ seconds, effectiveSeconds, weight, shares });
    await onProgress(nodes.length, lengths.length);
  }
  const disjoint = totalSeconds(series) / (meanSeconds(pattern) + reconnectSeconds);
  return new ResyncCurve(sizes, pattern, nodes, list !== null, { beyond, disjoint });
}

/** The lengths of a list, shortest first; null: they are too many, or the pattern is no list. */
function listNodes(pattern: OutagePattern): Length[] | null {
  if (pattern.type !== 'list') return null;
  const counts = new Map<number, number>();
  for (const each of pattern.seconds) counts.set(each, (counts.get(each) ?? 0) + 1);
  if (counts.size > MOST_LENGTHS) return null;
  return [...counts]
    .toSorted(([a], [b]) => a - b)
    .map(([seconds, count]) => ({ seconds, weight: count / pattern.seconds.length }));
}

/** Each node stands for the outages nearer to it than to its neighbours. */
function distributionNodes(pattern: OutagePattern, perHalving: number): Length[] {
  const last = HALVINGS * perHalving;
  const outlasting = (k: number): number => 2 ** (-k / perHalving);
  const edge = (k: number): number => {
    if (k === 0) return 1;
    return k > last ? 0 : (outlasting(k - 1) + outlasting(k)) / 2;
  };
  return Array.from({ length: last + 1 }, (_, k) => ({
    seconds: lengthOutlastedBy(pattern, k === 0 ? (1 + edge(1)) / 2 : outlasting(k)),
    weight: edge(k) - edge(k + 1),
  }));
}

/**
 * Move nodes to whole numbers of sample intervals: the samples and the samples moved back by the
 * outage then coincide, and a pass has half as many pieces. Any nodes will do that are as dense.
 */
function onCorners(
  lengths: readonly Length[],
  interval: number | null,
  reconnectSeconds: number,
): Length[] {
  return lengths.map(({ seconds, weight }) => {
    const intervals = interval === null ? 0 : Math.round((seconds + reconnectSeconds) / interval);
    // Short ones would move too far, and none may become shorter than none.
    if (interval === null || intervals < 8) return { seconds, weight };
    return { seconds: Math.max(0, intervals * interval - reconnectSeconds), weight };
  });
}

/** measureWindows, for outages of any length. */
function measureAny(
  series: Series,
  outageSeconds: number,
  sizes: Float64Array,
  addedBytes: number,
): WindowShares {
  const longest = longestSegment(series);
  if (outageSeconds < longest) {
    return measureWindows(series, outageSeconds, sizes, { scale: 1, addedBytes });
  }
  // The series has no such window; shorter ones at the same rates stand for it.
  const scale = outageSeconds / (longest / 2);
  return measureWindows(series, longest / 2, sizes, { scale, addedBytes });
}

type Reading = 'linear' | 'worst';

/** @returns the probability by index of a size. */
function sumUp(nodes: readonly Node[], reading: Reading): (index: number) => number {
  return (index) =>
    nodes.reduce((sum, { weight, shares }) => sum + weight * shares[reading][index]!, 0);
}

/** @returns the probability by index of a size. */
function integrate(
  sizes: Float64Array,
  pattern: OutagePattern,
  nodes: readonly Node[],
  reading: Reading,
): (index: number) => number {
  const outlasting = survivalOf(pattern);
  const levels = LEVELS.map(({ share, weight }) => ({
    weight,
    windows: windowsExceededBy(share, sizes, nodes, reading),
  }));
  return (index) => {
    const size = sizes[index]!;
    return levels.reduce((sum, { weight, windows }) => {
      return sum + weight * outlasting(criticalSeconds(size, windows, nodes));
    }, 0);
  };
}

/** The length of outage whose window reaches `size`. */
function criticalSeconds(size: number, windows: readonly number[], nodes: readonly Node[]): number {
  const k = windows.findIndex((window) => window > size);
  const before = nodes[k - 1];
  const after = nodes[k];
  const delay = nodes[0]!.effectiveSeconds - nodes[0]!.seconds;
  if (after === undefined) {
    const last = windows.at(-1)!;
    return last === 0 ? Infinity : (nodes.at(-1)!.effectiveSeconds * size) / last - delay;
  }
  const [from, start] = before ? [windows[k - 1]!, before.effectiveSeconds] : [0, 0];
  const part = (size - from) / (windows[k]! - from);
  return start + part * (after.effectiveSeconds - start) - delay;
}

/** For each node the window that only a `share` of start times exceed; rises with the node. */
function windowsExceededBy(
  share: number,
  sizes: Float64Array,
  nodes: readonly Node[],
  reading: Reading,
): number[] {
  const windows = nodes.map(({ shares }) => quantile(sizes, shares[reading], share));
  for (let k = 1; k < windows.length; k++) windows[k] = Math.max(windows[k]!, windows[k - 1]!);
  // Below the grid: in proportion to the next longer outage.
  for (let k = windows.length - 2; k >= 0; k--) {
    if (windows[k] !== 0) continue;
    windows[k] = (windows[k + 1]! * nodes[k]!.effectiveSeconds) / nodes[k + 1]!.effectiveSeconds;
  }
  return windows;
}

function quantile(sizes: Float64Array, shares: Float64Array, share: number): number {
  let low = 0;
  let high = sizes.length - 1;
  if (shares[0]! <= share) return 0;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (shares[middle]! > share) low = middle;
    else high = middle;
  }
  const part = (shares[low]! - share) / (shares[low]! - shares[high]!);
  return sizes[low]! + part * (sizes[high]! - sizes[low]!);
}

/** Shares of start times, dense towards 0, where the rare bursts are. */
const LEVELS = shareLevels();

function shareLevels(): { readonly share: number; readonly weight: number }[] {
  const edges = [0];
  for (let step = 14 * 8; step > 8; step--) edges.push(2 ** (-step / 8));
  for (let step = 0; step <= 64; step++) edges.push(0.5 + step / 128);
  return edges
    .slice(1)
    .map((edge, index) => ({ share: (edges[index]! + edge) / 2, weight: edge - edges[index]! }));
}
