/** A cluster and servers outside: it follows a real master, and real servers follow it. */
import { Cluster } from '../../src/cluster/cluster.js';
import { ReplyError } from '../../src/resp/reply.js';
import { RealRedis, testWithRedis } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';

const FLAGS = ['--repl-diskless-sync-delay', '0', '--repl-timeout', '5'];

/** Ask one thing, on a connection of its own. */
async function once(port: number, command: readonly string[]): Promise<unknown> {
  const client = await RespClient.connect(port);
  const value = await client.value(...command);
  client.close();
  return value;
}

const get = (port: number, key: string): Promise<unknown> => once(port, ['GET', key]);

testWithRedis('a cluster follows a real master, and becomes a master of its own', async (t) => {
  const real = await RealRedis.start('--requirepass', 'p@ss', ...FLAGS);
  t.teardown(() => real.stop());
  const outside = await RespClient.connect(real.port);
  t.teardown(() => outside.close());
  await outside.call('AUTH', 'p@ss');
  await outside.call('SET', 'before', '1');
  const cluster = await Cluster.start({
    replicas: 1,
    replicaOf: `redis://:${encodeURIComponent('p@ss')}@127.0.0.1:${real.port}`,
    readyTimeoutMs: 30_000,
  });
  t.teardown(() => cluster.stop());
  t.deepEqual(cluster.following, { host: '127.0.0.1', port: real.port });
  t.deepEqual(
    cluster.nodes().map(({ role }) => role),
    ['replica', 'replica'],
  );
  const [head, leaf] = cluster.nodes();
  t.is(await get(head!.port, 'before'), '1');
  t.is(await get(leaf!.port, 'before'), '1');
  const client = cluster.client();
  t.is(await client.get('before'), '1');
  await t.throwsAsync(client.set('x', '1'), { instanceOf: ReplyError, message: /^READONLY / });
  t.is(await outside.value('WAIT', '1', '5000'), 1);
  // Its sentinels watch nothing: an outside master is not theirs to replace.
  const sentinel = await RespClient.connect(cluster.sentinels()[0]!.port);
  t.teardown(() => sentinel.close());
  t.deepEqual(await sentinel.value('SENTINEL', 'MASTERS'), []);

  // The head dies: its next life follows the same master, and the leaf follows on.
  await cluster.kill('node-0');
  await outside.call('SET', 'during', '2');
  await cluster.settled();
  await until(
    async () => (await get(leaf!.port, 'during')) === '2',
    'the leaf has what was written',
  );

  const switched = cluster.once('switch-master');
  const master = await cluster.promote();
  t.is(master.id, 'node-0');
  t.like(await switched, { from: null, to: 'node-0', port: head!.port });
  t.is(cluster.following, null);
  await client.set('own', '3');
  await cluster.settled();
  await t.throwsAsync(cluster.promote(), { code: 'NOT_READY', message: /node-0 is master/ });
  t.is(await outside.value('GET', 'own'), null);
  t.is(await outside.value('INFO', 'replication').then(connected), '0');

  // From now on the sentinels watch over it.
  const replaced = cluster.once('switch-master');
  await cluster.kill('node-0');
  await replaced; // What is sent before may be lost with the thread.
  await client.set('own', '4');
  await cluster.settled();
  t.is(cluster.masterId, 'node-1');
  t.is(await client.get('during'), '2');
});

const connected = (info: unknown): string | undefined =>
  /^connected_slaves:(\d+)/m.exec(String(info))?.[1];

testWithRedis('a master outside that refuses says why in what is missing', async (t) => {
  const real = await RealRedis.start('--requirepass', 'p@ss');
  t.teardown(() => real.stop());
  const replicaOf = `redis://:wrong@127.0.0.1:${real.port}`;
  const options = { replicas: 0, sentinels: 0, replicaOf, readyTimeoutMs: 2_000 };
  await t.throwsAsync(Cluster.start(options), {
    code: 'NOT_READY',
    message: /node-0 has no link to its master \(Unable to AUTH to MASTER: -WRONGPASS .*\)$/,
  });
});

testWithRedis('a real replica is led through failovers, promoted, and left again', async (t) => {
  const real = await RealRedis.start(...FLAGS);
  t.teardown(() => real.stop());
  const cluster = await Cluster.start({
    replicas: 1,
    readyTimeoutMs: 30_000,
    config: { 'repl-diskless-sync-delay': 0 },
  });
  t.teardown(() => cluster.stop());
  // On a connection of its own: sentinels close those of whom they tell to follow another master.
  const outside = (...command: readonly string[]): Promise<unknown> => once(real.port, command);
  const follows = async (port: number): Promise<boolean> => {
    const info = String(await outside('INFO', 'replication'));
    return info.includes(`master_port:${port}\r`) && info.includes('master_link_status:up');
  };
  const [first, second] = cluster.nodes();
  const client = cluster.client();
  await outside('REPLICAOF', '127.0.0.1', String(first!.port));
  await until(() => follows(first!.port), 'the real replica follows');
  // They ask servers outside every 10 s, as Redis' sentinels do.
  for (const { port } of cluster.sentinels()) {
    t.is(await once(port, ['SENTINEL', 'DEBUG', 'INFO-PERIOD', '500']), '+OK');
  }
  /** Each sentinel has read it in the real replica's INFO, whose place it had from the master's. */
  const priorityIsKnown = async (priority: string): Promise<void> => {
    await outside('CONFIG', 'SET', 'replica-priority', priority);
    for (const { port } of cluster.sentinels()) {
      await until(async () => {
        const replicas = await once(port, ['SENTINEL', 'REPLICAS', 'mymaster']);
        const known = new RegExp(`"127.0.0.1:${real.port}"[^\\]]*"slave-priority","${priority}"`);
        return known.test(JSON.stringify(replicas));
      }, `the sentinels know the priority ${priority}`);
    }
  };
  await cluster.settled();

  // Lowest of all: the cluster's own replica is chosen, and the real one told of it.
  await priorityIsKnown('0');
  await cluster.failover();
  t.is(cluster.masterId, second!.id);
  await until(() => follows(second!.port), 'the real replica was told of the new master');
  await client.set('key', '1');
  await until(async () => (await outside('GET', 'key')) === '1');
  await cluster.settled();

  // First of all: it is promoted as any other.
  await priorityIsKnown('1');
  const following = cluster.once('following');
  await t.throwsAsync(cluster.failover(), {
    code: 'NOT_READY',
    message: new RegExp(`a server outside, 127.0.0.1:${real.port}, is master now`),
  });
  t.like(await following, { port: real.port });
  t.deepEqual(cluster.following, { host: '127.0.0.1', port: real.port });
  await cluster.settled();
  await outside('SET', 'key', '2');
  await until(async () => (await client.get('key')) === '2');
  await t.throwsAsync(client.set('key', '3'), { message: /^READONLY / });

  // A head that dies comes back behind the master outside.
  await cluster.kill(cluster.masterId);
  await cluster.settled();

  // And back.
  const back = await cluster.promote();
  await client.set('key', '4');
  await until(() => follows(back.port), 'the real one follows again');
  await until(async () => (await outside('GET', 'key')) === '4');
  await cluster.settled();
});
