/**
 * Control words: what main thread and actors tell each other when no message can be read.
 *
 * A frozen thread reads no message, and a busy one answers none; both can still be seen and held
 * through memory. One cache line per actor, so that one actor's beats do not slow another's.
 *
 *   offset index × 64:
 *     +0  i32, atomic  FREEZE: 1 while the actor must stand still; its thread waits on this word.
 *     +4  u32, atomic  BEAT_AT: when the actor's event loop last said that it turns: processMs().
 *     +8  i32, atomic  FROZEN: 1 while the thread stands still (it has seen FREEZE).
 *     +12 i32, atomic  SILENT: 1 if the sentinels are to find the thread's end by silence alone.
 */
import { assert } from '../base/assert.js';
import type { Millis } from '../base/time.js';
import { MAX_ACTORS } from './partition.js';

const BYTES_PER_ACTOR = 64;
const WORDS_PER_ACTOR = BYTES_PER_ACTOR / 4;
const FREEZE = 0;
const BEAT_AT = 1;
const FROZEN = 2;
const SILENT = 3;

/**
 * ms on a clock that all threads of the process read alike, modulo 2^32. A change of the system's
 * time between two threads' starts sets their clocks apart: who compares must bear that.
 */
export function processMs(): number {
  return Math.floor(performance.timeOrigin + performance.now()) >>> 0;
}

export class ControlWords {
  /** What to post to other threads; construct there with it. */
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(MAX_ACTORS * BYTES_PER_ACTOR)) {
    assert(buffer.byteLength === MAX_ACTORS * BYTES_PER_ACTOR, 'not control words');
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  /** Actor's side: sign of life. */
  beat(index: number): void {
    Atomics.store(this.#words, index * WORDS_PER_ACTOR + BEAT_AT, processMs());
  }

  /** Watcher's side: a number that changes while the actor's loop turns. */
  beatAt(index: number): number {
    return Atomics.load(this.#words, index * WORDS_PER_ACTOR + BEAT_AT) >>> 0;
  }

  /** @returns ms since the actor's last beat; negative: its thread's clock is ahead of ours. */
  beatAgeMs(index: number): Millis {
    return (processMs() - this.beatAt(index)) | 0;
  }

  /** Operator's side: the actor stands still from its next freeze point on. */
  freeze(index: number): void {
    Atomics.store(this.#words, index * WORDS_PER_ACTOR + FREEZE, 1);
  }

  /** Operator's side: let it go on. */
  thaw(index: number): void {
    Atomics.store(this.#words, index * WORDS_PER_ACTOR + FREEZE, 0);
    Atomics.notify(this.#words, index * WORDS_PER_ACTOR + FREEZE);
  }

  /** Whether the thread stands still at this moment. */
  isFrozen(index: number): boolean {
    return Atomics.load(this.#words, index * WORDS_PER_ACTOR + FROZEN) === 1;
  }

  /** Actor's side: block this thread for as long as FREEZE says. Returns at once if it does not. */
  freezePoint(index: number): void {
    const word = index * WORDS_PER_ACTOR + FREEZE;
    if (Atomics.load(this.#words, word) === 0) return;
    Atomics.store(this.#words, index * WORDS_PER_ACTOR + FROZEN, 1);
    while (Atomics.load(this.#words, word) === 1) Atomics.wait(this.#words, word, 1);
    Atomics.store(this.#words, index * WORDS_PER_ACTOR + FROZEN, 0);
  }

  /** Main thread's side: how the end of the actor's thread is to be noticed. */
  setSilent(index: number, isSilent: boolean): void {
    Atomics.store(this.#words, index * WORDS_PER_ACTOR + SILENT, isSilent ? 1 : 0);
  }

  /** Sentinel's side: whether what is known of the actor's thread is not to be used. */
  isSilent(index: number): boolean {
    return Atomics.load(this.#words, index * WORDS_PER_ACTOR + SILENT) === 1;
  }

  /** Main thread's side, before a new thread takes over the index. */
  reset(index: number): void {
    this.thaw(index);
    Atomics.store(this.#words, index * WORDS_PER_ACTOR + FROZEN, 0);
  }
}
