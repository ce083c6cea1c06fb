/**
 * How old what a replica says can be, told from replication offsets alone.
 *
 * Whoever reads notes now and then how far the master was (its offset) and when. A replica whose
 * offset is at least the one noted at time t has all that the master had at t: what it says is at
 * most now - t old. One that has all that the master has now is as fresh as the master. The bound
 * is never too small; it is too large by what passed since the last note.
 */
import type { Millis } from '../base/time.js';

/** Notes kept; the oldest of them is what the bound can reach back to. */
const NOTES = 256;

export class Freshness {
  readonly #at = new Float64Array(NOTES);
  readonly #offset = new Float64Array(NOTES);
  #count = 0;
  #next = 0;

  /**
   * The master stood at this offset at that moment; both never go back but at a change of master.
   */
  note(nowMs: Millis, offset: number): void {
    const last = (this.#next + NOTES - 1) % NOTES;
    if (this.#count > 0) {
      if (offset < this.#offset[last]! || nowMs < this.#at[last]!) this.clear();
      // Not twice a ms; and while nothing is written, one note moves on.
      else if (nowMs === this.#at[last]) return;
      else if (offset === this.#offset[last]) {
        this.#at[last] = nowMs;
        return;
      }
    }
    this.#at[this.#next] = nowMs;
    this.#offset[this.#next] = offset;
    this.#next = (this.#next + 1) % NOTES;
    this.#count = Math.min(this.#count + 1, NOTES);
  }

  /** Another master, whose offsets are of another history. */
  clear(): void {
    this.#count = 0;
    this.#next = 0;
  }

  /**
   * @param offset - the replica's.
   * @param masterOffset - the master's now.
   * @returns ms that what the replica says is old at most; Infinity: nothing is known.
   */
  staleMs(nowMs: Millis, offset: number, masterOffset: number): Millis {
    if (offset >= masterOffset) return 0;
    for (let back = 1; back <= this.#count; back++) {
      const i = (this.#next + NOTES - back) % NOTES;
      if (this.#offset[i]! <= offset) return Math.max(0, nowMs - this.#at[i]!);
    }
    return Infinity;
  }
}
