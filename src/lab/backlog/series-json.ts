/**
 * Recorded series as JSON: samples as people write them, and what Prometheus, VictoriaMetrics and
 * Grafana export.
 *
 * - An array of `[time, offset]` or of `{ time, offset }`, or one in a member `samples`.
 * - Prometheus: the answer of /api/v1/query_range, or to a query of a range as `…[1h]`.
 * - VictoriaMetrics: /api/v1/export, a series in each line.
 * - Grafana: the panel inspector's data frames, alone or in the response of a query.
 *
 * Of several servers one must be chosen by its labels; the number of its replicas may stand beside
 * it.
 */
import { unusable } from '../../base/refuse.js';
import type { RawSample } from './series-times.js';

const TIME_KEYS = ['time', 'timestamp', 'ts', 'date', 'seconds'];
const OFFSET_KEYS = ['offset', 'master_repl_offset', 'redis_master_repl_offset', 'value'];
const REPLICA_KEYS = ['replicas', 'connected_slaves', 'redis_connected_slaves'];
const OFFSET_METRIC = 'redis_master_repl_offset';
const REPLICAS_METRIC = 'redis_connected_slaves';

interface Labelled {
  readonly labels: ReadonlyMap<string, string>;
  readonly times: readonly unknown[];
  readonly values: readonly unknown[];
}

/** @throws RingleaderError CONFIG_INVALID */
export function readJson(name: string, text: string, labels: readonly string[]): RawSample[] {
  const value = parse(name, text);
  const series = seriesIn(value);
  if (series !== null) return choose(name, series, labels);
  const rows: unknown = Array.isArray(value) ? value : member(value, 'samples');
  if (Array.isArray(rows)) {
    return rows.map((row: unknown, i) => toRaw(name, `sample ${i + 1}`, row));
  }
  const isInstant = member(member(value, 'data'), 'resultType') === 'vector';
  const rule = isInstant
    ? 'it must be the answer to a range query (/api/v1/query_range), and is of one moment'
    : 'JSON must be an array of samples, or what Prometheus, VictoriaMetrics or Grafana export';
  throw unusable(name, rule, `${text.trim().slice(0, 40)}…`);
}

/** One value, or one in each line. */
function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      if (lines.length > 1) return lines.map((line): unknown => JSON.parse(line));
    } catch {
      // The error of the whole says more.
    }
    throw unusable(name, 'it begins as JSON and must be JSON to its end', String(error));
  }
}

/** @returns null: it is none of the exports. */
function seriesIn(value: unknown): Labelled[] | null {
  const results = member(member(value, 'data'), 'result');
  if (Array.isArray(results)) {
    if (results.length > 0 && results.every((each) => member(each, 'value') !== undefined)) {
      return null;
    }
    return results.map(ofPrometheus);
  }
  const lines: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (lines.length > 0 && lines.every((line) => Array.isArray(member(line, 'timestamps')))) {
    return lines.map((line) => ({
      labels: toLabels(member(line, 'metric')),
      times: toArray(member(line, 'timestamps')),
      values: toArray(member(line, 'values')),
    }));
  }
  const frames = framesIn(value);
  return frames.length === 0 ? null : frames.flatMap(ofFrame);
}

function ofPrometheus(result: unknown): Labelled {
  const pairs = toArray(member(result, 'values')).map(toArray);
  return {
    labels: toLabels(member(result, 'metric')),
    times: pairs.map(([time]) => time),
    values: pairs.map(([, value]) => value),
  };
}

/**
 * Grafana's data frames, wherever they stand: in an array, `data`, `series`, or `results.A.frames`.
 */
function framesIn(value: unknown): unknown[] {
  if (member(member(value, 'data'), 'values') !== undefined) return [value];
  if (Array.isArray(value)) return value.flatMap(framesIn);
  const results = Object.values(Object(member(value, 'results')));
  const places = [member(value, 'frames'), member(value, 'series'), member(value, 'data')];
  return [...results, ...places].flatMap((each) => (Object(each) === each ? framesIn(each) : []));
}

/** Each field of numbers beside the frame's times. */
function ofFrame(frame: unknown): Labelled[] {
  const fields = toArray(member(member(frame, 'schema'), 'fields'));
  const columns = toArray(member(member(frame, 'data'), 'values'));
  const time = fields.findIndex((field) => member(field, 'type') === 'time');
  if (time === -1) return [];
  return fields.flatMap((field, i) => {
    if (i === time || member(field, 'type') === 'string') return [];
    const name = member(field, 'name');
    const labels = new Map(toLabels(member(field, 'labels')));
    if (!labels.has('__name__') && /^redis_\w+$/.test(String(name))) {
      labels.set('__name__', String(name));
    }
    return [{ labels, times: toArray(columns[time]), values: toArray(columns[i]) }];
  });
}

function choose(name: string, all: readonly Labelled[], wanted: readonly string[]): RawSample[] {
  const isNamed = (metric: string) => (each: Labelled) =>
    (each.labels.get('__name__') ?? OFFSET_METRIC) === metric;
  const offsets = all.filter(isNamed(OFFSET_METRIC));
  const chosen = offsets.filter(({ labels }) => wanted.every((label) => hasLabel(labels, label)));
  const [series] = chosen;
  if (series === undefined || chosen.length > 1) {
    const rule =
      offsets.length === 0
        ? `it must contain ${OFFSET_METRIC}`
        : 'exactly one of its series must be chosen, with --label NAME=VALUE';
    const names = (chosen.length === 0 ? offsets : chosen).map(({ labels }) => describe(labels));
    throw unusable(name, rule, names.length === 0 ? `${all.length} others` : names.join(' and '));
  }
  const replicas = new Map<unknown, unknown>();
  for (const each of all.filter(isNamed(REPLICAS_METRIC))) {
    const isSame = [...each.labels].every(
      ([key, value]) => key === '__name__' || series.labels.get(key) === value,
    );
    if (isSame) for (const [i, time] of each.times.entries()) replicas.set(time, each.values[i]);
  }
  return series.times.map((time, i) => ({
    time,
    offset: series.values[i],
    replicas: replicas.get(time),
    place: `sample ${i + 1}`,
  }));
}

function toRaw(name: string, place: string, row: unknown): RawSample {
  const isPair = Array.isArray(row);
  const first = (keys: readonly string[]): unknown =>
    keys.map((key) => member(row, key)).find((value) => value !== undefined);
  const time: unknown = isPair ? row[0] : first(TIME_KEYS);
  const offset: unknown = isPair ? row[1] : first(OFFSET_KEYS);
  const replicas: unknown = isPair ? row[2] : first(REPLICA_KEYS);
  if (time === undefined || offset === undefined) {
    throw unusable(name, `${place} must have a time and an offset`, JSON.stringify(row));
  }
  return { time, offset, replicas, place };
}

function hasLabel(labels: ReadonlyMap<string, string>, wanted: string): boolean {
  const [key = '', ...value] = wanted.split('=');
  return labels.get(key) === value.join('=');
}

function describe(labels: ReadonlyMap<string, string>): string {
  const parts = [...labels]
    .filter(([key]) => key !== '__name__')
    .map(([key, value]) => `${key}="${value}"`);
  return `{${parts.join(',')}}`;
}

function toLabels(value: unknown): ReadonlyMap<string, string> {
  return new Map(Object.entries(Object(value)).map(([key, text]) => [key, String(text)]));
}

function toArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(key);
}
