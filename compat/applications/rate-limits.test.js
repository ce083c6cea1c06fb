// Limits on requests by rate-limiter-flexible, over both clients.
import { Redis } from 'ioredis';
import { BurstyRateLimiter, RateLimiterRedis, RLWrapperBlackAndWhite } from 'rate-limiter-flexible';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { SERVERS } from './servers.js';

describe.each(SERVERS)('on %s', (_, start) => {
  let server;
  const clients = {};

  beforeAll(async () => {
    server = await start();
    clients.ioredis = { storeClient: new Redis(server.port, '127.0.0.1') };
    const storeClient = createClient({ url: `redis://127.0.0.1:${server.port}` });
    await storeClient.connect();
    clients['node-redis'] = { storeClient, useRedisPackage: true };
  });

  afterAll(async () => {
    clients.ioredis.storeClient.disconnect();
    clients['node-redis'].storeClient.destroy();
    await server.stop();
  });

  test.each(['ioredis', 'node-redis'])('%s: so many points in so long, then none', async (name) => {
    const limiter = new RateLimiterRedis({
      ...clients[name],
      keyPrefix: name,
      points: 5,
      duration: 60,
      blockDuration: 60,
    });
    const taken = await Promise.allSettled(
      Array.from({ length: 8 }, () => limiter.consume('visitor')),
    );
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    const { reason } = taken.find(({ status }) => status === 'rejected');
    expect(reason.remainingPoints).toBe(0);
    expect(reason.msBeforeNext).toBeGreaterThan(0);
    expect((await limiter.get('visitor')).consumedPoints).toBeGreaterThan(5);
    await limiter.delete('visitor');
    expect((await limiter.consume('visitor', 2)).remainingPoints).toBe(3);
    expect((await limiter.penalty('visitor', 1)).consumedPoints).toBe(3);
    expect((await limiter.reward('visitor', 2)).consumedPoints).toBe(1);
    await limiter.block('visitor', 10);
    await expect(limiter.consume('visitor')).rejects.toMatchObject({ remainingPoints: 0 });
  });

  test('bursts, and those who are let through', async () => {
    const options = { ...clients.ioredis, points: 1, duration: 60 };
    const steady = new RateLimiterRedis({ ...options, keyPrefix: 'steady' });
    const burst = new RateLimiterRedis({ ...options, keyPrefix: 'burst', points: 2 });
    const bursty = new BurstyRateLimiter(steady, burst);
    const taken = await Promise.allSettled([1, 2, 3, 4].map(() => bursty.consume('visitor')));
    expect(taken.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    const lists = new RLWrapperBlackAndWhite({ limiter: steady, whiteList: ['visitor'] });
    await expect(lists.consume('visitor')).resolves.toBeDefined();
  });
});
