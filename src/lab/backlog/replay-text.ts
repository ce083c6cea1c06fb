/** What a replay found, as a section of the report; and which sizes are worth one. */
import type { Section } from '../../report/report.js';
import { countInterval } from './confidence.js';
import type { CurvePoint } from './curve.js';
import { formatSize } from '../../base/quantity.js';
import { percent } from './quantities.js';
import type { ReplayResult } from './replay.js';
import type { BacklogSizing } from './sizing.js';

/** Probabilities to try: a size with which all or no outages end well would prove little. */
const SHARES = [0.75, 0.5, 0.25, 0.1, 0.03];

/** @returns the sizes of the curve nearest to those shares, and the recommended one; ascending. */
export function replayPoints({ curve, recommended }: BacklogSizing): CurvePoint[] {
  const chosen = new Map([[recommended.bytes, recommended.point]]);
  for (const wanted of SHARES) {
    let nearest = recommended.point;
    for (const point of curve) {
      if (Math.abs(point.share - wanted) < Math.abs(nearest.share - wanted)) nearest = point;
    }
    chosen.set(nearest.size, nearest);
  }
  return [...chosen.values()].toSorted((a, b) => a.size - b.size);
}

/** @param how - on which clock, in words. */
export function replaySection(results: readonly ReplayResult[], how: string): Section {
  const bySize = new Map<number, ReplayResult[]>();
  for (const result of results) {
    bySize.set(result.size, [...(bySize.get(result.size) ?? []), result]);
  }
  const groups = [...bySize.values()];
  const inside = results.filter(({ isInside }) => isInside).length;
  return {
    heading: 'Replay: predicted beside observed',
    text: `${how}. ${inside} of ${results.length} replays gave as many full resyncs as predicted (95 % interval, so about 1 in 20 may miss).`,
    table: {
      head: [
        'repl-backlog-size',
        'outages',
        'predicted',
        'expected',
        'full',
        'partial',
        'observed',
      ],
      rows: [...bySize].map(([size, group]) => row(size, group)),
    },
    plot: {
      title: 'Predicted and observed',
      x: { label: 'repl-backlog-size', scale: 'log', unit: 'bytes', values: [...bySize.keys()] },
      y: { label: 'outages that end in a full resync' },
      series: [
        { label: 'predicted', unit: '%', values: groups.map((group) => group[0]!.predicted * 100) },
        {
          label: 'observed',
          unit: '%',
          values: groups.map((group) => (100 * sum(group, 'full')) / sum(group, 'rounds')),
        },
      ],
    },
  };
}

function sum(group: readonly ReplayResult[], field: 'rounds' | 'full' | 'partial'): number {
  return group.reduce((total, result) => total + result[field], 0);
}

function row(size: number, group: readonly ReplayResult[]): string[] {
  const rounds = sum(group, 'rounds');
  const full = sum(group, 'full');
  const predicted = group[0]?.predicted ?? 0;
  const { low, high } = countInterval(rounds, { low: predicted, high: predicted });
  return [
    formatSize(size),
    String(rounds),
    percent(predicted),
    `${low} to ${high}`,
    String(full),
    String(sum(group, 'partial')),
    `${percent(full / rounds)}${full < low || full > high ? ' (outside)' : ''}`,
  ];
}
