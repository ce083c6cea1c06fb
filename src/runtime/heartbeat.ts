/**
 * An actor's heartbeat: the one timer that its thread has when nothing happens.
 *
 * Beats fall due in all threads together, a little before the whole multiples of their period: at
 * those the sentinels of the process look for them (`sentinel/probe.ts`, `pingsInStep`) and find
 * them fresh. So a node need not be woken to say PONG, and one that has just stopped is found
 * hardly later than by asking it.
 */
import type { Millis } from '../base/time.js';
import type { ControlWords } from './control.js';

/** How long before a multiple of the period a beat is due, as a part of it. */
const AHEAD = 0.1;
/** Two beats are at least this part of a period apart, however early a timer ends. */
const APART = 0.3;
/** ms within which a beat comes that is wanted soon: Redis' cron turns ten times a second. */
export const SOON_MS: Millis = 100;

/**
 * @param nowMs - on the clock that all threads share.
 * @returns ms until the next beat is due.
 */
export function untilBeat(nowMs: Millis, periodMs: Millis): Millis {
  const aheadMs = AHEAD * periodMs;
  const earliest = nowMs + APART * periodMs;
  return Math.ceil((earliest + aheadMs) / periodMs) * periodMs - aheadMs - nowMs;
}

/** @returns ms until the next whole multiple of the period, at which hearts are listened to. */
export function untilLook(nowMs: Millis, periodMs: Millis): Millis {
  // A timer may end a little early: that was the look.
  const earliest = nowMs + AHEAD * periodMs;
  return Math.ceil(earliest / periodMs) * periodMs - nowMs;
}

/** @returns whether a node's beat of so long ago is the last one that was due. */
export function isFreshBeat(ageMs: Millis, nowMs: Millis, periodMs: Millis): boolean {
  const aheadMs = AHEAD * periodMs;
  const sinceDueMs = (nowMs + aheadMs) % periodMs;
  // One that fell due just now may be under way; then it is the one before that counts.
  const sinceMs = sinceDueMs < aheadMs / 2 ? sinceDueMs + periodMs : sinceDueMs;
  return ageMs >= -1 && ageMs < sinceMs + 4 * aheadMs;
}

export class Heartbeat {
  readonly #control: ControlWords;
  readonly #index: number;
  readonly #periodMs: Millis;
  readonly #onBeat: (isSoon: boolean) => void;
  #timer: NodeJS.Timeout | null = null;
  #isSoon = false;

  /**
   * @param onBeat - after each beat: what is to be done now and then, in the same wake; told
   * whether soon() was called for it.
   */
  constructor(
    control: ControlWords,
    index: number,
    periodMs: Millis,
    onBeat: (isSoon: boolean) => void,
  ) {
    this.#control = control;
    this.#index = index;
    this.#periodMs = periodMs;
    this.#onBeat = onBeat;
  }

  /** Beat now, and from now on. */
  start(): void {
    const wasSoon = this.#isSoon;
    this.#timer = null;
    this.#isSoon = false;
    this.#control.beat(this.#index);
    this.#control.freezePoint(this.#index);
    this.#onBeat(wasSoon);
    this.#schedule();
  }

  /** The next beat, and this one only, comes within {@link SOON_MS}. */
  soon(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    if (this.#timer === null) return; // From within a beat, which is about to set it.
    clearTimeout(this.#timer);
    this.#schedule();
  }

  #schedule(): void {
    const dueMs = untilBeat(performance.timeOrigin + performance.now(), this.#periodMs);
    const delayMs = this.#isSoon ? Math.min(SOON_MS, dueMs) : dueMs;
    this.#timer = setTimeout(() => this.start(), delayMs).unref();
  }
}
