/**
 * Following: read the master's ring, a few slices a turn of the loop, and wait for more when it is
 * empty: parked, to be woken by the next batch, or, while the stream is fast (pace.ts), lingering
 * for two milliseconds. A wake ends either.
 */
import type { RingReader } from '../../backlog/ring-reader.js';
import type { Applier } from '../apply.js';
import type { ReplicationEnvironment } from '../environment.js';
import type { StreamEnd } from '../master-session.js';
import { LINGER_MS, Pace } from './pace.js';
import { type ApplyResult, RingApplier } from './ring-applier.js';

/** Slices applied in a turn of the loop, so that clients and frames get theirs. */
const SLICES_PER_TURN = 4;
/** Ms after which a stream that must wait is looked at again. */
const HELD_MS = 10;

/** What is being followed. */
export interface Followed {
  readonly reader: RingReader;
  /** The ring's HISTORY number, from the handshake. */
  readonly history: number;
}

export interface FollowerOwner {
  /** @returns what to follow at this moment, or null: nothing, or not now. */
  followed(): Followed | null;
  /** A slice was applied and published. */
  onApplied(followed: Followed, bytes: number): void;
  /** The ring cannot be followed any further. */
  onEnd(end: StreamEnd): void;
}

export class Follower {
  readonly #env: ReplicationEnvironment;
  readonly #owner: FollowerOwner;
  readonly #applier: RingApplier;
  readonly #pace = new Pace();
  #appliedBytes = 0;
  #isScheduled = false;
  /** Calls off the look that is due; null: none is. */
  #cancelLinger: (() => void) | null = null;

  constructor(env: ReplicationEnvironment, applier: Applier, owner: FollowerOwner) {
    this.#env = env;
    this.#owner = owner;
    this.#applier = new RingApplier(env, applier);
  }

  /** Read on, in a turn of its own. */
  schedule(): void {
    if (this.#isScheduled) return;
    this.#endLinger();
    this.#isScheduled = true;
    this.#env.soon(() => {
      this.#isScheduled = false;
      this.#follow();
    });
  }

  /** Leave a ring: want no wake from it, and do not look at it again. */
  leave({ reader }: Followed): void {
    this.#endLinger();
    reader.unpark(this.#env.ownIndex);
  }

  /** Apply what comes next, now. */
  slice(followed: Followed): ApplyResult {
    const { core } = this.#env;
    const before = core.head();
    const result = this.#applier.slice(followed.reader, followed.history);
    if (result !== 'applied') return result;
    const bytes = core.head() - before;
    this.#appliedBytes += bytes;
    this.#owner.onApplied(followed, bytes);
    return result;
  }

  #follow(): void {
    if (this.#env.isHeld?.() === true) {
      this.#endLinger();
      this.#lookLater(HELD_MS);
      return;
    }
    for (let slices = 0; slices < SLICES_PER_TURN; slices++) {
      const followed = this.#owner.followed();
      if (followed === null) return;
      const result = this.slice(followed);
      if (result === 'applied') continue;
      if (result === 'empty') this.#wait(followed);
      else if (result === 'moved') this.schedule();
      else this.#owner.onEnd(result);
      return;
    }
    this.schedule();
  }

  #wait({ reader }: Followed): void {
    const { clock, core, ownIndex } = this.#env;
    if (!this.#pace.isFast(clock.monotonicMs(), this.#appliedBytes)) {
      if (!reader.park(ownIndex, core.head())) this.schedule();
      return;
    }
    this.#endLinger();
    this.#lookLater(LINGER_MS);
  }

  #lookLater(delayMs: number): void {
    this.#cancelLinger = this.#env.later(delayMs, () => {
      this.#cancelLinger = null;
      this.#follow();
    });
  }

  #endLinger(): void {
    this.#cancelLinger?.();
    this.#cancelLinger = null;
  }
}
