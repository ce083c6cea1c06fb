/**
 * What a writer and its reader threads tell each other, in shared memory: it outlives any of them.
 */

/** Batches whose times of acknowledgement are kept. */
export const TIMES = 1 << 16;
const HEADER = 16;

export class Board {
  readonly buffer: SharedArrayBuffer;
  readonly #numbers: Float64Array;

  constructor(buffer = new SharedArrayBuffer((HEADER + TIMES) * 8)) {
    this.buffer = buffer;
    this.#numbers = new Float64Array(buffer);
  }

  /** Non-zero: readers are to end. */
  get isOver(): boolean {
    return this.#numbers[0] !== 0;
  }

  end(): void {
    this.#numbers[0] = 1;
  }

  /** The last batch that was acknowledged; a thread's own clock says when. */
  get acked(): number {
    return this.#numbers[1]!;
  }

  ack(batch: number, atMs: number): void {
    this.#numbers[HEADER + (batch % TIMES)] = atMs;
    this.#numbers[1] = batch;
  }

  /** All keys are deleted from now on, until flushed(). */
  flush(atMs: number): void {
    this.#numbers[3] = Infinity;
    this.#numbers[2] = atMs;
  }

  flushed(atMs: number): void {
    this.#numbers[3] = atMs;
  }

  /**
   * Whether keys may be gone for a read that began and ended then, by what was `boundMs` before.
   */
  isFlushing(beganMs: number, endedMs: number, boundMs: number): boolean {
    return endedMs >= this.#numbers[2]! && beganMs <= this.#numbers[3]! + boundMs;
  }

  ackedAt(batch: number): number {
    return this.#numbers[HEADER + (batch % TIMES)]!;
  }
}

/** One reader thread's counts. */
export class Tally {
  readonly buffer: SharedArrayBuffer;
  readonly #numbers: Float64Array;

  constructor(buffer = new SharedArrayBuffer(64)) {
    this.buffer = buffer;
    this.#numbers = new Float64Array(buffer);
  }

  get reads(): number {
    return this.#numbers[0]!;
  }

  get hits(): number {
    return this.#numbers[1]!;
  }

  /** Of the reads, those that threw. */
  get failures(): number {
    return this.#numbers[2]!;
  }

  /** ms that a single read took at most. */
  get longestMs(): number {
    return this.#numbers[3]!;
  }

  add(reads: number, hits: number, failures: number, longestMs: number): void {
    this.#numbers[0]! += reads;
    this.#numbers[1]! += hits;
    this.#numbers[2]! += failures;
    this.#numbers[3] = Math.max(this.#numbers[3]!, longestMs);
  }
}
