import * as fc from 'fast-check';
import test from 'ava';
import { buildSeries, offsetAt, type Series } from '../../../src/lab/backlog/series.js';
import { gridSizes } from '../../../src/lab/backlog/size-grid.js';
import { BLOCKS, measureWindows } from '../../../src/lab/backlog/windows.js';

const KB = 1024;
const sizes = gridSizes(4096 * KB);
/** The index of a size, which must be of the grid. */
const at = (bytes: number): number => sizes.indexOf(bytes);

function seriesOf(points: readonly (readonly [number, number])[]): Series {
  const samples = points.map(([seconds, offset], index) => ({
    seconds,
    offset,
    replicas: null,
    place: `sample ${index + 1}`,
  }));
  return buildSeries('test', samples, { splitRestarts: true });
}

test('a steady stream: every window is rate × time, at its limit and to each side', (t) => {
  const series = seriesOf([
    [0, 0],
    [100, 100 * 32 * KB],
  ]);
  const { linear, largest, startSeconds } = measureWindows(series, 2, sizes);
  t.is(largest, 64 * KB);
  t.is(startSeconds, 98);
  t.is(linear[at(64 * KB) - 1], 1);
  // A backlog of exactly the window holds it.
  t.is(linear[at(64 * KB)], 0);
  t.is(linear[at(64 * KB) + 1], 0);
});

test('one burst: the share is that of the start times that contain enough of it', (t) => {
  // 1 MB within one second, in the middle of 101.
  const series = seriesOf([
    [0, 0],
    [50, 0],
    [51, 1024 * KB],
    [101, 1024 * KB],
  ]);
  const { linear, worst } = measureWindows(series, 11, sizes);
  // All of it: 10 s of starts. More than half of it: half a second more at each end. Of 90 s.
  t.true(Math.abs(linear[at(512 * KB)]! - 11 / 90) < 1e-12);
  t.is(linear[at(1024 * KB)], 0);
  // Just below all of it: the starts that contain it whole.
  const almost = 1024 * KB - 4 * KB;
  t.true(Math.abs(linear[at(almost)]! - (10 + 2 / 256) / 90) < 1e-12);
  // At worst a window that touches the second contains all of it: 12 s of starts.
  t.true(Math.abs(worst[at(almost)]! - 12 / 90) < 1e-12);
});

test('no window spans a restart', (t) => {
  const series = seriesOf([
    [0, 0],
    [10, 10 * 64 * KB],
    [20, 5],
    [30, 5 + 10 * 32 * KB],
  ]);
  const { linear, startSeconds, largest } = measureWindows(series, 2, sizes);
  t.is(startSeconds, 16);
  t.is(largest, 128 * KB);
  t.is(linear[at(64 * KB) - 1], 1);
  t.is(linear[at(96 * KB)], 0.5);
});

test('an outage as long as the series or longer has no windows', (t) => {
  const series = seriesOf([
    [0, 0],
    [10, 1e6],
  ]);
  t.is(measureWindows(series, 10, sizes).startSeconds, 0);
  t.is(measureWindows(series, 9.5, sizes).startSeconds, 0.5);
});

const points = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 900 * KB })), {
    minLength: 2,
    maxLength: 40,
  })
  .map((steps) => {
    let seconds = 0;
    let offset = 0;
    const origin: readonly [number, number] = [0, 0];
    return [origin].concat(
      steps.map(([wait, bytes]) => [(seconds += wait / 100), (offset += bytes)] as const),
    );
  });

test('the shares are those of start times tried one by one', (t) => {
  fc.assert(
    fc.property(points, fc.double({ min: 0.05, max: 0.9, noNaN: true }), (given, part) => {
      const series = seriesOf(given);
      const segment = { first: 0, last: given.length - 1 };
      const end = given.at(-1)![0];
      const outage = end * part;
      const { linear, worst, blocks } = measureWindows(series, outage, sizes);
      const tries = 4000;
      const above = new Float64Array(sizes.length);
      for (let n = 0; n < tries; n++) {
        const start = ((end - outage) * (n + 0.5)) / tries;
        const window = offsetAt(series, segment, start + outage) - offsetAt(series, segment, start);
        for (let m = 0; m < sizes.length && sizes[m]! < window; m++) above[m]! += 1 / tries;
      }
      // Each piece's end may be missed by one try, at either end.
      const tolerance = (4 * given.length) / tries;
      for (let m = 0; m < sizes.length; m += 7) {
        t.true(Math.abs(linear[m]! - above[m]!) <= tolerance, `${linear[m]} for ${above[m]}`);
        t.true(worst[m]! >= linear[m]! - 1e-9);
        let sum = 0;
        for (let block = 0; block < BLOCKS; block++) sum += blocks[block * sizes.length + m]!;
        t.true(Math.abs(sum / BLOCKS - linear[m]!) < 1e-9);
      }
    }),
    { numRuns: 25 },
  );
});
