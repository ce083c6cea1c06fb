/** Those who WAIT for replicas: by the rules of wait.ts, on this node's clock. */
import type { RingOwner } from '../backlog/ring-owner.js';
import type { Millis } from '../base/time.js';
import { ReplyError } from '../resp/reply.js';
import type { ReplicationEnvironment } from './environment.js';
import { type Waiter, settleWaiters } from './wait.js';

interface Sleeper extends Waiter {
  answer(replicas: number): void;
  fail(error: Error): void;
  cancelTimer(): void;
}

export class AckWaiters {
  readonly #env: ReplicationEnvironment;
  readonly #owner: RingOwner;
  readonly #offsets: () => readonly number[];
  #sleepers: readonly Sleeper[] = [];
  /** What NOTIFY_AT holds. */
  #notifyAt = -1;

  /** @param offsets - of the replicas online, as fresh as they can be had. */
  constructor(env: ReplicationEnvironment, owner: RingOwner, offsets: () => readonly number[]) {
    this.#env = env;
    this.#owner = owner;
    this.#offsets = offsets;
    owner.setNotifyAt(this.#notifyAt);
  }

  get isEmpty(): boolean {
    return this.#sleepers.length === 0;
  }

  /**
   * Sleep until enough replicas have `offset`.
   *
   * @param onSleep - called if there is something to be waited for.
   */
  wait(
    numReplicas: number,
    timeoutMs: Millis,
    offset: number,
    onSleep: () => void,
  ): Promise<number> {
    const { clock } = this.#env;
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = {
        numReplicas,
        offset,
        deadlineAt: timeoutMs === 0 ? null : clock.monotonicMs() + timeoutMs,
        answer: resolve,
        fail: reject,
        cancelTimer: timeoutMs === 0 ? () => {} : this.#env.later(timeoutMs, () => this.settle()),
      };
      this.#sleepers = [...this.#sleepers, sleeper];
      this.settle();
      if (this.#sleepers.includes(sleeper)) onSleep();
    });
  }

  /**
   * Answer the sleepers who can be. The offset to be notified of is stored before the replicas'
   * offsets are read once more: one that gets there in between is seen here, a later one sees it.
   */
  settle(): void {
    while (this.#sleepers.length > 0 || this.#notifyAt !== -1) {
      const now = this.#env.clock.monotonicMs();
      const outcome = settleWaiters(this.#sleepers, this.#offsets(), now);
      this.#sleepers = outcome.waiting;
      for (const { waiter, replicas } of outcome.answered) {
        waiter.cancelTimer();
        waiter.answer(replicas);
      }
      if (outcome.notifyAt === this.#notifyAt) return;
      this.#notifyAt = outcome.notifyAt;
      this.#owner.setNotifyAt(this.#notifyAt);
    }
  }

  /** This node is no master any more: nobody will answer them. @param error - as Redis words it. */
  failAll(error: string): void {
    const sleepers = this.#sleepers;
    this.#sleepers = [];
    for (const sleeper of sleepers) {
      sleeper.cancelTimer();
      sleeper.fail(new ReplyError(error));
    }
    this.settle();
  }
}
