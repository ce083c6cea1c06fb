/**
 * Quantities for people: three digits that count, and the unit that fits. The plots write them the
 * same way (plot-script.ts), which a test compares.
 *
 * Bytes are counted as redis.conf does, `kb`, `mb`, `gb` being powers of 1024: one kind of mb
 * everywhere.
 */

const COUNTS = [
  ['T', 1e12, 1e12],
  ['G', 1e9, 1e9],
  ['M', 1e6, 1e6],
  ['k', 1e3, 1e4],
] as const;
const BYTES = [
  ['tb', 2 ** 40, 2 ** 40],
  ['gb', 2 ** 30, 2 ** 30],
  ['mb', 2 ** 20, 2 ** 20],
  ['kb', 2 ** 10, 2 ** 10],
] as const;
const SECONDS = [
  ['d', 86_400, 172_800],
  ['h', 3600, 7200],
  ['min', 60, 120],
  ['s', 1, 1],
  ['ms', 1e-3, 1e-3],
  ['µs', 1e-6, 1e-6],
  ['ns', 1e-9, 0],
] as const;
const TIME_UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-9],
  ['µs', 1e-6],
  ['ms', 1e-3],
  ['s', 1],
]);

/** Unit, what it counts, and the size from which it is used. */
type Steps = readonly (readonly [unit: string, by: number, from: number])[];

/** @returns `1234`, `12.3 k`, `1.23 M`. */
export function shortNumber(value: number): string {
  return scaled(value, COUNTS) ?? threeDigits(value);
}

/**
 * @param unit - `bytes` and `bytes/s` become `kb`, `mb/s`; times, `ns` to `s`, the unit that fits,
 * from ns to days; `/s` follows without a space; all others stand behind one.
 */
export function withUnit(value: number | null, unit = ''): string {
  if (value === null) return '–';
  if (!Number.isFinite(value)) return String(value);
  const time = TIME_UNITS.get(unit);
  if (time !== undefined) return value === 0 ? '0 s' : scaled(value * time, SECONDS)!;
  if (unit.startsWith('bytes')) {
    const text = scaled(value, BYTES) ?? `${threeDigits(value)} bytes`;
    return `${text}${unit.slice('bytes'.length)}`;
  }
  const text = shortNumber(value);
  if (unit === '') return text;
  return unit.startsWith('/') ? `${text}${unit}` : `${text} ${unit}`;
}

function scaled(value: number, steps: Steps): string | null {
  // Rounded first: 999.9996 ms is a second.
  const size = Math.abs(Number(value.toPrecision(4)));
  const step = steps.find(([, , from]) => size >= from);
  return step === undefined ? null : `${threeDigits(value / step[1])} ${step[0]}`;
}

function threeDigits(value: number): string {
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
