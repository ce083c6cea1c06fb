/**
 * The partition matrix: which pairs of actors do not hear each other.
 *
 * A simulated network has no cable to pull, so every thread asks this shared matrix before it
 * sends, delivers, reads a ring or sets a fence. A cut is symmetric: one that blocks a single
 * direction is not offered, because a ring read has no direction.
 *
 *   64 rows × 2 u32, atomic. Bit b of row a (word b >> 5, bit b & 31): a and b are cut.
 *
 * Index 63 is the main thread (the actor system, in-process clients): a spectator, never cut.
 */
import { assert } from '../base/assert.js';

/** Actors, the main thread included, that one cluster can hold: the bits of a row. */
export const MAX_ACTORS = 64;
/** The main thread's index. */
export const MAIN_INDEX = 63;

const WORDS_PER_ROW = 2;
const BYTES = MAX_ACTORS * WORDS_PER_ROW * 4;

export class PartitionMatrix {
  /** What to post to other threads; construct there with it. */
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    assert(buffer.byteLength === BYTES, 'not a partition matrix');
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  /** Cut the pair. A pair of the same actor cannot be cut. */
  cut(a: number, b: number): void {
    checkPair(a, b);
    assert(a !== MAIN_INDEX && b !== MAIN_INDEX, 'the main thread cannot be cut off');
    Atomics.or(this.#words, wordOf(a, b), bitOf(b));
    Atomics.or(this.#words, wordOf(b, a), bitOf(a));
  }

  /** Heal the pair. */
  heal(a: number, b: number): void {
    checkPair(a, b);
    Atomics.and(this.#words, wordOf(a, b), ~bitOf(b));
    Atomics.and(this.#words, wordOf(b, a), ~bitOf(a));
  }

  healAll(): void {
    for (let word = 0; word < this.#words.length; word += 1) Atomics.store(this.#words, word, 0);
  }

  isCut(a: number, b: number): boolean {
    return (Atomics.load(this.#words, wordOf(a, b)) & bitOf(b)) !== 0;
  }
}

function wordOf(row: number, column: number): number {
  return row * WORDS_PER_ROW + (column >> 5);
}

function bitOf(column: number): number {
  return 1 << (column & 31);
}

function checkPair(a: number, b: number): void {
  for (const index of [a, b]) {
    assert(Number.isInteger(index) && index >= 0 && index < MAX_ACTORS, 'an index is 0 to 63');
  }
  assert(a !== b, 'an actor cannot be cut from itself');
}
