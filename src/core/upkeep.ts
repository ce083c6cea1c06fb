/**
 * What a core's keyspace does by itself, in slices that its host asks for: evict, expire, free what
 * was flushed, defragment. When to ask, and how long to go on, is decided elsewhere
 * (src/server/upkeep).
 */
import * as layout from './assembly/layout.js';
import type { CoreExports } from './exports.js';
import type { MemoryView } from './memory-view.js';

/** What eviction goes by. */
export interface EvictionRules {
  /** POLICY_* bits; 0: nothing is evicted. */
  readonly policy: number;
  /** Keys drawn for each choice of one; the core draws 64 at the most. */
  readonly samples: number;
  /** Keys that may be evicted in front of one command. */
  readonly budget: number;
  readonly lfuLogFactor: number;
  /** Minutes; 0: frequencies never fall. */
  readonly lfuDecayTime: number;
  /** LAZY_* bits. */
  readonly lazyFree: number;
  /** A replica keeps to the limit by itself. */
  readonly replicaEvicts: boolean;
}

/** Until the host says otherwise. */
const NO_EVICTION: EvictionRules = {
  policy: 0,
  samples: 5,
  budget: 500,
  lfuLogFactor: 10,
  lfuDecayTime: 1,
  lazyFree: 0,
  replicaEvicts: false,
};

interface CoreParts extends MemoryView {
  readonly exports: CoreExports;
  readonly databases: number;
}

export class CoreUpkeep {
  readonly #core: CoreParts;

  constructor(core: CoreParts) {
    this.#core = core;
    this.setRules(NO_EVICTION);
  }

  setRules(rules: EvictionRules): void {
    const core = this.#core;
    core.writeU32(layout.MAXMEMORY_POLICY, rules.policy);
    core.writeU32(layout.MAXMEMORY_SAMPLES, Math.min(rules.samples, 64));
    core.writeU32(layout.EVICTION_BUDGET, Math.min(rules.budget, 0xffffffff));
    core.writeU32(layout.LFU_LOG_FACTOR, rules.lfuLogFactor);
    core.writeU32(layout.LFU_DECAY_TIME, rules.lfuDecayTime);
    core.writeU32(layout.LAZY_FREE, rules.lazyFree);
    core.writeU32(layout.REPLICA_EVICTS, rules.replicaEvicts ? 1 : 0);
  }

  /** Whether any key has an expiry. */
  hasVolatileKeys(): boolean {
    const { exports, databases } = this.#core;
    for (let db = 0; db < databases; db++) if (exports.volatileCount(db) !== 0) return true;
    return false;
  }

  /** Say how many bytes the host holds for clients: they count for `maxmemory`. */
  setHostMemory(bytes: number): void {
    this.#core.writeI64(layout.HOST_MEMORY, bytes);
  }

  /**
   * Evict as before a command; deletions are appended, the caller publishes.
   *
   * @returns ROOM, ROOM_PENDING or NO_ROOM.
   */
  keepLimit(flags: number): number {
    return this.#core.exports.keepLimit(flags);
  }

  /** Whether memory is over its limit and there is more to evict. */
  get isEvictionPending(): boolean {
    return this.#core.readU32(layout.EVICTION_PENDING) !== 0;
  }

  /** How long memory has been over its limit: this time, and before. ms */
  exceeded(nowMs: number): { readonly currentMs: number; readonly totalMs: number } {
    const since = this.#core.readI64(layout.EXCEEDED_SINCE);
    const before = this.#core.readI64(layout.EXCEEDED_TOTAL);
    const currentMs = since === 0 ? 0 : Math.max(0, nowMs - since);
    return { currentMs, totalMs: before + currentMs };
  }

  /** Count the time over the limit from now on. */
  resetExceeded(): void {
    this.#core.writeI64(layout.EXCEEDED_TOTAL, 0);
    this.#core.writeI64(layout.EXCEEDED_SINCE, 0);
  }

  /**
   * Delete expired keys, a slice's worth; deletions are appended, the caller publishes.
   *
   * @param budget - units of work: one per key looked at, 32 more per key deleted.
   * @returns how many keys were looked at, how many deleted, and whether there may be more to do
   * now.
   */
  expire(
    flags: number,
    budget: number,
  ): { readonly looked: number; readonly expired: number; readonly hasMore: boolean } {
    const core = this.#core;
    const before = core.readI64(layout.STAT_EXPIRED_KEYS);
    const hasMore = core.exports.activeExpire(flags, budget) === 0;
    const expired = core.readI64(layout.STAT_EXPIRED_KEYS) - before;
    return { looked: core.readU32(layout.EXPIRE_LOOKED), expired, hasMore };
  }

  /** Free some of what was flushed lazily. @returns whether there is more. */
  free(chains: number): boolean {
    return this.#core.exports.freeDiscarded(chains) === 0;
  }

  /** Keys that were flushed and are not freed yet, and that were freed after their flush. */
  lazyFreed(): { readonly pending: number; readonly freed: number } {
    return {
      pending: this.#core.readU32(layout.LAZY_PENDING),
      freed: this.#core.readI64(layout.STAT_LAZY_FREED),
    };
  }

  /** Begin to move entries out of sparse pages. @returns how many pages are to be emptied. */
  beginDefrag(): number {
    return this.#core.exports.beginDefrag();
  }

  /** @param budget - units of work: entries looked at. @returns whether there is more to do. */
  defrag(budget: number): boolean {
    return this.#core.exports.stepDefrag(budget) !== 0;
  }

  /** Keys that defragmentation moved, and that it left where they were. */
  defragCounts(): { readonly hits: number; readonly misses: number } {
    return {
      hits: this.#core.readI64(layout.STAT_DEFRAG_HITS),
      misses: this.#core.readI64(layout.STAT_DEFRAG_MISSES),
    };
  }
}
