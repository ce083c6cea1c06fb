/**
 * Every benchmark runs, at a thousandth of its size: the figures mean nothing, but they are there.
 * One at a time, or they would measure each other.
 */
import test from 'ava';
import { commands } from '../../bench/commands.js';
import { core } from '../../bench/core.js';
import { defaultList } from '../../bench/default-list.js';
import { fullsync } from '../../bench/fullsync.js';
import { fullsyncTypes } from '../../bench/fullsync-types.js';
import { growth } from '../../bench/growth.js';
import { memory } from '../../bench/memory.js';
import { memoryTypes } from '../../bench/memory-types.js';
import { propagation } from '../../bench/propagation.js';
import { propagationTypes } from '../../bench/propagation-types.js';
import { hasRealRedis } from '../../bench/real-redis.js';
import { replicas } from '../../bench/replicas.js';
import type { BenchOptions, Section } from '../../bench/section.js';
import { stages } from '../../bench/stages.js';
import { tcp } from '../../bench/tcp.js';

const OPTIONS: BenchOptions = {
  pairs: 1,
  scale: 0.001,
  keys: null,
  tests: ['get'],
  pipelines: [16],
  parts: [],
  hasRedis: hasRealRedis(),
  progress: () => {},
};

/** Where the peer is run as elsewhere: starting it takes longer than all the rest. */
const ALONE = { ...OPTIONS, hasRedis: false };

const BENCHMARKS: Record<string, (options: BenchOptions) => Promise<Section>> = {
  commands,
  core,
  stages,
  propagation,
  propagationTypes,
  memory,
  memoryTypes,
  growth,
  fullsync,
  fullsyncTypes,
};

for (const [name, run] of Object.entries(BENCHMARKS)) {
  test.serial(`${name} gives figures`, async (t) =>
    check(t, await run(name === 'memory' ? OPTIONS : ALONE)),
  );
}

test.serial('tcp gives figures, if redis-benchmark is there to make the load', async (t) => {
  const result = await tcp(OPTIONS);
  if (OPTIONS.hasRedis) check(t, result);
  else t.is(result.notes.length, 1);
});

test.serial('the default list gives figures, if redis-benchmark is there', async (t) => {
  const result = await defaultList(OPTIONS);
  if (OPTIONS.hasRedis) check(t, result);
  else t.is(result.notes.length, 1);
});

test.serial('replicas gives figures where threads can be told apart', async (t) => {
  const result = await replicas(ALONE, 2);
  if (process.platform === 'linux') check(t, result);
  else t.is(result.notes.length, 1);
});

test.serial('memory loads as many keys as it is told to', async (t) => {
  const { figures } = await memory({ ...OPTIONS, keys: 2500 });
  t.is(figures.find(({ name }) => name === 'keys stored')?.value, 2500);
});

test.serial('memory refuses what the machine cannot hold', async (t) => {
  const { figures, notes } = await memory({ ...OPTIONS, keys: 900_000_000_000 });
  t.deepEqual(figures, []);
  t.regex(notes[0] ?? '', /^Not run/);
});

function check(
  t: { true(value: boolean, why: string): void },
  { title, comparisons, figures }: Section,
) {
  t.true(comparisons.length + figures.length > 0, title);
  for (const { name, ours, peer, ratio } of comparisons) {
    t.true(ours > 0, name);
    if (peer !== null) t.true(peer > 0 && ratio !== null && ratio > 0, `${name}: peer`);
  }
  for (const { name, value } of figures) t.true(Number.isFinite(value), name);
}
