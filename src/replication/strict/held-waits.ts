/** Who waits for a majority to hold what was published: in the order of offsets. */
export class HeldWaits {
  #waiting: { readonly offset: number; readonly onEnd: (isHeld: boolean) => void }[] = [];
  /** How many at the front have been told. */
  #told = 0;

  get isEmpty(): boolean {
    return this.#told === this.#waiting.length;
  }

  /** The lowest offset that is waited for; -1: none. */
  get next(): number {
    return this.#waiting[this.#told]?.offset ?? -1;
  }

  /** @param offset - not lower than any before. */
  add(offset: number, onEnd: (isHeld: boolean) => void): void {
    this.#waiting.push({ offset, onEnd });
  }

  /** The stream is held up to there. */
  release(heldTo: number): void {
    for (let next = this.#waiting[this.#told]; next !== undefined;) {
      if (next.offset > heldTo) break;
      this.#told += 1;
      next.onEnd(true);
      next = this.#waiting[this.#told];
    }
    if (this.#told < 1000 && !this.isEmpty) return;
    this.#waiting = this.#waiting.slice(this.#told);
    this.#told = 0;
  }

  /** Nothing will be held any more that is not. */
  fail(): void {
    const waiting = this.#waiting.slice(this.#told);
    this.#waiting = [];
    this.#told = 0;
    for (const { onEnd } of waiting) onEnd(false);
  }
}
