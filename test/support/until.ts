/**
 * Wait for a condition, not for a time.
 *
 * It is looked for ever more seldom: what takes a second is known 20 ms late, and who asks for it all the
 * time would keep servers from getting there.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const OFTEN_MS = 2;
const SELDOM_MS = 20;
/** Of the time that it has taken already. */
const SHARE = 0.05;

/**
 * @param what - said when it does not come true in time.
 * @throws Error then.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what = 'condition',
  limitMs = 30_000,
): Promise<void> {
  const begunAt = performance.now();
  while (!(await condition())) {
    const tookMs = performance.now() - begunAt;
    if (tookMs > limitMs) throw new Error(`${what} did not come true in ${limitMs / 1000} s`);
    await sleep(Math.min(Math.max(tookMs * SHARE, OFTEN_MS), SELDOM_MS));
  }
}
