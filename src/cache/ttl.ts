/**
 * Times to live as people write them: ms, or '500ms', '30s', '5m', '12h', '7d'.
 */
import { unusable } from '../base/errors.js';
import { DURATION_RULE, parseDuration } from '../base/quantity.js';
import type { Millis } from '../base/time.js';

/** ms as a number, or a number with a unit: ms, s, m, h or d. */
export type Ttl = number | string;

/** A hundred years: what is longer is a mistake. */
const MAX_MS = 100 * 365 * 86_400_000;

/**
 * @returns whole ms, at least 1.
 * @throws RingleaderError CONFIG_INVALID, naming the value and the rule.
 */
export function parseTtl(ttl: Ttl): Millis {
  const ms = typeof ttl === 'number' ? ttl : parseDuration(ttl);
  if (ms !== null && ms > 0 && ms <= MAX_MS) return Math.max(1, Math.round(ms));
  throw unusable(
    'ttl',
    `ms above 0 as a number, or as text: ${DURATION_RULE}`,
    JSON.stringify(ttl),
  );
}

/**
 * Shorten a time by chance, so that what was cached together does not expire together.
 *
 * @param jitter - the share that may be taken off, 0 to 1.
 * @param random - 0 to 1.
 * @returns ms, from (1 - jitter) times the time to all of it, at least 1.
 */
export function jittered(ms: Millis, jitter: number, random: number): Millis {
  return Math.max(1, Math.round(ms * (1 - jitter * random)));
}
