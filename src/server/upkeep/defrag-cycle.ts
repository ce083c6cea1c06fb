/**
 * When to defragment, and how much time it gets.
 *
 * Rule (`activedefrag yes`): while what sparse pages waste is above active-defrag-ignore-bytes and
 * above active-defrag-threshold-lower percent of what is in use, entries are moved together. The
 * share of time grows with the waste, from active-defrag-cycle-min at the lower threshold to -max
 * at the upper one. A walk over all keys that has begun goes on to its end. MEMORY PURGE is a walk
 * that no client has to deserve.
 *
 * @see redis/redis 7.0.15 src/defrag.c, computeDefragCycles()
 */
import type { Config } from '../../config/config.js';

/** Bytes of pages cut into small blocks, and of them in use. */
export interface SlabUse {
  readonly slabs: number;
  readonly slabsUsed: number;
}

/** @returns percent of the time; 0: not worth it. */
export function defragPercent(config: Config, { slabs, slabsUsed }: SlabUse): number {
  if (!config.activedefrag.value) return 0;
  const wasted = slabs - slabsUsed;
  const percent = slabsUsed === 0 ? 0 : (wasted * 100) / slabsUsed;
  const lower = config.activeDefragThresholdLower.value;
  const upper = config.activeDefragThresholdUpper.value;
  if (percent < lower || wasted < config.activeDefragIgnoreBytes.value) return 0;
  const min = config.activeDefragCycleMin.value;
  const max = config.activeDefragCycleMax.value;
  if (upper <= lower) return max;
  const share = min + ((percent - lower) * (max - min)) / (upper - lower);
  return Math.min(max, Math.max(min, share));
}

/** Of entries looked at; moving one counts as eight. */
const SLICE_UNITS = 2048;

export class DefragCycle {
  readonly #micros: () => number;
  /** Of the present period: µs left. */
  #leftMicros = 0;
  /** Percent of the time that the walk under way gets; 0: none is. */
  percent = 0;
  /** µs. */
  totalMicros = 0;

  /** @param micros - a clock, µs. */
  constructor(micros: () => number) {
    this.#micros = micros;
  }

  get isRunning(): boolean {
    return this.percent !== 0 && this.#leftMicros > 0;
  }

  begin(percent: number): void {
    this.percent = percent;
  }

  /** A new period begins. @param periodMs - its length. */
  refill(periodMs: number): void {
    this.#leftMicros = (this.percent / 100) * periodMs * 1000;
  }

  /** @param defrag - CoreUpkeep.defrag(), given units of work. */
  slice(defrag: (units: number) => boolean): void {
    const begin = this.#micros();
    const hasMore = defrag(SLICE_UNITS);
    const took = this.#micros() - begin;
    this.#leftMicros -= took;
    this.totalMicros += took;
    if (!hasMore) this.percent = 0;
  }
}
