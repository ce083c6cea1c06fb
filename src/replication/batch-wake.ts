/**
 * The wake of replicas behind batches of client input: once a turn of the loop, so that batches
 * that came together make one, and their clients are answered first.
 */
import type { RingOwner } from '../backlog/ring-owner.js';
import type { ReplicationEnvironment } from './environment.js';
import type { ReplicaFeed } from './replica-feed.js';

export class BatchWake {
  readonly #env: ReplicationEnvironment;
  readonly #owner: RingOwner;
  readonly #feed: ReplicaFeed;
  #isScheduled = false;
  /** The head at the last wake. */
  #wokenAt = -1;

  constructor(env: ReplicationEnvironment, owner: RingOwner, feed: ReplicaFeed) {
    this.#env = env;
    this.#owner = owner;
    this.#feed = feed;
  }

  /** A batch is published: wake once this turn of the loop is over. */
  schedule(): void {
    if (this.#isScheduled || !this.#isDue()) return;
    this.#isScheduled = true;
    this.#env.soon(() => {
      this.#isScheduled = false;
      this.wakeNow();
    });
  }

  wakeNow(): void {
    this.#wokenAt = this.#env.core.head();
    this.#feed.wake();
  }

  /** Whether replicas wait for the stream, and something was published since the last wake. */
  #isDue(): boolean {
    if (this.#env.core.head() === this.#wokenAt) return false;
    return this.#feed.hasRemote || this.#owner.hasParked();
  }
}
