/**
 * The rules of flow control: what a master does before a batch that would overwrite bytes which a
 * replica in the process has still to read.
 *
 * Redis buffers per replica without end, up to an output limit, then cuts the replica off, which
 * costs a full sync, during which it falls behind again. Here:
 * - A replica that takes a full sync cannot keep up by definition: the ring grows for it, up to the
 *   limit that Redis would have for its output buffer.
 * - For a replica online, `throttle` holds the writers until it has caught up, for a bounded time;
 *   `disconnect` lets the ring grow to the limit instead, as Redis would its buffer.
 * - Beyond the bound the replica is dropped, and has to resync.
 */
import type { Millis } from '../base/time.js';

/** How far behind the replica is that will be lapped first. */
export interface SlowestReplica {
  /** The last byte it has. */
  readonly offset: number;
  readonly isOnline: boolean;
}

export interface FlowState {
  readonly head: number;
  /** Bytes of client input about to be executed. */
  readonly batchBytes: number;
  readonly ringBytes: number;
  /** Null: no replica reads from the ring. */
  readonly slowest: SlowestReplica | null;
  readonly policy: 'throttle' | 'disconnect';
  /** Since when the writers have been held for it; 0: they are not. */
  readonly heldMs: Millis;
  readonly timeoutMs: Millis;
  readonly limitBytes: number;
}

export type FlowDecision =
  /**
   * Execute; and without asking again while the head stays below `until`. `ahead`: meanwhile bring
   * the ring to so many bytes, a little with each batch; null: it is large enough.
   */
  | { readonly state: 'go'; readonly until: number; readonly ahead: number | null }
  /** Give the ring so many bytes, then ask again. */
  | { readonly state: 'grow'; readonly ringBytes: number }
  /** Execute nothing now, ask again shortly. */
  | { readonly state: 'hold' }
  /** Drop the replica, then ask again. */
  | { readonly state: 'drop' };

/** For what the node appends on its own account: expired keys, PING. */
const SLACK_BYTES = 64 * 1024;
/** A rewritten command is longer than what the client sent, a small one several times. */
const REWRITE_FACTOR = 4;
const REWRITE_EXTRA_BYTES = 512 * 1024;
const GROWTH_STEP_BYTES = 64 * 1024;

/** The most that a batch can become in the ring. */
export function appendedBytes(batchBytes: number): number {
  return Math.min(batchBytes * REWRITE_FACTOR, batchBytes + REWRITE_EXTRA_BYTES) + SLACK_BYTES;
}

export function decideFlow(flow: FlowState): FlowDecision {
  const { head, ringBytes, slowest, limitBytes } = flow;
  if (slowest === null) return { state: 'go', until: Infinity, ahead: null };

  const appended = appendedBytes(flow.batchBytes);
  const needed = head + appended - slowest.offset;
  const mayGrow = !slowest.isOnline || flow.policy === 'disconnect';
  if (needed <= ringBytes) {
    const until = slowest.offset + ringBytes - appended;
    if (!mayGrow || ringBytes >= limitBytes) return { state: 'go', until, ahead: null };
    // To copy a large ring takes long: it begins when half of it waits to be read.
    const half = slowest.offset + Math.floor(ringBytes / 2);
    if (head < half) return { state: 'go', until: Math.min(until, half), ahead: null };
    return { state: 'go', until, ahead: Math.min(limitBytes, 2 * ringBytes) };
  }

  // One batch alone is more than the ring holds: no patience would help.
  const grown = roundUp(needed);
  if (appended > ringBytes)
    return { state: 'grow', ringBytes: Math.max(roundUp(appended), Math.min(grown, limitBytes)) };

  if (mayGrow && grown <= limitBytes) {
    // At least double, so that growing to the limit copies the ring a few times only.
    return { state: 'grow', ringBytes: Math.min(limitBytes, Math.max(grown, 2 * ringBytes)) };
  }
  if (flow.policy === 'disconnect' || flow.heldMs >= flow.timeoutMs) return { state: 'drop' };
  return { state: 'hold' };
}

export interface LagLimit {
  /** 0: none. */
  readonly hardBytes: number;
  /** Tolerated for `softSeconds` on end; 0: no limit. */
  readonly softBytes: number;
  readonly softSeconds: number;
}

/**
 * Decide whether a replica is too far behind (`client-output-buffer-limit replica`).
 *
 * A hard limit below the backlog's size is taken for that size: what a partial resync has just
 * granted must not be why the replica is dropped, or it would resync for ever.
 *
 * @param overSince - monotonic ms since when it has been over the soft limit; null: it was not.
 * @see redis/redis 7.0 src/networking.c, checkClientOutputBufferLimits()
 */
export function judgeLag(
  behindBytes: number,
  { hardBytes, softBytes, softSeconds }: LagLimit,
  backlogBytes: number,
  overSince: Millis | null,
  now: Millis,
): { readonly isOver: boolean; readonly overSoftLimitSince: Millis | null } {
  const isOverHard = hardBytes > 0 && behindBytes > Math.max(hardBytes, backlogBytes);
  if (softBytes === 0 || behindBytes <= softBytes) {
    return { isOver: isOverHard, overSoftLimitSince: null };
  }
  const since = overSince ?? now;
  return { isOver: isOverHard || now - since > softSeconds * 1000, overSoftLimitSince: since };
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / GROWTH_STEP_BYTES) * GROWTH_STEP_BYTES;
}
