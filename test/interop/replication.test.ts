/** Replication with real servers: in both directions, in chains, through changes of role. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import test, { type ExecutionContext } from 'ava';
import { RealRedis, testWithRedis } from '../support/real-redis.js';
import { ReplicationStream } from '../support/replication-stream.js';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';
import { until } from '../support/until.js';

const REAL_FLAGS = ['--repl-diskless-sync-delay', '0'];

interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

async function connected(t: ExecutionContext, server: Server): Promise<RespClient> {
  const client = await RespClient.connect(server.port);
  t.teardown(async () => {
    client.close();
    await server.stop();
  });
  return client;
}

async function follow(replica: RespClient, master: Server): Promise<void> {
  await replica.call('REPLICAOF', '127.0.0.1', String(master.port));
  await until(async () => (await info(replica, 'master_link_status')) === 'up');
}

async function info(client: RespClient, field: string): Promise<string | undefined> {
  const text = String(await client.value('INFO', 'replication'));
  return new RegExp(`^${field}:(.*)\\r$`, 'm').exec(text)?.[1];
}

/** All hold the same data at the same offset of the same history. */
async function same(t: ExecutionContext, clients: readonly RespClient[]): Promise<void> {
  const [first] = clients;
  for (const client of clients) {
    await until(
      async () =>
        (await info(client, 'master_repl_offset')) === (await info(first!, 'master_repl_offset')),
    );
    t.is(await client.value('DEBUG', 'DIGEST'), await first!.value('DEBUG', 'DIGEST'));
    t.is(await info(client, 'master_replid'), await info(first!, 'master_replid'));
  }
}

async function write(client: RespClient): Promise<void> {
  await client.call('SELECT', '0');
  for (let i = 0; i < 50; i++) await client.call('SET', `key:${i}`, `value:${i}`.repeat(i));
  await client.call('INCRBYFLOAT', 'float', '3.25');
  await client.call('SET', 'short', 'x', 'PX', '100000');
  await client.call('SETBIT', 'bits', '1001', '1');
  await client.call('SELECT', '7');
  await client.call('MULTI');
  await client.call('APPEND', 'log', 'one');
  await client.call('APPEND', 'log', 'two');
  await client.call('EXEC');
  await client.call('SELECT', '0');
  await client.call('DEL', 'key:3', 'key:4');
}

testWithRedis(
  'a chain of real, ours, real, ours; its head changes and nothing is sent twice',
  async (t) => {
    const servers = [
      await RealRedis.start(...REAL_FLAGS),
      await RingleaderServer.start(),
      await RealRedis.start(...REAL_FLAGS),
      await RingleaderServer.start(),
    ];
    const clients = await Promise.all(servers.map((server) => connected(t, server)));
    const [real, ours, real2, ours2] = clients;
    await write(real!);
    await follow(ours!, servers[0]!);
    await write(real!);
    await follow(real2!, servers[1]!);
    await follow(ours2!, servers[2]!);
    await write(real!);
    await same(t, clients);
    t.is(await real!.value('WAIT', '1', '5000'), 1);

    // Ours takes over, and the old head follows it: partial resyncs all the way.
    await ours!.call('REPLICAOF', 'NO', 'ONE');
    await write(ours!);
    await follow(real!, servers[1]!);
    await write(ours!);
    t.is(await ours!.value('WAIT', '2', '5000'), 2);
    await same(t, clients);
    const stats = String(await ours!.value('INFO', 'stats'));
    t.regex(stats, /sync_full:1\r/);
    t.regex(stats, /sync_partial_ok:2\r/);
  },
);

test('a replica that asks with SYNC gets the stream behind its snapshot', async (t) => {
  const server = await RingleaderServer.start('--repl-diskless-sync-delay', '0');
  const client = await connected(t, server);
  await client.call('SET', 'before', '1');
  const stream = await ReplicationStream.open(server.port);
  t.teardown(() => stream.close());
  await client.call('SET', 'after', '2');
  await until(() => stream.commands.length >= 2);
  t.deepEqual(
    stream.commands.map((words) => words.join(' ')),
    ['SELECT 0', 'SET after 2'],
  );
});

test('a command that fails on a replica, and one that a replica sends, are named in the log', async (t) => {
  const [master, replica] = [await RingleaderServer.start(), await RingleaderServer.start()];
  const one = await connected(t, master);
  const two = await connected(t, replica);
  await follow(two, master);
  await two.call('CONFIG', 'SET', 'replica-read-only', 'no');
  await two.call('SET', 'number', 'not one');
  await one.call('INCRBY', 'number', '1');
  await one.call('DEBUG', 'REPLICATE', 'no-such-command');
  t.is(await one.value('WAIT', '1', '5000'), 1);
  const critical =
    /== CRITICAL == This replica is sending an error to its master: '(.*)' after processing the command '(.*)'/g;
  const found = [...replica.log.matchAll(critical)].map(([, error, name]) => [error, name]);
  t.deepEqual(found, [
    ['-ERR', 'incrby'],
    ["-ERR unknown command 'no-such-command', with args beginning with: ", '<unknown>'],
  ]);

  const rogue = await RespClient.connect(master.port);
  rogue.write('SYNC\r\nGET number\r\n');
  await until(() => master.log.includes("Replica generated a reply to command 'get'"));
  t.regex(
    master.log,
    /== CRITICAL == This master is sending an error to its replica: '-ERR Replica/,
  );
  rogue.close();
});

test('a replica limit below the size of the backlog makes no loop of resyncs', async (t) => {
  const limits = ['--repl-backlog-size', '16mb', '--client-output-buffer-limit', 'replica 64k 0 0'];
  const master = await RingleaderServer.start(...limits, '--repl-diskless-sync-delay', '0');
  const replica = await RingleaderServer.start();
  const one = await connected(t, master);
  const two = await connected(t, replica);
  await follow(two, master);
  await one.call('MULTI');
  await one.call('CLIENT', 'KILL', 'TYPE', 'replica');
  for (let i = 0; i < 2; i++) await one.call('SET', 'key', 'x'.repeat(4 * 1024 * 1024));
  await one.call('EXEC');
  await one.call('SET', 'key', 'y'.repeat(4 * 1024 * 1024));
  await same(t, [one, two]);
  const stats = String(await one.value('INFO', 'stats'));
  t.regex(stats, /sync_full:1\r/);
  t.regex(stats, /sync_partial_ok:1\r/);
});

testWithRedis('commands of the stream are counted on a replica as on a real one', async (t) => {
  const servers = [
    await RealRedis.start(...REAL_FLAGS),
    await RealRedis.start(),
    await RingleaderServer.start(),
  ] as const;
  const [master, real, ours] = await Promise.all(servers.map((server) => connected(t, server)));
  for (const replica of [real!, ours!]) await follow(replica, servers[0]);
  for (const replica of [real!, ours!]) await replica.call('CONFIG', 'RESETSTAT');
  const script =
    'RPUSH a 1 2 3|LMOVE a b LEFT RIGHT|BLMOVE a b LEFT RIGHT 1|RPOPLPUSH a b|SET x 1|MULTI|INCR x|LMOVE b a LEFT LEFT|EXEC|XADD s * f v';
  for (const line of script.split('|')) await master!.call(...line.split(' '));
  await same(t, [master!, real!, ours!]);
  t.deepEqual(await calls(ours!), await calls(real!));
});

testWithRedis(
  'the log and INFO of a master say of a full sync what those of Redis say',
  async (t) => {
    const dir = mkdtempSync(path.join(tmpdir(), 'ringleader-log-'));
    t.teardown(() => rmSync(dir, { recursive: true }));
    const slow = ['--rdb-key-save-delay', '100000', ...REAL_FLAGS];
    const seen: string[][] = [];
    for (const isOurs of [false, true]) {
      const logFile = path.join(dir, 'redis.log');
      const ours = isOurs ? await RingleaderServer.start(...slow) : null;
      const server = ours ?? (await RealRedis.start(...slow, '--logfile', logFile));
      const master = await connected(t, server);
      for (let i = 0; i < 5; i++) await master.call('SET', `key:${i}`, 'value');
      const replica = await connected(t, await RealRedis.start());
      const before = await statsField(master, 'total_forks');
      await replica.call('REPLICAOF', '127.0.0.1', String(server.port));
      const stages: string[] = [];
      await until(async () => {
        const stage = /state=(\w+)/.exec((await info(master, 'slave0')) ?? '')?.[1] ?? 'none';
        if (stage !== 'none' && stage !== stages.at(-1)) stages.push(stage);
        return (await info(replica, 'master_link_status')) === 'up';
      });
      const forks = Number(await statsField(master, 'total_forks')) - Number(before);
      const lines =
        /Diskless rdb transfer, .*/.exec(ours?.log ?? readFileSync(logFile, 'latin1'))?.[0] ??
        'none';
      seen.push([stages[0]!, String(forks), lines]);
    }
    t.deepEqual(seen[1], seen[0]);
  },
);

async function statsField(client: RespClient, field: string): Promise<string | undefined> {
  const text = String(await client.value('INFO', 'stats'));
  return new RegExp(`^${field}:(.*)\\r$`, 'm').exec(text)?.[1];
}

/** How often each command was called, but those that the test itself calls. */
async function calls(client: RespClient): Promise<string[]> {
  const text = String(await client.value('INFO', 'commandstats'));
  const found = [...text.matchAll(/cmdstat_(\w+):calls=(\d+)/g)].map((match) => match.slice(1, 3));
  return found
    .filter(([name]) => !['info', 'debug', 'ping', 'replconf'].includes(name!))
    .map((each) => each.join(' '))
    .toSorted();
}
