/**
 * What a cache tells of itself, by `node:diagnostics_channel`: without a subscriber nothing is
 * made.
 *
 *   ringleader:cache:get     { key, isHit }
 *   ringleader:cache:set     { key, ttlMs }            after the master has answered
 *   ringleader:cache:delete  { keys }
 *   ringleader:cache:clear   { namespace }             null: all
 *   ringleader:cache:wrap    { key, outcome, error? }  outcome: see WrapOutcome
 *
 * Channels are each thread's own: subscribe in the thread that has the cache.
 */
import { channel } from 'node:diagnostics_channel';

/**
 * What wrap() did: 'hit', 'stale' (and refreshed behind it), 'computed', 'waited' (for another's
 * result), 'alone' (computed without the cluster, which could not be reached), 'failed'.
 */
export type WrapOutcome = 'hit' | 'stale' | 'computed' | 'waited' | 'alone' | 'failed';

export const cacheChannels = {
  get: channel('ringleader:cache:get'),
  set: channel('ringleader:cache:set'),
  delete: channel('ringleader:cache:delete'),
  clear: channel('ringleader:cache:clear'),
  wrap: channel('ringleader:cache:wrap'),
} as const;

export function tellWrap(key: string, outcome: WrapOutcome, error?: unknown): void {
  if (cacheChannels.wrap.hasSubscribers) {
    cacheChannels.wrap.publish(error === undefined ? { key, outcome } : { key, outcome, error });
  }
}
