/**
 * Times to live as people write them: ms, or '500ms', '30s', '5m', '12h', '7d'.
 */
import { DURATION_RULE, parseDuration } from '../base/quantity.js';
import { refusal } from '../base/refuse.js';
import type { Millis } from '../base/time.js';

type Unit = 'ms' | 's' | 'm' | 'h' | 'd';

/** ms as a number, or a number with a unit: ms, s, m, h or d. Infinity: for good. */
export type Ttl = number | `${number}${Unit}` | `${number} ${Unit}`;

/** A hundred years: what is stored for longer is stored for good. */
const MAX_MS = 100 * 365 * 86_400_000;

/**
 * @returns whole ms, at least 1; Infinity: for good.
 * @throws RingleaderError CONFIG_INVALID, naming the value and the rule.
 */
export function parseTtl(ttl: unknown): Millis {
  const ms = typeof ttl === 'string' ? parseDuration(ttl) : ttl;
  if (typeof ms === 'number' && ms > MAX_MS) return Infinity;
  if (typeof ms === 'number' && ms > 0) return Math.max(1, Math.round(ms));
  throw refusal('ttl', `ms above 0 as a number, or as text: ${DURATION_RULE}`, ttl);
}

/**
 * Shorten a time by chance, so that what was cached together does not expire together.
 *
 * @param jitter - the share that may be taken off, 0 to 1.
 * @param random - 0 to 1.
 * @returns ms, from (1 - jitter) times the time to all of it, at least 1; Infinity stays.
 */
export function jittered(ms: Millis, jitter: number, random: number): Millis {
  return ms === Infinity ? ms : Math.max(1, Math.round(ms * (1 - jitter * random)));
}
