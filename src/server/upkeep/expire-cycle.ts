/**
 * The active cycle: how much time goes into deleting keys whose time has come.
 *
 * Rule: ten times a second a slow cycle may take a share of that tenth (25 % at effort 1, 43 % at
 * 10), cut into slices well below a millisecond, between which clients are served. It ends when it
 * has looked at every volatile key, or has looked at enough of them and few were due (10 % at
 * effort 1, 1 % at 10), or when its time is up. After the last, fast cycles of a millisecond (3.25
 * at effort 10) fill in between, with as long a pause after each.
 *
 * Redis draws twenty keys at a time; the core sweeps its list of volatile keys at some hundred
 * million a second, so "enough" is a sweep of 65,536: up to that many, no expired key outlives a
 * cycle.
 *
 * @see redis/redis 7.0.15 src/expire.c, activeExpireCycle()
 */

/** What a slice did; CoreUpkeep.expire(). */
export interface ExpireSlice {
  readonly looked: number;
  readonly expired: number;
  readonly hasMore: boolean;
}

/** Keys looked at before it counts how few were due. */
const ENOUGH = 65_536;
const FAST_MICROS = 1000;
/** What a slice should take: units of work are adjusted to it, machine by machine. */
const SLICE_MICROS = 400;
const MIN_UNITS = 1024;
const MAX_UNITS = 1 << 18;

export class ExpireCycle {
  readonly #micros: () => number;
  #units = 8192;
  #limitMicros = 0;
  #usedMicros = 0;
  #looked = 0;
  #expired = 0;
  #enough = ENOUGH;
  #acceptablePercent = 10;
  #fastMicros = FAST_MICROS;
  #isRunning = false;
  #hitLimit = false;
  #fastEndedAt = 0;

  /** Estimate: keys that are due but not deleted yet, of all volatile ones, percent. */
  stalePercent = 0;
  /** Cycles that ended because their time was up. */
  capReached = 0;
  /** Time spent in all cycles, µs. */
  totalMicros = 0;

  /** @param micros - a clock, µs. */
  constructor(micros: () => number) {
    this.#micros = micros;
  }

  resetCounts(): void {
    this.stalePercent = 0;
    this.capReached = 0;
    this.totalMicros = 0;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /**
   * Begin a slow cycle.
   *
   * @param effort - active-expire-effort, 1 to 10.
   * @param periodMs - between two slow cycles.
   */
  beginSlow(effort: number, periodMs: number): void {
    if (this.#isRunning) this.#end();
    const more = effort - 1;
    this.#enough = ENOUGH + (ENOUGH / 4) * more;
    this.#fastMicros = FAST_MICROS + (FAST_MICROS / 4) * more;
    this.#acceptablePercent = 10 - more;
    this.#begin(((25 + 2 * more) / 100) * periodMs * 1000);
  }

  /**
   * Begin a fast cycle, if the last cycle left work undone. @returns ms to wait before asking; 0:
   * begun.
   */
  beginFast(): number | null {
    if (this.#isRunning) return 0;
    if (!this.#hitLimit && this.stalePercent < this.#acceptablePercent) return null;
    const pauseMicros = this.#fastEndedAt + this.#fastMicros - this.#micros();
    if (pauseMicros > 0) return Math.ceil(pauseMicros / 1000);
    this.#begin(this.#fastMicros);
    return 0;
  }

  /**
   * Run a slice of the cycle under way. @param expire - CoreUpkeep.expire(), given units of work.
   */
  slice(expire: (units: number) => ExpireSlice): void {
    const begin = this.#micros();
    const { looked, expired, hasMore } = expire(this.#units);
    const took = this.#micros() - begin;
    this.#looked += looked;
    this.#expired += expired;
    this.#usedMicros += took;
    if (hasMore) this.#adjust(took);
    const isClean = this.#looked >= this.#enough && this.#percent() <= this.#acceptablePercent;
    this.#hitLimit = hasMore && !isClean && this.#usedMicros >= this.#limitMicros;
    if (this.#hitLimit) this.capReached++;
    if (!hasMore || isClean || this.#hitLimit) this.#end();
  }

  #begin(limitMicros: number): void {
    this.#limitMicros = limitMicros;
    this.#usedMicros = 0;
    this.#looked = 0;
    this.#expired = 0;
    this.#hitLimit = false;
    this.#isRunning = true;
  }

  #end(): void {
    this.#isRunning = false;
    this.#fastEndedAt = this.#micros();
    this.totalMicros += this.#usedMicros;
    // A running average, in which a cycle counts for a twentieth.
    this.stalePercent = this.#percent() * 0.05 + this.stalePercent * 0.95;
  }

  #percent(): number {
    return this.#looked === 0 ? 0 : (this.#expired * 100) / this.#looked;
  }

  #adjust(tookMicros: number): void {
    const fitting = Math.floor((this.#units * SLICE_MICROS) / Math.max(1, tookMicros));
    const next = Math.min(fitting, this.#units * 2);
    this.#units = Math.min(MAX_UNITS, Math.max(MIN_UNITS, next));
  }
}
