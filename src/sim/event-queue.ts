/** Virtual time: what happens next, in order of time, and of insertion where times are equal. */
import type { Millis } from '../base/time.js';

interface Entry {
  readonly at: Millis;
  readonly order: number;
  readonly run: () => void;
}

/** A binary heap of things to do, and the clock that they move. */
export class EventQueue {
  now: Millis = 0;
  #heap: Entry[] = [];
  #order = 0;

  /** Do it at this moment; in the past means now. */
  at(at: Millis, run: () => void): void {
    const entry = { at: Math.max(at, this.now), order: this.#order++, run };
    let index = this.#heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, this.#heap[parent]!)) break;
      this.#heap[index] = this.#heap[parent]!;
      index = parent;
    }
    this.#heap[index] = entry;
  }

  /** Do what is next. @returns false if it would be after the limit, or if there is nothing. */
  step(limit: Millis): boolean {
    const first = this.#heap[0];
    if (first === undefined || first.at > limit) return false;
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) this.#sink(last);
    this.now = first.at;
    first.run();
    return true;
  }

  #sink(entry: Entry): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, entry)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = entry;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
