// Keyv's own test suite, and cache-manager's promises, against a live cluster.
import keyvTestSuite, { keyvIteratorTests } from '@keyv/test-suite';
import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import * as test from 'vitest';

import { Cluster } from '../../dist/src/index.js';
import { KeyvRingleader } from '../../dist/src/adapters/keyv.js';

const cluster = await Cluster.start({ replicas: 1, sentinels: 0 });
const adapters = [];
const store = () => {
  const adapter = new KeyvRingleader(cluster);
  adapters.push(adapter);
  return adapter;
};

// Each test makes stores of its own and closes none.
test.afterEach(async () => {
  await Promise.all(adapters.splice(0).map((adapter) => adapter.disconnect()));
});
test.afterAll(() => cluster.stop());

keyvTestSuite(test, Keyv, store);
keyvIteratorTests(test, Keyv, store);

const manager = (options = {}) =>
  createCache({ stores: [new Keyv({ store: store(), namespace: 'manager' })], ...options });

test.describe('cache-manager 7', () => {
  test.it('gets, sets, deletes and clears, one key and many', async () => {
    const cache = manager();
    await cache.clear();
    await cache.set('a', { n: 1 });
    test.expect(await cache.get('a')).toEqual({ n: 1 });
    await cache.mset([
      { key: 'b', value: 2 },
      { key: 'c', value: 'three' },
    ]);
    test.expect(await cache.mget(['a', 'b', 'c', 'd'])).toEqual([{ n: 1 }, 2, 'three', undefined]);
    await cache.del('a');
    await cache.mdel(['b']);
    test.expect(await cache.mget(['a', 'b', 'c'])).toEqual([undefined, undefined, 'three']);
    await cache.clear();
    test.expect(await cache.get('c')).toBeUndefined();
  });

  test.it('keeps to a ttl in ms, and says when a key expires', async () => {
    const cache = manager();
    await cache.set('short', 1, 30);
    await cache.set('long', 2, 60_000);
    const expires = await cache.ttl('long');
    test.expect(expires).toBeGreaterThan(Date.now() + 50_000);
    await test.expect.poll(() => cache.get('short')).toBeUndefined();
    test.expect(await cache.get('long')).toBe(2);
  });

  test.it('wraps: computes once, refreshes behind the threshold', async () => {
    const cache = manager();
    await cache.clear();
    let computed = 0;
    const compute = async () => (computed += 1);
    const values = await Promise.all(
      Array.from({ length: 10 }, () => cache.wrap('w', compute, 60_000)),
    );
    test.expect(values).toEqual(Array.from({ length: 10 }, () => 1));
    test.expect(await cache.wrap('w', compute, { ttl: 60_000, refreshThreshold: 70_000 })).toBe(1);
    await test.expect.poll(() => cache.get('w')).toBe(2);
  });

  test.it('goes on over a failover', async () => {
    const ha = await Cluster.start({ replicas: 2, sentinels: 3 });
    try {
      const cache = createCache({ stores: [new Keyv({ store: new KeyvRingleader(ha) })] });
      await cache.set('before', 'kept');
      await ha.kill(ha.masterId);
      test.expect(await cache.get('before')).toBe('kept');
      await cache.set('after', 'stored');
      test.expect(await cache.mget(['before', 'after'])).toEqual(['kept', 'stored']);
    } finally {
      await ha.stop();
    }
  });
});
