/** A full sync of every type, in small and large encodings, to and from a real Redis. */
import { encodeCommand } from '../../src/resp/encode-command.js';
import { RealRedis, testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';
import { until } from '../support/until.js';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** @returns commands that make a key of each type and encoding. */
function commands(): string[][] {
  const made: string[][] = [
    ['SET', 'int', '-42'],
    ['SET', 'int64', '9223372036854775807'],
    ['SET', 'empty', ''],
    ['SET', 'compressed', 'ab'.repeat(5000)],
    ['SET', 'raw', numbers(3000).join('')],
    ['SET', 'binary', '\0\r\n\xff'],
    ['SET', 'volatile', 'x', 'EX', '5000'],
    ['PFADD', 'hll:sparse', 'a', 'b'],
    ['PFADD', 'hll:dense', ...numbers(2000).map((n) => `e${n}`)],
    ['SETBIT', 'bits', '70001', '1'],
    ['GEOADD', 'places', '13.361389', '38.115556', 'Palermo', '15.087269', '37.502669', 'Catania'],
    ['XADD', 'stream:emptied', '5-5', 'a', 'b'],
    ['XDEL', 'stream:emptied', '5-5'],
    ['SADD', 'set:ints', '1', '-7', '70000', '9000000000'],
    ['ZADD', 'zset:odd', 'inf', 'a', '-inf', 'b', '0.1', 'c', '-0', 'd', '1e300', 'e'],
    ['RPUSH', 'list:long', 'x'.repeat(70_000), 'y', '12', '-123456789012', 'z'.repeat(9000)],
  ];
  for (const [name, count] of [
    ['small', 5],
    ['large', 3000],
  ] as const) {
    for (const n of numbers(count)) {
      made.push(['HSET', `hash:${name}`, `field ${n}`, n % 3 === 0 ? String(n) : `value ${n}`]);
      made.push(['RPUSH', `list:${name}`, n % 2 === 0 ? String(n * 1000) : `element ${n}`]);
      made.push(['SADD', `set:${name}`, `member ${n}`]);
      made.push(['SADD', `set:ints:${name}`, String(n * n)]);
      made.push(['ZADD', `zset:${name}`, String(n / 7), `member ${n}`]);
      made.push(['XADD', `stream:${name}`, `${n + 1}-${n % 5}`, 'a', String(n), `f${n % 4}`, 'x']);
    }
    made.push(['EXPIRE', `hash:${name}`, '9000']);
    made.push(['XGROUP', 'CREATE', `stream:${name}`, 'group', '0']);
    made.push([
      'XREADGROUP',
      'GROUP',
      'group',
      'c1',
      'COUNT',
      '7',
      'STREAMS',
      `stream:${name}`,
      '>',
    ]);
    made.push([
      'XREADGROUP',
      'GROUP',
      'group',
      'c2',
      'COUNT',
      '2',
      'STREAMS',
      `stream:${name}`,
      '>',
    ]);
    made.push(['XACK', `stream:${name}`, 'group', '1-0']);
    made.push(['XDEL', `stream:${name}`, '3-2']);
  }
  made.push(['SELECT', '9'], ['HSET', 'elsewhere', 'a', '1'], ['SELECT', '0']);
  return made;
}

async function send(client: RespClient, all: readonly string[][]): Promise<void> {
  client.write(
    Buffer.concat(all.map((args) => encodeCommand(args.map((arg) => Buffer.from(arg, 'latin1'))))),
  );
  const answers = (await client.take(all.length)).map(plain);
  const errors = answers.filter((answer) => typeof answer === 'string' && answer.startsWith('-'));
  if (errors.length > 0) throw new Error(String(errors[0]));
}

/** Names, encodings, expiries, and all of the streams' groups. */
async function details(client: RespClient): Promise<unknown> {
  const listed = await client.value('KEYS', '*');
  const keys = Array.isArray(listed) ? listed.map(String).toSorted() : [];
  const found: unknown[] = [];
  for (const key of keys) {
    const type = plain(await client.call('TYPE', key));
    found.push([
      key,
      type,
      // A short string that was changed is 'raw' until it is loaded.
      type === '+string' ? null : plain(await client.call('OBJECT', 'ENCODING', key)),
      plain(await client.call('PEXPIRETIME', key)),
      type === '+stream' ? await client.value('XINFO', 'STREAM', key, 'FULL', 'COUNT', '20') : null,
    ]);
  }
  return found;
}

const info = async (client: RespClient): Promise<string> =>
  String(await client.value('INFO', 'everything'));

test('every type goes over in a full sync, in either direction and however it is taken', async (t) => {
  const flags = ['--repl-diskless-sync-delay', '0'];
  const real = await RealRedis.start(...flags);
  t.teardown(() => real.stop());
  const ours = await RingleaderServer.start(...flags);
  t.teardown(() => ours.stop());
  const [redis, own] = await Promise.all(
    [real.port, ours.port].map((port) => RespClient.connect(port)),
  );
  for (const [master, replica, port, way] of [
    [own!, redis!, ours.port, 'disabled'],
    [redis!, own!, real.port, 'disabled'],
    [redis!, own!, real.port, 'swapdb'],
    [own!, redis!, ours.port, 'swapdb'],
  ] as const) {
    await master.value('REPLICAOF', 'NO', 'ONE');
    await master.value('FLUSHALL');
    await replica.value('REPLICAOF', 'NO', 'ONE');
    await replica.value('CONFIG', 'SET', 'repl-diskless-load', way);
    await replica.value('SET', 'old', 'data');
    await send(master, commands());
    await replica.value('REPLICAOF', '127.0.0.1', String(port));
    const digest = await master.value('DEBUG', 'DIGEST');
    await until(async () =>
      /master_link_status:up/.test(String(await replica.value('INFO', 'replication'))),
    );
    await until(async () => (await replica.value('DEBUG', 'DIGEST')) === digest);
    t.deepEqual(await details(replica), await details(master), way);
  }
  redis!.close();
  own!.close();
});

const PAIRS = [
  [RealRedis, RingleaderServer],
  [RingleaderServer, RealRedis],
  [RingleaderServer, RingleaderServer],
] as const;

interface Pair {
  readonly name: string;
  /** Of the master to be. */
  readonly port: number;
  readonly master: RespClient;
  readonly replica: RespClient;
}

/** Do something with every pair of a real server and ours, all at once. */
async function withPairs(
  flags: readonly string[],
  use: (pair: Pair) => Promise<void>,
): Promise<void> {
  await Promise.all(
    PAIRS.map(async (makes) => {
      const servers = await Promise.all(makes.map((make) => make.start(...flags)));
      const clients = await Promise.all(servers.map(({ port }) => RespClient.connect(port)));
      const [master, replica] = clients;
      const name = makes.map((make) => make.name).join(' → ');
      await use({ name, port: servers[0]!.port, master: master!, replica: replica! });
      for (const client of clients) client.close();
      await Promise.all(servers.map((server) => server.stop()));
    }),
  );
}

test('FLUSHALL ends a snapshot that is on its way to a replica, which begins anew', async (t) => {
  await withPairs(['--repl-diskless-sync-delay', '0'], async ({ name, port, master, replica }) => {
    // Without an end it would take a minute.
    await master.value('CONFIG', 'SET', 'rdb-key-save-delay', '100000');
    for (const diskless of ['yes', 'no']) {
      await master.value('CONFIG', 'SET', 'repl-diskless-sync', diskless);
      await master.value('CONFIG', 'RESETSTAT');
      await master.value('DEBUG', 'POPULATE', '600');
      await replica.value('REPLICAOF', '127.0.0.1', String(port));
      await until(async () => (await info(master)).includes('rdb_bgsave_in_progress:1'));
      await master.value('FLUSHALL');
      await until(async () => (await info(replica)).includes('master_link_status:up'));
      t.regex(await info(master), /sync_full:2\r/, `${name}, diskless ${diskless}`);
      t.is(await replica.value('DBSIZE'), 0);
      await replica.value('REPLICAOF', 'NO', 'ONE');
    }
  });
});

test('a full sync may take longer than repl-timeout, as long as it goes on', async (t) => {
  const flags = ['--repl-diskless-sync-delay', '0', '--repl-diskless-load', 'on-empty-db'];
  await withPairs(flags, async ({ name, port, master, replica }) => {
    await master.value('CONFIG', 'SET', 'repl-timeout', '2');
    await master.value('DEBUG', 'POPULATE', '150');
    // Redis gives a sign of life each so many bytes that it loads.
    await replica.value('CONFIG', 'SET', 'loading-process-events-interval-bytes', '1024');
    for (const [slow, slower] of [
      ['rdb-key-save-delay', master],
      ['key-load-delay', replica],
    ] as const) {
      await master.value('CONFIG', 'RESETSTAT');
      await slower.value('CONFIG', 'SET', slow, '20000');
      await replica.value('REPLICAOF', '127.0.0.1', String(port));
      await until(async () => (await info(master)).includes('state=online'), 'the sync');
      await until(async () => (await info(replica)).includes('master_link_status:up'));
      t.regex(await info(master), /sync_full:1\r/, `${name}: ${slow}`);
      t.is(await replica.value('DBSIZE'), 150);
      await slower.value('CONFIG', 'SET', slow, '0');
      await replica.value('REPLICAOF', 'NO', 'ONE');
      await replica.value('FLUSHALL');
    }
  });
});
