/**
 * The watchdog: which actors' event loops stand still.
 *
 * It looks at when each actor's heart last beat and remembers when that last changed. A watcher
 * that was itself held up (garbage collection, a suspended machine) must not blame others for its
 * own absence: after a gap in its own rounds it starts counting afresh.
 */
import type { Millis } from '../base/time.js';

/** Between two rounds, as parts of the timeout. A beat is due in each calm round. */
const CALM_ROUND = 1 / 2;
const DOUBTFUL_ROUND = 1 / 8;

/** The last sign of an actor's heart. */
export interface Beat {
  /** A number that differs from one beat to the next. */
  readonly beat: number;
  /** ms ago. */
  readonly ageMs: Millis;
}

export interface WatchdogVerdict {
  /** Stand still since longer than the timeout; each named once per standstill. */
  readonly stalled: readonly string[];
  /** Were named before, and beat again. */
  readonly recovered: readonly string[];
  /** ms until the next round: few rounds while all loops turn, and many once one seems not to. */
  readonly nextMs: Millis;
}

interface Watched {
  beat: number;
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
  add(id: string, beat: number, now: Millis): void {
    this.#watched.set(id, { beat, movedAt: now, isStalled: false });
  }

  remove(id: string): void {
    this.#watched.delete(id);
  }

  /**
   * One round.
   *
   * @param read - of each actor's heart.
   * @param now - monotonic ms.
   */
  check(read: (id: string) => Beat, now: Millis): WatchdogVerdict {
    const gapMs = this.#lastRoundAt === null ? 0 : now - this.#lastRoundAt;
    const wasAway = gapMs > CALM_ROUND * this.#timeoutMs + this.#timeoutMs / 4;
    this.#lastRoundAt = now;
    const stalled: string[] = [];
    const recovered: string[] = [];
    let doubtful = false;
    for (const [id, watched] of this.#watched) {
      const { beat, ageMs } = read(id);
      if (beat !== watched.beat) {
        if (watched.isStalled) recovered.push(id);
        // Since the last round, whatever two threads' clocks say.
        const movedAt = now - Math.min(Math.max(ageMs, 0), gapMs);
        Object.assign(watched, { beat, movedAt, isStalled: false });
        continue;
      }
      doubtful = true;
      if (wasAway) {
        watched.movedAt = now;
      } else if (!watched.isStalled && now - watched.movedAt > this.#timeoutMs) {
        watched.isStalled = true;
        stalled.push(id);
      }
    }
    const nextMs = this.#timeoutMs * (doubtful ? DOUBTFUL_ROUND : CALM_ROUND);
    return { stalled, recovered, nextMs };
  }
}
