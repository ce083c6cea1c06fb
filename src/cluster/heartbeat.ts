/** How often the hearts of a cluster's actors beat. */
import { BEATS_PER_TIMEOUT } from '../runtime/lifecycle.js';
import { fastProfile, pingPeriod } from '../sentinel/profile.js';
import type { Topology } from './options.js';

/**
 * @returns ms between two beats: a whole part of the sentinels' ping period, so that each ping
 * falls on a beat, and often enough for the watchdog.
 */
export function heartbeatOf({
  downAfterMs,
  heartbeatTimeoutMs,
}: Pick<Topology, 'downAfterMs' | 'heartbeatTimeoutMs'>): number {
  const pingMs = pingPeriod(fastProfile, downAfterMs);
  return pingMs / Math.ceil(pingMs / (heartbeatTimeoutMs / BEATS_PER_TIMEOUT));
}
