/**
 * A replication offset over time: what every answer of `backlog` is computed from.
 *
 * The offset only grows: Redis adds the bytes of each write and of each PING to it. A sample whose
 * offset is below the one before it means that the server was restarted, failed over or was reset,
 * and the difference of the two says nothing. Such a series is refused, or split into segments, and
 * no window ever reaches from one segment into the next. A gap in the samples, far longer than from
 * one to the next, likewise ends a segment: what was written in it was not written in one outage.
 *
 * Between two samples it is unknown when the bytes came; the linear reading spreads them evenly,
 * the worst-case reading lets them come at whichever moment hurts most (windows.ts).
 */
import { unusable } from '../../base/refuse.js';

/** Samples in order of time; all arrays are of one length. */
export interface Series {
  /** Where it comes from, for messages. */
  readonly name: string;
  /** Seconds since the first sample. */
  readonly seconds: Float64Array;
  /** Bytes since the first sample of the segment. */
  readonly bytes: Float64Array;
  /** Bytes a second since the sample before; 0 at the beginning of a segment. */
  readonly rates: Float64Array;
  /** Index of the first sample of each segment, then the number of samples. */
  readonly bounds: readonly number[];
  /** How often the offset went back. */
  readonly restarts: number;
  /** Times in which nothing was sampled, left out. */
  readonly gaps: Gaps;
  /** What a reader should know of how it was read, a sentence each. */
  readonly notes: readonly string[];
  /** Replicas online at each sample, where the source says so. */
  readonly replicas: Float64Array | null;
  /** Between two samples the bytes did come evenly: the series was made so. */
  readonly isExact: boolean;
}

export interface Gaps {
  readonly count: number;
  /** Seconds, together. */
  readonly seconds: number;
  readonly longest: number;
  /** Where the longest ends; '': there is none. */
  readonly place: string;
}

/** One sample as it was read. */
export interface Sample {
  /** Seconds, on any clock. */
  readonly seconds: number;
  readonly offset: number;
  readonly replicas: number | null;
  /** Where it stands in the input, as `line 17`. */
  readonly place: string;
}

export interface SeriesOptions {
  /** Begin a new segment where the offset goes back, instead of refusing. */
  readonly splitRestarts?: boolean;
  /** Begin a new one behind a gap too. */
  readonly leaveOutGaps?: boolean;
  /** As in Series. */
  readonly isExact?: boolean;
  readonly notes?: readonly string[];
}

/** A gap is so many times as long as most intervals. */
const GAP = 5;

/**
 * @throws RingleaderError CONFIG_INVALID, naming the sample and the rule it breaks.
 */
export function buildSeries(
  name: string,
  given: Iterable<Sample>,
  options: SeriesOptions = {},
): Series {
  const { splitRestarts = false, leaveOutGaps = false, isExact = false, notes = [] } = options;
  const samples = [...given];
  const longest = leaveOutGaps ? GAP * mostIntervals(samples) : Infinity;
  const read = new SampleReader(name, splitRestarts, longest);
  for (const sample of samples) read.add(sample);
  const { seconds, bytes, replicas, restarts, gaps } = read;
  const bounds = [...read.bounds, seconds.length];
  const series: Series = {
    name,
    seconds: Float64Array.from(seconds),
    bytes: Float64Array.from(bytes),
    rates: ratesOf(seconds, bytes, bounds),
    bounds,
    restarts,
    gaps,
    notes,
    replicas: replicas.some((count) => count === null)
      ? null
      : Float64Array.from(replicas, (count) => count ?? 0),
    isExact,
  };
  checkWhole(series);
  return series;
}

/** Takes samples in order, each of them held against the one before. */
class SampleReader {
  readonly seconds: number[] = [];
  readonly bytes: number[] = [];
  readonly replicas: (number | null)[] = [];
  /** Index of the first sample of each segment. */
  readonly bounds = [0];
  readonly gaps = { count: 0, seconds: 0, longest: 0, place: '' };
  restarts = 0;
  readonly #name: string;
  readonly #splitsRestarts: boolean;
  /** Seconds; a longer interval is a gap. */
  readonly #longest: number;
  #before: Sample | null = null;
  /** When the series begins. */
  #origin = 0;
  /** The offset at which the segment begins. */
  #base = 0;

  constructor(name: string, splitsRestarts: boolean, longest: number) {
    this.#name = name;
    this.#splitsRestarts = splitsRestarts;
    this.#longest = longest;
  }

  /** @throws RingleaderError CONFIG_INVALID */
  add(sample: Sample): void {
    check(this.#name, sample);
    const before = this.#before;
    if (before === null) {
      this.#origin = sample.seconds;
      this.#base = sample.offset;
    } else {
      // The same sample twice, as where two exports meet.
      if (sample.seconds === before.seconds && sample.offset === before.offset) return;
      this.#compare(before, sample);
    }
    this.seconds.push(sample.seconds - this.#origin);
    this.bytes.push(sample.offset - this.#base);
    this.replicas.push(sample.replicas);
    this.#before = sample;
  }

  /** Refuse what cannot follow the sample before; begin a segment where one ends. */
  #compare(before: Sample, sample: Sample): void {
    if (sample.seconds <= before.seconds) {
      const rule = `time must go forward, and ${sample.place} is not after the sample before it`;
      throw unusable(this.#name, rule, `${sample.seconds} after ${before.seconds}`);
    }
    const isRestart = sample.offset < before.offset;
    if (isRestart) {
      if (!this.#splitsRestarts) {
        const rule = `the offset goes back at ${sample.place}, so the server was restarted there (--split-restarts uses the parts)`;
        throw unusable(this.#name, rule, `${sample.offset} after ${before.offset}`);
      }
      this.restarts += 1;
    }
    const interval = sample.seconds - before.seconds;
    const isGap = interval > this.#longest;
    if (isGap) this.#noteGap(interval, sample.place);
    if (!isRestart && !isGap) return;
    this.#base = sample.offset;
    this.bounds.push(this.seconds.length);
  }

  #noteGap(interval: number, place: string): void {
    const { gaps } = this;
    gaps.count += 1;
    gaps.seconds += interval;
    if (interval > gaps.longest) Object.assign(gaps, { longest: interval, place });
  }
}

/** @returns seconds that four of five intervals do not exceed. */
function mostIntervals(samples: readonly Sample[]): number {
  const intervals = samples.slice(1).map(({ seconds }, i) => seconds - samples[i]!.seconds);
  const sorted = Float64Array.from(intervals).toSorted();
  return sorted[Math.floor((sorted.length - 1) * 0.8)] ?? Infinity;
}

function ratesOf(
  seconds: readonly number[],
  bytes: readonly number[],
  bounds: readonly number[],
): Float64Array {
  const rates = new Float64Array(seconds.length);
  for (let index = 1; index < rates.length; index++) {
    rates[index] = (bytes[index]! - bytes[index - 1]!) / (seconds[index]! - seconds[index - 1]!);
  }
  for (const first of bounds.slice(0, -1)) rates[first] = 0;
  return rates;
}

function check(name: string, { seconds, offset, place }: Sample): void {
  if (!Number.isFinite(seconds)) {
    throw unusable(name, `the time at ${place} must be a number or a date`, String(seconds));
  }
  if (!Number.isFinite(offset) || offset < 0) {
    throw unusable(
      name,
      `the offset at ${place} must be a number that is not negative`,
      String(offset),
    );
  }
}

function checkWhole(series: Series): void {
  if (longestSegment(series) === 0) {
    const count = series.seconds.length;
    const rule = 'a series needs two samples without a restart or a gap between';
    throw unusable(series.name, rule, `${count}`);
  }
  if (totalBytes(series) === 0) {
    const rule =
      'the offset never moves: nothing was written, or no replica was ever there (Redis counts no offset before the first)';
    throw unusable(series.name, rule, 'a constant offset');
  }
}

/** First and last index of each segment that has a length. */
export function segments({ bounds }: Series): { readonly first: number; readonly last: number }[] {
  return bounds
    .slice(0, -1)
    .map((first, index) => ({ first, last: (bounds[index + 1] ?? 0) - 1 }))
    .filter(({ first, last }) => last > first);
}

/** @returns seconds that the longest segment spans. */
export function longestSegment(series: Series): number {
  const spans = segments(series).map(({ first, last }) => span(series, first, last));
  return Math.max(0, ...spans);
}

/** @returns seconds that all segments span together. */
export function totalSeconds(series: Series): number {
  return segments(series).reduce((sum, { first, last }) => sum + span(series, first, last), 0);
}

/** @returns bytes written in all segments together. */
export function totalBytes(series: Series): number {
  return segments(series).reduce(
    (sum, { first, last }) => sum + (series.bytes[last] ?? 0) - (series.bytes[first] ?? 0),
    0,
  );
}

/** @returns seconds from most samples to the next, where those are all the same; else null. */
export function regularInterval({ seconds }: Series): number | null {
  const interval = (seconds[1] ?? 0) - (seconds[0] ?? 0);
  let regular = 0;
  for (let index = 1; index < seconds.length; index++) {
    const gap = seconds[index]! - seconds[index - 1]!;
    if (gap === interval) regular += 1;
  }
  return regular >= 0.9 * (seconds.length - 1) ? interval : null;
}

/** @returns bytes a second, on average. */
export function meanRate(series: Series): number {
  return totalBytes(series) / totalSeconds(series);
}

function span({ seconds }: Series, first: number, last: number): number {
  return (seconds[last] ?? 0) - (seconds[first] ?? 0);
}

/**
 * The offset at a moment, bytes between two samples spread evenly.
 *
 * @param at - seconds, inside the segment.
 */
export function offsetAt(
  { seconds, bytes }: Series,
  segment: { readonly first: number; readonly last: number },
  at: number,
): number {
  let low = segment.first;
  let high = segment.last;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((seconds[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  const [from = 0, to = 0] = [seconds[low], seconds[high]];
  const [start = 0, end = 0] = [bytes[low], bytes[high]];
  return start + ((end - start) * (at - from)) / (to - from);
}
