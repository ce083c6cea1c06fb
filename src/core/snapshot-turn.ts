/**
 * Whose turn it is to take a snapshot: the core makes one at a time, and replicas that begin anew
 * want one as well as files do.
 *
 * Whoever finds it taken waits to be told that it is free (a save begun by hand is refused instead,
 * as in Redis). What cannot wait, the last save before the end, takes it away.
 */

export interface SnapshotHolder {
  /** `rdb`: it counts as a save, be it for replicas. `aof`: the append-only file's base. */
  readonly kind: 'rdb' | 'aof';
  /** Unix seconds; absent: it is over before it could be asked for. */
  readonly startedAtSeconds?: number;
  /** Another takes the turn: end the core's snapshot now, and give up what it was for. */
  giveUp(reason: string): void;
  /** All keys were deleted at once. Absent: the snapshot is wanted as it is. */
  onFlushed?(): void;
}

export class SnapshotTurn {
  #holder: SnapshotHolder | null = null;
  /** Snapshots that were begun beside commands: for each of them Redis would fork. */
  begun = 0;
  readonly #waiting: ((before: SnapshotHolder) => void)[] = [];

  get isTaken(): boolean {
    return this.#holder !== null;
  }

  /** Who has it; null: it is free. */
  get holder(): SnapshotHolder | null {
    return this.#holder;
  }

  /** @returns false: another has it. */
  take(holder: SnapshotHolder): boolean {
    if (this.#holder !== null) return false;
    this.begun += 1;
    this.#holder = holder;
    return true;
  }

  /** Take it from whoever has it. */
  seize(holder: SnapshotHolder, reason: string): void {
    const before = this.#holder;
    this.#holder = holder; // Already: no other can take it in between.
    before?.giveUp(reason);
  }

  /** All keys were deleted at once: whoever makes a snapshot of them may not want it any more. */
  onFlushed(): void {
    this.#holder?.onFlushed?.();
  }

  /** Nothing happens if another has it. */
  giveBack(holder: SnapshotHolder): void {
    if (this.#holder !== holder) return;
    this.#holder = null;
    for (const tell of this.#waiting) tell(holder);
  }

  /** Call this each time it becomes free, with who had it. */
  whenFree(tell: (before: SnapshotHolder) => void): void {
    this.#waiting.push(tell);
  }
}
