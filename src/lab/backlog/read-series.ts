/**
 * Recorded series, as text: CSV (series-csv.ts), or JSON of our own or of an export
 * (series-json.ts).
 */
import { interpret, type TimeUnit } from './series-times.js';
import { readCsv } from './series-csv.js';
import { readJson } from './series-json.js';
import { type Series, buildSeries } from './series.js';

export interface ReadSeriesOptions {
  /** Begin anew where the offset goes back. */
  readonly splitRestarts: boolean;
  /** Labels that choose one series of several, as `instance=redis-1:9121`. */
  readonly labels: readonly string[];
  /** Of times that are numbers; null or absent: what the header says, or their size tells. */
  readonly timeUnit?: TimeUnit | null;
}

/**
 * @param name - of the file, for messages.
 * @throws RingleaderError CONFIG_INVALID, naming the file, the place in it and the rule.
 */
export function readSeries(name: string, text: string, options: ReadSeriesOptions): Series {
  const { splitRestarts, labels, timeUnit = null } = options;
  const isJson = /^\s*[[{]/.test(text);
  const { rows, unit } = isJson
    ? { rows: readJson(name, text, labels), unit: null }
    : readCsv(name, text, labels);
  const { samples, missing, doubt } = interpret(name, rows, timeUnit ?? unit);
  const notes = [
    ...(doubt === null ? [] : [doubt]),
    ...(missing === 0 ? [] : [`Rows without a value, ${missing} of them, were left out.`]),
  ];
  return buildSeries(name, samples, { splitRestarts, leaveOutGaps: true, notes });
}
