/**
 * TILT: when time itself looks wrong, watch but do not act.
 *
 * Two steps are at most half a trigger apart, because the sentinel asks to be woken that often. A
 * longer gap, or one below zero, means that this thread was frozen or the clock was moved: every
 * peer would look silent without being so. Redis compares timer calls; here every step counts, so
 * that messages queued during a freeze are not acted upon before it is noticed.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelCheckTiltCondition()
 */
import type { Turn } from './turn.js';

/** Enter or leave TILT. */
export function checkTilt(turn: Turn): void {
  const gapMs = turn.now - turn.previousStepAt;
  if (gapMs < 0 || gapMs > turn.profile.tiltTriggerMs) {
    turn.tiltSince = turn.now;
    turn.event('+tilt', '#tilt mode entered');
  } else if (turn.tiltSince !== null) {
    const endsAt = turn.tiltSince + turn.profile.tiltPeriodMs;
    if (turn.now < endsAt) return turn.wakeBy(endsAt);
    turn.tiltSince = null;
    turn.event('-tilt', '#tilt mode exited');
  }
}
