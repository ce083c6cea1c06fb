/** Masters that die at once are replaced by ours at once; the same seed is the same storm. */
import test from 'ava';
import { storm, type StormOptions } from '../../src/sim/storm.js';

const SMALL: StormOptions = {
  sentinels: 5,
  masters: 12,
  share: 0.5,
  rules: 'ours',
  seed: 1,
  forMs: 30_000,
};

test('ours replaces all masters that die at once', async (t) => {
  const { died, electedMs, agreedMs, epochs } = await storm(SMALL);
  t.is(died, 6);
  t.is(electedMs.length, 6);
  t.is(agreedMs.length, 6);
  t.true(epochs >= 1);
  for (const times of [electedMs, agreedMs]) {
    t.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  }
  t.true(electedMs.every((at, index) => at <= agreedMs[index]!));
});

test('a seed gives the same storm again, under the rules of Redis too', async (t) => {
  const options: StormOptions = { ...SMALL, masters: 6, rules: 'stock', forMs: 5000 };
  const first = await storm(options);
  t.is(first.died, 3);
  t.deepEqual(await storm(options), first);
});

test('it is told how many of the dead are replaced', async (t) => {
  const told: (number | null)[] = [];
  await storm({ ...SMALL, masters: 2, onProgress: (replaced) => told.push(replaced) });
  t.is(told[0], null);
  t.is(told.at(-1), 1);
});
