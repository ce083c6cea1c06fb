/** The drill as a fixture under vitest. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { assertPassed, DrillGround, drillFixture } from '../../dist/src/index.js';
import { setter } from './client.mjs';

/** Long for who comes back, on a machine that is busy; short for who hangs. */
const PASSING = { budgetMs: 8_000, slowMs: 8_000, warmupMs: 50, settleMs: 50 };
const HANGING = { ...PASSING, budgetMs: 1_500 };
const ground = drillFixture({ before: beforeAll, after: afterAll });

test('a client that follows failovers passes', async () => {
  assertPassed(await ground.drill({ ...PASSING, scenario: 'kill', client: setter(Redis) }));
}, 20_000);

test('one that hangs fails the test, with the story and a hint as the message', async () => {
  const verdict = await ground.drill({ ...HANGING, scenario: 'freeze', client: setter(Redis) });
  expect(verdict.outcome).toBe('silent-hang');
  expect(() => assertPassed(verdict)).toThrow(/SILENT HANG[\s\S]*failoverDetector/);
}, 20_000);

test('await using closes a ground of its own', async () => {
  let cluster = null;
  {
    await using own = await DrillGround.open({ replicas: 1, sentinels: 0 });
    cluster = own.cluster;
    expect(cluster.nodes().map(({ state }) => state)).toEqual(['up', 'up']);
  }
  expect(cluster.nodes().map(({ state }) => state)).toEqual(['gone', 'gone']);
}, 20_000);
