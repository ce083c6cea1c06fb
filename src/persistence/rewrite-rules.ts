/**
 * When an append-only file is written anew by itself.
 *
 * @see redis/redis 7.0.15 src/server.c, serverCron(); src/aof.c, aofRewriteLimited()
 */

export interface AofGrowth {
  readonly currentBytes: number;
  /** What it had after the last rewrite, or its base at the start. */
  readonly baseBytes: number;
  /** `auto-aof-rewrite-percentage`; 0: never. */
  readonly percentage: number;
  /** `auto-aof-rewrite-min-size` */
  readonly minBytes: number;
}

/** @returns the growth in percent that makes a rewrite due; null: it is not. */
export function dueGrowth({
  currentBytes,
  baseBytes,
  percentage,
  minBytes,
}: AofGrowth): number | null {
  if (percentage === 0 || currentBytes <= minBytes) return null;
  const growth = Math.floor((currentBytes * 100) / (baseBytes || 1)) - 100;
  return growth >= percentage ? growth : null;
}

const THRESHOLD = 3;
const MAX_MINUTES = 60;

/**
 * Puts off rewrites that no client has asked for after three failures on end: 1 minute, then 2, 4 …
 * 60.
 */
export class RewriteLimit {
  #delayMinutes = 0;
  /** Unix seconds; 0: none is set. */
  #nextAt = 0;

  /**
   * @param failures - on end, up to now.
   * @param onPutOff - told of each delay once, with its minutes.
   * @returns whether none may be begun now.
   */
  isInForce(failures: number, nowSeconds: number, onPutOff: (minutes: number) => void): boolean {
    if (failures < THRESHOLD) {
      this.#delayMinutes = 0;
      this.#nextAt = 0;
      return false;
    }
    if (this.#nextAt !== 0) {
      if (nowSeconds < this.#nextAt) return true;
      this.#nextAt = 0;
      return false;
    }
    this.#delayMinutes = Math.min(MAX_MINUTES, this.#delayMinutes * 2 || 1);
    this.#nextAt = nowSeconds + this.#delayMinutes * 60;
    onPutOff(this.#delayMinutes);
    return true;
  }
}
