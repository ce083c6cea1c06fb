/**
 * How long the recovery takes with the other way to find out that a process has died.
 *
 * In one process a thread's end is an event, and sentinels can be told of it at once; in production
 * they find out by silence, after `down-after-milliseconds`. A budget that was tried with the first
 * is too generous by the difference, so a verdict has both figures: one measured, one worked out.
 */
import type { Millis } from '../../base/time.js';
import type { DrillEvent } from './timeline.js';

/** The cluster's option of this name. */
type Detection = 'event' | 'down-after';

/** Both figures are ms from the scenario's end to the recovery. */
export interface DetectionFigures {
  /** The one that was measured; the other is that and the difference in detection. */
  readonly measured: Detection;
  readonly eventMs: Millis;
  readonly downAfterMs: Millis;
  /** The cluster's `down-after-milliseconds`, which is production's to choose. */
  readonly settingMs: Millis;
}

/** What a drill knows of it; times are ms on its clock. */
export interface DetectionRecord {
  readonly detection: Detection;
  readonly settingMs: Millis;
  /**
   * When the master was killed, if no later step has waited for its successor; null: it was not.
   */
  readonly masterKilledAt: Millis | null;
}

/**
 * @param recoveredMs - from the scenario's end; null: not back.
 * @returns null: no master died by itself, or there is no recovery to speak of.
 */
export function detectionFigures(
  { detection, settingMs, masterKilledAt }: DetectionRecord,
  events: readonly DrillEvent[],
  recoveredMs: Millis | null,
): DetectionFigures | null {
  if (masterKilledAt === null || recoveredMs === null) return null;
  const noticed = events.find(
    ({ at, source, what }) =>
      source === 'sentinel' && at >= masterKilledAt && what.startsWith('+sdown master '),
  );
  if (noticed === undefined) return null; // No sentinel was needed: nothing hangs on it.
  const noticedMs = noticed.at - masterKilledAt;
  const other = detection === 'event' ? Math.max(0, settingMs - noticedMs) : -noticedMs;
  const otherMs = Math.max(0, recoveredMs + other);
  const [eventMs, downAfterMs] =
    detection === 'event' ? [recoveredMs, otherMs] : [otherMs, recoveredMs];
  return { measured: detection, eventMs, downAfterMs, settingMs };
}
