/** Keyv over a cluster: what its own suite (npm run compat) does not try. */
import test from 'ava';
import { Keyv } from 'keyv';

import { KeyvRingleader } from '../../src/adapters/keyv.js';
import { Cluster } from '../../src/index.js';

let cluster: Cluster;
test.before(async () => {
  cluster = await Cluster.start({ replicas: 0, sentinels: 0 });
});
test.after.always(() => cluster.stop());

test('keys of any length', async (t) => {
  const store = new KeyvRingleader(cluster);
  const keyv = new Keyv({ store, namespace: 'long' });
  const long = 'k'.repeat(5_000);
  await keyv.set(long, 1, 60_000);
  t.true(await keyv.has(long));
  t.is(await keyv.get(long), 1);
  t.deepEqual(await store.hasMany([`long:${long}`, 'long:no']), [true, false]);
  t.true(await keyv.delete(long));

  await store.disconnect();
});

test('any number of keys', async (t) => {
  const cache = await cluster.cache();
  const store = new KeyvRingleader(cache);
  const keyv = new Keyv({ store, namespace: 'many' });
  const keys = Array.from({ length: 60_000 }, (_, i) => `many:${i}`);
  const batches = Array.from({ length: 60 }, (_, i) => keys.slice(i * 1_000, (i + 1) * 1_000));
  const fill = (): Promise<unknown> =>
    Promise.all(
      batches.map((batch) => cache.client.call('MSET', ...batch.flatMap((k) => [k, '1']))),
    );
  await fill();
  t.true(await store.deleteMany(keys));
  t.false(await store.deleteMany(keys), 'none is left');
  await fill();
  t.is((await store.getMany(keys)).filter((value) => value === '1').length, 60_000);
  await keyv.clear();
  for await (const key of cache.keys()) t.fail(key);
});

test('what is no option is refused', (t) => {
  const options = JSON.parse('{ "codec": "json" }');
  t.throws(() => new KeyvRingleader(cluster, options), {
    code: 'CONFIG_INVALID',
    message: /no option codec of KeyvRingleader/,
  });
});
