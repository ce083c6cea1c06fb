/**
 * What a recorded series' cells mean: units of time, numbers, and what is no number because nothing
 * was seen.
 *
 * A time is a date, or a number: Unix seconds, ms, µs or ns, told apart by their size, or seconds
 * from the recording's start. Where the size leaves it open, and seconds would be odd, the unit
 * must be said.
 */
import { unusable } from '../../base/refuse.js';
import type { Sample } from './series.js';

/** A row as it stands in the input. */
export interface RawSample {
  readonly time: unknown;
  readonly offset: unknown;
  /** Undefined: the input does not say. */
  readonly replicas: unknown;
  readonly place: string;
}

export const TIME_UNITS = ['s', 'ms', 'us', 'ns'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

const PER_SECOND: Readonly<Record<TimeUnit, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };
/** Unix times from 1973 on are above these; the next smaller unit's stay below for 3,000 years. */
const FROM: readonly (readonly [TimeUnit, number])[] = [
  ['ns', 1e17],
  ['us', 1e14],
  ['ms', 1e11],
];
/** Numbers below are no Unix seconds of this century. */
const FIRST_UNIX_SECOND = 946_684_800;
/** Servers are hardly sampled less often. */
const USUAL_SECONDS = 60;

/** What exporters write where they saw nothing. */
const NOTHING = new Set(['', 'nan', 'null', 'undefined', 'n/a', '-', '+inf', '-inf', 'inf']);

export interface Interpreted {
  readonly samples: readonly Sample[];
  /** Rows without a value. */
  readonly missing: number;
  /** How times were read, in words, where it could be doubted; else null. */
  readonly doubt: string | null;
}

/**
 * @param said - the unit that the user or a header states.
 * @throws RingleaderError CONFIG_INVALID, naming the place and the rule.
 */
export function interpret(
  name: string,
  rows: Iterable<RawSample>,
  said: TimeUnit | null,
): Interpreted {
  const samples: Sample[] = [];
  let unit: TimeUnit | null = said;
  let isRelative = false;
  let missing = 0;
  for (const { time, offset, replicas, place } of rows) {
    const number = toNumber(time);
    if (unit === null && number !== null) {
      unit = FROM.find(([, from]) => number >= from)?.[0] ?? 's';
      isRelative = unit === 's' && number < FIRST_UNIX_SECOND;
    }
    const seconds =
      number === null ? fromDate(name, place, time) : number / PER_SECOND[unit ?? 's'];
    if (isNothing(offset)) {
      missing += 1;
      continue;
    }
    const bytes = toNumber(offset);
    if (bytes === null) {
      const rule = `the offset at ${place} must be a plain number, as exported without formatting`;
      throw unusable(name, rule, JSON.stringify(offset));
    }
    const count = isNothing(replicas) ? null : toNumber(replicas);
    samples.push({ seconds, offset: bytes, replicas: count, place });
  }
  return { samples, missing, doubt: isRelative ? doubtOf(name, samples) : null };
}

/** Numbers that are no Unix time: seconds, unless that makes for odd intervals. */
function doubtOf(name: string, samples: readonly Sample[]): string {
  const intervals = samples
    .slice(1, 1000)
    .map(({ seconds }, i) => seconds - samples[i]!.seconds)
    .toSorted((a, b) => a - b);
  const middle = intervals[intervals.length >> 1] ?? 0;
  if (middle > USUAL_SECONDS) {
    const rule = `its times are no Unix times, and as seconds its samples are ${middle} s apart: say their unit with --time-unit s, ms, us or ns`;
    throw unusable(name, rule, `times from ${samples[0]!.seconds} to ${samples.at(-1)!.seconds}`);
  }
  return 'Its times are no Unix times and were taken as seconds; --time-unit says otherwise.';
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'string' && NOTHING.has(value.trim().toLowerCase());
}

/** @returns null: it is none. */
export function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)) {
    return null;
  }
  return Number(value);
}

/** @returns Unix seconds. */
function fromDate(name: string, place: string, value: unknown): number {
  const ms = typeof value === 'string' && /\d/.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(ms)) return ms / 1000;
  throw unusable(name, `the time at ${place} must be a number or a date`, JSON.stringify(value));
}
