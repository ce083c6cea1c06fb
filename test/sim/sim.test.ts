/**
 * Two hundred bad days (run.ts): no rule is ever broken, and every cluster recovers. `.ci/run` has
 * more of them.
 *
 * A seed that fails is replayed with `npm run sim -- --seed N`.
 */
import test from 'ava';
import { Piscina } from 'piscina';
import type { RunResult } from './run.js';
import type { SeedRange } from './sim.worker.js';

const SEEDS = 200;
const BATCH = 25;

test('200 seeds: one leader an epoch, votes survive crashes, all recover', async (t) => {
  t.timeout(180_000);
  const pool = new Piscina<SeedRange, RunResult[]>({
    filename: new URL('sim.worker.js', import.meta.url).href,
    name: 'runSeeds',
    minThreads: 2,
    maxThreads: 2,
  });
  const batches: Promise<RunResult[]>[] = [];
  for (let from = 1; from <= SEEDS; from += BATCH) batches.push(pool.run({ from, count: BATCH }));
  const results = (await Promise.all(batches)).flat();
  await pool.destroy();

  t.is(results.length, SEEDS);
  t.deepEqual(
    results.filter(({ violation }) => violation !== null),
    [],
  );
  // The days must have been bad ones, or nothing was tested.
  const elections = results.reduce((sum, result) => sum + result.elections, 0);
  const switches = results.reduce((sum, result) => sum + result.switches, 0);
  t.true(elections > SEEDS / 2, `${elections} elections`);
  t.true(switches > SEEDS, `${switches} switches`);
});
