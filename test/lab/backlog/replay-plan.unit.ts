import test from 'ava';
import { Prng } from '../../../src/base/prng.js';
import { planOutage } from '../../../src/lab/backlog/replay-plan.js';
import { plannedOutages } from '../../../src/lab/backlog/replay.js';
import { buildSeries } from '../../../src/lab/backlog/series.js';
import { StreamFiller } from '../../../src/lab/backlog/stream-filler.js';

const sample = (seconds: number, offset: number) => ({
  seconds,
  offset,
  replicas: null,
  place: '',
});
/** 1000 bytes a second, then 3000 after a restart. */
const series = buildSeries(
  'two parts',
  [sample(0, 0), sample(100, 100_000), sample(200, 5), sample(300, 300_005)],
  { splitRestarts: true },
);
const NONE = { reconnectSeconds: 0, inFlightBytes: 0 };

test('outages lie within a part of the series, as often in each as it is long', (t) => {
  const prng = new Prng(1);
  const pattern = { type: 'list', seconds: [10] } as const;
  const bytes = Array.from({ length: 2000 }, () => planOutage(series, pattern, NONE, prng).bytes);
  const slow = bytes.filter((each) => Math.abs(each - 10_000) < 1e-6).length;
  const fast = bytes.filter((each) => Math.abs(each - 30_000) < 1e-6).length;
  t.is(slow + fast, 2000);
  t.true(Math.abs(slow - 1000) < 100);
});

test('what was in flight and the delay until the replica asks are played too', (t) => {
  const pattern = { type: 'list', seconds: [10] } as const;
  const how = { reconnectSeconds: 5, inFlightBytes: 7 };
  const planned = planOutage(series, pattern, how, new Prng(1));
  t.is(planned.seconds, 15);
  t.true([15_007, 45_007].some((bytes) => Math.abs(planned.bytes - bytes) < 1e-6));
});

test('an outage longer than the series is played at its rates', (t) => {
  const pattern = { type: 'list', seconds: [1000] } as const;
  const { bytes, seconds } = planOutage(series, pattern, NONE, new Prng(1));
  t.is(seconds, 1000);
  t.true([1e6, 3e6].some((whole) => Math.abs(bytes - whole) < 1e-3));
});

test('scaled to the backlog under test, and no further written than decides', (t) => {
  const pattern = { type: 'list', seconds: [10] } as const;
  const task = { series, pattern, how: NONE, size: 20_000, rounds: 20, seed: 1 };
  for (const { bytes, backlogBytes } of plannedOutages(task, 1000)) {
    t.is(backlogBytes, 1000);
    t.true([500, 1500].some((each) => Math.abs(bytes - each) < 1e-6));
  }
  for (const { bytes, backlogBytes } of plannedOutages({ ...task, size: 100 })) {
    t.is(backlogBytes, 100);
    t.true(Math.abs(bytes - 200) < 1e-6);
  }
});

test('the stream is filled to the byte, but for less than the shortest command', (t) => {
  const filler = new StreamFiller();
  let asked = 0;
  let written = 0;
  const prng = new Prng(2);
  for (let part = 0; part < 500; part++) {
    const bytes = prng.below(30_000) / 7;
    asked += bytes;
    for (const command of filler.next(bytes)) written += command.length;
    t.true(asked - written >= 0 && asked - written < 40, `${asked} asked, ${written} written`);
  }
});
