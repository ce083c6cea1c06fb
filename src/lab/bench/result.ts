/** What a benchmark comes to, as data: what `--json` prints and the report is made of. */
import type { RecordableHistogram } from 'node:perf_hooks';

/** µs. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly p9999: number;
  readonly max: number;
}

export interface AppliedLatency extends Latency {
  readonly replica: string;
}

/** Bytes that each replica was behind, over a run. */
export interface LagSeries {
  /** Seconds since the run began. */
  readonly seconds: readonly number[];
  /** By replica, in the system's order. */
  readonly bytes: readonly (readonly number[])[];
}

export interface Run {
  /** Commands/s that the master answered. */
  readonly accepted: number;
  /** The same commands, with the clock stopped when every replica had applied them. */
  readonly applied: number;
  readonly commands: number;
  /** Answered by an error. */
  readonly refused: number;
  /** Of replication stream per second, until applied everywhere. */
  readonly bytesPerSecond: number;
  /**
   * From sending a batch, or from when it was to be sent, to its answer. Null: not seen from here.
   */
  readonly response: Latency | null;
  /** From the same moment until a replica had applied it. */
  readonly latency: readonly AppliedLatency[];
  readonly lag: LagSeries;
  /** µs of CPU a command: the master's, then each replica's. Null: this system does not tell. */
  readonly cpu: readonly number[] | null;
}

/** One system under one load. */
export interface SystemResult {
  readonly name: string;
  readonly replicas: readonly string[];
  readonly via: 'tcp' | 'process';
  readonly driver: string;
  readonly pipeline: number;
  readonly runs: readonly Run[];
}

/** Ours, and the peer's runs in turn with them. */
export interface Contest {
  readonly ours: SystemResult;
  readonly peer: SystemResult | null;
  /** Ours divided by the peer's, pair by pair. */
  readonly ratios: readonly number[];
}

/** @returns null of an empty histogram. */
export function toLatency(histogram: RecordableHistogram): Latency | null {
  if (histogram.count === 0) return null;
  const at = (percentile: number): number => histogram.percentile(percentile) / 1000;
  return {
    count: histogram.count,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    p9999: at(99.99),
    max: histogram.max / 1000,
  };
}
