/** Drills with planted faults: each must be found, and told from the others. */
import test, { type ExecutionContext } from 'ava';
import { Redis } from 'ioredis';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSentinel } from 'redis';

import type { DrillContext } from '../../../src/drill/stage/context.js';
import { drill, DrillGround } from '../../../src/drill/stage/drill.js';
import { drillFixture } from '../../../src/drill/stage/fixture.js';

const ground = await DrillGround.open({ readyTimeoutMs: 30_000 });

test.after.always(() => ground.close());

/** Long for who comes back, on a machine that is busy; short for who hangs. */
const LIMITS = { budgetMs: 10_000, slowMs: 10_000, warmupMs: 50, settleMs: 50 };
const HANGS_MS = 1_200;

/** Writes one key after the other, and goes on after errors. */
function writer(options: { failoverDetector?: true; disconnectTimeout?: number } = {}) {
  return async (ctx: DrillContext): Promise<void> => {
    const redis = new Redis({ ...ctx.options.ioredis(), ...options });
    redis.on('error', () => {});
    ctx.onEnd(() => redis.disconnect());
    for (let i = 0; !ctx.signal.aborted; i += 1) {
      await ctx.write(i, () => redis.set(`${ctx.name}:${i}`, i)).catch(() => {});
      await sleep(5);
    }
  };
}

/** Knows the master of the beginning only, and does not connect again. */
async function direct(ctx: DrillContext): Promise<void> {
  const redis = new Redis(ctx.url, { retryStrategy: () => null });
  redis.on('error', () => {});
  ctx.onEnd(() => redis.disconnect());
  while (!ctx.signal.aborted) {
    await ctx.write('w', () => redis.set('k', 'v')).catch(() => {});
    await sleep(5);
  }
}

/** Has no library, and does not even notice the end of its connection: watched on the wire only. */
function deaf(ctx: DrillContext): Promise<void> {
  const [, host = '', port = ''] = /redis:\/\/(.*):(\d+)/.exec(ctx.url) ?? [];
  const socket = connect(Number(port), host, () => socket.write('SET k v\r\n'));
  socket.on('data', () => setTimeout(() => socket.write('SET k v\r\n'), 2));
  socket.on('error', () => {});
  ctx.onEnd(() => socket.destroy());
  return new Promise(() => {});
}

/** Counts, and appends marks: what must not be done twice. */
async function appender(ctx: DrillContext): Promise<void> {
  const redis = new Redis({ ...ctx.options.ioredis(), retryStrategy: () => 10 });
  redis.on('error', () => {});
  ctx.onEnd(() => redis.disconnect());
  for (let i = 0; !ctx.signal.aborted; i += 1) {
    await redis.append('log', `${i};`);
    await redis.incr('count');
    await sleep(2);
  }
}

/** As an application has it: nothing of it knows of the drill but the end. */
async function nodeRedis(ctx: DrillContext): Promise<void> {
  const redis = createSentinel(ctx.options.nodeRedis());
  redis.on('error', () => {});
  await redis.connect();
  ctx.onEnd(() => redis.destroy());
  for (let i = 0; !ctx.signal.aborted; i += 1) {
    await redis.set('k', String(i));
    await sleep(5);
  }
}

const told = (t: ExecutionContext, verdict: Awaited<ReturnType<typeof drill>>): void => {
  t.log(
    JSON.stringify({
      ...verdict,
      timeline: verdict.timeline.map(({ ms, what }) => `${ms} ${what}`),
    }),
  );
};

test.serial('a client that follows failovers passes when the master dies', async (t) => {
  const verdict = await ground.drill({ ...LIMITS, scenario: 'kill', client: writer() });
  if (!verdict.passed) told(t, verdict);
  t.is(verdict.outcome, 'passed');
  t.is(verdict.library, 'ioredis');
  t.true(verdict.writes.acknowledgedWrites > 0);
  t.is(verdict.writes.unjudgedKeys, 0);
  const what = verdict.timeline.map((entry) => entry.what);
  t.regex(what[0] ?? '', /^kill node-\d$/);
  t.true(what.some((line) => line.startsWith('+switch-master mymaster node-')));
  t.true(what.some((line) => line.startsWith('first success since the strike')));
  const { detection, recoveredMs } = verdict;
  t.like(detection, { measured: 'event', settingMs: 500, eventMs: recoveredMs });
  t.true(detection!.downAfterMs >= detection!.eventMs);
});

test.serial(
  'under freeze, ioredis hangs silently; with failoverDetector it comes back',
  async (t) => {
    const scenario = 'freeze';
    const without = await ground.drill({
      ...LIMITS,
      budgetMs: HANGS_MS,
      scenario,
      client: writer(),
    });
    t.is(without.outcome, 'silent-hang');
    t.is(without.firstSuccessMs, null);
    // The last command is sent some time after the strike: how long, is the machine's matter.
    t.true((without.pendingMs ?? 0) >= HANGS_MS / 2);
    t.true(without.hints.some(({ id }) => id === 'ioredis-failover-detector'));

    // disconnectTimeout: how long it waits for a dead connection to be closed in good order.
    const client = writer({ failoverDetector: true, disconnectTimeout: 100 });
    const detecting = await ground.drill({ ...LIMITS, scenario, client });
    if (!detecting.passed) told(t, detecting);
    t.is(detecting.outcome, 'passed');
  },
);

test.serial('a client without reconnection does not pass: errors, or a silent hang', async (t) => {
  const kill = await ground.drill({ ...LIMITS, budgetMs: 500, scenario: 'kill', client: direct });
  t.is(kill.outcome, 'errors');
  t.true(kill.errors.some(({ phase }) => phase === 'during'));

  const freeze = await ground.drill({ ...LIMITS, budgetMs: 500, scenario: 'freeze', client: deaf });
  t.is(freeze.outcome, 'silent-hang');
});

test.serial('acknowledged writes that a stale replica does not have are found', async (t) => {
  const verdict = await ground.drill({ ...LIMITS, scenario: 'stale-replica', client: writer() });
  t.is(verdict.outcome, 'lost-writes');
  t.true(verdict.lost.length > 0);
  t.regex(verdict.lost[0]?.command ?? '', /^set mymaster:\d+ \d+$/i);
});

test.serial('a retry that doubles a write is found, by its mark and by its count', async (t) => {
  const verdict = await ground.drill({ ...LIMITS, scenario: 'lost-replies', client: appender });
  t.is(verdict.outcome, 'duplicated-writes');
  t.is(
    verdict.duplicated.reduce((sum, { count }) => sum + count, 0),
    1,
  );
});

test.serial(
  'an unmodified client of node-redis is watched through its diagnostics channel',
  async (t) => {
    const verdict = await ground.drill({
      ...LIMITS,
      scenario: 'manual-failover',
      client: nodeRedis,
    });
    if (!verdict.passed) told(t, verdict);
    t.is(verdict.outcome, 'passed');
    t.is(verdict.library, 'node-redis');
  },
);

test.serial('a client that does nothing, ends or throws is told so', async (t) => {
  const idle = { ...LIMITS, startWithinMs: 20, scenario: 'kill' };
  t.is(
    (await ground.drill({ ...idle, client: () => new Promise(() => {}) })).outcome,
    'no-traffic',
  );
  const thrown = await ground.drill({
    ...idle,
    client() {
      throw new TypeError('not like this');
    },
  });
  t.is(thrown.outcome, 'no-traffic');
  t.deepEqual(
    thrown.errors.map(({ code, message }) => `${code} ${message}`),
    ['TypeError not like this'],
  );
  t.is(ground.cluster.nodes().filter(({ state }) => state === 'up').length, 3);
});

test.serial('wrong input is refused before anything is done', async (t) => {
  const client = (): void => t.fail('it was started');
  const code = 'CONFIG_INVALID';
  await t.throwsAsync(drill({ scenario: 'nope', client }), { code, message: /no scenario "nope"/ });
  await t.throwsAsync(drill({ scenario: 'kill', budgetMs: -1, client }), {
    code,
    message: /budgetMs/,
  });
  await t.throwsAsync(drill({ scenario: 'kill', client, cluster: { replicas: -1 } }), { code });
  const scenario = { name: 'own', steps: [{ do: 'kill' as const, who: 'node-9' }] };
  await t.throwsAsync(ground.drill({ scenario, client }), {
    code,
    message: /no node-9; it has node-/,
  });
  t.true(ground.cluster.nodes().every(({ state }) => state === 'up'));
});

// As JavaScript calls them: no compiler refuses anything.
const tryDrill = (given: unknown): unknown => Reflect.apply(drill, null, [given]);
const onGround = ground.drill.bind(ground);
const tryOnGround = (given: unknown): unknown => Reflect.apply(onGround, null, [given]);
const open = DrillGround.open.bind(DrillGround);
const openGround = (given: unknown): unknown => Reflect.apply(open, null, [given]);

test.serial('options and arguments that are not there are refused, by name', async (t) => {
  const code = 'CONFIG_INVALID';
  const client = (): void => t.fail('it was started');
  const run = { scenario: 'kill', client };
  const refused: [(of: unknown) => unknown, unknown, RegExp][] = [
    [tryDrill, undefined, /the options of drill\(\)/],
    [tryDrill, { ...run, budget: 5 }, /no option budget of drill\(\); there are scenario, client,/],
    [tryDrill, { ...run, client: 'node app.js' }, /cannot use client: a function; got "node/],
    [tryDrill, { ...run, budgetMs: '5s' }, /cannot use budgetMs: .*got "5s"/],
    [tryDrill, { ...run, cluster: 3 }, /cannot use cluster: .*got 3/],
    [tryDrill, { ...run, cluster: { replica: 1 } }, /replica/],
    [tryDrill, { ...run, cluster: { replicaOf: 'redis://x' } }, /cannot use replicaOf: .*a master/],
    [tryOnGround, { ...run, cluster: {} }, /no option cluster of DrillGround/],
    [openGround, null, /cannot use cluster/],
    [openGround, [], /cannot use cluster/],
  ];
  for (const [call, given, message] of refused) {
    await t.throwsAsync(async () => await call(given), { code, message });
  }
  t.throws(() => Reflect.apply(drillFixture, null, []), { code, message: /before, after/ });
  t.throws(() => Reflect.apply(drillFixture, null, [{ before() {} }]), { code, message: /after/ });
});

test.serial('the context refuses what it cannot use', async (t) => {
  const messages: string[] = [];
  const verdict = await ground.drill({
    ...LIMITS,
    startWithinMs: 20,
    scenario: 'kill',
    async client(ctx) {
      const method = (name: string) => (of: unknown[]) => Reflect.get(ctx, name)(...of);
      for (const call of [
        () => method('write')([{}, async () => {}]),
        () => method('write')(['w', 5]),
        () => method('read')([]),
        () => method('onEnd')(['close']),
      ]) {
        try {
          await call();
        } catch (error) {
          messages.push(error instanceof Error ? error.message : '');
        }
      }
    },
  });
  t.is(verdict.outcome, 'no-traffic');
  t.deepEqual(messages, [
    'cannot use the id of ctx.write(): a string or a number; got an object',
    'cannot use the work of ctx.write(): a function; got 5',
    'cannot use the work of ctx.read(): a function; got nothing',
    'cannot use the argument of ctx.onEnd(): a function; got "close"',
  ]);
});

test.serial(
  'a program that needs what ringleader does not have is told which command',
  async (t) => {
    const verdict = await ground.drill({
      ...LIMITS,
      startWithinMs: 300,
      scenario: 'kill',
      async client(ctx) {
        const redis = new Redis(ctx.url);
        ctx.onEnd(() => redis.disconnect());
        while (!ctx.signal.aborted) {
          await redis.call('JSON.SET', 'k', '$', '1').catch(() => {});
          await sleep(5);
        }
      },
    });
    t.is(verdict.outcome, 'unsupported-commands');
    t.deepEqual(
      verdict.unsupported.map(({ name }) => name),
      ['JSON.SET'],
    );
  },
);
