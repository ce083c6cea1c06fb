/** A short form of `npm run overload`. */
import test from 'ava';
import { overload } from './run.js';

const LOAD = {
  kind: 'ours',
  seconds: 6,
  linkBytesPerSecond: 1_500_000,
  loadBytesPerSecond: 5_000_000,
  limitBytes: 4_000_000,
} as const;

test('a replica that the link is too slow for is dropped once, and comes back after the load', async (t) => {
  t.timeout(180_000);
  const { fullSyncs, fullSyncsInAll, log } = await overload({ ...LOAD, flowControl: '' });
  t.is(fullSyncs, 1);
  t.is(fullSyncsInAll, 2);
  t.is(log.filter((line) => line.includes('cannot keep up')).length, 1);
  t.true(log.some((line) => line.includes('Raise client-output-buffer-limit')));
});

test('with repl-flow-control throttle writers wait for it, and it is never dropped', async (t) => {
  t.timeout(180_000);
  const { fullSyncsInAll, drops } = await overload({ ...LOAD, flowControl: 'throttle' });
  t.is(fullSyncsInAll, 1);
  t.is(drops, 0);
});
