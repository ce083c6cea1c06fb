/**
 * The latency monitor: for each kind of event, when it took long, and how long.
 *
 * A series keeps the worst sample of each second, of the last 160 seconds that had any.
 *
 * @see redis/redis 7.0.15 src/latency.c, latencyAddSample()
 */

import type {
  LatencyHistory,
  LatencySample,
  LatencySeries,
} from '../../commands/node/observation.js';

/** What can take long: Redis' names, of those that exist here. */
export type LatencyEvent =
  | 'command'
  | 'fast-command'
  | 'expire-cycle'
  | 'eviction-cycle'
  | 'active-defrag-cycle'
  | 'aof-write'
  | 'aof-write-pending-fsync'
  | 'aof-write-alone'
  | 'aof-fsync-always';

const MAX_SAMPLES = 160;

export class LatencyMonitor implements LatencyHistory {
  readonly #series = new Map<string, { samples: LatencySample[]; max: number }>();

  /** Names of events and their samples, in the order in which the events first happened. */
  get series(): ReadonlyMap<string, LatencySeries> {
    return this.#series;
  }

  /**
   * Note that something took so long, if that is long.
   *
   * @param thresholdMs - latency-monitor-threshold; 0: nothing is.
   */
  add(event: LatencyEvent, micros: number, thresholdMs: number, unixSeconds: number): void {
    const latency = Math.floor(micros / 1000);
    if (thresholdMs === 0 || latency < thresholdMs) return;
    const series = this.#series.get(event) ?? { samples: [], max: 0 };
    this.#series.set(event, series);
    series.max = Math.max(series.max, latency);
    const last = series.samples.at(-1);
    if (last?.time === unixSeconds) {
      if (latency > last.latency) series.samples.splice(-1, 1, { time: unixSeconds, latency });
      return;
    }
    series.samples.push({ time: unixSeconds, latency });
    if (series.samples.length > MAX_SAMPLES) series.samples.shift();
  }

  /**
   * @param names - in any case; none: all.
   * @returns how many series were forgotten.
   */
  reset(names: readonly string[]): number {
    const before = this.#series.size;
    const wanted = new Set(names.map((name) => name.toLowerCase()));
    for (const name of this.#series.keys()) {
      if (names.length === 0 || wanted.has(name)) this.#series.delete(name);
    }
    return before - this.#series.size;
  }
}
