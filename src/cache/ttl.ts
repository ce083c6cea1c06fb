/**
 * Times to live as people write them: ms, or '500ms', '30s', '5m', '12h', '7d'.
 */
import { RingleaderError } from '../base/errors.js';
import type { Millis } from '../base/time.js';

/** ms as a number, or a number with a unit: ms, s, m, h or d. */
export type Ttl = number | string;

const UNITS: ReadonlyMap<string, Millis> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);
/** A hundred years: what is longer is a mistake. */
const MAX_MS = 100 * 365 * 86_400_000;

/**
 * @returns whole ms, at least 1.
 * @throws RingleaderError CONFIG_INVALID, naming the value and the rule.
 */
export function parseTtl(ttl: Ttl): Millis {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)$/.exec(String(ttl)) ?? [];
  const ms = typeof ttl === 'number' ? ttl : Number(number) * (UNITS.get(unit) ?? Number.NaN);
  if (ms > 0 && ms <= MAX_MS) return Math.max(1, Math.round(ms));
  throw new RingleaderError(
    'CONFIG_INVALID',
    `cannot use ttl ${JSON.stringify(ttl)}: ms above 0, or a number with ms, s, m, h or d ('5m')`,
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
