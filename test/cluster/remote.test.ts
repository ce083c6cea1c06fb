/**
 * A cluster that is reached by its URL alone: ours, over TCP, and real servers with a real
 * sentinel.
 */
import test from 'ava';
import { Cluster } from '../../src/cluster/cluster.js';
import { idOf } from '../../src/cluster/remote/remote-source.js';
import { RingleaderError } from '../../src/base/errors.js';
import { freePort } from '../../src/io/free-port.js';
import { ReplyError } from '../../src/resp/reply.js';
import { RealRedis } from '../support/redis-process.js';
import { testWithRedis } from '../support/real-redis.js';
import { until } from '../support/until.js';
import { startReal } from './fixtures/real.js';

test.serial('client and events by the URL of the sentinels; failovers are followed', async (t) => {
  const cluster = await startReal(t, { config: { requirepass: 'a/b @100%' } });
  using remote = await Cluster.connect(cluster.url.replace(/\/0$/, '/2'));
  t.is(remote.name, 'mymaster');
  t.is(remote.masterId, `127.0.0.1:${cluster.nodes()[0]!.port}`);
  const client = remote.client();
  await client.set('greeting', 'hello');
  t.is(await client.get('greeting'), 'hello');
  t.is(await cluster.client().get('greeting'), null, 'it is in database 2, as the URL says');
  t.deepEqual(
    await client.multi([
      ['INCR', 'n'],
      ['INCR', 'n'],
    ]),
    [1, 2],
  );

  const heard: string[] = [];
  const subscription = await client.subscribe('news', ({ message }) => void heard.push(message));
  const session = await client.session();
  await session.watch(['greeting']);
  await until(async () => (await remote.nodes()).length === 3);
  t.deepEqual(
    (await remote.nodes()).map(({ role }) => role),
    ['master', 'replica', 'replica'],
  );

  const switched = remote.once('switch-master', { timeoutMs: 20_000 });
  await cluster.kill('node-0');
  const { from, to } = await switched;
  t.is(from, `127.0.0.1:${cluster.nodes()[0]!.port}`);
  t.is(to, remote.masterId);
  t.not(to, from);
  t.is(await client.get('greeting'), 'hello');
  await until(() => !session.isOpen);
  await t.throwsAsync(session.exec([['SET', 'greeting', 'lost']]));
  await until(async () => (await client.call('PUBLISH', 'news', 'after')) === 1);
  await until(() => heard.includes('after'));
  subscription.close();

  await cluster.settled();
  await until(() => {
    const master = cluster.nodes().find(({ id }) => id === cluster.masterId);
    return remote.masterId === idOf(master!);
  });
  const before = remote.masterId; // On a busy machine there may have been one more failover.
  const { to: next } = await remote.failover({ timeoutMs: 20_000 });
  t.not(next, before);
  t.is(await client.incr('n'), 3);
  remote.close();
  await t.throwsAsync(client.get('n'), { code: 'CLOSED' });
  t.throws(() => remote.client(), { code: 'CLOSED' });
});

test.serial(
  'a sentinel that is dead, silent or does not know the cluster: the next is asked',
  async (t) => {
    const cluster = await startReal(t, { replicas: 1 });
    const [first, second] = cluster.sentinels();
    const dead = await freePort();
    await cluster.pause(second!.id);
    const url = `redis+sentinel://127.0.0.1:${dead},127.0.0.1:${second!.port},127.0.0.1:${first!.port}/mymaster`;
    using remote = await Cluster.connect(url, { timeoutMs: 20_000 });
    t.is(remote.masterId, `127.0.0.1:${cluster.nodes()[0]!.port}`);
    await until(() => remote.sentinels().length === 4); // The dead one, and the three.
    const error = await t.throwsAsync(
      Cluster.connect(`redis+sentinel://127.0.0.1:${first!.port}/other`, { timeoutMs: 300 }),
      { instanceOf: RingleaderError, code: 'NO_MASTER' },
    );
    t.regex(error.message, /watches no master named other/);
    cluster.resume(second!.id);
  },
);

testWithRedis('one real server, without sentinels', async (t) => {
  const server = await RealRedis.start('--requirepass', 'secret');
  t.teardown(() => server.stop());
  using remote = await Cluster.connect(`redis://:secret@127.0.0.1:${server.port}`);
  const client = remote.client();
  await client.set('a', '1');
  t.is(await client.call('HSET', 'h', 'f', 'v'), 1);
  await t.throwsAsync(remote.failover(), { code: 'NOT_READY' });
  using wrong = await Cluster.connect(`redis://:wrong@127.0.0.1:${server.port}`);
  const refused = { instanceOf: ReplyError, message: /^WRONGPASS / };
  const client2 = wrong.client();
  await Promise.all(
    [client2.get('a'), client2.set('a', '2')].map((one) => t.throwsAsync(one, refused)),
  );
  await t.throwsAsync(client2.get('a'), refused, 'and again');
  await t.throwsAsync(client2.session(), refused);
});

testWithRedis('a database that there is not takes nothing into another one', async (t) => {
  const server = await RealRedis.start();
  t.teardown(() => server.stop());
  using remote = await Cluster.connect(`redis://127.0.0.1:${server.port}/99`);
  const refused = { instanceOf: ReplyError, message: 'ERR DB index is out of range' };
  await t.throwsAsync(remote.client().set('a', '1'), refused);
  using third = await Cluster.connect(`redis://127.0.0.1:${server.port}/3`);
  await third.client().set('b', '1');
  using first = await Cluster.connect(`redis://127.0.0.1:${server.port}`);
  t.deepEqual(await first.client().call('KEYS', '*'), []);
  t.deepEqual(await third.client().call('KEYS', '*'), ['b']);
});

test('a server that cannot be reached is named, with the reason', async (t) => {
  const port = await freePort();
  using remote = await Cluster.connect(`redis://127.0.0.1:${port}`);
  const client = remote.client({ retryForMs: 300 });
  const message = new RegExp(`cannot reach 127.0.0.1:${port}: connect ECONNREFUSED`);
  for (const asked of [client.get('a'), client.session(), client.subscribe('c', () => {})]) {
    await t.throwsAsync(asked, { code: 'NO_MASTER', message });
  }
});

test.serial('a replica that is taken for a master says what it is', async (t) => {
  const cluster = await startReal(t, { replicas: 1, sentinels: 0 });
  using remote = await Cluster.connect(`redis://127.0.0.1:${cluster.nodes()[1]!.port}`);
  const client = remote.client({ retryForMs: 300, timeoutMs: 20_000 });
  t.is(await client.get('a'), null);
  await t.throwsAsync(client.set('a', '1'), {
    code: 'NO_MASTER',
    message: /^no node has taken SET: READONLY /,
  });
});

test('what Cluster.connect() does not take is refused', async (t) => {
  for (const bad of [
    () => Cluster.connect('http://h'),
    () => Cluster.connect('redis://h', { timeoutMs: -1 }),
    // @ts-expect-error There is no such option.
    () => Cluster.connect('redis://h', { retries: 3 }),
    // @ts-expect-error Nor is this one.
    () => Cluster.connect('redis://h', { tls: { key: '' } }),
    () => Cluster.connect('rediss://h', { tls: { ca: 'no certificate' } }),
    // @ts-expect-error Node would throw at each connection.
    () => Cluster.connect('rediss://h', { tls: { ca: 5 } }),
    // @ts-expect-error
    () => Cluster.connect('rediss://h', { tls: { insecure: 'no' } }),
  ]) {
    await t.throwsAsync(bad, { code: 'CONFIG_INVALID' });
  }
});
