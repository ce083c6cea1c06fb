/** The cache over a cluster of other processes: the same calls, but for those of shared memory. */
import test from 'ava';
import { setTimeout as sleep } from 'node:timers/promises';

import { Cluster } from '../../src/cluster/cluster.js';

const cluster = await Cluster.start({ replicas: 1, sentinels: 1, readyTimeoutMs: 30_000 });
test.after.always(() => cluster.stop());

const connect = () => Cluster.connect(cluster.url, { timeoutMs: 20_000 });

test('values are stored, read, counted and deleted, through the master', async (t) => {
  using remote = await connect();
  const cache = await remote.cache({ codec: 'json', ttl: '1m', namespace: 'plain' });
  t.is(await cache.get('user'), undefined);
  await cache.set('user', { name: 'Ada' });
  t.deepEqual(await cache.get('user'), { name: 'Ada' });
  t.deepEqual(await cache.mget(['user', 'none']), [{ name: 'Ada' }, undefined]);
  const keys = new Set<string>(); // SCAN may meet one twice while the other tests' keys go.
  for await (const key of cache.keys()) keys.add(key);
  t.deepEqual([...keys], ['user']);
  t.is(await cache.delete('user', 'none'), 1);
  const { hits, misses, writes, usedMemoryBytes } = cache.stats();
  t.deepEqual([hits, misses, writes], [2, 1, 2]); // Before the first write there is no namespace.
  t.is(usedMemoryBytes, Number.NaN);
});

test('a namespace is cleared for all that share it, threads of the cluster too', async (t) => {
  using remote = await connect();
  const far = await remote.cache({ namespace: 'shared' });
  const near = await cluster.cache({ namespace: 'shared' });
  await near.set('a', '1');
  t.is(await far.get('a'), '1');
  await far.clear();
  t.is(near.getSync('a'), undefined);
  t.is(await far.get('a'), undefined);
  near.close();
});

test('of all that want a value one computes it; a stale one is served meanwhile', async (t) => {
  using one = await connect();
  using other = await connect();
  let computed = 0;
  const compute = async (): Promise<string> => {
    computed += 1;
    await sleep(20);
    return `value ${computed}`;
  };
  const caches = await Promise.all([one.cache(), other.cache()]);
  const values = await Promise.all(caches.map((cache) => cache.wrap('wrapped', '1m', compute)));
  t.deepEqual(values, ['value 1', 'value 1']);
  t.is(computed, 1);
  const [first] = caches;
  // A life of 1 ms, and a minute in which what is stale is better than nothing.
  await first.wrap('short', 1, compute, { stale: '1m' });
  await sleep(2);
  t.is(await first.wrap('short', 1, compute, { stale: '1m' }), 'value 2');
  t.is(first.stats().servedStale, 1);
});

const lacks = (what: RegExp) => ({ code: 'UNSUPPORTED', message: what });

test('what needs shared memory is refused by name', async (t) => {
  using remote = await connect();
  const cache = await remote.cache();
  t.throws(() => cache.getSync('a'), lacks(/getSync\(\)/));
  t.throws(() => cache.has('a'), lacks(/has\(\)/));
  t.throws(() => cache.ttl('a'), lacks(/ttl\(\)/));
  t.throws(() => cache.staleness(), lacks(/staleness\(\)/));
  await t.throwsAsync(remote.cache({ read: 'nearest' }), lacks(/option read/));
  await t.throwsAsync(remote.cache({ ttl: -1 }), { code: 'CONFIG_INVALID' });
});
