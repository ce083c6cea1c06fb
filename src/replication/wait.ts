/**
 * WAIT: clients that sleep until enough replicas have what they wrote.
 *
 * In the process a master reads its replicas' offsets from their memory, so WAIT needs no question
 * to them; it needs to hear when one gets there. It names one offset in its NOTIFY_AT word, the
 * lowest that any blocked client waits for, and a replica whose own offset reaches it sends an ack.
 *
 * @see redis/redis 7.0 src/replication.c, waitCommand(), processClientsWaitingReplicas()
 */
import type { Millis } from '../base/time.js';

export interface Waiter {
  /** Replicas that must have the offset. */
  readonly numReplicas: number;
  /** The master's offset when the client asked. */
  readonly offset: number;
  /** On the monotonic clock; null: sleeps for ever. */
  readonly deadlineAt: Millis | null;
}

/** What becomes of the blocked clients. */
export interface WaitOutcome<W extends Waiter> {
  /** Those to be answered, each with the number of replicas to answer. */
  readonly answered: readonly { readonly waiter: W; readonly replicas: number }[];
  /** Those who go on sleeping. */
  readonly waiting: readonly W[];
  /** The offset the master wants to hear of next; -1: none. */
  readonly notifyAt: number;
}

/** Replicas whose offset has reached `offset`. */
export function countAcked(offsets: readonly number[], offset: number): number {
  return offsets.filter((acked) => acked >= offset).length;
}

/**
 * Decide who is answered now.
 *
 * @param offsets - what each online replica has acknowledged or is seen to have applied.
 * @param now - on the monotonic clock. A deadline reached exactly has passed.
 */
export function settleWaiters<W extends Waiter>(
  waiters: readonly W[],
  offsets: readonly number[],
  now: Millis,
): WaitOutcome<W> {
  const answered: { waiter: W; replicas: number }[] = [];
  const waiting: W[] = [];
  let notifyAt = -1;
  for (const waiter of waiters) {
    const replicas = countAcked(offsets, waiter.offset);
    const isOver = waiter.deadlineAt !== null && now >= waiter.deadlineAt;
    if (replicas >= waiter.numReplicas || isOver) {
      answered.push({ waiter, replicas });
      continue;
    }
    waiting.push(waiter);
    if (notifyAt === -1 || waiter.offset < notifyAt) notifyAt = waiter.offset;
  }
  return { answered, waiting, notifyAt };
}
