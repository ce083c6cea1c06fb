/**
 * Eviction beside real Redis: the same keys, the same uses, the limit set where each stands, and
 * keys added until a quarter has gone. Which go is drawn, so shares are compared.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { Prng } from '../../src/base/prng.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { RespClient } from '../support/resp-client.js';
import { testWithRedis } from '../support/real-redis.js';
import { startPair } from './compare.js';

const KEYS = 2000;
const VALUE = 'x'.repeat(100);

type Uses = (client: RespClient) => Promise<void>;

async function set(client: RespClient, name: string, count: number): Promise<void> {
  const commands = Array.from({ length: count }, (_, i) =>
    encodeCommand(['SET', `${name}:${i}`, VALUE, 'EX', '10000']),
  );
  client.write(Buffer.concat(commands));
  await client.take(count);
}

async function present(client: RespClient, from: number, to: number): Promise<number> {
  const keys = Array.from({ length: to - from }, (_, i) => `key:${from + i}`);
  return Number(await client.value('EXISTS', ...keys));
}

async function info(client: RespClient, section: string, field: string): Promise<number> {
  const text = String(await client.value('INFO', section));
  return Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(text)?.[1]);
}

/** @returns the shares left of the first, little used half of the keys, and of the second. */
async function survivors(port: number, policy: string, use: Uses): Promise<[number, number]> {
  const client = await RespClient.connect(port);
  try {
    await client.call('CONFIG', 'SET', 'maxmemory', '0');
    await client.call('CONFIG', 'SET', 'maxmemory-policy', policy);
    // LFU counters fall as a minute of the clock ends, which may be between one server and the
    // other.
    await client.call('CONFIG', 'SET', 'lfu-decay-time', '0');
    await client.call('FLUSHALL');
    await set(client, 'key', KEYS);
    await use(client);
    const used = await info(client, 'memory', 'used_memory');
    const before = await info(client, 'stats', 'evicted_keys');
    await client.value('CONFIG', 'SET', 'maxmemory', `${used}`);
    // Memory is not counted alike, so as many keys more as it takes for a quarter to go.
    for (let i = 0; (await info(client, 'stats', 'evicted_keys')) < before + KEYS / 4; i++) {
      await set(client, `new:${i}`, 10);
    }
    await client.value('CONFIG', 'SET', 'maxmemory', '0');
    const half = KEYS / 2;
    return [(await present(client, 0, half)) / half, (await present(client, half, KEYS)) / half];
  } finally {
    client.close();
  }
}

async function compareShares(t: ExecutionContext, policy: string, use: Uses): Promise<void> {
  const { real, ours } = await startPair(t);
  const [theirs, mine] = await Promise.all([
    survivors(real.port, policy, use),
    survivors(ours.port, policy, use),
  ]);
  const text = `${policy}: ours ${mine.join(' ')}, theirs ${theirs.join(' ')}`;
  t.true(Math.abs(mine[0] - theirs[0]) < 0.08, text);
  t.true(Math.abs(mine[1] - theirs[1]) < 0.08, text);
  t.log(text);
}

const HALF = Array.from({ length: KEYS / 2 }, (_, i) => `key:${KEYS / 2 + i}`);

/** The second half is read a second and more after the first was written. */
async function readLater(client: RespClient): Promise<void> {
  await sleep(2100); // The access clock's own unit is a second.
  await client.call('MGET', ...HALF);
}

/** The second half is read thirty times, each time in another order. */
async function readOften(client: RespClient): Promise<void> {
  const random = new Prng(1);
  for (let i = 0; i < 30; i++) {
    const from = random.below(HALF.length);
    await client.call('MGET', ...HALF.slice(from), ...HALF.slice(0, from));
  }
}

for (const policy of ['allkeys-lru', 'volatile-lru']) {
  testWithRedis(`${policy} leaves what Redis leaves`, compareShares, policy, readLater);
}
for (const policy of ['allkeys-lfu', 'volatile-lfu', 'allkeys-random']) {
  testWithRedis(`${policy} leaves what Redis leaves`, compareShares, policy, readOften);
}
