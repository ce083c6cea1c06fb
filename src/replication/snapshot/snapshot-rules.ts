/**
 * When a snapshot is taken for the replicas that wait for one.
 *
 * One in the process is served at once, and who waits besides shares its snapshot. Across sockets a
 * master may wait for more to come, since each further one during a snapshot costs another.
 *
 * @see redis/redis 7.0 src/replication.c, shouldStartChildReplication()
 */
import type { Millis } from '../../base/time.js';

export interface WaitingReplica {
  /** Across a socket. */
  readonly isRemote: boolean;
  /** It is sent the snapshot once it is whole, and not while it is made. */
  readonly isSpooled: boolean;
  /** Monotonic ms since when it has waited. */
  readonly since: Millis;
}

export interface DelayConfig {
  /** `repl-diskless-sync-delay`, in ms. */
  readonly delayMs: Millis;
  /** `repl-diskless-sync-max-replicas`: so many are enough; 0: no number is. */
  readonly enough: number;
}

/** @param now - monotonic ms. @returns whether to begin now. */
export function isSnapshotDue(
  waiting: readonly WaitingReplica[],
  { delayMs, enough }: DelayConfig,
  now: Millis,
): boolean {
  if (waiting.length === 0) return false;
  if (enough > 0 && waiting.length >= enough) return true;
  return waiting.some(
    ({ isRemote, isSpooled, since }) => !isRemote || isSpooled || now - since >= delayMs,
  );
}
