/** What a cluster keeps on disk: it is there at the next start, and the newest of it counts. */
import test, { type ExecutionContext } from 'ava';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Cluster } from '../../src/cluster/cluster.js';
import type { ClusterOptions } from '../../src/cluster/options.js';
import { until } from '../support/until.js';
import { RespClient } from '../support/resp-client.js';
import { nextSwitch } from './fixtures/real.js';
import { MAIN } from '../support/main.js';

function folder(t: ExecutionContext): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'ringleader-kept-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** No node is to be replaced because the machine is busy: the sentinels are told of deaths. */
const PATIENT = { downAfterMs: 30_000, readyTimeoutMs: 30_000 };

async function start(t: ExecutionContext, options: ClusterOptions): Promise<Cluster> {
  const cluster = await Cluster.start({ ...PATIENT, ...options });
  t.teardown(() => cluster.stop());
  return cluster;
}

const idOfMaster = (cluster: Cluster): string[] =>
  cluster.nodes().flatMap(({ id, role }) => (role === 'master' ? id : []));

for (const appendonly of [false, true]) {
  const kind = appendonly ? 'an append-only file' : 'RDB files';
  test(`${kind}: after a failover the master that was furthest is master at the next start`, async (t) => {
    const options = { dir: folder(t), replicas: 1, sentinels: 1, appendonly };
    const first = await start(t, options);
    const client = first.client();
    await client.set('a', 'before');
    await first.settled();
    const switched = nextSwitch(first);
    await first.kill('node-0');
    t.is((await switched).to, 'node-1');
    await first.settled();
    await client.set('b', 'after');
    await client.set('gone', 'x', { ttl: 1 });
    await first.settled();
    first.partition('node-0', 'node-1');
    await client.set('last', 'not on node 0');
    await first.stop();

    const second = await start(t, options);
    t.is(second.masterId, 'node-1');
    t.deepEqual(idOfMaster(second), ['node-1']);
    t.deepEqual(
      second.nodes().map(({ id }) => id),
      ['node-0', 'node-1'],
      'in the order of their ports',
    );
    const again = second.client();
    t.is(await again.get('a'), 'before');
    t.is(await again.get('b'), 'after');
    t.is(await again.get('last'), 'not on node 0');
    await until(async () => (await again.get('gone')) === null);
    await again.set('c', 'more');
    await second.settled();
  });
}

test('a node whose file is older comes back as a replica of the one that is ahead', async (t) => {
  const dir = folder(t);
  // A master by itself goes on where the cluster's data are: its replica's file stays behind.
  const options = { dir, sentinels: 0, save: '3600 1' };
  const both = await start(t, { ...options, replicas: 1 });
  await both.client().set('a', '1');
  await both.settled();
  await both.stop();
  // Equal data: node 0 is first, whatever there is beside it.
  const alone = await start(t, { ...options, replicas: 0 });
  await alone.client().set('a', '2');
  await alone.stop();
  const again = await start(t, { ...options, replicas: 1 });
  t.is(again.masterId, 'node-0');
  const replica = again.nodes()[1]!;
  const client = await RespClient.connect(replica.port);
  t.teardown(() => client.close());
  t.is(await client.value('GET', 'a'), '2');
});

test('data that no node of the cluster would load are not passed over', async (t) => {
  const dir = folder(t);
  const options = { ...PATIENT, dir, sentinels: 1 };
  const startAndStop = async (more: ClusterOptions): Promise<void> => {
    const wrong = await Cluster.start({ ...options, ...more });
    await wrong.stop();
  };
  const cluster = await start(t, { ...options, replicas: 1 });
  await cluster.failover();
  await cluster.settled();
  cluster.partition('node-0', 'node-1');
  await cluster.client().set('a', '1');
  await cluster.stop();
  await t.throwsAsync(startAndStop({ replicas: 0 }), {
    message: 'cannot use replicas: at least 1: node-1 has the newest data; got 0',
  });
  await t.throwsAsync(startAndStop({ replicas: 1, appendonly: true }), {
    message: /^cannot use appendonly: there is an RDB file and no append-only file.*; got true$/,
  });
  await t.throwsAsync(startAndStop({ dir: MAIN }), {
    message: `cannot use dir: ${MAIN}: Not a directory`,
  });
});

test('a folder has one cluster at a time, of this process and of others', async (t) => {
  const dir = folder(t);
  const options = { dir, replicas: 0, sentinels: 0 };
  const first = await start(t, options);
  const refused = { code: 'CONFIG_INVALID', message: /^cannot use dir: a folder that no other cl/ };
  await t.throwsAsync(Cluster.start(options), refused);
  const link = `${folder(t)}/link`;
  symlinkSync(dir, link);
  await t.throwsAsync(Cluster.start({ ...options, dir: link }), refused);
  const up = spawn(process.execPath, [MAIN, 'up', '--port', '0', '--sentinels', '0', '--dir', dir]);
  const [code] = await once(up, 'exit');
  t.is(code, 2);
  await first.stop();
  const second = await start(t, options);
  await second.stop();
  // One that cannot start lets go of it as well.
  const engine = { server: '/no/such', sentinel: '/no/such' };
  await t.throwsAsync(Cluster.start({ ...options, engine }), { message: /\/no\/such/ });
  const third = await start(t, options);
  await third.stop();
});

test('up --dir: what was acknowledged is there after kill -9 of the process, with always', async (t) => {
  const dir = folder(t);
  const begin = async () => {
    const args = [
      'up',
      '--port',
      '0',
      '--sentinel-port',
      '0',
      '--sentinels',
      '0',
      '--replicas',
      '1',
    ];
    const child = spawn(process.execPath, [MAIN, ...args, '--dir', dir, '--appendonly', 'yes'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.teardown(() => child.kill('SIGKILL'));
    let printed = '';
    child.stdout.on('data', (text: Buffer) => {
      printed += String(text);
    });
    await until(() => printed.includes('redis://'));
    const port = Number(/redis:\/\/[^:]*:(\d+)/.exec(printed)?.[1]);
    return { child, client: await RespClient.connect(port) };
  };
  const one = await begin();
  await one.client.value('CONFIG', 'SET', 'appendfsync', 'always');
  for (let i = 0; i < 100; i++) await one.client.value('INCR', 'n');
  one.child.kill('SIGKILL');
  await once(one.child, 'exit');
  one.client.close();
  const two = await begin();
  t.is(await two.client.value('GET', 'n'), '100');
  two.client.close();
  two.child.kill('SIGINT');
  await once(two.child, 'exit');
  const manifest = readFileSync(path.join(dir, 'node-0/appendonlydir/appendonly.aof.manifest'));
  t.regex(String(manifest), /type i/);
});
