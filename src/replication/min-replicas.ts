/**
 * `min-replicas-to-write`: refuse writes that too few replicas would hear of soon.
 *
 * @see redis/redis 7.0 src/replication.c, refreshGoodSlavesCount(), checkGoodReplicasStatus()
 */
import type { Millis } from '../base/time.js';

export interface ReplicaHealth {
  readonly isOnline: boolean;
  /** Unix ms of its last ack. */
  readonly ackedAt: Millis;
}

/** Seconds as Redis counts them: the difference of whole Unix seconds. */
export function secondsBetween(earlier: Millis, later: Millis): number {
  return Math.floor(later / 1000) - Math.floor(earlier / 1000);
}

/**
 * Replicas online whose last ack is recent enough.
 *
 * @param maxLagSeconds - `min-replicas-max-lag`; a lag of exactly so much is still good.
 * @param now - Unix ms.
 */
export function countGoodReplicas(
  replicas: Iterable<ReplicaHealth>,
  maxLagSeconds: number,
  now: Millis,
): number {
  let good = 0;
  for (const { isOnline, ackedAt } of replicas) {
    if (isOnline && secondsBetween(ackedAt, now) <= maxLagSeconds) good += 1;
  }
  return good;
}

/** Whether the rule is in force; either number at 0 turns it off. */
export function isMinReplicasActive(minReplicas: number, maxLagSeconds: number): boolean {
  return minReplicas > 0 && maxLagSeconds > 0;
}

/**
 * @param goodReplicas - asked only while the rule is in force.
 * @returns null: there are enough; else why no client may write, as Redis words it.
 */
export function whyTooFewReplicas(
  config: { readonly minReplicasToWrite: number; readonly minReplicasMaxLagSeconds: number },
  goodReplicas: () => number,
): string | null {
  const { minReplicasToWrite, minReplicasMaxLagSeconds } = config;
  if (!isMinReplicasActive(minReplicasToWrite, minReplicasMaxLagSeconds)) return null;
  if (goodReplicas() >= minReplicasToWrite) return null;
  return 'NOREPLICAS Not enough good replicas to write.';
}
