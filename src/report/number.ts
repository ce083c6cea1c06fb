/** Numbers for people: four digits that count, and the unit. The plots write them the same way. */

const STEPS = [
  [1e12, 1e12, 'T'],
  [1e9, 1e9, 'G'],
  [1e6, 1e6, 'M'],
  [1e4, 1e3, 'k'],
] as const;

/** @returns `1234`, `12.35 k`, `1.235 M`. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  for (const [from, by, letter] of STEPS) {
    if (Math.abs(value) >= from) return `${Number((value / by).toPrecision(4))} ${letter}`;
  }
  return String(Number(value.toPrecision(4)));
}

/**
 * @param unit - `bytes` and `bytes/s` become `kB`, `MB/s` (powers of ten); `/s` follows without a
 * space; all others stand behind one.
 */
export function withUnit(value: number | null, unit = ''): string {
  if (value === null) return '–';
  const text = shortNumber(value);
  if (unit === '') return text;
  if (unit.startsWith('bytes')) {
    return `${/[A-Za-z]$/.test(text) ? text : `${text} `}B${unit.slice('bytes'.length)}`;
  }
  return unit.startsWith('/') ? `${text}${unit}` : `${text} ${unit}`;
}
