// A site on node-redis, in RESP3: profiles in a client-side cache, tags, visitors, shops near by.
import { createClient, createClientPool } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { SERVERS } from './servers.js';

describe.each(SERVERS)('on %s', (_, start) => {
  let server;
  let client;

  beforeAll(async () => {
    server = await start();
    const url = `redis://127.0.0.1:${server.port}`;
    const clientSideCache = { ttl: 0, maxEntries: 100, evictPolicy: 'LRU' };
    client = createClient({ url, RESP: 3, clientSideCache });
    await client.connect();
  });

  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  test('profiles: hashes, read from the client until another changes them', async () => {
    const other = createClient({ url: `redis://127.0.0.1:${server.port}` });
    await other.connect();
    await client.hSet('user:1', { name: 'Ada', born: '1815' });
    expect({ ...(await client.hGetAll('user:1')) }).toEqual({ name: 'Ada', born: '1815' });
    await other.hSet('user:1', 'name', 'Ada L.');
    await expect.poll(async () => (await client.hGetAll('user:1')).name).toBe('Ada L.');
    expect(await client.hIncrByFloat('user:1', 'rating', 0.1)).toBe('0.1');
    other.destroy();
  });

  test('tags and visitors: sets, HyperLogLogs, bits', async () => {
    await client.sAdd('tags:a', ['x', 'y', 'z']);
    await client.sAdd('tags:b', ['y', 'z', 'w']);
    expect(new Set(await client.sInter(['tags:a', 'tags:b']))).toEqual(new Set(['y', 'z']));
    expect(await client.sInterCard(['tags:a', 'tags:b'], 1)).toBe(1);
    const visitors = Array.from({ length: 1000 }, (_each, i) => `v${i}`);
    await client.pfAdd('visits', visitors);
    const count = await client.pfCount('visits');
    expect(count).toBeGreaterThan(950);
    expect(count).toBeLessThan(1050);
    await client.setBit('days', 7, 1);
    expect(await client.bitCount('days')).toBe(1);
    expect(
      await client.bitField('days', [{ operation: 'GET', encoding: 'u8', offset: 0 }]),
    ).toEqual([1]);
  });

  test('shops near by, and scores as doubles', async () => {
    await client.geoAdd('shops', [
      { longitude: 13.361389, latitude: 38.115556, member: 'Palermo' },
      { longitude: 15.087269, latitude: 37.502669, member: 'Catania' },
    ]);
    expect(await client.geoDist('shops', 'Palermo', 'Catania', 'km')).toBe(166.2742);
    const near = await client.geoSearch(
      'shops',
      { longitude: 15, latitude: 37 },
      { radius: 100, unit: 'km' },
    );
    expect(near).toEqual(['Catania']);
    await client.zAdd('z', [
      { score: 1.5, value: 'a' },
      { score: Infinity, value: 'b' },
    ]);
    expect(await client.zRangeWithScores('z', 0, -1)).toEqual([
      { value: 'a', score: 1.5 },
      { value: 'b', score: Infinity },
    ]);
    expect(await client.zScore('z', 'nobody')).toBe(null);
  });

  test('a library of functions, transactions, a pool that blocks', async () => {
    const code = `#!lua name=site
redis.register_function{function_name='visits', callback=function(keys)
  return redis.call('ZCARD', keys[1]) end, flags={'no-writes'}}`;
    expect(await client.functionLoad(code, { REPLACE: true })).toBe('site');
    expect(await client.fCallRo('visits', { keys: ['z'], arguments: [] })).toBe(2);
    expect(await client.multi().set('n', 1).incr('n').type('n').exec()).toEqual([
      'OK',
      2,
      'string',
    ]);
    const pool = createClientPool({ url: `redis://127.0.0.1:${server.port}` }, { maximum: 4 });
    await pool.connect();
    const popped = Promise.all(
      Array.from({ length: 3 }, () => pool.execute((each) => each.blPop('work', 5))),
    );
    await client.rPush('work', ['1', '2', '3']);
    expect(new Set((await popped).map(({ element }) => element))).toEqual(new Set(['1', '2', '3']));
    await pool.close();
    const keys = [];
    for await (const batch of client.scanIterator({ MATCH: 'tags:*', COUNT: 2 }))
      keys.push(...batch);
    expect(new Set(keys)).toEqual(new Set(['tags:a', 'tags:b']));
  });
});
