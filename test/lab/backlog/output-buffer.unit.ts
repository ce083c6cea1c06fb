import test from 'ava';
import { memoryCost, backlogSlack } from '../../../src/lab/backlog/memory-cost.js';
import {
  type FullSyncOptions,
  sizeOutputBuffer,
  syncPhases,
} from '../../../src/lab/backlog/output-buffer.js';
import { buildSeries } from '../../../src/lab/backlog/series.js';

const MB = 2 ** 20;
const steady = buildSeries(
  'steady',
  [
    { seconds: 0, offset: 0, replicas: null, place: '' },
    { seconds: 10_000, offset: 10_000 * MB, replicas: null, place: '' },
  ],
  { isExact: true },
);

/** 40 s to save, 20 to send, 80 to load. */
const OPTIONS: FullSyncOptions = {
  datasetBytes: 800 * MB,
  saveRate: 20 * MB,
  linkRate: 40 * MB,
  loadRate: 10 * MB,
  replicas: 1,
  diskless: false,
};

test('a full sync’s parts: one after the other, or saving and sending at once', (t) => {
  t.deepEqual(syncPhases(OPTIONS), { snapshot: 40, transfer: 20, load: 80, total: 140 });
  t.is(syncPhases({ ...OPTIONS, diskless: true }).total, 120);
  t.is(syncPhases({ ...OPTIONS, diskless: true, replicas: 3 }).total, 140);
});

test('the limit holds what is written until the replica reads on, with headroom', (t) => {
  const sizing = sizeOutputBuffer(steady, OPTIONS, MB, 0);
  t.is(sizing.largest, 140 * MB);
  const { hardBytes, softBytes, softSeconds } = sizing.limit;
  t.is(hardBytes, Math.ceil((140 * 1.01 + 2 / 64) * 1.25) * MB);
  t.true(softBytes < hardBytes);
  // Above the soft limit no longer than a whole sync takes: 140 s, and 140 MB at 39 MB/s.
  t.true(Math.abs(sizing.caughtUpSeconds - (140 + 140 / 39)) < 1e-9);
  t.true(softSeconds > sizing.caughtUpSeconds);
});

test('Redis’ default limit: the soft one cuts a sync of 140 s at 1 MB/s, the hard one does not', (t) => {
  t.deepEqual(sizeOutputBuffer(steady, OPTIONS, MB, 0).defaultCuts, { hard: 0, soft: 1 });
  // 64 MB are there after 64 s (a little earlier, counted in memory); 60 s more are too long.
  const faster = { ...OPTIONS, loadRate: (800 * MB) / 64 };
  t.is(syncPhases(faster).total, 124);
  t.is(sizeOutputBuffer(steady, faster, MB, 0).defaultCuts.soft, 1);
  const fast = { ...OPTIONS, loadRate: (800 * MB) / 60 };
  t.is(sizeOutputBuffer(steady, fast, MB, 0).defaultCuts.soft, 0);
  const slow = { ...OPTIONS, loadRate: (800 * MB) / 200 };
  t.deepEqual(sizeOutputBuffer(steady, slow, MB, 0).defaultCuts, { hard: 1, soft: 1 });
  // A hard limit below the backlog is as good as the backlog.
  t.is(sizeOutputBuffer(steady, slow, 512 * MB, 0).defaultCuts.hard, 0);
});

test('the limit is no smaller than the backlog, and has room for the largest value', (t) => {
  t.true(sizeOutputBuffer(steady, OPTIONS, 900 * MB, 0).limit.hardBytes >= 900 * MB);
  const plain = sizeOutputBuffer(steady, OPTIONS, MB, 0).limit.hardBytes;
  t.true(sizeOutputBuffer(steady, OPTIONS, MB, 100 * MB).limit.hardBytes >= plain + 100 * MB);
});

test('a link slower than the writers never catches up', (t) => {
  const sizing = sizeOutputBuffer(steady, { ...OPTIONS, linkRate: MB }, MB, 0);
  t.is(sizing.caughtUpSeconds, Infinity);
  t.is(sizing.limit.softBytes, 0);
});

test('a sync longer than the series is taken at its rates', (t) => {
  const sizing = sizeOutputBuffer(steady, { ...OPTIONS, loadRate: MB / 25 }, MB, 0);
  t.true(sizing.isExtrapolated);
  t.true(Math.abs(sizing.largest - sizing.phases.total * MB) < 1);
});

test('memory: a buffer for each replica up to 6.2, one for all from 7.0 on', (t) => {
  t.deepEqual(memoryCost('6.2', 64 * MB, 100 * MB, 200 * MB, 3), {
    steady: 64 * MB,
    duringSync: 364 * MB,
    most: 664 * MB,
  });
  const shared = memoryCost('7', 64 * MB, 100 * MB, 200 * MB, 3);
  t.true(shared.steady >= 64 * MB && shared.steady < 65 * MB);
  t.true(shared.duringSync >= 100 * MB && shared.duringSync < 101 * MB);
  t.true(shared.most >= 200 * MB && shared.most < 201 * MB);
  t.is(memoryCost('7', 64 * MB, 100 * MB, 200 * MB, 0).most, shared.steady);
  t.is(backlogSlack('6.2', MB), 0);
  t.is(backlogSlack('7', MB), 128 * 1024);
  t.is(backlogSlack('7', 64 * 1024), 32 * 1024);
});
