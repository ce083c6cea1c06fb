/**
 * The watchdog: which actors' event loops stand still.
 *
 * It looks at each actor's beat counter and remembers when it last moved. A watcher that was itself
 * held up (garbage collection, a suspended machine) must not blame others for its own absence: after
 * a gap in its own rounds it starts counting afresh.
 */
import type { Millis } from '../base/time.js';

export interface WatchdogVerdict {
  /** Stand still since longer than the timeout; each named once per standstill. */
  readonly stalled: readonly string[];
  /** Were named before, and beat again. */
  readonly recovered: readonly string[];
}

interface Watched {
  beats: number;
  movedAt: Millis;
  isStalled: boolean;
}

export class Watchdog {
  readonly #timeoutMs: Millis;
  readonly #watched = new Map<string, Watched>();
  #lastRoundAt: Millis | null = null;

  /** @param timeoutMs - a loop that has not turned for longer than this stands still. */
  constructor(timeoutMs: Millis) {
    this.#timeoutMs = timeoutMs;
  }

  /** Watch an actor from `now` on; a new life starts with a clean sheet. */
  add(id: string, beats: number, now: Millis): void {
    this.#watched.set(id, { beats, movedAt: now, isStalled: false });
  }

  remove(id: string): void {
    this.#watched.delete(id);
  }

  /**
   * One round.
   *
   * @param readBeats - the actor's counter now.
   * @param now - monotonic ms. Rounds should come several times per timeout.
   */
  check(readBeats: (id: string) => number, now: Millis): WatchdogVerdict {
    const wasAway = this.#lastRoundAt !== null && now - this.#lastRoundAt > this.#timeoutMs / 2;
    this.#lastRoundAt = now;
    const stalled: string[] = [];
    const recovered: string[] = [];
    for (const [id, watched] of this.#watched) {
      const beats = readBeats(id);
      if (beats !== watched.beats) {
        if (watched.isStalled) recovered.push(id);
        Object.assign(watched, { beats, movedAt: now, isStalled: false });
      } else if (wasAway) {
        watched.movedAt = now;
      } else if (!watched.isStalled && now - watched.movedAt > this.#timeoutMs) {
        watched.isStalled = true;
        stalled.push(id);
      }
    }
    return { stalled, recovered };
  }
}
