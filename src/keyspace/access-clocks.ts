/**
 * How long ago keys were last used (LRU), or how often (LFU): 24 bits beside each key, which mean
 * the one or the other by the eviction policy.
 */
import { NOW } from '../core/assembly/layout.js';
import type { Bytes, CoreDatabase } from './core-database.js';

/** An access clock has 24 bits. */
const ACCESS_CLOCK_MASK = 0xffffff;

export class AccessClocks {
  readonly #db: CoreDatabase;

  constructor(db: CoreDatabase) {
    this.#db = db;
  }

  /** Note an access, as reading the value does. @returns whether there is such a key. */
  touch(key: Bytes): boolean {
    return this.#db.lookup(key, true) !== 0;
  }

  /**
   * @returns seconds since the last access; null: no such key. Of no meaning under an LFU policy.
   */
  idleSeconds(key: Bytes): number | null {
    const entry = this.#db.lookup(key, false);
    if (entry === 0) return null;
    return (this.#nowSeconds() - this.#db.entries.accessClock(entry)) & ACCESS_CLOCK_MASK;
  }

  /** Make a key look as if it had last been used so long ago. */
  setIdleSeconds(key: Bytes, seconds: number): void {
    const idle = Math.min(seconds, ACCESS_CLOCK_MASK);
    this.#put(key, (this.#nowSeconds() - idle) & ACCESS_CLOCK_MASK);
  }

  /**
   * @returns 0 to 255, as OBJECT FREQ says; null: no such key. Of no meaning but under an LFU
   * policy.
   */
  frequency(key: Bytes): number | null {
    const { core, id, flags } = this.#db;
    const [at, length] = this.#db.scratch(key);
    const frequency = core.exports.frequency(id, flags, at, length);
    return frequency < 0 ? null : frequency;
  }

  /** Make a key look as if it were used so often, under an LFU policy. */
  setFrequency(key: Bytes, frequency: number): void {
    const minutes = Math.floor(this.#nowSeconds() / 60) & 0xffff;
    this.#put(key, (minutes << 8) | frequency);
  }

  #put(key: Bytes, clock: number): void {
    const entry = this.#db.lookup(key, false);
    if (entry !== 0) this.#db.entries.setAccessClock(entry, clock);
  }

  #nowSeconds(): number {
    return Math.floor(this.#db.core.readI64(NOW) / 1000);
  }
}
