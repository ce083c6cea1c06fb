/** Clients that WAIT blocks: by the rules of wait.ts, on this node's clock. */
import type { RingOwner } from '../backlog/ring-owner.js';
import type { Millis } from '../base/time.js';
import { ReplyError } from '../resp/reply.js';
import type { ReplicationEnvironment } from './environment.js';
import type { Strict } from './strict/strict.js';
import { type Waiter, settleWaiters } from './wait.js';

interface BlockedClient extends Waiter {
  answer(replicas: number): void;
  fail(error: Error): void;
  cancelTimer(): void;
}

/** @returns the lower of two offsets of which -1 is none. */
function lower(one: number, other: number): number {
  return one === -1 || other === -1 ? Math.max(one, other) : Math.min(one, other);
}

const UNBLOCKED =
  'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)';

export class AckWaiters {
  readonly #env: ReplicationEnvironment;
  readonly #owner: RingOwner;
  readonly #offsets: () => readonly number[];
  readonly #strict: () => Strict | null;
  #blocked: readonly BlockedClient[] = [];
  /** What NOTIFY_AT holds. */
  #notifyAt = -1;

  /**
   * @param offsets - of the replicas online, as fresh as they can be had.
   * @param strict - whose replies wait for replicas as well; null: the cluster is not strict.
   */
  constructor(
    env: ReplicationEnvironment,
    owner: RingOwner,
    offsets: () => readonly number[],
    strict: () => Strict | null,
  ) {
    this.#env = env;
    this.#owner = owner;
    this.#offsets = offsets;
    this.#strict = strict;
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
    const strict = this.#strict();
    const mayWait = (): boolean => this.#blocked.length > 0 || strict?.isWaiting === true;
    while (this.#notifyAt !== -1 || mayWait()) {
      const now = this.#env.clock.monotonicMs();
      const outcome = settleWaiters(this.#blocked, this.#offsets(), now);
      this.#blocked = outcome.waiting;
      for (const { waiter, replicas } of outcome.answered) {
        waiter.cancelTimer();
        waiter.answer(replicas);
      }
      const notifyAt = lower(outcome.notifyAt, strict?.settle() ?? -1);
      if (notifyAt === this.#notifyAt) return;
      this.#notifyAt = notifyAt;
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
