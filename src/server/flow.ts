/** What replies wait for on a strict cluster's node. @see src/replication/strict/strict.ts */
export interface Majority {
  /** Whether a majority holds the stream up to there, and follows this node at this moment. */
  holds(offset: number): boolean;
  /** @param onEnd - told true once it does; false if that will never be known. */
  wait(offset: number, onEnd: (isHeld: boolean) => void): void;
}

/** What a batch of commands has to do with replication: asked before it, told after it. */
export interface BatchFlow {
  /**
   * May so many bytes of input be executed now?
   *
   * @returns 0: yes; else ms after which to ask again, leaving the input alone until then.
   */
  holdFor(inputBytes: number): number;
  /** Publishing failed: another node was promoted over this one. */
  onFenced(): void;
  /** A batch has been published: wake who waits for it. */
  onBatchEnd(): void;
  /** So many bytes are about to be appended to the stream at once, a transaction's. */
  makeRoom(bytes: number): void;
  /**
   * Replies that acknowledge writes wait until these are on the disk, where that is wanted.
   *
   * @param send - called once they are; not, if false is returned: nothing has to be waited for.
   */
  awaitDisk(send: () => void): boolean;
  /** What replies about data wait for; null: nothing. */
  readonly majority: Majority | null;
  /** Have them on the disk now, for a reply that cannot wait. */
  syncNow(): void;
}
