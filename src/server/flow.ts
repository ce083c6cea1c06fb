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
}
