/** Tables and charts of characters. */
import test from 'ava';
import type { Plot } from '../../src/report/report.js';
import {
  chartSize,
  renderBars,
  renderChart,
  renderTable,
  renderText,
} from '../../src/report/terminal.js';

function plotOf(values: readonly (number | null)[], parts: Partial<Plot> = {}): Plot {
  return {
    title: 'lag',
    x: { label: 'time', unit: 's', values: values.map((_, i) => i) },
    series: [{ label: 'node-1', unit: 'bytes', values }],
    ...parts,
  };
}

test('numbers stand at the right, names at the left', (t) => {
  const table = renderTable({
    head: ['who', 'rate'],
    rows: [
      ['a', '1'],
      ['bb', '1000'],
    ],
  });
  t.regex(table, /│ a {3}│ {4}1 │/);
  t.regex(table, /│ bb {2}│ 1000 │/);
});

test('a chart goes from the bottom left to the top right with its series', (t) => {
  const lines = renderChart(plotOf([0, 1e6])).split('\n');
  t.is(lines[0], 'lag (node-1)');
  t.regex(lines[1]!, /^ +977 kb [┤┼] +╭─+ *$/);
  t.regex(lines.at(-2)!, /0 bytes [┤┼]─+╯/);
  t.is(lines.at(-1)!.trim(), 'time: 0 s … 1 s');
});

for (const [name, values] of [
  ['gaps', [null, 3, null, 9, null]],
  ['a single point', [5]],
  ['no spread', [7, 7, 7]],
  ['zeros', [0, 0]],
  ['negative values', [-3, -1]],
] as const) {
  for (const scale of ['linear', 'log'] as const) {
    test(`${name} on a ${scale} axis make no hole in the chart`, (t) => {
      const chart = renderChart(plotOf(values, { y: { label: 'lag', scale } }));
      t.notRegex(chart, /NaN|undefined|Infinity/);
    });
  }
}

test('a row at 0 is called 0, however its steps add up', (t) => {
  for (let top = 900_000; top < 900_050; top++) {
    t.notRegex(renderChart(plotOf([0, top])), /\de-\d/, String(top));
  }
});

test('a linear axis begins at 0 where nothing is below it', (t) => {
  const [bottom] = renderChart(plotOf([1e-9, 100]))
    .split('\n')
    .slice(-2);
  t.regex(bottom!, /^ *0 bytes/);
});

test('bars are as long as their figures', (t) => {
  const bars = [
    { label: 'ours', value: 1000, kind: 0 },
    { label: 'a peer', value: 250, kind: 1 },
  ];
  const [title, ours, peer] = renderBars({ title: 'T', unit: '/s', bars }).split('\n');
  t.is(title, 'T');
  t.is(ours, `ours    ${'█'.repeat(40)} 1000/s`);
  t.is(peer, `a peer  ${'█'.repeat(10)} 250/s`);
});

test('nothing to draw is said in words', (t) => {
  t.is(renderChart(plotOf([null, null])), 'lag: nothing to draw');
});

test('a series of another unit, for which there is no axis, is left out', (t) => {
  const series = [
    { label: 'lag', unit: 'bytes', values: [1, 2] },
    { label: 'latency', unit: 'ms', values: [3, 4] },
  ];
  t.regex(renderChart(plotOf([1, 2], { series })), /^lag \(lag\)\n/);
});

test('a report is its title, its introduction and its sections', (t) => {
  const sections = [{ heading: 'One', code: 'a 1\nb 2', text: 'words', plot: plotOf([1, 2]) }];
  const text = renderText({ title: 'T', intro: 'I', sections });
  t.regex(text, /^T\n\nI\n\nOne\n───\n\n {4}a 1\n {4}b 2\n\nwords\n\nlag/);
});

test('what suits a narrow terminal fits into it; a wide one changes nothing', (t) => {
  const values = Array.from({ length: 100 }, (_, i) => i);
  const plot = { title: 'p', x: { label: 'x', values }, series: [{ label: 's', values }] };
  for (const width of [40, 80]) {
    const lines = renderChart(plot, chartSize(width)).split('\n');
    t.true(Math.max(...lines.map(({ length }) => length)) <= width);
  }
  t.is(renderChart(plot, chartSize(Infinity)), renderChart(plot));
  const table = { head: ['name', 'figure'], rows: [['some long name', '1 MB']] };
  t.is(renderTable(table, 12), 'name: some long name\n  figure: 1 MB');
  t.is(renderTable(table, 80), renderTable(table));
});
