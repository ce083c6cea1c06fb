/**
 * Clusters of processes, ours and real ones: the same calls as of threads, the same outcomes, and
 * nothing left behind.
 */
import test, { type ExecutionContext } from 'ava';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';

import { Cluster } from '../../src/cluster/cluster.js';
import type { EngineChoice } from '../../src/cluster/engine/engine-choice.js';
import type { ClusterOptions } from '../../src/cluster/options.js';
import { testWithRedis } from '../support/real-redis.js';
import { until } from '../support/until.js';

const REAL = { server: 'redis-server', sentinel: 'redis-sentinel' };
const SMALL: ClusterOptions = {
  replicas: 1,
  sentinels: 1,
  downAfterMs: 2_500, // A real sentinel asks once a second, and takes idle servers for dead with less.
  failoverTimeoutMs: 2_000,
  readyTimeoutMs: 30_000,
};

/** Written by a client that tries again what was sent to a master as it went. */
async function write(cluster: Cluster, key: string): Promise<void> {
  const client = cluster.client({ retryForMs: 20_000 });
  for (let isDone = false; !isDone;) {
    try {
      await client.set(key, 'x');
      isDone = true;
    } catch (error) {
      if (Object(error).code !== 'CONNECTION_LOST') throw error;
    }
  }
  client.close();
}

const pidOf = async (cluster: Cluster): Promise<number> => {
  const client = cluster.client();
  const info = await client.call('INFO', 'server');
  return Number(/process_id:(\d+)/.exec(typeof info === 'string' ? info : '')?.[1]);
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Folders of clusters that run, or of some that have left them behind. */
const folders = (): Set<string> =>
  new Set(readdirSync(tmpdir()).filter((name) => /^ringleader-[A-Za-z0-9]{6}$/.test(name)));

async function hurt(t: ExecutionContext, engine: EngineChoice): Promise<void> {
  const cluster = await Cluster.start({ ...SMALL, engine });
  try {
    const [first, second] = cluster.nodes();
    t.deepEqual([first?.role, second?.role, cluster.masterId], ['master', 'replica', 'node-0']);
    await write(cluster, 'before');
    // Between processes a write is lost with its master unless a replica has it.
    await until(async () => {
      const info = await cluster.client().call('INFO', 'replication');
      if (typeof info !== 'string') return false;
      const [, replica] = /offset=(\d+),lag/.exec(info) ?? [];
      return replica !== undefined && replica === /master_repl_offset:(\d+)/.exec(info)?.[1];
    }, 'the replica has it');
    const pid = await pidOf(cluster);

    const down = cluster.once('node-down', { timeoutMs: 5_000 });
    const switched = cluster.once('switch-master', { timeoutMs: 30_000 });
    await cluster.kill('node-0');
    t.is((await down).detail, 'SIGKILL');
    t.false(isAlive(pid));
    t.deepEqual(await switched, {
      from: 'node-0',
      to: 'node-1',
      host: second!.host,
      port: second!.port,
    });
    await write(cluster, 'after');
    const client = cluster.client();
    t.is(await client.call('EXISTS', 'before', 'after'), 2);

    // It comes back by itself, as a replica behind its own proxy.
    await cluster.settled({ timeoutMs: 30_000 });
    await until(() => cluster.nodes()[0]!.role === 'replica', 'it says so');
    t.is(cluster.masterId, 'node-1');
    t.deepEqual(
      cluster.nodes().map(({ port }) => port),
      [first!.port, second!.port],
    );

    // Cut off from each other, but not from clients: writes do not arrive until it heals.
    cluster.partition('node-0', 'node-1');
    await client.set('cut', 'x');
    await until(() => {
      const [replica, master] = cluster.nodes();
      return master!.offset > replica!.offset;
    }, 'the replica falls behind');
    t.is(cluster.masterId, 'node-1');
    cluster.heal();
    await until(() => {
      const [replica, master] = cluster.nodes();
      return master!.offset === replica!.offset;
    }, 'the replica has caught up');

    const again = cluster.once('switch-master', { timeoutMs: 30_000 });
    await cluster.pause('node-1');
    t.is(cluster.nodes()[1]!.state, 'frozen');
    t.is((await again).to, 'node-0');
    cluster.resume('node-1');
    await until(() => cluster.nodes()[1]!.state === 'up', 'it goes on');
  } finally {
    await cluster.stop();
  }
}

test.serial('processes of ours: killed, cut off, frozen, failed over', async (t) => {
  await hurt(t, 'processes');
});

const testInTurn = testWithRedis === test ? test.serial : test.serial.skip;

testInTurn('real servers: killed, cut off, frozen, failed over', async (t) => {
  await hurt(t, REAL);
});

testInTurn('nothing outlives the process, even if it is killed', async (t) => {
  const before = folders();
  const source = `
    import { Cluster } from ${JSON.stringify(new URL('../../src/cluster/cluster.js', import.meta.url).href)};
    const cluster = await Cluster.start({
      engine: ${JSON.stringify(REAL)}, replicas: 1, sentinels: 0, readyTimeoutMs: 30000,
    });
    const info = await cluster.client().call('INFO', 'server');
    console.log(/process_id:(\\d+)/.exec(info)[1]);
    setInterval(() => {}, 1000);`;
  const args = ['--input-type=module', '--eval', source];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line]: unknown[] = await once(child.stdout, 'data');
  const pid = Number(line);
  t.true(isAlive(pid));
  const own = [...folders()].filter((name) => !before.has(name));
  t.true(own.length > 0);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  await until(() => !isAlive(pid), 'its server ends');
  await until(() => own.every((name) => !existsSync(`${tmpdir()}/${name}`)), 'its folder goes');
});

test('what an engine cannot do it refuses by name', async (t) => {
  const refused = async (options: ClusterOptions, what: RegExp): Promise<void> => {
    await t.throwsAsync(Cluster.start(options), { code: 'UNSUPPORTED', message: what });
  };
  await refused({ engine: 'processes', fencing: true }, /engine processes has no fencing/);
  await refused({ engine: 'processes', detection: 'event' }, /detection by event/);
  await refused({ engine: REAL, seed: 1 }, /engine redis-server has no seed/);
  await refused({ engine: REAL, heapMb: 64 }, /heapMb/);
  await refused({ engine: REAL, host: '0.0.0.0' }, /host beyond loopback/);
  await refused({ engine: REAL, replicaOf: 'redis://127.0.0.1:1' }, /replicaOf/);
  const wrong: unknown = 'docker';
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  await t.throwsAsync(Cluster.start({ engine: wrong as EngineChoice }), {
    code: 'CONFIG_INVALID',
    message: /cannot use engine: 'threads', 'processes' or/,
  });
});

test('a program that is not there is named, and nothing is left', async (t) => {
  const engine = { server: 'no-such-server', sentinel: 'no-such-sentinel' };
  await t.throwsAsync(Cluster.start({ ...SMALL, engine }), {
    code: 'CONFIG_INVALID',
    message: /cannot start no-such-server: .*ENOENT/,
  });
});

testInTurn('without threads there is no shared memory, and it says so', async (t) => {
  await using cluster = await Cluster.start({ ...SMALL, engine: REAL, sentinels: 0, replicas: 0 });
  const lacks = { code: 'UNSUPPORTED' };
  t.throws(() => cluster.handle(), lacks);
  t.throws(() => cluster.memories(), lacks);
  const cache = await cluster.cache({ codec: 'json', namespace: 'n' });
  t.deepEqual(await cache.wrap('k', '1m', () => ({ a: 1 })), { a: 1 });
  t.deepEqual(await cache.get('k'), { a: 1 });
  t.throws(() => cache.getSync('k'), lacks);
  t.throws(() => cluster.openConnection(), lacks);
  t.throws(() => cluster.operator('node-0'), lacks);
  t.throws(() => cluster.inject('node-0', 'hang'), { ...lacks, message: /inject\(hang\)/ });
  await t.throwsAsync(cluster.kill('node-0', { detect: 'event' }), lacks);
  t.throws(() => cluster.partition('node-0', 'node-7'), { code: 'NO_SUCH_ACTOR' });
  const down = cluster.once('node-down', { timeoutMs: 10_000 });
  cluster.inject('node-0', 'exit');
  t.is((await down).detail, 'exit code 0');
});
