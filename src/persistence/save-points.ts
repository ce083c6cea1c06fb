/**
 * When the data are saved by themselves: enough changes in enough time.
 *
 * After a save that failed it is tried again no sooner than after five seconds.
 *
 * @see redis/redis 7.0.15 src/server.c, serverCron()
 */

/** Save when at least `changes` were made and the last save is more than `seconds` past. */
export interface SavePoint {
  readonly seconds: number;
  readonly changes: number;
}

export interface SaveState {
  readonly changes: number;
  /** Unix seconds of the last save, and of the last attempt at one in the background. */
  readonly lastSaveSeconds: number;
  readonly lastTrySeconds: number;
  readonly lastFailed: boolean;
}

const RETRY_SECONDS = 5;

/** @returns the first point that is due; null: none. */
export function dueSavePoint(
  points: readonly SavePoint[],
  state: SaveState,
  nowSeconds: number,
): SavePoint | null {
  if (!mayTry(state, nowSeconds)) return null;
  const sinceSave = nowSeconds - state.lastSaveSeconds;
  return (
    points.find(({ seconds, changes }) => state.changes >= changes && sinceSave > seconds) ?? null
  );
}

/** Whether a save may begin by itself: the last went well, or is long enough past. */
export function mayTry(state: SaveState, nowSeconds: number): boolean {
  return !state.lastFailed || nowSeconds - state.lastTrySeconds > RETRY_SECONDS;
}
