/**
 * The master's answer to PSYNC: can the replica go on from where it is, or must it start over?
 *
 * Offsets are Redis': the first byte of a history has offset 1, a replica asks for the byte after
 * the last it has, so a replica that has everything asks for `head + 1`, and that is granted.
 *
 * @see redis/redis 7.0 src/replication.c, masterTryPartialResynchronization()
 */
import type { ReplicationIds } from './replication-id.js';

/** What the replica says: the history it is in, and the first byte it lacks. */
export interface PsyncRequest {
  /** `?`: it has nothing and wants everything. */
  readonly replid: string;
  readonly offset: number;
}

/** What the backlog holds. */
export interface Window {
  /** The offset before the first byte it holds. */
  readonly histStart: number;
  /** The offset of the last byte. */
  readonly head: number;
}

export type PsyncDecision =
  | { readonly state: 'continue' }
  | { readonly state: 'full'; readonly reason: FullResyncReason };

/** Why a full resync is needed; `requested` is no failure of a partial one. */
export type FullResyncReason =
  | 'requested'
  | 'other-history'
  | 'past-second-id'
  | 'too-old'
  | 'beyond-head';

export function decidePsync(
  request: PsyncRequest,
  ids: ReplicationIds,
  window: Window,
): PsyncDecision {
  if (request.replid.startsWith('?')) return full('requested');

  const asked = request.replid.toLowerCase();
  if (asked !== ids.replid) {
    if (asked !== ids.replid2) return full('other-history');
    if (request.offset > ids.secondReplOffset) return full('past-second-id');
  }
  if (request.offset < window.histStart + 1) return full('too-old');
  if (request.offset > window.head + 1) return full('beyond-head');
  return { state: 'continue' };
}

const full = (reason: FullResyncReason): PsyncDecision => ({ state: 'full', reason });

/**
 * The window that a backlog of the size configured has, in a ring that may be larger; as in Redis
 * it is longer while a slow replica needs more of the ring to be kept.
 *
 * @param backlogBytes - `repl-backlog-size`.
 * @param keptFrom - the last byte that the slowest replica needs not read any more; null: there is
 * none.
 */
export function backlogWindow(
  histStart: number,
  head: number,
  backlogBytes: number,
  keptFrom: number | null,
): Window {
  const promised = Math.min(head - backlogBytes, keptFrom ?? head);
  return { histStart: Math.max(histStart, promised), head };
}
