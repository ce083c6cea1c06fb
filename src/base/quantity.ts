/**
 * Durations, sizes and rates as people write them: one grammar for every flag, option and file.
 *
 * A duration is a number with a unit: `800ms`, `1.5h`. Text without a unit is refused, since tools
 * differ in what it means; in the API a *number* is ms. Sizes follow redis.conf: bytes without a
 * unit, `k`, `m`, `g` powers of 1000, `kb`, `mb`, `gb` powers of 1024, in either case; beyond it
 * they may have a fraction. (Directives of redis.conf itself keep Redis' own rule,
 * config/kinds.ts.) A rate is a size or a number of bits a second, and has a unit.
 */
import { unusable } from './refuse.js';
import type { Millis } from './time.js';

const DURATION_UNITS: ReadonlyMap<string, Millis> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** Bytes in each unit of a size. */
export const SIZE_UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ['k', 1e3],
  ['kb', 2 ** 10],
  ['m', 1e6],
  ['mb', 2 ** 20],
  ['g', 1e9],
  ['gb', 2 ** 30],
  ['t', 1e12],
  ['tb', 2 ** 40],
]);

const RATE_UNITS: ReadonlyMap<string, number> = new Map([
  ...[...SIZE_UNITS].filter(([unit]) => unit !== ''),
  ['kbit', 125],
  ['mbit', 125e3],
  ['gbit', 125e6],
]);

/** What a duration is, for messages. */
export const DURATION_RULE = 'a duration is a number with ms, s, m, h or d, as 800ms, 5s or 1.5h';
/** What a size is. */
export const SIZE_RULE =
  'a size is a number of bytes, or one with kb, mb, gb or tb, as 64mb or 1.5gb';
/** What a rate is. */
export const RATE_RULE = 'a rate is a size or bits per second with their unit, as 5mb or 1gbit';

/** What a value may be, both ends included. */
export interface Limits {
  readonly least: number;
  readonly most: number;
}

/** @returns ms, perhaps with a fraction; null: the text is no duration. */
export function parseDuration(text: string): Millis | null {
  return parse(text, DURATION_UNITS);
}

/** @returns bytes, perhaps with a fraction; null: the text is no size. */
export function parseSize(text: string): number | null {
  return parse(text.toLowerCase(), SIZE_UNITS);
}

/** @returns bytes a second; null: the text is no rate. A `/s` at its end is understood. */
export function parseRate(text: string): number | null {
  return parse(text.toLowerCase().replace(/\/s$/, ''), RATE_UNITS);
}

/**
 * @param name - of the option, for the message.
 * @param limits - ms.
 * @returns ms.
 * @throws RingleaderError CONFIG_INVALID, naming the option, the rule and the text.
 */
export function readDuration(name: string, text: string, limits?: Limits): Millis {
  const ms = parseDuration(text.trim());
  if (ms === null) throw unusable(name, DURATION_RULE, JSON.stringify(text));
  if (limits !== undefined && !(ms >= limits.least && ms <= limits.most)) {
    const rule = `from ${formatDuration(limits.least)} to ${formatDuration(limits.most)}`;
    throw unusable(name, rule, JSON.stringify(text));
  }
  return ms;
}

/**
 * @returns bytes.
 * @throws RingleaderError CONFIG_INVALID, naming the option, the rule and the text.
 */
export function readSize(name: string, text: string): number {
  const bytes = parseSize(text.trim());
  if (bytes === null) throw unusable(name, SIZE_RULE, JSON.stringify(text));
  return bytes;
}

/**
 * @returns bytes a second.
 * @throws RingleaderError CONFIG_INVALID, naming the option, the rule and the text.
 */
export function readRate(name: string, text: string): number {
  const rate = parseRate(text.trim());
  if (rate === null) throw unusable(name, RATE_RULE, JSON.stringify(text));
  return rate;
}

/** @returns a duration as it is written: the largest unit that is exact. */
export function formatDuration(ms: Millis): string {
  const [unit, factor] = largestExact(ms, DURATION_UNITS) ?? ['ms', 1];
  return `${ms / factor}${unit}`;
}

const EXACT_SIZES = new Map([...SIZE_UNITS].filter(([unit]) => /^[kmg]b$/.test(unit)));

/**
 * @returns bytes, rounded up, as redis.conf takes them: the largest power of 1024 that is exact.
 */
export function formatSize(bytes: number): string {
  const whole = Math.ceil(bytes);
  const [unit, factor] = largestExact(whole, EXACT_SIZES) ?? ['', 1];
  return `${whole / factor}${unit}`;
}

function largestExact(value: number, units: ReadonlyMap<string, number>): [string, number] | null {
  const exact = [...units].filter(([, factor]) => value >= factor && value % factor === 0);
  return exact.at(-1) ?? null;
}

function parse(text: string, units: ReadonlyMap<string, number>): number | null {
  const [, digits, unit] = /^(\d+(?:\.\d+)?(?:e\+?\d{1,2})?) ?([a-z]*)$/.exec(text) ?? [];
  const factor = units.get(unit ?? '?');
  return digits === undefined || factor === undefined ? null : Number(digits) * factor;
}

/** @returns `1 replica`, `2 replicas`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
