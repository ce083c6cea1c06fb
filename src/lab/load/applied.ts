/**
 * When a write has been applied everywhere: by offsets, without a message.
 *
 * What a batch wrote lies at or below the master's offset at the moment its reply came. A replica
 * whose own offset has got there has applied it. Since the offset is read a little after the write
 * was published, other clients' writes may be below it too: what is measured is an upper bound.
 */
import type { SharedMemory } from '../../base/shared-memory.js';
import { replicationOffset } from '../../cluster/client/offset.js';

/** Batches that may wait at a time; more are not followed. A power of two. */
const SLOTS = 1 << 14;

export class AppliedWatch {
  #master: SharedMemory | null = null;
  #replicas: {
    readonly memory: SharedMemory;
    readonly record: (micros: number) => void;
    at: number;
  }[] = [];
  readonly #offsets = new Float64Array(SLOTS);
  readonly #issuedAt = new Float64Array(SLOTS);
  #end = 0;

  /** Watch these from now on; what was under way is forgotten. */
  watch(
    master: SharedMemory | null,
    replicas: readonly { memory: SharedMemory; record: (micros: number) => void }[],
  ): void {
    this.#master = master;
    this.#replicas = replicas.map((replica) => ({ ...replica, at: this.#end }));
  }

  /** Whether a replica has still to apply something. */
  get isPending(): boolean {
    return this.#replicas.some(({ at }) => at < this.#end);
  }

  /** A batch was answered just now. @param issuedAt - ms. */
  answered(issuedAt: number): void {
    if (this.#master === null || this.#replicas.length === 0) return;
    if (this.#replicas.some(({ at }) => this.#end - at >= SLOTS)) return;
    const slot = this.#end & (SLOTS - 1);
    this.#offsets[slot] = replicationOffset(this.#master);
    this.#issuedAt[slot] = issuedAt;
    this.#end += 1;
  }

  /** Look at the replicas. @param now - ms, on the clock of `answered`. */
  settle(now: number): void {
    for (const replica of this.#replicas) {
      if (replica.at === this.#end) continue;
      const offset = replicationOffset(replica.memory);
      while (replica.at < this.#end && this.#offsets[replica.at & (SLOTS - 1)]! <= offset) {
        replica.record((now - this.#issuedAt[replica.at & (SLOTS - 1)]!) * 1000);
        replica.at += 1;
      }
    }
  }
}
