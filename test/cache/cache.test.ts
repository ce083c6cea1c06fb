/** Caches over one cluster: from this thread and others, and what becomes of them in a failover. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import test, { type ExecutionContext } from 'ava';

import { attach, type Cache, Cluster } from '../../src/index.js';
import { until } from '../support/until.js';

/** Shared by the tests that hurt nobody; each has a namespace of its own. */
let shared: Cluster;
test.before(async () => {
  shared = await Cluster.start({ replicas: 1, sentinels: 0 });
});
test.after.always(() => shared.stop());

function own(t: ExecutionContext): Promise<Cache> {
  return shared.cache({ namespace: t.title });
}

test('what is set is read at once, with its ttl, until it is deleted', async (t) => {
  const cache = await own(t);
  t.is(cache.getSync('a'), undefined);
  t.false(cache.has('a'));
  t.is(cache.ttl('a'), undefined);
  await cache.set('a', 'one');
  await cache.set('b', 'zwölf', { ttl: '1m' });
  t.is(cache.getSync('a'), 'one');
  t.deepEqual(await cache.mget(['a', 'b', 'c']), ['one', 'zwölf', undefined]);
  t.true(cache.has('b'));
  t.is(cache.ttl('a'), Infinity);
  t.true(cache.ttl('b')! > 50_000 && cache.ttl('b')! <= 60_000);
  t.is(await cache.delete('a', 'b', 'c'), 2);
  t.is(await cache.get('a'), undefined);
  await t.throwsAsync(cache.set('a', 'b', { ttl: '5x' }), { code: 'CONFIG_INVALID' });
  await t.throwsAsync(cache.set('a', JSON.parse('5')), { code: 'CONFIG_INVALID' });
});

test('values and keys that shared memory does not take in one piece', async (t) => {
  const cache = await own(t);
  for (const size of [0, 1, 1919, 1920, 1921, 8_192, 300_000]) {
    const value = String.fromCharCode(97 + (size % 26)).repeat(size);
    await cache.set(`size ${size}`, value);
    t.true(cache.getSync(`size ${size}`) === value, String(size));
  }
  for (const length of [1_900, 1_968, 1_984, 1_985, 70_000]) {
    const key = 'k'.repeat(length);
    await cache.set(key, 'long', { ttl: '1h' });
    t.is(cache.getSync(key), 'long');
    t.is(await cache.get(key), 'long');
    t.true(cache.has(key) && cache.ttl(key)! > 3_500_000);
    t.is(await cache.wrap(key, '1m', () => 'not computed'), 'long');
    t.is(await cache.wrap(`${key}!`, '1m', () => 'computed'), 'computed');
    t.is(await cache.delete(key), 1);
    t.false(cache.has(key));
  }
});

test('a namespace is apart from others, and empty once it is cleared', async (t) => {
  const cache = await own(t);
  const other = cache.namespace('other');
  await Promise.all([cache.set('a', '1'), other.set('a', '2'), other.set('b', '3')]);
  t.deepEqual([cache.getSync('a'), other.getSync('a')], ['1', '2']);
  const keys: string[] = [];
  for await (const key of other.keys()) keys.push(key);
  t.deepEqual(keys.toSorted(), ['a', 'b']);
  await other.clear();
  t.deepEqual([cache.getSync('a'), other.getSync('a')], ['1', undefined]);
  await other.set('b', '4');
  t.deepEqual([other.getSync('a'), other.getSync('b')], [undefined, '4']);
});

test('wrap computes once in all threads', async (t) => {
  const workers = Array.from(
    { length: 2 },
    () =>
      new Worker(new URL('fixtures/wrap-worker.js', import.meta.url), {
        workerData: shared.handle(),
      }),
  );
  const cache = await shared.cache();
  const said = await Promise.all(
    workers.map(async (worker) => {
      const [message]: { value: string; isComputed: boolean }[] = await once(worker, 'message');
      return message!;
    }),
  );
  t.deepEqual(
    said.map(({ value }) => value),
    ['computed', 'computed'],
  );
  t.is(said.filter(({ isComputed }) => isComputed).length, 1);
  t.is(await cache.wrap('wanted', '1m', () => 'not again'), 'computed');
});

test('wrap serves the stale while it computes, and passes on what is thrown', async (t) => {
  const cache = await own(t);
  let count = 0;
  const next = (): string => `value ${(count += 1)}`;
  const wrapped = (): Promise<string> => cache.wrap('a', 5, next, { stale: '1m' });
  t.deepEqual(await Promise.all([wrapped(), wrapped()]), ['value 1', 'value 1']);
  await until(() => cache.ttl('a')! <= 60_000);
  t.is(await wrapped(), 'value 1');
  await until(() => cache.getSync('a') === 'value 2');
  t.true(cache.stats().servedStale >= 1);
  await t.throwsAsync(cache.wrap('b', 5, fail), { message: 'no' });
  t.is(await cache.wrap('b', '1m', () => 'yes'), 'yes');
});

function fail(): string {
  throw new Error('no');
}

test('hits and misses are counted, and told to who listens', async (t) => {
  const cache = await own(t);
  await cache.set('a', '1');
  const told: unknown[] = [];
  const listener = (message: unknown): void => void told.push(message);
  subscribe('ringleader:cache:get', listener);
  cache.getSync('a');
  cache.getSync('b');
  unsubscribe('ringleader:cache:get', listener);
  t.true(told.length >= 2);
  const { hits, misses, hitRate, writes, usedMemoryBytes } = cache.stats();
  t.deepEqual({ hits, misses, hitRate, writes }, { hits: 1, misses: 1, hitRate: 0.5, writes: 1 });
  t.true(usedMemoryBytes > 0);
});

test('replicas are read if that is asked for, and say how far they are', async (t) => {
  const cache = await shared.cache({ read: 'nearest', maxStalenessMs: 1_000 });
  await cache.set('replicated', '1');
  await until(() => cache.getSync('replicated') === '1');
  await until(() => {
    cache.getSync('replicated');
    return cache.stats().replicaReads > 0;
  });
  t.deepEqual(
    cache.staleness().map(({ id, isMaster }) => [id, isMaster]),
    [
      ['node-0', true],
      ['node-1', false],
    ],
  );
});

test('what is no handle, or no option, is refused by name', async (t) => {
  await t.throwsAsync(attach(JSON.parse('{}')), {
    code: 'CONFIG_INVALID',
    message: /cluster\.handle\(\)/,
  });
  const bad = [
    { codec: 'xml' },
    { jitter: 2 },
    { ttl: -5 },
    { read: 'all' },
    { namespace: '' },
    { colour: 1 },
  ];
  for (const options of bad) {
    const [name] = Object.keys(options);
    await t.throwsAsync(shared.cache(JSON.parse(JSON.stringify(options))), {
      code: 'CONFIG_INVALID',
      message: new RegExp(name!),
    });
  }
});

test('memory that is full gives up what is used least', async (t) => {
  const cluster = await Cluster.start({ replicas: 0, sentinels: 0, maxmemory: '3mb' });
  try {
    const cache = await cluster.cache();
    const value = 'x'.repeat(1_000);
    await cache.set('hot', value);
    for (let i = 0; i < 2_400; i += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, j) => cache.set(`cold ${i + j}`, value)));
      for (let j = 0; j < 50; j++) cache.getSync('hot');
      if (i % 400 === 0) await cache.client.request('TOUCH', 'hot');
    }
    t.true(cache.stats().evictedKeys > 500);
    t.is(cache.getSync('hot'), value);
  } finally {
    await cluster.stop();
  }
});

test('reads go on while a master is dead, and writes resume at the next', async (t) => {
  const cluster = await Cluster.start({ replicas: 1, sentinels: 3 });
  const handle = cluster.handle();
  try {
    const cache = await cluster.cache();
    await cache.set('a', '1');
    const { masterId } = cluster;
    const killed = cluster.kill(masterId);
    for (let i = 0; i < 1_000; i++) t.is(cache.getSync('a'), '1');
    await killed;
    t.is(cache.getSync('a'), '1');
    await cache.set('a', '2');
    t.is(cache.getSync('a'), '2');
    t.not(cache.staleness().find(({ isMaster }) => isMaster)?.id, masterId);
  } finally {
    await cluster.stop();
  }
  await t.throwsAsync(attach(handle), { code: 'CLOSED', message: /stopped/ });
});
