/** What may be begun while something else is being saved, and how INFO tells it; beside Redis. */
import { parseInfo } from '../../src/resp/info-text.js';
import { startBoth } from '../support/both-servers.js';
import { RealRedis, testWithRedis as test } from '../support/real-redis.js';
import { ReplicationStream } from '../support/replication-stream.js';
import { RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';

const FLAGS = ['--save', '', '--repl-diskless-sync-delay', '0', '--rdb-key-save-delay', '20000'];

async function info(client: RespClient): Promise<Map<string, string>> {
  return parseInfo(String(await client.value('INFO', 'persistence')));
}

const STATES = [
  'rdb_bgsave_in_progress',
  'rdb_last_bgsave_status',
  'aof_rewrite_in_progress',
  'aof_rewrite_scheduled',
] as const;

/** Of the fields that are times: whether there is one. */
const TIMES = ['rdb_last_bgsave_time_sec', 'rdb_current_bgsave_time_sec'] as const;

async function states(client: RespClient): Promise<unknown[]> {
  const fields = await info(client);
  return [
    ...STATES.map((name) => `${name}:${fields.get(name)}`),
    ...TIMES.map((name) => `${name}: ${fields.get(name) !== '-1'}`),
  ];
}

async function run(client: RespClient, lines: readonly string[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const line of lines) answers.push(line, await client.value(...line.split(' ')));
  return answers;
}

/** Nothing is under way any more. */
async function isOver(client: RespClient): Promise<boolean> {
  const fields = await info(client);
  return STATES.every((name) => fields.get(name) === '0' || fields.get(name) === 'ok');
}

test('a rewrite of the append-only file is no save: SAVE is done, BGSAVE waits', async (t) => {
  const outcomes: unknown[] = [];
  for (const { client } of await startBoth(t, FLAGS)) {
    await run(client, ['CONFIG SET appendonly yes', 'DEBUG POPULATE 100']);
    await until(() => isOver(client), 'the first base');
    await run(client, ['BGREWRITEAOF']);
    const got = [
      await states(client),
      await run(client, ['BGREWRITEAOF', 'BGSAVE', 'CONFIG SET rdb-key-save-delay 0', 'SAVE']),
    ];
    await until(() => isOver(client), 'the rewrite');
    outcomes.push([got, (await info(client)).get('aof_last_bgrewrite_status')]);
  }
  t.deepEqual(outcomes[1], outcomes[0]);
});

test("a replica's snapshot counts as a save", async (t) => {
  const outcomes: unknown[] = [];
  for (const { client, port } of await startBoth(t, FLAGS)) {
    await run(client, ['DEBUG POPULATE 100', 'CONFIG SET repl-diskless-sync yes']);
    const got = [await states(client)];
    const stream = ReplicationStream.open(port);
    await until(async () => (await info(client)).get('rdb_bgsave_in_progress') === '1');
    got.push(
      await states(client),
      await run(client, ['BGSAVE', 'BGSAVE SCHEDULE', 'SAVE', 'BGREWRITEAOF']),
      await states(client),
    );
    (await stream).close();
    await until(() => isOver(client), 'its end');
    got.push(await states(client));
    outcomes.push(got);
  }
  t.deepEqual(outcomes[1], outcomes[0]);
});

async function loaded(client: RespClient): Promise<unknown[]> {
  const fields = await info(client);
  return [fields.get('rdb_last_load_keys_loaded'), fields.get('rdb_last_load_keys_expired')];
}

test('INFO tells how many keys a full sync and DEBUG RELOAD have brought', async (t) => {
  const outcomes: unknown[] = [];
  const master = await RealRedis.start('--repl-diskless-sync-delay', '0');
  t.teardown(() => master.stop());
  const source = await RespClient.connect(master.port);
  t.teardown(() => source.close());
  await run(source, ['MSET a 1 b 2 c 3']);
  for (const { client } of await startBoth(t, FLAGS)) {
    await run(client, ['CONFIG SET rdb-key-save-delay 0', `REPLICAOF 127.0.0.1 ${master.port}`]);
    await until(async () => (await client.value('DBSIZE')) === 3);
    const got = [await loaded(client)];
    await run(client, ['REPLICAOF NO ONE', 'SET d 1', 'DEBUG RELOAD']);
    outcomes.push([...got, await loaded(client)]);
  }
  t.deepEqual(outcomes[1], outcomes[0]);
});

test('a rewrite goes on although all data are saved or reloaded meanwhile', async (t) => {
  const [, ours] = await startBoth(t, FLAGS);
  const { client } = ours;
  await run(client, ['CONFIG SET appendonly yes', 'DEBUG POPULATE 50']);
  await until(() => isOver(client), 'the first base');
  const begun = Number((await info(client)).get('aof_rewrites'));
  await run(client, ['BGREWRITEAOF', 'CONFIG SET rdb-key-save-delay 0', 'DEBUG RELOAD']);
  t.true(Number((await info(client)).get('aof_rewrites')) > begun);
  await until(() => isOver(client), 'the rewrite');
  t.is((await info(client)).get('aof_last_bgrewrite_status'), 'ok');
});

test('INFO tells how far the loading of a full sync is', async (t) => {
  const master = await RealRedis.start('--repl-diskless-sync-delay', '0');
  t.teardown(() => master.stop());
  const source = await RespClient.connect(master.port);
  t.teardown(() => source.close());
  const value = 'x'.repeat(20_000);
  for (let key = 0; key < 200; key += 1) await source.call('SET', `k${key}`, `${key}${value}`);
  await run(source, ['CONFIG SET rdbcompression no']);
  const outcomes: unknown[] = [];
  for (const { client } of await startBoth(t, FLAGS)) {
    await run(client, [
      'SET old 1', // It keeps the snapshot until all of it has come.
      'CONFIG SET key-load-delay 5000',
      'CONFIG SET loading-process-events-interval-bytes 1024',
      `REPLICAOF 127.0.0.1 ${master.port}`,
    ]);
    let fields = new Map<string, string>();
    await until(async () => {
      fields = await info(client);
      return fields.get('loading') === '1';
    }, 'loading');
    const names = [...fields.keys()].filter((name) => name.startsWith('loading_'));
    const total = Number(fields.get('loading_total_bytes'));
    const done = Number(fields.get('loading_loaded_bytes'));
    outcomes.push([names, total > 4_000_000, done > 0 && done < total]);
    await run(client, ['REPLICAOF NO ONE']);
  }
  t.deepEqual(outcomes[1], outcomes[0]);
});
