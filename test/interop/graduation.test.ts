/**
 * From ringleader to a real Redis and back, while clients write: docs/graduation.md, step by step.
 * No acknowledged write is lost.
 */
import type { ExecutionContext } from 'ava';
import { Cluster } from '../../src/cluster/cluster.js';
import { RealRedis, testWithRedis } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';
import { Writers } from '../support/writers.js';

const HOST = '127.0.0.1';

async function ask(port: number, ...command: string[]): Promise<unknown> {
  const client = await RespClient.connect(port);
  const value = await client.value(...command);
  client.close();
  return value;
}

async function field(port: number, name: string): Promise<string | undefined> {
  const info = String(await ask(port, 'INFO', 'replication'));
  return new RegExp(`^${name}:(.*)\\r$`, 'm').exec(info)?.[1];
}

/** That server is written to. */
async function isWritten(writers: Writers, port: number): Promise<void> {
  const before = writers.countAt(port);
  await until(() => writers.countAt(port) > before + 200, `writes to ${port}`);
}

/** `FAILOVER TO`, as the how-to has it, from one to the other. */
async function handOver(t: ExecutionContext, from: number, to: number): Promise<void> {
  const command = ['FAILOVER', 'TO', HOST, String(to), 'TIMEOUT', '10000'];
  t.is(await ask(from, ...command), '+OK');
  await until(async () => (await field(to, 'role')) === 'master', `${to} is master`);
  await until(async () => (await field(from, 'master_failover_state')) === 'no-failover');
  t.is(await field(from, 'role'), 'slave');
  await until(async () => (await field(from, 'master_link_status')) === 'up');
}

testWithRedis('a cluster graduates to a real Redis under writes, and comes back', async (t) => {
  const real = await RealRedis.start('--repl-diskless-sync-delay', '0');
  t.teardown(() => real.stop());
  const cluster = await Cluster.start({
    replicas: 1,
    readyTimeoutMs: 30_000,
    config: { 'repl-diskless-sync-delay': 0, 'enable-debug-command': 'yes' },
  });
  t.teardown(() => cluster.stop());
  const [head] = cluster.nodes();
  const ports = [head!.port];
  const writers = new Writers(ports);
  t.teardown(() => writers.stop());
  await isWritten(writers, head!.port);

  // A real Redis joins and catches up.
  await ask(real.port, 'REPLICAOF', HOST, String(head!.port));
  await until(async () => (await field(real.port, 'master_link_status')) === 'up');
  ports.push(real.port);

  // It takes over. The sentinels of the cluster let go.
  await handOver(t, head!.port, real.port);
  await until(() => cluster.following?.port === real.port);
  await isWritten(writers, real.port);
  await cluster.settled();
  t.is(await field(cluster.nodes()[1]!.port, 'master_link_status'), 'up');

  // The way back is the same.
  const switched = cluster.once('switch-master', { timeoutMs: 10_000 });
  await handOver(t, real.port, head!.port);
  t.like(await switched, { from: null, to: head!.id });
  await isWritten(writers, head!.port);
  await cluster.settled();

  await writers.stop();
  await until(async () => {
    const offsets = await Promise.all(
      [head!.port, real.port].map((port) => field(port, 'master_repl_offset')),
    );
    return offsets[0] === offsets[1];
  });
  t.is(await writers.missingAt(head!.port), 0);
  t.is(await writers.missingAt(real.port), 0);
  const digest = await ask(real.port, 'DEBUG', 'DIGEST');
  for (const { port } of cluster.nodes()) {
    await until(async () => (await ask(port, 'DEBUG', 'DIGEST')) === digest, 'all hold the same');
  }
  // Nobody took more than the one full sync with which it began.
  t.is(await syncs(head!.port), 2); // The cluster's own replica, and the real one.
  t.is(await syncs(real.port), 0);
});

async function syncs(port: number): Promise<number> {
  return Number(/^sync_full:(\d+)/m.exec(String(await ask(port, 'INFO', 'stats')))?.[1]);
}

testWithRedis('a real master is left for a cluster that follows it, under writes', async (t) => {
  const real = await RealRedis.start('--repl-diskless-sync-delay', '0');
  t.teardown(() => real.stop());
  const ports = [real.port];
  const writers = new Writers(ports);
  t.teardown(() => writers.stop());
  await isWritten(writers, real.port);
  const cluster = await Cluster.start({
    replicas: 1,
    readyTimeoutMs: 30_000,
    replicaOf: `redis://${HOST}:${real.port}`,
  });
  t.teardown(() => cluster.stop());
  const [head] = cluster.nodes();
  ports.push(head!.port);
  await isWritten(writers, real.port);
  await handOver(t, real.port, head!.port);
  await until(() => cluster.following === null);
  await ask(real.port, 'CONFIG', 'SET', 'replica-priority', '0'); // Not to be promoted again.
  await isWritten(writers, head!.port);
  await cluster.settled();

  // Sentinels watch over it now: its own master may die. What it acknowledged is in its ring.
  const switched = cluster.once('switch-master', { timeoutMs: 20_000 });
  ports.push(cluster.nodes()[1]!.port);
  await cluster.kill(cluster.masterId);
  const { port } = await switched;
  await isWritten(writers, port);
  await cluster.settled();
  await writers.stop();
  t.is(await writers.missingAt(port), 0);
});
