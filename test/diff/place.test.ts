/** CONFIG SET `port`, `bind` and `tls-port`: a server goes elsewhere while it runs, beside Redis. */
import type { ExecutionContext } from 'ava';
import { Cluster } from '../../src/cluster/cluster.js';
import { freePort } from '../../src/io/free-port.js';
import { RealRedis, testWithRedis as test } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';

/** A server of each kind in turn, and what the steps told of it. */
async function bothTell(
  t: ExecutionContext,
  steps: (port: number, client: RespClient) => Promise<unknown[]>,
): Promise<void> {
  const told: unknown[][] = [];
  for (const kind of [RealRedis, RingleaderServer]) {
    const server = await kind.start('--bind', '127.0.0.1');
    t.teardown(() => server.stop());
    const client = await RespClient.connect(server.port);
    t.teardown(() => client.close());
    told.push(await steps(server.port, client));
  }
  t.deepEqual(told[1], told[0]);
}

/** Whether it answers there. */
async function answers(port: number, host = '127.0.0.1'): Promise<boolean> {
  const client = await RespClient.connect(port, host).catch(() => null);
  const value = client === null ? null : await client.value('PING');
  client?.close();
  return value === '+PONG';
}

test('a server moves to another port, and its clients stay', async (t) => {
  await bothTell(t, async (old, client) => {
    const port = await freePort();
    const moved = await client.value('CONFIG', 'SET', 'port', String(port));
    const shown = String(await client.value('INFO', 'server')).includes(`tcp_port:${port}\r\n`);
    const there = [await answers(port), await answers(old)];
    t.deepEqual(there, [true, false]);
    const gone = await client.value('CONFIG', 'SET', 'port', '0');
    const nowhere = [await answers(port), await client.value('CONFIG', 'GET', 'port')];
    const back = await client.value('CONFIG', 'SET', 'port', String(old));
    return [moved, shown, there, gone, nowhere, back, await answers(old)];
  });
});

test('a port that is taken is refused, and the old one kept', async (t) => {
  await bothTell(t, async (old, client) => {
    const other = await RealRedis.start();
    t.teardown(() => other.stop());
    const taken = String(other.port);
    const refused = await client.value('CONFIG', 'SET', 'timeout', '7', 'port', taken);
    const kept = await client.value('CONFIG', 'GET', 'timeout');
    t.true(await answers(old));
    t.deepEqual(await client.value('CONFIG', 'GET', 'port'), ['port', String(old)]);
    return [refused, kept];
  });
});

test('a server moves to other addresses', async (t) => {
  await bothTell(t, async (port, client) => {
    const moved = await client.value('CONFIG', 'SET', 'bind', '127.0.0.2 -10.255.255.1');
    const there = [await answers(port, '127.0.0.2'), await answers(port)];
    t.deepEqual(there, [true, false]);
    const refused = await client.value('CONFIG', 'SET', 'bind', '10.255.255.1');
    const kept = [await answers(port, '127.0.0.2'), await client.value('CONFIG', 'GET', 'bind')];
    const both = await client.value('CONFIG', 'SET', 'bind', '127.0.0.1 127.0.0.2');
    const all = [await answers(port, '127.0.0.2'), await answers(port)];
    return [moved, there, refused, kept, both, all];
  });
});

test("a cluster's node stays where the others know it, and says so", async (t) => {
  const cluster = await Cluster.start({ replicas: 0, sentinels: 0, port: 0 });
  t.teardown(() => cluster.stop());
  const { port } = cluster.nodes()[0]!;
  const client = await RespClient.connect(port);
  t.teardown(() => client.close());
  for (const [name, value] of [
    ['port', '1'],
    ['bind', '127.0.0.2'],
    ['tls-port', '1'],
  ] as const) {
    t.regex(String(await client.value('CONFIG', 'SET', name, value)), /a cluster's node stays/);
  }
  t.true(await answers(port));
});
