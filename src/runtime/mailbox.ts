/**
 * A mailbox: a bounded queue, first in first out, in one thread.
 *
 * A full mailbox refuses, and says so: a queue without a bound turns an overload into a slow death
 * by memory, and a silent drop hides it.
 */
import { assert } from '../base/assert.js';

export type OfferResult = 'accepted' | 'full';

export class Mailbox<Message> {
  readonly #capacity: number;
  // A ring over an array: shift() on a plain array moves every element.
  readonly #slots: (Message | undefined)[] = [];
  #head = 0;
  #size = 0;

  /** @param capacity - messages; at least 1. */
  constructor(capacity: number) {
    assert(Number.isInteger(capacity) && capacity >= 1, 'a mailbox holds at least one message');
    this.#capacity = capacity;
  }

  /** Messages waiting. */
  get size(): number {
    return this.#size;
  }

  /** @returns 'full' if the bound is reached; the message is then not in the mailbox. */
  offer(message: Message): OfferResult {
    if (this.#size === this.#capacity) return 'full';
    this.#slots[(this.#head + this.#size) % this.#capacity] = message;
    this.#size += 1;
    return 'accepted';
  }

  /** @returns the oldest message, or undefined if there is none. */
  take(): Message | undefined {
    if (this.#size === 0) return undefined;
    const message = this.#slots[this.#head];
    this.#slots[this.#head] = undefined; // Let go of it: the slot may stay unused for long.
    this.#head = (this.#head + 1) % this.#capacity;
    this.#size -= 1;
    return message;
  }
}
