/** `rename-command` beside real Redis: what is called by another name, or by none. */
import { testWithRedis as test } from '../support/real-redis.js';
import { RealRedis } from '../support/redis-process.js';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';
import { until } from '../support/until.js';
import { compare, startPair } from './compare.js';

const LONG = 'b840fc02d524045429941cc15f59e41cb7be6c52';
const RENAMES = [
  ['set', 'put'],
  ['incr', LONG],
  ['keys', ''],
  ['flushdb', 'Badger'],
  ['multi', 'begin'],
  ['lpop', 'x'],
  ['del', 'incr'], // A name that has become free.
] as const;

const SCRIPT = [
  'set k v',
  'SET',
  'put k v',
  'PUT k w XX GET',
  'put k',
  `${LONG} n`,
  `${LONG} k`,
  'incr k',
  'get k',
  'keys *',
  'ping',
  'hullo',
  'hullo there',
  'multi',
  'begin',
  'put a 1',
  'set a 2',
  'exec',
  'begin',
  'put a 1',
  `${LONG} a`,
  'append a 3',
  'append b 4',
  'exec',
  'get a',
  'rpush l 1 2 3',
  'x l',
  'lpop l',
  'command info set',
  'command getkeys set a b',
  'command getkeys put a b',
  'command list filterby pattern *et',
  'command count',
  `eval "return redis.call('put', KEYS[1], 'x')" 1 s`,
  `eval "return redis.pcall('set', KEYS[1], 'x')" 1 s`,
  `eval "return redis.call('${LONG}', KEYS[1])" 1 sn`,
  'acl setuser bob on nopass ~* +set',
  'acl setuser bob +put',
  'acl getuser bob',
  'acl dryrun bob put a b',
  'acl dryrun bob set a b',
  'auth bob any',
  'put a b',
  'set a b',
  'hullo',
  'auth default any',
  'badger',
  'FlushDB',
  'dbsize',
];

/** Redis' own order is a hash table's. */
function mask(line: string, value: unknown): unknown {
  return line.startsWith('command list') ? [value].flat().map(String).toSorted() : value;
}

test('renamed commands are found by their new names alone', async (t) => {
  const pair = await startPair(
    t,
    // Replicas begin with a PING.
    [...RENAMES, ['ping', 'hullo']].map(([from, to]) => `rename-command ${from} "${to}"`),
  );
  await compare(t, pair, SCRIPT, { mask });
});

test('replicas and files get renamed commands as they were called', async (t) => {
  const flags = RENAMES.flatMap(([from, to]) => ['--rename-command', from, to]);
  flags.push('--repl-diskless-sync-delay', '0');
  const aof = ['--appendonly', 'yes'];
  const master = await RingleaderServer.start(...flags, ...aof);
  t.teardown(() => master.stop());
  const client = await RespClient.connect(master.port);
  const following = ['--replicaof', '127.0.0.1', String(master.port)];
  const real = await RealRedis.start(...flags, ...following);
  t.teardown(() => real.stop());
  const below = ['--replicaof', '127.0.0.1', String(real.port)];
  const ours = await RingleaderServer.start(...flags, ...below);
  t.teardown(() => ours.stop());
  const replicas = [await RespClient.connect(real.port), await RespClient.connect(ours.port)];
  for (const replica of replicas) {
    await until(async () => /link_status:up/.test(String(await replica.value('INFO'))));
  }
  await client.value('PUT', 'gone', '1');
  await client.value('BADGER');
  await client.value('put', 'kept', '1');
  await client.value(LONG, 'kept');
  await client.call('begin');
  await client.call('put', 'a', '1');
  await client.call('incr', 'a', 'b');
  await client.call('put', 'b', '2');
  await client.call('exec');
  await client.value('EVAL', `return redis.call('put', KEYS[1], 'x')`, '1', 's');
  t.is(await client.value('DBSIZE'), 3);
  const digest = await client.value('DEBUG', 'DIGEST');
  for (const replica of replicas) {
    await until(async () => (await replica.value('DEBUG', 'DIGEST')) === digest);
    t.is(await replica.value('GET', 'kept'), '2');
  }
  await client.call('DEBUG', 'LOADAOF');
  t.is(await client.value('DEBUG', 'DIGEST'), digest);
  for (const each of [client, ...replicas]) each.close();
});
