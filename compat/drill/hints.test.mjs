/** Each hint that a verdict gives, tried: the same drill without and with what it advises. */
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { expect, test } from 'vitest';

import { drill } from '../../dist/src/index.js';
import { setter } from './client.mjs';

const LIMITS = { budgetMs: 6_000, slowMs: 6_000, warmupMs: 100 };
const HANGING = { ...LIMITS, budgetMs: 1_500 };
const ONE_REPLICA = { 'min-replicas-to-write': 1, 'min-replicas-max-lag': 1 };

/** Appends marks: what a retry doubles. */
function appender(options = {}) {
  return async (ctx) => {
    const redis = new Redis({ ...ctx.options.ioredis(), ...options });
    redis.on('error', () => {});
    ctx.onEnd(() => redis.disconnect());
    for (let i = 0; !ctx.signal.aborted; i += 1) {
      await ctx.write(i, () => redis.append('marks', `${i};`)).catch(() => {});
      await sleep(2);
    }
  };
}

/** Knows one address. */
async function direct(ctx) {
  const redis = new Redis(ctx.url);
  redis.on('error', () => {});
  ctx.onEnd(() => redis.disconnect());
  while (!ctx.signal.aborted) {
    await ctx.write('w', () => redis.set('k', 'v')).catch(() => {});
    await sleep(2);
  }
}

function tryHint(hint, scenario, options) {
  test(`${String(hint)} under ${String(scenario)}`, async () => {
    const without = await drill({ ...HANGING, scenario, client: setter(Redis) });
    expect(without.outcome).toBe('silent-hang');
    expect(without.hints.map(({ id }) => id)).toContain(hint);
    const advised = await drill({ ...LIMITS, scenario, client: setter(Redis, options) });
    expect(advised.outcome).toBe('passed');
  }, 60_000);
}

tryHint('ioredis-failover-detector', 'freeze', { failoverDetector: true, disconnectTimeout: 100 });
tryHint('ioredis-socket-timeout', 'black-hole', { socketTimeout: 500 });
tryHint('ioredis-sentinel-timeout', 'sentinel-outage', { sentinelCommandTimeout: 300 });

test('ask-sentinels under kill', async () => {
  const without = await drill({ ...HANGING, scenario: 'kill', client: direct });
  expect(['errors', 'silent-hang']).toContain(without.outcome);
  expect(without.hints.map(({ id }) => id)).toContain('ask-sentinels');
  const advised = await drill({ ...LIMITS, scenario: 'kill', client: setter(Redis) });
  expect(advised.outcome).toBe('passed');
}, 60_000);

test('idempotent-retries under lost-replies', async () => {
  const scenario = 'lost-replies';
  const without = await drill({ ...LIMITS, scenario, client: appender() });
  expect(without.outcome).toBe('duplicated-writes');
  expect(without.hints.map(({ id }) => id)).toContain('idempotent-retries');
  const options = { maxRetriesPerRequest: 0 };
  const advised = await drill({ ...LIMITS, scenario, client: appender(options) });
  expect(advised.outcome).toBe('passed');
}, 60_000);

test('min-replicas-to-write bounds what a minority acknowledges and loses', async () => {
  const own = {
    name: 'long-minority',
    steps: [
      { do: 'cut', side: ['master', 'sentinel'], clients: 'side' },
      { do: 'wait-for', what: 'new-master' },
      { do: 'wait', ms: 4_000 },
      { do: 'heal' },
      { do: 'wait-for', what: 'one-master' },
    ],
  };
  const run = { ...LIMITS, scenario: own, client: setter(Redis) };
  const without = await drill(run);
  expect(without.outcome).toBe('lost-writes');
  expect(without.hints.map(({ id }) => id)).toContain('min-replicas-to-write');
  const advised = await drill({ ...run, cluster: { config: ONE_REPLICA } });
  expect(advised.lost.length).toBeLessThan(without.lost.length / 1.5);
}, 60_000);
