/** Clients that WAIT blocks: by the rules of wait.ts, on this node's clock. */
import type { RingOwner } from '../backlog/ring-owner.js';
import type { Millis } from '../base/time.js';
import { ReplyError } from '../resp/reply.js';
import type { ReplicationEnvironment } from './environment.js';
import { type Waiter, settleWaiters } from './wait.js';

interface BlockedClient extends Waiter {
  answer(replicas: number): void;
  fail(error: Error): void;
  cancelTimer(): void;
}

const UNBLOCKED =
  'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)';

export class AckWaiters {
  readonly #env: ReplicationEnvironment;
  readonly #owner: RingOwner;
  readonly #offsets: () => readonly number[];
  #blocked: readonly BlockedClient[] = [];
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
    return this.#blocked.length === 0;
  }

  /**
   * Block until enough replicas have `offset`.
   *
   * @param onBlocked - called if there is something to be waited for.
   */
  wait(
    numReplicas: number,
    timeoutMs: Millis,
    offset: number,
    onBlocked: () => void,
  ): Promise<number> {
    const { clock } = this.#env;
    return new Promise((resolve, reject) => {
      const client: BlockedClient = {
        numReplicas,
        offset,
        deadlineAt: timeoutMs === 0 ? null : clock.monotonicMs() + timeoutMs,
        answer: resolve,
        fail: reject,
        cancelTimer: timeoutMs === 0 ? () => {} : this.#env.later(timeoutMs, () => this.settle()),
      };
      this.#blocked = [...this.#blocked, client];
      this.settle();
      if (this.#blocked.includes(client)) onBlocked();
    });
  }

  /**
   * Answer the blocked clients that can be. The offset to be notified of is stored before the
   * replicas' offsets are read once more: one that gets there in between is seen here, a later one
   * sees it.
   */
  settle(): void {
    while (this.#blocked.length > 0 || this.#notifyAt !== -1) {
      const now = this.#env.clock.monotonicMs();
      const outcome = settleWaiters(this.#blocked, this.#offsets(), now);
      this.#blocked = outcome.waiting;
      for (const { waiter, replicas } of outcome.answered) {
        waiter.cancelTimer();
        waiter.answer(replicas);
      }
      if (outcome.notifyAt === this.#notifyAt) return;
      this.#notifyAt = outcome.notifyAt;
      this.#owner.setNotifyAt(this.#notifyAt);
    }
  }

  /** This node is no master any more: they will get no answer. */
  failAll(): void {
    const blocked = this.#blocked;
    this.#blocked = [];
    for (const client of blocked) {
      client.cancelTimer();
      client.fail(new ReplyError(UNBLOCKED));
    }
    this.settle();
  }
}
