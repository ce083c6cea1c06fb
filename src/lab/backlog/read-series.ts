/**
 * Recorded series, as text: CSV, JSON, or the answer of Prometheus to a range query.
 *
 * - CSV (comma, semicolon or tab): `time,offset`, with or without a header; a header may name the
 *   columns in any order, and a column `replicas` with the number of replicas online.
 * - JSON: an array of `[time, offset]` or of `{ time, offset }`.
 * - Prometheus: `redis_master_repl_offset` from /api/v1/query_range; with several servers in it, one
 *   must be chosen by its labels. `redis_connected_slaves` of the same server may stand beside it.
 *
 * A time is Unix seconds, Unix milliseconds (numbers above 10^11) or an ISO date.
 */
import { unusable } from '../../base/errors.js';
import { type Sample, type Series, buildSeries } from './series.js';

export interface ReadSeriesOptions {
  /** Begin anew where the offset goes back. */
  readonly splitRestarts: boolean;
  /** Labels that choose one series of several, as `instance=redis-1:9121`. */
  readonly labels: readonly string[];
}

/**
 * @param name - of the file, for messages.
 * @throws RingleaderError CONFIG_INVALID, naming the file, the place in it and the rule.
 */
export function readSeries(name: string, text: string, options: ReadSeriesOptions): Series {
  const isJson = /^\s*[[{]/.test(text);
  const samples = isJson ? fromJson(name, text, options.labels) : fromCsv(name, text);
  return buildSeries(name, samples, { splitRestarts: options.splitRestarts });
}

const TIME_COLUMNS = ['time', 'timestamp', 'ts', 'date', 'seconds'];
const OFFSET_COLUMNS = ['offset', 'master_repl_offset', 'redis_master_repl_offset', 'value'];
const REPLICA_COLUMNS = ['replicas', 'connected_slaves', 'redis_connected_slaves'];

function* fromCsv(name: string, text: string): Generator<Sample> {
  let columns: { time: number; offset: number; replicas: number } | null = null;
  let separator: string | null = null;
  let line = 0;
  for (let at = 0; at < text.length;) {
    let end = text.indexOf('\n', at);
    if (end === -1) end = text.length;
    const row = text.slice(at, end).trim();
    at = end + 1;
    line += 1;
    if (row === '' || row.startsWith('#')) continue;
    separator ??= /[,;\t]/.exec(row)?.[0] ?? ',';
    if (columns === null) {
      columns = { time: 0, offset: 1, replicas: 2 };
      const cells = row.split(separator);
      if (/[a-z_]/i.test(cells[1] ?? 'x')) {
        columns = header(name, cells);
        continue;
      }
    }
    const place = `line ${line}`;
    const time = cell(row, separator, columns.time);
    const offset = cell(row, separator, columns.offset);
    if (time === undefined || offset === undefined || offset.trim() === '') {
      throw unusable(name, `${place} must have a time and an offset`, JSON.stringify(row));
    }
    const replicas = cell(row, separator, columns.replicas);
    yield {
      seconds: toSeconds(name, place, time),
      offset: Number(offset),
      replicas: replicas === undefined || replicas.trim() === '' ? null : Number(replicas),
      place,
    };
  }
}

/** One cell of a row, without making all of them. @param index - -1: there is no such column. */
function cell(row: string, separator: string, index: number): string | undefined {
  if (index < 0) return undefined;
  let from = 0;
  for (let i = 0; i < index; i++) {
    const at = row.indexOf(separator, from);
    if (at === -1) return undefined;
    from = at + 1;
  }
  const end = row.indexOf(separator, from);
  return row.slice(from, end === -1 ? undefined : end);
}

function header(
  name: string,
  cells: readonly string[],
): { time: number; offset: number; replicas: number } {
  const names = cells.map((each) => each.trim().toLowerCase().replaceAll('"', ''));
  const find = (wanted: readonly string[]): number =>
    names.findIndex((each) => wanted.includes(each));
  const columns = {
    time: find(TIME_COLUMNS),
    offset: find(OFFSET_COLUMNS),
    replicas: find(REPLICA_COLUMNS),
  };
  if (columns.time === -1 || columns.offset === -1) {
    throw unusable(name, 'its header must name a column time and a column offset', cells.join(','));
  }
  return columns;
}

function toSeconds(name: string, place: string, value: unknown): number {
  const number = value === '' ? Number.NaN : Number(value);
  if (!Number.isNaN(number)) return number > 1e11 ? number / 1000 : number;
  const ms = Date.parse(String(value).replaceAll('"', ''));
  if (Number.isNaN(ms)) {
    throw unusable(name, `the time at ${place} must be a number or a date`, JSON.stringify(value));
  }
  return ms / 1000;
}

function fromJson(name: string, text: string, labels: readonly string[]): Sample[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unusable(name, 'it begins as JSON and must be JSON to its end', String(error));
  }
  const rows: unknown = Array.isArray(value) ? value : member(value, 'samples');
  if (Array.isArray(rows)) {
    return rows.map((row: unknown, index) => toSample(name, `sample ${index + 1}`, row));
  }
  const results = member(member(value, 'data'), 'result');
  if (Array.isArray(results)) return fromPrometheus(name, results, labels);
  const rule = 'JSON must be an array of samples or the answer to a Prometheus range query';
  throw unusable(name, rule, `${text.trim().slice(0, 40)}…`);
}

function toSample(name: string, place: string, row: unknown): Sample {
  const isPair = Array.isArray(row);
  const first = (keys: readonly string[]): unknown =>
    keys.map((key) => member(row, key)).find((value) => value !== undefined);
  const time: unknown = isPair ? row[0] : first(TIME_COLUMNS);
  const offset: unknown = isPair ? row[1] : first(OFFSET_COLUMNS);
  const replicas: unknown = isPair ? row[2] : first(REPLICA_COLUMNS);
  if (time === undefined || offset === undefined || offset === null) {
    throw unusable(name, `${place} must have a time and an offset`, JSON.stringify(row));
  }
  return {
    seconds: toSeconds(name, place, time),
    offset: Number(offset),
    replicas: replicas === undefined || replicas === null ? null : Number(replicas),
    place,
  };
}

/** Labels that differ between two metrics of the same server. */
const OWN_LABELS = new Set(['__name__']);

function fromPrometheus(
  name: string,
  results: readonly unknown[],
  labels: readonly string[],
): Sample[] {
  const all = results.map((result) => ({
    labels: new Map(
      Object.entries(Object(member(result, 'metric'))).map(([key, value]) => [key, String(value)]),
    ),
    values: member(result, 'values'),
  }));
  const isNamed = (metric: string) => (each: (typeof all)[number]) =>
    (each.labels.get('__name__') ?? 'redis_master_repl_offset') === metric;
  const offsets = all.filter(isNamed('redis_master_repl_offset'));
  const chosen = offsets.filter((each) => labels.every((label) => hasLabel(each.labels, label)));
  const [series] = chosen;
  if (series === undefined || chosen.length > 1) {
    const rule =
      offsets.length === 0
        ? 'it must contain redis_master_repl_offset'
        : 'exactly one of its series must be chosen, with --label NAME=VALUE';
    const names = (chosen.length === 0 ? offsets : chosen).map((each) => describe(each.labels));
    throw unusable(name, rule, names.length === 0 ? `${all.length} others` : names.join(' and '));
  }
  if (!Array.isArray(series.values)) {
    throw unusable(name, 'it must be the answer to a range query, with values', 'none');
  }
  const replicas = new Map<unknown, number>();
  for (const each of all.filter(isNamed('redis_connected_slaves'))) {
    const isSame = [...each.labels].every(
      ([key, value]) => OWN_LABELS.has(key) || series.labels.get(key) === value,
    );
    if (!isSame || !Array.isArray(each.values)) continue;
    for (const pair of each.values) if (Array.isArray(pair)) replicas.set(pair[0], Number(pair[1]));
  }
  const hasReplicas = replicas.size > 0;
  return series.values.map((pair: unknown, index) => {
    const sample = toSample(name, `sample ${index + 1}`, pair);
    const count = Array.isArray(pair) ? replicas.get(pair[0]) : undefined;
    return { ...sample, replicas: hasReplicas ? (count ?? null) : null };
  });
}

function hasLabel(labels: ReadonlyMap<string, string>, wanted: string): boolean {
  const [key = '', ...value] = wanted.split('=');
  return labels.get(key) === value.join('=');
}

function describe(labels: ReadonlyMap<string, string>): string {
  const parts = [...labels]
    .filter(([key]) => !OWN_LABELS.has(key))
    .map(([key, value]) => `${key}="${value}"`);
  return `{${parts.join(',')}}`;
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(key);
}
