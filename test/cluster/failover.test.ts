import test from 'ava';
import { Redis } from 'ioredis';
import { createSentinel } from 'redis';

import { Observer } from '../faults/observer.js';
import { until } from '../support/until.js';
import { nextSwitch, startReal } from './fixtures/real.js';

/**
 * What a subscriber of the leading sentinel hears, as Redis Sentinel 7.0.15 publishes it (watched
 * there, with one master, two replicas and three sentinels, the master killed). Redis says `-odown`
 * somewhere in between, when the others' opinions have expired; this may come too late to be said.
 */
const LEADER_EVENTS = [
  '+new-epoch',
  '+try-failover',
  '+vote-for-leader',
  '+elected-leader',
  '+failover-state-select-slave',
  '+selected-slave',
  '+failover-state-send-slaveof-noone',
  '+failover-state-wait-promotion',
  '-role-change',
  '+promoted-slave',
  '+failover-state-reconf-slaves',
  '+slave-reconf-sent',
  '+slave-reconf-inprog',
  '+slave-reconf-done',
  '+failover-end',
  '+switch-master',
  '+slave',
  '+slave',
  '+sdown',
];

/** What one of the others hears, from the vote on. */
const FOLLOWER_EVENTS = ['+vote-for-leader', '+config-update-from', '+switch-master', '+slave'];

const names = (events: readonly [string, string][]): string[] => events.map(([name]) => name);

/** Subscribe to everything at each sentinel; lists of [channel, payload], by sentinel. */
async function subscribe(addresses: readonly { host: string; port: number }[]) {
  const heard = addresses.map((): [string, string][] => []);
  const connections = await Promise.all(
    addresses.map(async ({ host, port }, i) => {
      const connection = new Redis({ host, port, enableReadyCheck: false });
      connection.on('pmessage', (_pattern, channel, payload) => {
        heard[i]?.push([channel, payload]);
      });
      await connection.psubscribe('*');
      return connection;
    }),
  );
  return { heard, close: () => connections.forEach((each) => each.disconnect()) };
}

test.serial('subscribers of the sentinels hear a failover in the order of Redis', async (t) => {
  const cluster = await startReal(t, { downAfterMs: 5_000 });
  const { heard, close } = await subscribe(cluster.sentinels());
  t.teardown(close);
  const old = cluster.nodes()[0]!;
  await cluster.kill('node-0');
  await until(() => heard.every((events) => names(events).includes('+switch-master')));
  const leader = heard.find((events) => names(events).includes('+elected-leader'));
  await until(() => leader?.at(-1)?.[0] === '+sdown');

  // One after the other, however many elections it took; the last is told from its epoch on.
  const all = names(leader ?? []);
  t.deepEqual(all.filter((name) => name === '+sdown' || name === '+odown').slice(0, 2), [
    '+sdown',
    '+odown',
  ]);
  const from = all.lastIndexOf('+new-epoch', all.indexOf('+elected-leader'));
  t.true(all.indexOf('+odown') < from || all.includes('-failover-abort-not-elected'));
  const last = all.slice(from).filter((name) => name !== '-odown');
  t.deepEqual(last, LEADER_EVENTS);

  const promoted = cluster.nodes().find(({ id }) => id === cluster.masterId)!;
  const switched = `mymaster ${old.host} ${old.port} ${promoted.host} ${promoted.port}`;
  for (const events of heard) {
    const payloads = events.filter(([name]) => name === '+switch-master').map(([, text]) => text);
    t.deepEqual(payloads, [switched]);
    if (events === leader) continue;
    const order = FOLLOWER_EVENTS.map((name) => names(events).lastIndexOf(name));
    t.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
    t.is(order.indexOf(-1), -1);
  }
  // Down-after is five seconds: that it was not waited for is why this test is quick.
  t.is(heard.flat().filter(([name]) => name === '+tilt').length, 0);
});

test.serial('ioredis and node-redis, through the sentinels, go on writing', async (t) => {
  const cluster = await startReal(t);
  const ioredis = new Redis({
    ...cluster.clientOptions.ioredis(),
    sentinelRetryStrategy: () => 10,
    retryStrategy: () => 10,
    maxRetriesPerRequest: null,
  });
  ioredis.on('error', () => {}); // Lost connections, which it makes anew.
  t.teardown(() => ioredis.disconnect());
  const nodeRedis = createSentinel({ ...cluster.clientOptions.nodeRedis(), scanInterval: 50 });
  nodeRedis.on('error', () => {});
  await nodeRedis.connect();
  t.teardown(() => nodeRedis.destroy());

  const acknowledged = new Set<string>();
  const stop = new AbortController();
  const write = async (name: string, set: (key: string) => Promise<unknown>): Promise<void> => {
    for (let i = 0; !stop.signal.aborted; i++) {
      const key = `${name}:${i}`;
      try {
        await set(key);
        acknowledged.add(key);
      } catch {
        // Not acknowledged, so it may or may not be there; the next one is tried.
      }
    }
  };
  const writers = [
    write('io', (key) => ioredis.set(key, key)),
    write('node', (key) => nodeRedis.set(key, key)),
  ];
  const count = (name: string): number =>
    [...acknowledged].filter((key) => key.startsWith(name)).length;
  await until(() => count('io') > 50 && count('node') > 50);
  const switched = nextSwitch(cluster);
  await cluster.kill(cluster.masterId);
  await switched;
  const io = count('io');
  const node = count('node');
  await until(() => count('io') > io + 50 && count('node') > node + 50);
  stop.abort();
  await Promise.all(writers);

  await using observer = new Observer(cluster);
  t.is(await observer.settled(20_000), null);
  const keys = [...acknowledged];
  for (const { id } of cluster.nodes()) {
    t.deepEqual(await observer.connection(id).mget(keys), keys, id);
  }
});

test.serial('without sentinels nobody is promoted, but by hand', async (t) => {
  const cluster = await startReal(t, { sentinels: 0 });
  const client = cluster.client();
  await client.set('before', '1');
  await using observer = new Observer(cluster);
  t.is(await observer.settled(20_000), null);

  const waiting = new Promise((resolve) => {
    cluster.on('waiting-for-failover', resolve);
  });
  await cluster.kill('node-0');
  await waiting;
  await t.throwsAsync(cluster.client({ retryForMs: 50 }).set('x', '1'), { code: 'NO_MASTER' });
  t.is((await observer.info('node-1')).get('role'), 'slave');

  await observer.connection('node-1').call('REPLICAOF', 'NO', 'ONE');
  await client.set('after', '2');
  t.is(cluster.masterId, 'node-1');
  await until(() => cluster.nodes().every(({ state }) => state === 'up'));
  await until(async () => (await observer.info('node-0')).get('master_link_status') === 'up');
  t.deepEqual(await observer.connection('node-0').mget('before', 'after'), ['1', '2']);
  t.is(cluster.nodes()[0]?.role, 'replica');
});

test.serial(
  'replicas of the process read its memory, no socket, and are known by their ports',
  async (t) => {
    const cluster = await startReal(t, {
      sentinels: 0,
      config: { 'repl-diskless-sync-delay': 60 },
    });
    const client = cluster.client();
    const info = JSON.stringify(await client.call('INFO', 'replication'));
    const ports = [...info.matchAll(/port=(\d+),state=online/g)].map(([, port]) => Number(port));
    t.deepEqual(
      ports.toSorted((a, b) => a - b),
      cluster
        .nodes()
        .flatMap(({ port, role }) => (role === 'replica' ? [port] : []))
        .toSorted((a, b) => a - b),
    );
    t.notRegex(JSON.stringify(await client.call('CLIENT', 'LIST')), /flags=S/);
  },
);
