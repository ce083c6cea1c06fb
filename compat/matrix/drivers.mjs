/** What a client of the matrices does in a drill, by the kind of its API. */
import { setTimeout as sleep } from 'node:timers/promises';

/** ms between two writes: a client under light load. */
const PAUSE_MS = 3;

export function ioredis(Redis, options = {}) {
  return async (ctx) => {
    const redis = new Redis({ ...ctx.options.ioredis(), ...options });
    redis.on('error', () => {}); // Lost connections, which it makes anew.
    ctx.onEnd(() => redis.disconnect());
    await work(ctx, redis);
  };
}

export function nodeRedis(createSentinel) {
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
