import test from 'ava';

import { ReplyError } from '../../src/resp/reply.js';
import { until } from '../support/until.js';
import { nextSwitch, startReal } from './fixtures/real.js';

test.serial(
  'transactions, sessions and subscriptions of the client, before and after a death',
  async (t) => {
    const cluster = await startReal(t, {
      replicas: 1,
      sentinels: 1,
      config: { requirepass: 'a"b' },
    });
    const client = cluster.client();
    await client.set('n', 6);

    // One batch; an error within is in its place.
    const [n, ok, error] = await client.multi([
      ['INCR', 'n'],
      ['SET', 'text', 'x'],
      ['INCR', 'text'],
    ]);
    t.deepEqual([n, ok], [7, 'OK']);
    t.regex(error instanceof ReplyError ? error.message : '', /not an integer/);

    // With what was read before.
    const double = () =>
      client.multi(
        async (session) => {
          const value = Number(await session.call('GET', 'n'));
          return [['SET', 'n', value * 2]];
        },
        { watch: ['n'] },
      );
    t.deepEqual(await double(), ['OK']);
    t.is(await client.get('n'), '14');
    const disturbed = client.multi(
      async () => {
        await client.incr('n');
        return [['SET', 'n', 0]];
      },
      { watch: ['n'] },
    );
    t.is(await disturbed, null);
    t.is(await client.get('n'), '15');
    await t.throwsAsync(
      client.multi(() => Promise.reject(new Error('mine')), { watch: ['n'] }),
      { message: 'mine' },
    );

    // A session's state is its own.
    const session = await client.session();
    t.is(await session.call('SELECT', 3), 'OK');
    await session.call('SET', 'three', 1);
    t.is(await client.get('three'), null);
    t.is(await session.call('WAIT', 1, 5_000), 1);
    await t.throwsAsync(session.call('SUBSCRIBE', 'a'), { code: 'CONFIG_INVALID' });
    await t.throwsAsync(session.call('NOPE'), { name: 'ReplyError' });
    const watcher = await client.session();
    await watcher.call('WATCH', 'n');
    await watcher.call('MULTI');

    const heard: string[] = [];
    const subscription = await client.subscribe(
      { channels: ['news'], patterns: ['user:*'] },
      ({ channel, message, pattern }) => heard.push(`${channel} ${message} ${pattern}`),
    );
    await client.call('PUBLISH', 'news', 'one');
    await client.call('PUBLISH', 'user:1', 'two');
    await until(() => heard.length === 2);
    t.deepEqual(heard, ['news one null', 'user:1 two user:*']);

    const switched = nextSwitch(cluster);
    await cluster.kill(cluster.masterId);
    await switched;
    // State is not carried over in silence: the session is over.
    for (const over of [session, watcher]) {
      await t.throwsAsync(over.call('SET', 'three', 2), { code: 'CONNECTION_LOST' });
      t.false(over.isOpen);
    }
    t.deepEqual(await double(), ['OK']);
    t.is(await client.get('n'), '30');
    // A subscription goes on, when it has its connection.
    await until(async () => Number(await client.call('PUBLISH', 'news', 'three')) > 0);
    await until(() => heard.length === 3);
    subscription.close();
    await until(async () => Number(await client.call('PUBLISH', 'news', 'four')) === 0);
    t.is(heard.length, 3);

    const last = await client.session();
    client.close();
    await t.throwsAsync(last.call('PING'), { code: 'CLOSED' });
    await t.throwsAsync(client.session(), { code: 'CLOSED' });
  },
);

test.serial('a master that stands still and cannot be replaced hangs nobody', async (t) => {
  const cluster = await startReal(t);
  const client = cluster.client({ retryForMs: 300 });
  const session = await client.session();
  for (const id of ['sentinel-0', 'sentinel-1', 'node-0']) await cluster.pause(id);
  await Promise.all([
    t.throwsAsync(client.get('a'), { code: 'TIMEOUT' }),
    t.throwsAsync(client.set('a', 1), { code: 'TIMEOUT' }),
    t.throwsAsync(client.multi([['INCR', 'a']]), { code: 'TIMEOUT' }),
    t.throwsAsync(session.call('PING'), { code: 'TIMEOUT' }),
    t.throwsAsync(client.session(), { code: 'NO_MASTER' }),
    t.throwsAsync(cluster.failover({ timeoutMs: 300 }), { code: 'TIMEOUT' }),
    t.throwsAsync(cluster.settled({ timeoutMs: 300 }), { code: 'NOT_READY' }),
    t.throwsAsync(cluster.batches('node-0', { timeoutMs: 300 }).send(Buffer.from('PING\r\n'), 1), {
      code: 'TIMEOUT',
    }),
  ]);
});

test.serial('a client ends with its cluster, whatever was opened and closed before', async (t) => {
  const cluster = await startReal(t, { replicas: 0, sentinels: 0 });
  const client = cluster.client();
  const closed = cluster.client();
  await client.multi(() => [['INCR', 'a']], { watch: ['a'] });
  (await client.session()).close();
  (await client.subscribe('a', () => {})).close();
  await client.subscribe('b', () => {});
  closed.close();
  await cluster.stop();
  await t.throwsAsync(client.get('a'), { code: 'CLOSED' });
});

test.serial('no call takes more arguments than it has', async (t) => {
  const cluster = await startReal(t, { replicas: 0, sentinels: 0 });
  const client = cluster.client();
  const session = await client.session();
  const cache = await cluster.cache();
  const calls: [object, string, ...unknown[]][] = [
    [client, 'get', 'a', 'b'],
    [client, 'incr', 'a', 2],
    [client, 'set', 'a', 'b', {}, 'NX'],
    [client, 'session', 1],
    [session, 'exec', [], []],
    [cache, 'get', 'a', 'b'],
    [cache, 'getSync', 'a', 'b'],
    [cache, 'clear', 'a'],
    [cache, 'keys', 'a*'],
    [cluster, 'failover', {}, 'node-1'],
    [cluster, 'client', {}, {}],
    [cluster, 'inject', 'node-0', 'hang', 1],
  ];
  for (const [target, name, ...args] of calls) {
    const called = async () => Reflect.apply(Reflect.get(target, name), target, args);
    await t.throwsAsync(called, { code: 'CONFIG_INVALID', message: /takes .*; got \d$/ }, name);
  }
  t.is(await client.get('a'), null);
});

test.serial('any password reaches nodes, sentinels and clients as it is', async (t) => {
  for (const password of ['--port 1', '#no "', String.raw`wörd it's a\b`]) {
    // Ready means that the sentinels and the replicas got in with it.
    const cluster = await startReal(t, {
      replicas: 1,
      sentinels: 1,
      config: { requirepass: password },
    });
    t.is(await cluster.client().call('PING'), 'PONG', password);
    await t.throwsAsync(cluster.client({ password: 'wrong' }).get('a'), { message: /^WRONGPASS/ });
    await cluster.stop();
  }
});
