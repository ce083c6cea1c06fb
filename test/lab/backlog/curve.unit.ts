import test from 'ava';
import { measureCurve, type ResyncCurve } from '../../../src/lab/backlog/curve.js';
import { type OutagePattern, parseOutages, survival } from '../../../src/lab/backlog/outages.js';
import { buildSeries, type Series } from '../../../src/lab/backlog/series.js';

const MB = 2 ** 20;
const NONE = { reconnectSeconds: 0, inFlightBytes: 0 };

/** One sample a second. */
function seriesOf(seconds: number, bytesAt: (second: number) => number): Series {
  const samples = Array.from({ length: seconds + 1 }, (_, second) => ({
    seconds: second,
    offset: bytesAt(second),
    replicas: null,
    place: `sample ${second + 1}`,
  }));
  return buildSeries('test', samples);
}

/** Of each period so many seconds are busy; how many of the first `second` were. */
function busySeconds(second: number, period: number, busy: number): number {
  return Math.floor(second / period) * busy + Math.min(busy, second % period);
}

const steady = seriesOf(7200, (second) => second * MB);

function near(curve: ResyncCurve, bytes: number): number {
  return curve.at(bytes).share;
}

test('a steady stream: the probability is that of an outage longer than size ÷ rate', async (t) => {
  for (const text of ['exp:20s', 'lognormal:10s:1', 'uniform:5s-90s']) {
    const pattern = parseOutages('--outage', text);
    const curve = await measureCurve(steady, pattern, NONE);
    for (const seconds of [2, 8, 32, 64]) {
      const exact = survival(pattern, seconds);
      const found = near(curve, seconds * MB);
      t.true(
        Math.abs(found - exact) < 0.01 * exact + 1e-4,
        `${text} ${seconds}: ${found} ${exact}`,
      );
    }
  }
});

test('a list is a weighted sum, exact at every size', async (t) => {
  const curve = await measureCurve(steady, parseOutages('--outage', '4s,8s,8s,32s'), NONE);
  t.is(near(curve, 3 * MB), 1);
  t.is(near(curve, 4 * MB), 0.75);
  t.is(near(curve, 8 * MB), 0.25);
  t.is(near(curve, 31 * MB), 0.25);
  t.is(near(curve, 32 * MB), 0);
});

test('many different lengths are a distribution, and come to the same', async (t) => {
  const seconds = Array.from({ length: 500 }, (_, index) => 5 + index / 10);
  const pattern: OutagePattern = { type: 'list', seconds };
  const curve = await measureCurve(steady, pattern, NONE);
  for (const size of [10, 30, 50]) {
    t.true(Math.abs(near(curve, size * MB) - survival(pattern, size)) < 0.02);
  }
});

test('the delay until the replica asks, and what was in flight, count in full', async (t) => {
  const how = { reconnectSeconds: 2, inFlightBytes: 2 * MB };
  const curve = await measureCurve(steady, parseOutages('--outage', '12s'), how);
  const limit = curve.indexOf(16 * MB);
  t.is(curve.point(limit).size, 16 * MB);
  t.is(curve.point(limit - 1).share, 1);
  t.is(curve.point(limit).share, 0);
  t.is(curve.largest, 16 * MB);
});

test('with nothing seen above a size, the interval says how little was seen', async (t) => {
  const how = { ...NONE };
  const long = await measureCurve(steady, parseOutages('--outage', '10s'), how);
  const short = await measureCurve(
    seriesOf(100, (second) => second * MB),
    parseOutages('--outage', '10s'),
    how,
  );
  t.is(long.at(32 * MB).share, 0);
  t.is(long.at(32 * MB).interval.low, 0);
  // 720 outages end to end, and 10: three and a half in so many may still go wrong.
  t.true(long.at(32 * MB).interval.high < 0.006);
  t.true(short.at(32 * MB).interval.high > 0.2);
});

test('half a day of bursts: parts that differ widen the interval', async (t) => {
  // The same 10 s in 40 busy all day, or a quarter of the day busy and the rest quiet.
  const even = seriesOf(8000, (second) => busySeconds(second, 40, 10) * 4 * MB);
  const lumpy = seriesOf(8000, (second) => busySeconds(second, 8000, 2000) * 4 * MB);
  const pattern = parseOutages('--outage', '10s');
  const width = async (series: Series): Promise<number> => {
    const curve = await measureCurve(series, pattern, NONE);
    const { interval } = curve.at(20 * MB);
    return interval.high - interval.low;
  };
  t.true((await width(even)) < 0.1);
  t.true((await width(lumpy)) > 0.3);
});

test('outages longer than the series are taken at its rates, few or many', async (t) => {
  for (const seconds of [100, 4]) {
    const short = seriesOf(seconds, (second) => second * MB);
    const curve = await measureCurve(short, parseOutages('--outage', 'exp:30s'), NONE);
    t.true(Math.abs(curve.beyond - Math.exp(-seconds / 30)) < 1e-9);
    t.true(Math.abs(near(curve, 128 * MB) - Math.exp(-128 / 30)) < 0.002);
    t.true(curve.at(128 * MB).interval.high > 0.1, 'and little is known of them');
  }
});

const bytesAt = (second: number): number => busySeconds(second, 60, 7) * 8 * MB + second * 1000;

test('where samples stand does not matter, as long as the line is the same', async (t) => {
  const regular = seriesOf(6000, bytesAt);
  const samples = Array.from({ length: 6001 }, (_, second) => {
    const offset = bytesAt(second);
    const half = (offset + bytesAt(second + 1)) / 2;
    const place = '';
    const sample = { seconds: second, offset, replicas: null, place };
    return second % 2 === 0
      ? [sample]
      : [sample, { seconds: second + 0.5, offset: half, replicas: null, place }];
  }).flat();
  const irregular = buildSeries('test', samples);
  for (const text of ['exp:20s', '13s', 'lognormal:9s:1']) {
    const pattern = parseOutages('--outage', text);
    const one = await measureCurve(regular, pattern, NONE);
    const other = await measureCurve(irregular, pattern, NONE);
    for (const size of [4, 16, 40, 60, 100]) {
      const [a, b] = [near(one, size * MB), near(other, size * MB)];
      t.true(Math.abs(a - b) < 0.01 * a + 1e-3, `${text} ${size}: ${a} and ${b}`);
    }
  }
});
