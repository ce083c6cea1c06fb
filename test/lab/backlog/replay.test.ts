/**
 * What is predicted is what production's replication does: 20 random days and outage patterns,
 * replayed on a virtual clock. `npm run replay` does it with more outages, and with threads.
 */
import test from 'ava';
import { Core } from '../../../src/core/core.js';
import { compare } from '../../../src/lab/backlog/replay.js';
import { sweep } from '../../../src/lab/backlog/sweep.js';
import { replayVirtually } from '../../../src/lab/backlog/virtual-replay.js';
import { replayOnCluster } from '../../../src/lab/backlog/cluster-replay.js';
import { testWithRedis } from '../../support/real-redis.js';
import { randomScenario } from './scenarios.js';

const ROUNDS = 25;

test('20 series × patterns: full resyncs lie inside the predicted interval in at least 18', async (t) => {
  const module = await Core.compile();
  let inside = 0;
  let full = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const { point, ...scenario } = await randomScenario(seed);
    const task = { ...scenario, size: point.size, rounds: ROUNDS };
    const observed = replayVirtually(module, task);
    t.is(observed.full + observed.partial, ROUNDS, 'each outage ends in one resync');
    full += observed.full;
    inside += Number(compare(task, observed, point.share).isInside);
  }
  t.true(inside >= 18, `${inside} of 20 inside`);
  // Both outcomes must have been there, or nothing was tested.
  t.true(full > 20 * ROUNDS * 0.1 && full < 20 * ROUNDS * 0.9, `${full} full resyncs`);
});

test('a prediction that is wrong is found out', async (t) => {
  const module = await Core.compile();
  const { point, ...scenario } = await randomScenario(3);
  const task = { ...scenario, size: point.size, rounds: 100 };
  const observed = replayVirtually(module, task);
  t.true(compare(task, observed, point.share).isInside);
  t.false(compare(task, observed, point.share / 2).isInside);
});

const REAL = { server: 'redis-server', sentinel: 'redis-sentinel' };
const ENGINES = [
  [test, 'threads'],
  [test, 'processes'],
  [testWithRedis, REAL],
] as const;
for (const [declare, engine] of ENGINES) {
  const name = typeof engine === 'string' ? engine : engine.server;
  declare(`${name} in real time do what the virtual clock does`, async (t) => {
    const { point, ...scenario } = await randomScenario(3);
    const task = { ...scenario, size: point.size, rounds: 8 };
    const seen: number[] = [];
    const onProgress = (round: number): void => void seen.push(round);
    const observed = await replayOnCluster(task, { factor: 1000, engine, onProgress });
    t.deepEqual(observed, replayVirtually(await Core.compile(), task));
    t.is(seen.length, 8);
    t.true(observed.full > 0 && observed.partial > 0, 'both outcomes have been there');
  });
}

test('a sweep gives each size and seed its result, whatever thread ran it', async (t) => {
  const { point, ...scenario } = await randomScenario(7);
  const { series, pattern, how } = scenario;
  const points = [point, { size: point.size * 2, share: 0 }];
  const done: number[] = [];
  const results = await sweep({
    series,
    pattern,
    how,
    rounds: 5,
    points,
    seeds: [1, 2],
    onProgress: (count) => done.push(count),
  });
  t.deepEqual(
    results.map(({ size, seed }) => [size, seed]),
    points.flatMap(({ size }, index) => [1, 2].map((seed) => [size, seed + index * 100_003])),
  );
  t.deepEqual(done, [1, 2, 3, 4]);
  const module = await Core.compile();
  for (const { size, seed, full, partial } of results) {
    const alone = replayVirtually(module, { series, pattern, how, rounds: 5, size, seed });
    t.deepEqual({ full, partial }, alone);
  }
});
