/**
 * How long calls took, as a histogram: log-linear, so that any duration is told within 1 %.
 *
 * The buckets are those of an HDR histogram from 1 ns to 1 s with two digits, which is what Redis
 * keeps, so that LATENCY HISTOGRAM and INFO latencystats show the same numbers for the same calls:
 * 256 buckets of 1 ns, then 128 for every doubling.
 *
 * @see redis/redis 7.0.15 src/server.c, updateCommandLatencyHistogram()
 */

/** Longer ones count as this. */
const MAX_NS = 1_000_000_000;
const HALF = 128;
/** 1 ns to 2^30 ns. */
const BUCKETS = 24 * HALF;
/** LATENCY HISTOGRAM's steps: 1.024 µs, and from there on doublings to 2^29 ns. */
const FIRST_STEP_NS = 1024;

export interface HistogramStep {
  /** Upper bound, µs, rounded down. */
  readonly micros: number;
  /** Calls that took no longer. */
  readonly calls: number;
}

export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #calls = 0;

  get calls(): number {
    return this.#calls;
  }

  /** @param calls - how many took so long. */
  record(micros: number, calls = 1): void {
    const ns = Math.min(MAX_NS, Math.max(1, Math.round(micros * 1000)));
    this.#counts[bucketOf(ns)]! += calls;
    this.#calls += calls;
  }

  /** @returns the doublings in which there are calls, cumulated. */
  steps(): HistogramStep[] {
    const steps: HistogramStep[] = [];
    let calls = 0;
    let bucket = 0;
    for (let stepNs = FIRST_STEP_NS; calls < this.#calls; stepNs *= 2) {
      // The step's own bucket belongs to it; beyond the last step there is the rest.
      const last = stepNs < MAX_NS ? bucketOf(stepNs) : BUCKETS - 1;
      const before = calls;
      for (; bucket <= last; bucket++) calls += this.#counts[bucket]!;
      if (calls > before) steps.push({ micros: Math.floor(highestNs(last) / 1000), calls });
    }
    return steps;
  }

  /**
   * @param percentile - 0 to 100.
   * @returns µs that so many percent of the calls did not exceed; there has been a call.
   */
  percentile(percentile: number): number {
    const wanted = Math.max(1, Math.floor((percentile / 100) * this.#calls + 0.5));
    let calls = 0;
    let bucket = 0;
    for (; bucket < BUCKETS - 1; bucket++) {
      calls += this.#counts[bucket]!;
      if (calls >= wanted) break;
    }
    return (percentile === 0 ? lowestNs(bucket) : highestNs(bucket)) / 1000;
  }
}

function bucketOf(ns: number): number {
  if (ns < 2 * HALF) return ns;
  const doublings = 24 - Math.clz32(ns);
  return doublings * HALF + (ns >>> doublings);
}

function lowestNs(bucket: number): number {
  if (bucket < 2 * HALF) return bucket;
  const doublings = Math.floor(bucket / HALF) - 1;
  return (bucket - doublings * HALF) * 2 ** doublings;
}

function highestNs(bucket: number): number {
  return lowestNs(bucket + 1) - 1;
}
