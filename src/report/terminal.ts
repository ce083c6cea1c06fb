/** A report for the terminal: tables as tables, plots as charts of characters. */
import * as asciichart from 'asciichart';
import Table from 'cli-table3';

import { withUnit } from './number.js';
import type { Bars, Plot, Report, Table as TableData } from './report.js';

export interface ChartSize {
  /** Columns of the drawing, without its labels. */
  readonly columns: number;
  readonly rows: number;
  readonly colors: boolean;
  /** Columns of the terminal: a wider table is written line by line. */
  readonly width: number;
}

const CHART: ChartSize = { columns: 72, rows: 12, colors: false, width: Infinity };
const LEAST_COLUMNS = 20;
const PALETTE = ['blue', 'yellow', 'green', 'magenta', 'cyan', 'red'] as const;
/** A figure, perhaps with its unit; an address is none. */
const NUMBER = /^[-+~<>≤≥]?\d[^:]*$/;
/** Room for `999.9 MB/s`. */
const LABEL_WIDTH = 12;

/** @returns what suits a terminal of so many columns. */
export function chartSize(width: number): ChartSize {
  const columns = Math.max(LEAST_COLUMNS, Math.min(CHART.columns, width - LABEL_WIDTH - 2));
  return { ...CHART, columns, width };
}

/**
 * @param width - columns that there are.
 * @returns lines without a newline at the end; numbers stand at the right. A table that is too wide
 *   is written as a block for each row, a line for each cell.
 */
export function renderTable({ head, rows }: TableData, width = Infinity): string {
  const isNumeric = head.map((_, i) => i > 0 && rows.some((row) => NUMBER.test(row[i]!)));
  const table = new Table({
    head: [...head],
    colAligns: isNumeric.map((numeric) => (numeric ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push([...row]);
  const text = table.toString();
  if (text.indexOf('\n') <= width) return text;
  const block = (row: readonly string[]): string =>
    row.map((cell, i) => `${i === 0 ? '' : '  '}${head[i]}: ${cell}`).join('\n');
  return rows.map(block).join('\n');
}

/**
 * Draw the series that share the first one's unit: a chart of characters has one axis.
 *
 * @returns lines without a newline at the end; a sentence, if there is nothing to draw.
 */
export function renderChart(plot: Plot, size: ChartSize = CHART): string {
  const unit = plot.series[0]?.unit;
  const isLog = plot.y?.scale === 'log';
  const drawn = plot.series
    .filter((series) => series.unit === unit)
    .map(({ label, values }) => ({ label, columns: columnsOf(plot, values, size.columns) }))
    .filter(({ columns }) => columns.length > 0);
  if (drawn.length === 0) return `${plot.title}: nothing to draw`;
  const toRow = (value: number): number => (isLog ? Math.log10(value) : value);
  const toValue = (row: number): number => (isLog ? 10 ** row : row);
  const series = drawn.map(({ columns }) => columns.map(toRow));
  const all = series.flat();
  // Without a spread there is no scale: then the axis begins at 0, or a row below.
  const flat = Math.min(...all) === Math.max(...all);
  // A linear axis begins at 0 where nothing is below it.
  const least = Math.min(...all);
  const min = flat || (!isLog && least > 0) ? Math.min(0, least) : least;
  const max = flat && all[0]! <= 0 ? 1 : Math.max(...all);
  // Rows are reached by steps, which miss 0 by the last digits.
  const onRow = (row: number): number => (Math.abs(row) < (max - min) * 1e-9 ? 0 : row);
  const chart = asciichart.plot(series, {
    height: size.rows,
    min,
    max,
    colors: size.colors ? PALETTE.map((name) => asciichart[name]) : [],
    format: (row) => withUnit(toValue(onRow(row)), unit).padStart(LABEL_WIDTH),
  });
  const from = withUnit(plot.x.values[0]!, plot.x.unit);
  const to = withUnit(plot.x.values.at(-1)!, plot.x.unit);
  const legend = drawn.map(({ label }) => label).join(', ');
  return `${plot.title} (${legend})\n${chart}\n${' '.repeat(LABEL_WIDTH)}${plot.x.label}: ${from} … ${to}`;
}

const BAR_COLUMNS = 40;

/** @returns a line for each bar. */
export function renderBars({ title, unit, bars }: Bars): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const width = Math.max(...bars.map(({ label }) => label.length));
  const lines = bars.map(({ label, value }) => {
    const length = most > 0 ? Math.round((BAR_COLUMNS * value) / most) : 0;
    return `${label.padEnd(width)}  ${'█'.repeat(length)} ${withUnit(value, unit)}`;
  });
  return [title, ...lines].join('\n');
}

/** @returns all of it. */
export function renderText(report: Report, size: ChartSize = CHART): string {
  const parts = [report.title, report.intro];
  for (const { heading, code, text, bars, table, plot } of report.sections) {
    parts.push(`${heading}\n${'─'.repeat(heading.length)}`);
    if (code !== undefined) parts.push(code.replaceAll(/^/gm, '    '));
    if (text !== undefined) parts.push(text);
    if (bars !== undefined) parts.push(renderBars(bars));
    if (table !== undefined) parts.push(renderTable(table, size.width));
    if (plot !== undefined) parts.push(renderChart(plot, size));
  }
  return parts.filter((part) => part !== '').join('\n\n');
}

/**
 * One value per column, evenly spread over the x axis as it is scaled: the line between the two
 * points around it. Points without a value, or that a log axis cannot show, are passed over.
 */
function columnsOf(plot: Plot, values: readonly (number | null)[], columns: number): number[] {
  const xLog = plot.x.scale === 'log';
  const yLog = plot.y?.scale === 'log';
  const points = values.flatMap((y, i) => {
    const x = plot.x.values[i]!;
    if (y === null || (xLog && x <= 0) || (yLog && y <= 0)) return [];
    return [{ x: byLog(xLog, x), y: byLog(yLog, y) }];
  });
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return [];
  let after = 0;
  return Array.from({ length: columns }, (_, column) => {
    const x = first.x + ((last.x - first.x) * column) / Math.max(1, columns - 1);
    while (after < points.length - 1 && points[after]!.x < x) after += 1;
    const right = points[after]!;
    const left = points[Math.max(0, after - 1)]!;
    const share = right.x === left.x ? 1 : Math.min(1, (x - left.x) / (right.x - left.x));
    const y = left.y + (right.y - left.y) * share;
    return yLog ? 10 ** y : y;
  });
}

function byLog(isLog: boolean, value: number): number {
  return isLog ? Math.log10(value) : value;
}
