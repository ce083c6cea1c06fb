/**
 * The clients of the matrix, each as its documentation begins: with its defaults, led by sentinels.
 *
 * Those that end in `*` are the same with what the drill's hints advise. All do the same work: they
 * set a key of their own and append a mark to a list, again and again, and go on after errors.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis as Ioredis6 } from 'ioredis';
import { Redis as Ioredis5 } from 'ioredis5';
import { Redis as Iovalkey } from 'iovalkey';
import { createSentinel as nodeRedis6 } from 'redis';
import { createSentinel as nodeRedis5 } from 'redis5';

/** ms between two writes: a client under light load. */
const PAUSE_MS = 3;

const IOREDIS_TUNED = { socketTimeout: 500, sentinelCommandTimeout: 300 };

/** Name → client code for a drill. */
export const clients = new Map([
  ['ioredis 5', ioredis(Ioredis5)],
  ['ioredis 6', ioredis(Ioredis6)],
  ['node-redis 5', nodeRedis(nodeRedis5)],
  ['node-redis 6', nodeRedis(nodeRedis6)],
  ['iovalkey', ioredis(Iovalkey)],
  ['ioredis 6 *', ioredis(Ioredis6, IOREDIS_TUNED)],
]);

/** Options that a client has beyond its defaults, for the reader of the matrix. */
export const tuned = new Map([['ioredis 6 *', IOREDIS_TUNED]]);

function ioredis(Redis, options = {}) {
  return async (ctx) => {
    const redis = new Redis({ ...ctx.options.ioredis(), ...options });
    redis.on('error', () => {}); // Lost connections, which it makes anew.
    ctx.onEnd(() => redis.disconnect());
    await work(ctx, redis);
  };
}

function nodeRedis(createSentinel) {
  return async (ctx) => {
    const redis = createSentinel(ctx.options.nodeRedis());
    redis.on('error', () => {});
    ctx.onEnd(() => redis.destroy());
    await redis.connect();
    await work(ctx, redis);
  };
}

async function work(ctx, redis) {
  for (let i = 0; !ctx.signal.aborted; i += 1) {
    await Promise.allSettled([
      ctx.write(`set ${i}`, () => redis.set(`key:${i}`, String(i))),
      ctx.write(`append ${i}`, () => redis.append('marks', `${i};`)),
    ]);
    await sleep(PAUSE_MS);
  }
}
