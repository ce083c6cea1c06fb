/**
 * When a master gives its backlog up: no replica has followed it for so long that none will go on
 * from where it was.
 *
 * The ring stays, it is the way of every write; what is given up is the promise to continue from
 * it. So the history gets another name, under which no older offset means anything.
 *
 * @see redis/redis 7.0 src/replication.c, replicationCron(), and `repl-backlog-ttl`
 */
import type { Millis } from '../base/time.js';

export interface BacklogView {
  readonly isMaster: boolean;
  readonly replicas: number;
  /** Seconds; 0: never. */
  readonly ttlSeconds: number;
}

export class BacklogTtl {
  /** Since when there has been no replica; monotonic ms. */
  #aloneSince: Millis;
  #isActive = true;

  constructor(now: Millis) {
    this.#aloneSince = now;
  }

  /** Whether there is a backlog to continue from. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** A replica follows, or this node has a master. */
  use(): void {
    this.#isActive = true;
  }

  /** To be called at each turn of the cron. @returns whether it is to be given up now. */
  isOver({ isMaster, replicas, ttlSeconds }: BacklogView, now: Millis): boolean {
    if (!isMaster || replicas > 0) {
      this.#aloneSince = now;
      this.#isActive = true;
      return false;
    }
    if (!this.#isActive || ttlSeconds === 0) return false;
    if (now - this.#aloneSince <= ttlSeconds * 1000) return false;
    this.#isActive = false;
    return true;
  }
}

/** What the log says then, in Redis' words. */
export function backlogFreed(ttlSeconds: number): string {
  return `Replication backlog freed after ${ttlSeconds} seconds without connected replicas.`;
}
