/**
 * An application for the drill: `ringleader drill -- node examples/app.mjs`. It counts visits, all the
 * time, and finds its Redis as many do: by the sentinels named in the environment.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const { Redis } = await import('ioredis').catch(() => {
  console.error('this example needs ioredis: npm install ioredis');
  process.exit(1);
});

const { REDIS_SENTINELS, REDIS_SENTINEL_NAME } = process.env;
if (REDIS_SENTINELS === undefined) {
  console.error('this example is run by a drill: npx ringleader drill -- node examples/app.mjs');
  process.exit(1);
}
const sentinels = REDIS_SENTINELS.split(',').map((address) => {
  const [host, port] = address.split(':');
  return { host, port: Number(port) };
});
// Without the two time-outs a frozen master, or a silent sentinel, is waited for: try it.
const redis = new Redis({
  sentinels,
  name: REDIS_SENTINEL_NAME,
  socketTimeout: 500,
  sentinelCommandTimeout: 300,
});
redis.on('error', (error) => console.error(error.message));

for (let visit = 0; ; visit += 1) {
  try {
    await redis.set(`visit:${visit}`, Date.now());
  } catch (error) {
    console.error(error.message);
  }
  await sleep(5);
}
