/**
 * Recorded series as CSV, as people keep them and as Grafana and VictoriaMetrics export them.
 *
 * Separators are comma, semicolon or tab, or what Excel's first line `sep=;` says; cells may be
 * quoted. A header may name the columns in any order; beside a time, the one other column is the
 * offset, and of several that hold labels one is chosen by them. Without a header the columns are
 * time, offset and perhaps replicas; labels that stand among them, as VictoriaMetrics writes on
 * request, are recognized.
 */
import { unusable } from '../../base/refuse.js';
import { type RawSample, type TimeUnit, toNumber } from './series-times.js';

const TIME_COLUMNS = new Set(['time', 'timestamp', 'ts', 'date', 'datetime', 'seconds']);
const OFFSET_COLUMNS = new Set([
  'offset',
  'master_repl_offset',
  'redis_master_repl_offset',
  'value',
]);
const REPLICA_COLUMNS = new Set(['replicas', 'connected_slaves', 'redis_connected_slaves']);
const UNIT_NAMES: ReadonlyMap<string, TimeUnit> = new Map([
  ['s', 's'],
  ['sec', 's'],
  ['ms', 'ms'],
  ['us', 'us'],
  ['µs', 'us'],
  ['ns', 'ns'],
]);

interface Columns {
  readonly time: number;
  readonly offset: number;
  /** -1: there is none. */
  readonly replicas: number;
  /** Where labels stand, which must be the same in all rows. */
  readonly labels: readonly number[];
}

export interface CsvSeries {
  readonly rows: Iterable<RawSample>;
  /** What the header says of the times; null: nothing. */
  readonly unit: TimeUnit | null;
}

/** @throws RingleaderError CONFIG_INVALID, also when the rows are read. */
export function readCsv(name: string, text: string, labels: readonly string[]): CsvSeries {
  const lines = linesOf(text);
  let separator: string | null = null;
  let first: Line | undefined;
  for (const line of lines) {
    const said = /^"?sep=(.)"?$/i.exec(line.row);
    if (said !== null) separator = said[1]!;
    else {
      first = line;
      break;
    }
  }
  if (first === undefined) return { rows: [], unit: null };
  const by = separator ?? separatorOf(first.row);
  const cells = split(first.row, by);
  const isHeader = cells.every((cell) => !isValue(cell));
  const columns = isHeader ? header(name, cells, labels) : positions(cells);
  const unit = isHeader ? unitOf(cells[columns.time]!) : null;
  return { rows: rowsOf(name, lines, isHeader ? null : first, by, columns), unit };
}

interface Line {
  readonly row: string;
  readonly number: number;
}

/** Without a byte order mark, comments and empty lines. Continues where it was left. */
function linesOf(text: string): IterableIterator<Line> {
  function* generate(): Generator<Line> {
    let number = 0;
    for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length;) {
      let end = text.indexOf('\n', at);
      if (end === -1) end = text.length;
      const row = text.slice(at, end).trim();
      at = end + 1;
      number += 1;
      if (row !== '' && !row.startsWith('#')) yield { row, number };
    }
  }
  const lines = generate();
  // A for…of that is left would end a generator.
  return {
    next: () => lines.next(),
    [Symbol.iterator]() {
      return this;
    },
  };
}

function* rowsOf(
  name: string,
  lines: Iterable<Line>,
  first: Line | null,
  separator: string,
  columns: Columns,
): Generator<RawSample> {
  let labelled: string | null = null;
  const read = ({ row, number }: Line): RawSample => {
    const place = `line ${number}`;
    const cells = split(row, separator);
    const time = cells[columns.time];
    const offset = cells[columns.offset];
    if (time === undefined || time === '' || offset === undefined) {
      throw unusable(name, `${place} must have a time and an offset`, JSON.stringify(row));
    }
    const label = columns.labels.map((index) => cells[index]).join(separator);
    labelled ??= label;
    if (label !== labelled) {
      const rule = `it must hold one series, and ${place} is of another one than the first`;
      throw unusable(name, rule, `${labelled} and ${label}`);
    }
    return { time, offset, replicas: cells[columns.replicas], place };
  };
  if (first !== null) yield read(first);
  for (const line of lines) yield read(line);
}

/** A number or a date: no name of a column. */
function isValue(cell: string): boolean {
  return toNumber(cell) !== null || /^\d{4}-\d\d/.test(cell);
}

function positions(cells: readonly string[]): Columns {
  const values = cells.flatMap((cell, index) => (isValue(cell) || cell === '' ? [index] : []));
  const labels = cells.flatMap((_, index) => (values.includes(index) ? [] : [index]));
  const plain = { time: 0, offset: 1, replicas: 2, labels: [] };
  const [a, b] = values;
  // A second cell that is no number is an offset that cannot be read, and will be named.
  if (labels.length === 0 || a === undefined || b === undefined) return plain;
  const isTime = (index: number): boolean =>
    toNumber(cells[index]!) === null || /^1\d{9}(\d{3}){0,3}(\.\d+)?$/.test(cells[index]!);
  return isTime(b) && !isTime(a)
    ? { time: b, offset: a, replicas: -1, labels }
    : { time: a, offset: b, replicas: -1, labels };
}

function header(name: string, cells: readonly string[], labels: readonly string[]): Columns {
  const names = cells.map((cell) =>
    cell
      .trim()
      .toLowerCase()
      .replace(/[\s_]*[([]?(ns|us|µs|ms|sec|s)[)\]]?$/, (unit, word) =>
        /^[\s_([]/.test(unit) && UNIT_NAMES.has(word) ? '' : unit,
      ),
  );
  const time = names.findIndex((each) => TIME_COLUMNS.has(each));
  const replicas = names.findIndex((each) => REPLICA_COLUMNS.has(each));
  const others = names.flatMap((_, index) => (index === time || index === replicas ? [] : [index]));
  const known = others.filter((index) => OFFSET_COLUMNS.has(names[index]!));
  const chosen = others.filter((index) => labels.every((label) => hasLabel(cells[index]!, label)));
  const offsets = known.length > 0 ? known : labels.length > 0 ? chosen : others;
  const [offset, ...more] = offsets;
  if (time === -1 || offset === undefined) {
    throw unusable(name, 'its header must name a column time and a column offset', cells.join(','));
  }
  if (more.length > 0) {
    const rule = 'exactly one of its columns must be chosen, with --label NAME=VALUE';
    throw unusable(name, rule, offsets.map((index) => cells[index]).join(' and '));
  }
  return { time, offset, replicas, labels: [] };
}

/** As Grafana names columns: `redis_master_repl_offset{instance="a:9121", job="redis"}`. */
function hasLabel(cell: string, label: string): boolean {
  const [key = '', ...value] = label.split('=');
  return cell.includes(`${key}="${value.join('=')}"`);
}

function unitOf(cell: string): TimeUnit | null {
  const [, word = ''] = /[\s_([](ns|us|µs|ms|sec|s)[)\]]?$/i.exec(cell.trim()) ?? [];
  return UNIT_NAMES.get(word.toLowerCase()) ?? null;
}

function separatorOf(row: string): string {
  return /[,;\t]/.exec(row.replaceAll(/"[^"]*"/g, ''))?.[0] ?? ',';
}

/** @returns the cells, without their quotes. */
function split(row: string, separator: string): string[] {
  if (!row.includes('"')) return row.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < row.length; at++) {
    const character = row[at]!;
    if (character === '"') {
      // Two of them within quotes are one.
      if (isQuoted && row[at + 1] === '"') cell += row[++at]!;
      else isQuoted = !isQuoted;
    } else if (character === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  return [...cells, cell.trim()];
}
