/** A client as an application has it, for the fixtures' tests under each framework. */
import { setTimeout as sleep } from 'node:timers/promises';

/** @returns client code for a drill: ioredis with these options beyond its defaults. */
export function setter(Redis, options = {}) {
  return async (ctx) => {
    const redis = new Redis({ ...ctx.options.ioredis(), ...options });
    redis.on('error', () => {});
    ctx.onEnd(() => redis.disconnect());
    for (let i = 0; !ctx.signal.aborted; i += 1) {
      await ctx.write(i, () => redis.set(`key:${i}`, i)).catch(() => {});
      await sleep(2);
    }
  };
}
