/** What is seen of a storm (storm.ts), by the sentinels' events. */
import type { Millis } from '../base/time.js';
import type { SentinelEffect } from '../sentinel/messages.js';
import type { Observer } from './observer.js';
import type { SimSentinel } from './sim-sentinel.js';
import type { World } from './world.js';

/** What came of a storm; times are ms from the deaths. */
export interface StormResult {
  readonly died: number;
  /** When a sentinel was first elected to replace each of them, in order of time. */
  readonly electedMs: readonly Millis[];
  /** When all sentinels had named its successor, in order of time. */
  readonly agreedMs: readonly Millis[];
  /** Candidacies that ended without a leader. */
  readonly splitVotes: number;
  readonly epochs: number;
}

export class StormWatch implements Observer {
  readonly #world: World;
  #died = 0;
  #beganAt: Millis = 0;
  #firstEpoch = 0;
  #splitVotes = 0;
  readonly #elected = new Map<string, Millis>();
  /** By group: the sentinels that have named another master. */
  readonly #named = new Map<string, Set<SimSentinel>>();
  readonly #agreed: Millis[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** So many masters die now. */
  begin(died: number): void {
    this.#died = died;
    this.#beganAt = this.#world.nowMs;
    this.#firstEpoch = this.#epoch();
  }

  /** Masters whose successor all sentinels name. */
  get replaced(): number {
    return this.#agreed.length;
  }

  get isOver(): boolean {
    return this.replaced === this.#died;
  }

  result(): StormResult {
    return {
      died: this.#died,
      electedMs: [...this.#elected.values()],
      agreedMs: this.#agreed,
      splitVotes: this.#splitVotes,
      epochs: this.#epoch() - this.#firstEpoch,
    };
  }

  note(): void {}

  log(): void {}

  effect(sentinel: SimSentinel, effect: SentinelEffect): void {
    if (effect.type !== 'event') return;
    const [first = '', second = ''] = effect.payload.split(' ');
    const atMs = this.#world.nowMs - this.#beganAt;
    if (effect.channel === '-failover-abort-not-elected') this.#splitVotes++;
    else if (effect.channel === '+elected-leader') {
      if (!this.#elected.has(second)) this.#elected.set(second, atMs);
    } else if (effect.channel === '+switch-master') this.#switched(first, sentinel, atMs);
  }

  #switched(group: string, sentinel: SimSentinel, atMs: Millis): void {
    const named = this.#named.get(group) ?? new Set();
    this.#named.set(group, named);
    const before = named.size;
    named.add(sentinel);
    if (before < named.size && named.size === this.#world.sentinels.length) this.#agreed.push(atMs);
  }

  /** The newest that any sentinel has heard of. */
  #epoch(): number {
    return Math.max(...this.#world.sentinels.map(({ state }) => state?.currentEpoch ?? 0));
  }
}
