/**
 * What a node's keyspace does by itself: delete expired keys, evict, free what was flushed,
 * defragment.
 *
 * Everything comes in slices below a millisecond. Between two of them the event loop turns, so that
 * clients wait for one slice at the most, whatever there is to do. Nothing happens while there is
 * nothing to do: a turn of the cron, or a batch of commands that left an eviction unfinished,
 * starts it.
 *
 * While clients are paused the data stands still: nothing is expired or evicted.
 */
import type { Config } from '../../config/config.js';
import { FLAG_REPLICA, ROOM_PENDING } from '../../core/assembly/layout.js';
import type { ClientRegistry } from '../client-registry.js';
import type { NodeClock } from '../../commands/node/process.js';
import type { ReplicationState } from '../../commands/node/replication.js';
import type { Core } from '../../core/core.js';
import type { LatencyEvent } from '../observation/latency-monitor.js';
import type { Pause } from '../pause.js';
import { DefragCycle, defragPercent } from './defrag-cycle.js';
import { ExpireCycle } from './expire-cycle.js';

/** Between two turns of the cron. */
const PERIOD_MS = 100;
/** Chains freed in a slice: some ten thousand keys. */
const FREE_CHAINS = 1024;
/** Turns of the cron between two looks at how fragmented the heap is. */
const DEFRAG_TURNS = 10;
/** Percent of the time that MEMORY PURGE gets. */
const PURGE_PERCENT = 25;

export interface UpkeepParts {
  readonly config: Config;
  readonly core: Core;
  readonly clients: ClientRegistry;
  readonly pause: Pause;
  readonly replication: Pick<ReplicationState, 'appends' | 'isLoading'>;
  readonly clock: NodeClock;
  /** DEBUG SET-ACTIVE-EXPIRE. */
  expiresActively(): boolean;
  /** Publish what was appended; a fence found here is dealt with. */
  publish(): void;
  /** A slice took so many µs: clients have waited that long. */
  onSlice(event: LatencyEvent, micros: number): void;
}

export class Upkeep {
  readonly #parts: UpkeepParts;
  readonly expiry: ExpireCycle;
  readonly defrag: DefragCycle;
  #countedBytes = 0;
  #isScheduled = false;
  #turns = 0;
  #isEvicting = false;
  #isFreeing = false;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
    this.expiry = new ExpireCycle(() => parts.clock.wallMicros());
    this.defrag = new DefragCycle(() => parts.clock.wallMicros());
  }

  /** To be called ten times a second. */
  cron(): void {
    const { config, core } = this.#parts;
    this.#setClock();
    if (config.maxmemory.value !== 0) this.#isEvicting = true;
    this.#isFreeing = core.upkeep.lazyFreed().pending > 0;
    if (this.#mayExpire()) this.expiry.beginSlow(config.activeExpireEffort.value, PERIOD_MS);
    if (this.#turns++ % DEFRAG_TURNS === 0) this.#considerDefrag();
    this.defrag.refill(PERIOD_MS);
    this.#run();
  }

  /** Whether a cron would find nothing to do, unless a command gives it something. */
  get isIdle(): boolean {
    const { core } = this.#parts;
    const isWorking = this.#isEvicting || this.#isFreeing || this.defrag.isRunning;
    return !isWorking && (!this.#mayExpire() || !core.upkeep.hasVolatileKeys());
  }

  /** A batch of commands is over: go on soon with what they left. */
  afterBatch(): void {
    if (!this.#parts.core.upkeep.isEvictionPending) return;
    this.#isEvicting = true;
    this.#schedule(1);
  }

  /** Keys have been flushed lazily: begin to free them. */
  freeSoon(): void {
    this.#isFreeing = true;
    this.#schedule(1);
  }

  /** Move all that can be moved out of sparse pages, once. */
  purge(): void {
    if (this.defrag.percent !== 0 || this.#parts.core.upkeep.beginDefrag() === 0) return;
    this.defrag.begin(PURGE_PERCENT);
    this.defrag.refill(PERIOD_MS);
    this.#schedule(1);
  }

  /** Bytes held for clients, as counted so far. */
  get countedClientBytes(): number {
    return this.#countedBytes;
  }

  /** So many bytes more, or less, are held for a client. */
  countClientMemory(bytes: number): void {
    if (bytes === 0) return;
    this.#countedBytes += bytes;
    this.#parts.core.upkeep.setHostMemory(this.#countedBytes);
  }

  /** What is held for clients outside the core, bytes. */
  clientBytes(): number {
    let bytes = 0;
    for (const { memoryBytes } of this.#parts.clients.all()) bytes += memoryBytes;
    return bytes;
  }

  /** CONFIG RESETSTAT. */
  resetCounts(): void {
    this.expiry.resetCounts();
    this.defrag.totalMicros = 0;
    this.#parts.core.upkeep.resetExceeded();
  }

  #schedule(delayMs: number): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#parts.clock.later(delayMs, () => {
      this.#isScheduled = false;
      this.#setClock();
      this.#run();
    });
  }

  /** One slice of what is most urgent. */
  #run(): void {
    const { core } = this.#parts;
    const begin = this.#parts.clock.wallMicros();
    if (this.#isEvicting && this.#mayDelete()) {
      this.#isEvicting = core.upkeep.keepLimit(this.#flags()) === ROOM_PENDING;
      this.#parts.publish();
      this.#observe('eviction-cycle', begin);
    } else if (this.expiry.isRunning && this.#mayExpire()) {
      this.expiry.slice((units) => core.upkeep.expire(this.#flags(), units));
      this.#parts.publish();
      this.#observe('expire-cycle', begin);
    } else if (this.#isFreeing) {
      this.#isFreeing = core.upkeep.free(FREE_CHAINS);
    } else if (this.defrag.isRunning) {
      this.defrag.slice((units) => core.upkeep.defrag(units));
      this.#observe('active-defrag-cycle', begin);
    }
    this.#goOn();
  }

  #observe(event: LatencyEvent, beginMicros: number): void {
    this.#parts.onSlice(event, this.#parts.clock.wallMicros() - beginMicros);
  }

  #goOn(): void {
    const expires = this.expiry.isRunning && this.#mayExpire();
    const evicts = this.#isEvicting && this.#mayDelete();
    if (expires || evicts || this.#isFreeing || this.defrag.isRunning) return this.#schedule(1);
    const pauseMs = this.#mayExpire() ? this.expiry.beginFast() : null;
    if (pauseMs !== null) this.#schedule(Math.max(1, pauseMs));
  }

  #considerDefrag(): void {
    const { config, core } = this.#parts;
    if (!config.activedefrag.value) return;
    const percent = defragPercent(config, core.memoryUse());
    if (percent === 0) return;
    if (this.defrag.percent === 0 && core.upkeep.beginDefrag() === 0) return;
    this.defrag.begin(Math.max(percent, this.defrag.percent));
  }

  #mayExpire(): boolean {
    return this.#parts.expiresActively() && this.#mayDelete();
  }

  /** A replica asks the core too, which knows what is its own to evict or to let expire. */
  #mayDelete(): boolean {
    return !this.#parts.replication.isLoading() && this.#parts.pause.mode === 'none';
  }

  #flags(): number {
    return this.#parts.replication.appends() ? 0 : FLAG_REPLICA;
  }

  #setClock(): void {
    this.#parts.core.setNow(Math.floor(this.#parts.clock.wallMicros() / 1000));
  }
}
