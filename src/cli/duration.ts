/** Times as people give them: `800ms`, `5s`, `1m`, or a bare number of ms. */

const UNITS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** @returns ms; null: not a time. */
export function parseDuration(text: string): number | null {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(text) ?? [];
  if (number === '') return null;
  return Math.round(Number(number) * UNITS[unit]!);
}
