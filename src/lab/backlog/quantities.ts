/**
 * Sizes, rates and durations as people write them, and back.
 *
 * Sizes follow redis.conf: `k`, `m`, `g` are powers of 1000, `kb`, `mb`, `gb` powers of 1024. What is
 * printed for redis.conf is exact, what is printed for people is rounded.
 */
import { RingleaderError } from '../../base/errors.js';

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  kb: 2 ** 10,
  mb: 2 ** 20,
  gb: 2 ** 30,
  tb: 2 ** 40,
};
const BIT_UNITS: Readonly<Record<string, number>> = { kbit: 125, mbit: 125e3, gbit: 125e6 };
const TIME_UNITS: Readonly<Record<string, number>> = {
  ms: 1e-3,
  '': 1,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
};

/** Say that an input cannot be used: what it is called, the rule it breaks, what it was. */
export function unusable(name: string, rule: string, got: string): RingleaderError {
  return new RingleaderError('CONFIG_INVALID', `cannot use ${name}: ${rule}; got ${got}`);
}

/**
 * @param text - as `64mb`, `1.5gb`, `100000`; never negative.
 * @returns bytes.
 * @throws RingleaderError CONFIG_INVALID, naming the input.
 */
export function parseBytes(name: string, text: string): number {
  const rule = 'a size is a number with an optional unit, as 64mb, 1.5gb or 500k, not negative';
  return parse(name, text, SIZE_UNITS, rule);
}

/**
 * @param text - as `5mb` or `5mb/s`, or in bits as `1gbit`.
 * @returns bytes a second.
 * @throws RingleaderError CONFIG_INVALID, naming the input.
 */
export function parseRate(name: string, text: string): number {
  const rule = 'a rate is a size per second, as 5mb, 5mb/s or 1gbit, not negative';
  return parse(name, text, { ...SIZE_UNITS, ...BIT_UNITS }, rule, /\/s$/);
}

/**
 * @param text - as `30s`, `250ms`, `2m`, `1.5h`; a bare number is seconds.
 * @returns seconds.
 * @throws RingleaderError CONFIG_INVALID, naming the input.
 */
export function parseSeconds(name: string, text: string): number {
  const rule = 'a duration is a number with a unit, as 250ms, 30s, 2m or 1h, not negative';
  return parse(name, text, TIME_UNITS, rule);
}

function parse(
  name: string,
  text: string,
  units: Readonly<Record<string, number>>,
  rule: string,
  suffix = /$^/,
): number {
  const plain = text.trim().toLowerCase().replace(suffix, '');
  const [, digits, unit] = /^(\d+(?:\.\d+)?(?:e\d+)?) ?([a-z]*)$/.exec(plain) ?? [];
  const factor = units[unit ?? '?'];
  if (digits === undefined || factor === undefined) {
    throw unusable(name, rule, JSON.stringify(text));
  }
  return Number(digits) * factor;
}

/** @returns bytes as redis.conf takes them: the largest unit that is exact. */
export function exactBytes(bytes: number): string {
  const whole = Math.ceil(bytes);
  for (const unit of ['gb', 'mb', 'kb'] as const) {
    const factor = SIZE_UNITS[unit] ?? 1;
    if (whole >= factor && whole % factor === 0) return `${whole / factor}${unit}`;
  }
  return String(whole);
}

/** @returns bytes for people: three digits and a unit. */
export function roundBytes(bytes: number): string {
  for (const unit of ['tb', 'gb', 'mb', 'kb'] as const) {
    const factor = SIZE_UNITS[unit] ?? 1;
    if (bytes >= factor) return `${threeDigits(bytes / factor)} ${unit}`;
  }
  return `${Math.round(bytes)} bytes`;
}

/** @returns a duration for people. */
export function roundSeconds(seconds: number): string {
  if (seconds < 1) return `${threeDigits(seconds * 1000)} ms`;
  if (seconds < 120) return `${threeDigits(seconds)} s`;
  if (seconds < 7200) return `${threeDigits(seconds / 60)} min`;
  if (seconds < 172_800) return `${threeDigits(seconds / 3600)} h`;
  return `${threeDigits(seconds / 86_400)} d`;
}

/** @returns a probability for people, in percent. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0) return '0 %';
  if (value < 0.01) return '<0.01 %';
  return `${value < 1 ? value.toFixed(2) : threeDigits(value)} %`;
}

function threeDigits(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return String(Number(value.toFixed(value >= 10 ? 1 : 2)));
}
