/** Sections as tables. */
import Table from 'cli-table3';
import { type Section, digits } from './section.js';
import type { Comparison } from '../src/lab/stats.js';

/** No colours, no line between rows. */
const PLAIN = { style: { head: [], border: [], compact: true } };

export function print({ title, comparisons, figures, notes }: Section): void {
  console.log(`\n${title}`);
  for (const group of groupBySides(comparisons)) {
    const [ours, peer] = group[0]?.sides ?? ['ours', 'redis'];
    const table = new Table({ ...PLAIN, head: ['', ours, peer, 'ratio (least–greatest)'] });
    for (const line of group) table.push(cells(line));
    console.log(table.toString());
  }
  if (figures.length > 0) {
    const table = new Table({ ...PLAIN, colAligns: ['left', 'right'] });
    for (const { name, value, unit } of figures) table.push([name, `${digits(value)} ${unit}`]);
    console.log(table.toString());
  }
  for (const note of notes) console.log(note);
}

/** Neighbours that compare the same sides share a table. */
function groupBySides(comparisons: readonly Comparison[]): Comparison[][] {
  const groups: Comparison[][] = [];
  for (const comparison of comparisons) {
    const last = groups.at(-1);
    if (last?.[0]?.sides?.[0] === comparison.sides?.[0] && last !== undefined) {
      last.push(comparison);
    } else groups.push([comparison]);
  }
  return groups;
}

function cells({ name, unit, ours, peer, ratio, ratioMin, ratioMax, pairs }: Comparison): string[] {
  const spread =
    pairs.length > 1 ? ` (${(ratioMin ?? 0).toFixed(2)}–${(ratioMax ?? 0).toFixed(2)})` : '';
  return [
    name,
    `${digits(ours)} ${unit}`,
    peer === null ? '–' : `${digits(peer)} ${unit}`,
    ratio === null ? '–' : `${ratio.toFixed(2)}${spread}`,
  ];
}
