/**
 * SENTINEL SIMULATE-FAILURE: end where others have to finish what this sentinel began.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelSimFailureCrash()
 */
import type { Turn } from './turn.js';

/** What has been announced and persisted until now is done; nothing after it is. */
export function crash(turn: Turn): void {
  turn.effect({ type: 'crash', why: 'Sentinel CRASH because of SENTINEL simulate-failure' });
}
