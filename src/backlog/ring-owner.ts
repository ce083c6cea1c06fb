/**
 * The owner's side of the shared words that TypeScript, not the core, looks after: who is parked,
 * which acknowledgement is wanted, the sign of life, and the number of the history.
 *
 * The ring itself is written by the core (src/core/assembly/stream). `ring-reader.ts` has the byte
 * map and the protocol that both sides keep to.
 */
import type { SharedMemory } from '../base/shared-memory.js';
import { HEARTBEAT, HISTORY, NOTIFY_AT, PARKED } from '../core/assembly/layout.js';

export class RingOwner {
  readonly #words: Int32Array;
  readonly #longs: BigInt64Array;

  /** @param memory - the owner's; its words never move, so growth is of no concern here. */
  constructor(memory: SharedMemory) {
    this.#words = new Int32Array(memory.buffer);
    this.#longs = new BigInt64Array(memory.buffer);
  }

  /**
   * Take the list of those who want a wake, emptying it. To be called after a publish.
   *
   * @param visit - gets each actor's index.
   */
  takeParked(visit: (index: number) => void): void {
    for (let half = 0; half < 2; half++) {
      const at = (PARKED >> 2) + half;
      // Mostly no replica is parked: a load does not take the cache line from the readers, an
      // exchange would.
      if (Atomics.load(this.#words, at) === 0) continue;
      let bits = Atomics.exchange(this.#words, at, 0);
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits);
        visit(half * 32 + bit);
        bits &= bits - 1;
      }
    }
  }

  /** Whether a replica wants a wake at this moment. */
  hasParked(): boolean {
    const at = PARKED >> 2;
    return (Atomics.load(this.#words, at) | Atomics.load(this.#words, at + 1)) !== 0;
  }

  /** Ask replicas whose head reaches `offset` for an ack; -1: ask none. */
  setNotifyAt(offset: number): void {
    Atomics.store(this.#longs, NOTIFY_AT >> 3, BigInt(offset));
  }

  /** @param unixMs - now. */
  beat(unixMs: number): void {
    Atomics.store(this.#longs, HEARTBEAT >> 3, BigInt(Math.floor(unixMs)));
  }

  history(): number {
    return Atomics.load(this.#words, HISTORY >> 2);
  }

  /** The bytes published from now on belong to another history. */
  nextHistory(): void {
    Atomics.add(this.#words, HISTORY >> 2, 1);
  }
}
