import test from 'ava';

import { Cluster } from '../../src/cluster/cluster.js';
import { until } from '../support/until.js';
import { startToys, TOYS } from './fixtures/toys.js';

test('a cluster is one master, its replicas and their sentinels', async (t) => {
  const cluster = await startToys(t);
  t.deepEqual(
    cluster.nodes().map(({ id, role, state, port }) => [id, role, state, port]),
    [
      ['node-0', 'master', 'up', 7000],
      ['node-1', 'replica', 'up', 7001],
      ['node-2', 'replica', 'up', 7002],
    ],
  );
  t.deepEqual(
    cluster.sentinels().map(({ id, state }) => [id, state]),
    [
      ['sentinel-0', 'up'],
      ['sentinel-1', 'up'],
      ['sentinel-2', 'up'],
    ],
  );
});

test('its address is given in the ways that clients want it', async (t) => {
  const cluster = await startToys(t, { config: { requirepass: 'a/b' }, sentinels: 1, name: 'm' });
  const [sentinel] = cluster.sentinels();
  const { host, port } = sentinel!;
  t.is(cluster.url, `redis+sentinel://:a%2Fb@${host}:${port}/m/0`);
  t.deepEqual(cluster.clientOptions.ioredis(), {
    sentinels: [{ host, port }],
    name: 'm',
    password: 'a/b',
  });
  t.deepEqual(cluster.clientOptions.nodeRedis(), {
    sentinelRootNodes: [{ host, port }],
    name: 'm',
    nodeClientOptions: { password: 'a/b' },
  });
  const alone = await startToys(t, { sentinels: 0, replicas: 0 });
  t.is(alone.url, 'redis://127.0.0.1:7000/0');
});

test('a killed master is replaced, told once, and comes back as a replica', async (t) => {
  const cluster = await startToys(t);
  const seen: string[] = [];
  cluster
    .on('switch-master', ({ from, to, port }) => seen.push(`switch ${from} ${to} ${port}`))
    .on('node-down', ({ id, reason }) => seen.push(`down ${id} ${reason}`))
    .on('node-up', ({ id }) => seen.push(`up ${id}`))
    .on('waiting-for-failover', ({ id }) => seen.push(`waiting ${id}`))
    .on('sentinel', ({ id, channel, payload }) => {
      if (channel === '+sdown') seen.push(`${id} ${channel} ${payload}`);
    });
  await cluster.kill('node-0');
  await until(() => seen.includes('up node-0'));
  t.deepEqual(
    new Set(seen),
    new Set([
      'down node-0 exit',
      'waiting node-0',
      'sentinel-0 +sdown master mymaster 127.0.0.1 7000',
      'switch node-0 node-1 7001',
      'up node-0',
    ]),
  );
  t.is(cluster.masterId, 'node-1');
  const replicaOf = await cluster.operator('node-0').inspect();
  t.truthy(replicaOf);
});

test('events can be had and left', async (t) => {
  const cluster = await startToys(t, { replicas: 1, sentinels: 1 });
  const downs: string[] = [];
  const listener = ({ id }: { id: string }): void => void downs.push(id);
  cluster.on('sentinel-down', listener);
  await cluster.kill('sentinel-0');
  await until(() => cluster.sentinels()[0]?.state === 'up');
  cluster.off('sentinel-down', listener);
  await cluster.kill('sentinel-0');
  await until(() => cluster.sentinels()[0]?.state === 'up');
  t.deepEqual(downs, ['sentinel-0']);
});

test('a paused node stands still, and goes on', async (t) => {
  const cluster = await startToys(t, { replicas: 1, sentinels: 0 });
  await cluster.pause('node-1');
  t.is(cluster.nodes()[1]?.state, 'frozen');
  cluster.resume('node-1');
  await until(() => cluster.nodes()[1]?.state === 'up');
  t.truthy(await cluster.operator('node-1').inspect());
});

test('batches are answered in full, and errors counted', async (t) => {
  const cluster = await startToys(t, { replicas: 0, sentinels: 0 });
  const channel = cluster.batches();
  const bytes = Buffer.from('SET a 1\r\nGET a\r\nNOPE\r\nECHO a b c\r\nGET none\r\n');
  await Promise.all([channel.send(bytes, 5), channel.send(new Uint8Array(bytes), 5, 'move')]);
  t.is(channel.replies, 10);
  t.is(channel.errors, 2);
  const rest = channel.send(Buffer.from('SET a 1\r\nHANG-UP\r\n'), 2);
  await t.throwsAsync(rest, { code: 'CONNECTION_LOST' });
  t.throws(() => cluster.batches('node-7'), { code: 'ACTOR_DOWN' });
});

test('an option that breaks a rule is refused before anything starts', async (t) => {
  await t.throwsAsync(Cluster.start({ replicas: -1 }, TOYS), { code: 'CONFIG_INVALID' });
});

test('a cluster that does not agree in time says what was missing, and leaves nothing', async (t) => {
  const options = { replicas: 1, sentinels: 0, readyTimeoutMs: 2_000 };
  // A node in a sentinel's place knows no SENTINEL MASTER; a sentinel dies of a node's.
  await t.throwsAsync(Cluster.start(options, { ...TOYS, node: TOYS.sentinel }), {
    code: 'ACTOR_DOWN',
    message: /node-0 did not start/,
  });
  await t.throwsAsync(
    Cluster.start({ ...options, sentinels: 1 }, { ...TOYS, sentinel: TOYS.node }),
    {
      code: 'NOT_READY',
      message: /after 2000 ms: sentinel-0 does not answer SENTINEL MASTER/,
    },
  );
});

test('what is not as it should be is refused, and harms nothing', async (t) => {
  const cluster = await startToys(t, { replicas: 1, sentinels: 0 });
  const refused: [() => unknown, RegExp][] = [
    // What the compiler refuses is refused at run time as well.
    // @ts-expect-error -- no such fault
    [() => cluster.inject('node-0', 'explode'), /a fault: one of throw, exit.*got "explode"/],
    // @ts-expect-error -- no such option
    [() => cluster.kill('node-0', { detct: 'event' }), /no option detct of kill\(\)/],
    [
      // @ts-expect-error -- no such way
      () => cluster.kill('node-0', { detect: 'now' }),
      /detect: one of event, down-after; got "now"/,
    ],
    // @ts-expect-error -- no such event
    [() => cluster.on('node-upp', () => {}), /an event: one of .*got "node-upp"/],
    // @ts-expect-error -- no such event
    [() => cluster.once('up'), /an event: one of .*got "up"/],
    // @ts-expect-error -- ms alone are no options
    [() => cluster.once('node-up', 50), /the options of once\(\): an object/],
    // @ts-expect-error -- no function
    [() => cluster.on('node-up', 'log'), /a listener: a function; got "log"/],
    [() => cluster.settled({ timeoutMs: -1 }), /timeoutMs: ms, 0 or more; got -1/],
    // @ts-expect-error -- one side alone
    [() => cluster.heal('node-0'), /a side: an id.*got nothing/],
    [() => cluster.partition('node-0', 'node-0'), /no actor is on both, as node-0 is/],
    [() => cluster.partition(['node-0', 'node-1'], ['node-1']), /as node-1 is/],
    [() => cluster.partition([], 'node-0'), /a side/],
  ];
  for (const [call, message] of refused) {
    await t.throwsAsync(async () => call(), { code: 'CONFIG_INVALID', message });
  }
  const unknown = { code: 'NO_SUCH_ACTOR' };
  t.throws(() => cluster.partition('node-0', ['node-1', 'node-9']), unknown);
  t.throws(() => cluster.inject('node-9', 'throw'), unknown);
  await t.throwsAsync(cluster.kill('node-9'), unknown);
  await t.throwsAsync(cluster.failover(), { code: 'NOT_READY', message: /no sentinels/ });
  await t.throwsAsync(cluster.once('node-up', { timeoutMs: 1 }), { code: 'TIMEOUT' });
  await cluster.settled();
});

test('stop is final, twice is once', async (t) => {
  const cluster = await startToys(t, { replicas: 1, sentinels: 1 });
  const client = cluster.client();
  await client.set('a', '1');
  const waiting = cluster.once('node-down');
  cluster.on('node-down', ({ id }) => t.fail(`a stop is no death of ${id}`));
  await Promise.all([cluster.stop(), cluster.stop()]);
  await t.throwsAsync(client.get('a'), { code: 'CLOSED' });
  await t.throwsAsync(waiting, { code: 'CLOSED' });
  const calls: [string, () => unknown][] = [
    ['client', () => cluster.client()],
    ['batches', () => cluster.batches()],
    ['handle', () => cluster.handle()],
    ['cache', () => cluster.cache()],
    ['openConnection', () => cluster.openConnection()],
    ['once', () => cluster.once('node-up')],
    ['settled', () => cluster.settled()],
    ['failover', () => cluster.failover()],
    ['kill', () => cluster.kill('node-0')],
    ['pause', () => cluster.pause('node-0')],
    ['resume', () => cluster.resume('node-0')],
    ['inject', () => cluster.inject('node-0', 'throw')],
    ['partition', () => cluster.partition('node-0', 'node-1')],
    ['heal', () => cluster.heal()],
    ['operator', () => cluster.operator('node-0')],
  ];
  for (const [name, call] of calls) {
    await t.throwsAsync(async () => call(), { code: 'CLOSED' }, name);
  }
});
