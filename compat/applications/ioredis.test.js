// A shop on ioredis: carts, a leaderboard, stock in a Lua command, orders through a stream's group.
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { SERVERS } from './servers.js';

/** Takes so many of a product's stock, or none. */
const RESERVE = `
local left = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
local wanted = tonumber(ARGV[2])
if left < wanted then return {0, left} end
return {1, redis.call('HINCRBY', KEYS[1], ARGV[1], -wanted)}`;

describe.each(SERVERS)('on %s', (_, start) => {
  let server;
  let client;
  let blocking;

  beforeAll(async () => {
    server = await start();
    const options = { port: server.port, host: '127.0.0.1' };
    client = new Redis({ ...options, enableAutoPipelining: true });
    client.defineCommand('reserve', { numberOfKeys: 1, lua: RESERVE });
    blocking = new Redis(options);
  });

  afterAll(async () => {
    await client.quit();
    blocking.disconnect();
    await server.stop();
  });

  test('carts: hashes with a life, changed together', async () => {
    await client.hset('cart:1', { apple: 2, pear: 1 });
    await client.expire('cart:1', 100);
    const changed = await client
      .multi()
      .hincrby('cart:1', 'apple', 3)
      .hdel('cart:1', 'pear')
      .hgetall('cart:1')
      .ttl('cart:1')
      .exec();
    expect(changed.map(([error]) => error)).toEqual([null, null, null, null]);
    expect(changed[2][1]).toEqual({ apple: '5' });
    expect(changed[3][1]).toBeGreaterThan(90);
    await client.watch('cart:1');
    await blocking.hset('cart:1', 'fig', 1);
    expect(await client.multi().del('cart:1').exec()).toBe(null);
  });

  test('stock: a script by its digest, many at once', async () => {
    await client.hset('stock', { apple: 50 });
    const results = await Promise.all(
      Array.from({ length: 30 }, () => client.reserve('stock', 'apple', 2)),
    );
    expect(results.filter(([done]) => done === 1)).toHaveLength(25);
    expect(await client.hget('stock', 'apple')).toBe('0');
    await expect(client.eval('return redis.call("HGET", KEYS[1])', 1, 'stock')).rejects.toThrow(
      /Wrong number of args/,
    );
  });

  test('a leaderboard: scores, ranks, ranges and unions', async () => {
    const points = Array.from({ length: 500 }, (_each, i) => [(i * 37) % 500, `player:${i}`]);
    await client.zadd('board:mon', ...points.flat());
    await client.zincrby('board:tue', 1000.5, 'player:7');
    await client.zunionstore('board', 2, 'board:mon', 'board:tue', 'AGGREGATE', 'SUM');
    expect(await client.zrange('board', 0, 1, 'REV', 'WITHSCORES')).toEqual([
      'player:7',
      '1259.5',
      'player:27',
      '499',
    ]);
    expect(await client.zrevrank('board', 'player:7')).toBe(0);
    expect(await client.zcount('board', '(490', '+inf')).toBe(10);
    const seen = new Set();
    for await (const batch of client.zscanStream('board', { count: 50 })) {
      for (let i = 0; i < batch.length; i += 2) seen.add(batch[i]);
    }
    expect(seen.size).toBe(500);
  });

  test('orders: a stream, its group, one consumer that dies', async () => {
    await client.xgroup('CREATE', 'orders', 'packers', '$', 'MKSTREAM');
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_each, i) => client.xadd('orders', '*', 'n', i)),
    );
    const read = (consumer, count) =>
      client.xreadgroup('GROUP', 'packers', consumer, 'COUNT', count, 'STREAMS', 'orders', '>');
    const [[, first]] = await read('ann', 15);
    expect(first.map(([id]) => id)).toEqual(ids.slice(0, 15));
    await client.xack('orders', 'packers', ...ids.slice(0, 5));
    const [[, second]] = await read('bob', 15);
    expect(second).toHaveLength(5);
    const [, claimed] = await client.xautoclaim('orders', 'packers', 'bob', 0, '0', 'COUNT', 100);
    expect(claimed).toHaveLength(15);
    expect((await client.xpending('orders', 'packers'))[0]).toBe(15);
    const waiting = blocking.xread('BLOCK', 5000, 'STREAMS', 'orders', '$');
    await expect.poll(() => client.info('clients')).toMatch(/blocked_clients:1/);
    const id = await client.xadd('orders', '*', 'n', 'last');
    expect(await waiting).toEqual([['orders', [[id, ['n', 'last']]]]]);
  });

  test('a queue of work: BLMOVE, and telling others by publish', async () => {
    const listener = new Redis({ port: server.port, host: '127.0.0.1' });
    await listener.psubscribe('done:*');
    const heard = new Promise((resolve) => {
      listener.on('pmessage', (_pattern, channel, text) => resolve([channel, text]));
    });
    const taken = blocking.blmove('todo', 'doing', 'LEFT', 'RIGHT', 5);
    await client.rpush('todo', 'a', 'b');
    expect(await taken).toBe('a');
    expect(await client.lrange('doing', 0, -1)).toEqual(['a']);
    await client.publish('done:a', 'yes');
    expect(await heard).toEqual(['done:a', 'yes']);
    listener.disconnect();
  });
});
