/** What came of a storm, as a table for people. */
import type { Millis } from '../base/time.js';
import type { StormResult } from '../sim/storm-watch.js';

type Row = readonly [name: string, of: (result: StormResult) => string];

/** @param forMs - how long was watched. @returns a row for each figure, a column for each set. */
export function stormTable(
  results: readonly (readonly [name: string, result: StormResult])[],
  forMs: Millis,
): string[] {
  const rows: Row[] = [
    [`replaced within ${forMs / 1000} s`, ({ agreedMs, died }) => `${agreedMs.length} of ${died}`],
    ...distribution('leader elected', ({ electedMs }) => electedMs),
    ...distribution('all sentinels agree', ({ agreedMs }) => agreedMs),
    ['candidacies without a leader', ({ splitVotes }) => `${splitVotes}`],
    ['epochs', ({ epochs }) => `${epochs}`],
  ];
  const table = [
    ['', ...results.map(([name]) => name)],
    ...rows.map(([name, of]) => [name, ...results.map(([, result]) => of(result))]),
  ];
  return table.map(([name = '', ...cells]) =>
    [name.padEnd(NAME_WIDTH), ...cells.map((cell) => cell.padStart(CELL_WIDTH))].join(''),
  );
}

const NAME_WIDTH = 30;
const CELL_WIDTH = 12;

/** Of all that died: one whose time has not come is later than all others. */
function distribution(name: string, timesOf: (result: StormResult) => readonly Millis[]): Row[] {
  const shares = { min: 0, p50: 0.5, p90: 0.9, max: 1 };
  return Object.entries(shares).map(([label, share]): Row => [
    `${name}, ${label}`,
    (result) => {
      const at = timesOf(result)[Math.max(0, Math.ceil(result.died * share) - 1)];
      return at === undefined ? 'not seen' : `${(at / 1000).toFixed(2)} s`;
    },
  ]);
}
