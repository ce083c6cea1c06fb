/** `repl-diskless-load swapdb`: old data are served until the new ones take their place. */
import { RealRedis, testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';
import { until } from '../support/until.js';

const LOADING = '-LOADING Redis is loading the dataset in memory';

const ask = async (client: RespClient, ...words: string[]): Promise<unknown> =>
  plain(await client.call(...words));

test('a replica serves its old data while it takes a full sync of the same history', async (t) => {
  const real = await RealRedis.start('--repl-diskless-sync-delay', '0');
  t.teardown(() => real.stop());
  const ours = await RingleaderServer.start('--repl-diskless-load', 'swapdb');
  t.teardown(() => ours.stop());
  const master = await RespClient.connect(real.port);
  const replica = await RespClient.connect(ours.port);
  const state = async (field: string): Promise<string> =>
    new RegExp(`${field}:(\\S+)`).exec(String(await ask(replica, 'INFO', 'everything')))?.[1] ?? '';
  const isUp = async (): Promise<boolean> => (await state('master_link_status')) === 'up';
  const isSame = async (): Promise<boolean> =>
    (await ask(replica, 'DEBUG', 'DIGEST')) === (await ask(master, 'DEBUG', 'DIGEST'));

  // Another history's data are not served, and stay until the new are there.
  await ask(replica, 'SET', 'own', 'x');
  await ask(master, 'DEBUG', 'POPULATE', '300', 'k', '5000');
  await ask(master, 'RPUSH', 'list', ...Array.from({ length: 5000 }, (_, i) => `element ${i}`));
  await ask(master, 'CONFIG', 'SET', 'rdb-key-save-delay', '100000', 'rdbcompression', 'no');
  await ask(replica, 'REPLICAOF', '127.0.0.1', String(real.port));
  await until(async () => (await state('loading')) === '1');
  t.is(await ask(replica, 'GET', 'own'), LOADING);
  await ask(master, 'CONFIG', 'SET', 'repl-diskless-sync-delay', '3');
  await ask(master, 'CLIENT', 'KILL', 'TYPE', 'replica');
  await until(async () => (await state('loading')) === '0');
  t.is(await ask(replica, 'GET', 'own'), 'x');
  t.is(await ask(replica, 'DBSIZE'), 1);
  await ask(master, 'CONFIG', 'SET', 'rdb-key-save-delay', '0', 'repl-diskless-sync-delay', '0');
  await until(isUp);
  t.is(await ask(replica, 'EXISTS', 'own'), 0);
  t.true(await isSame());

  // The same history's are.
  await ask(master, 'CONFIG', 'SET', 'rdb-key-save-delay', '10000');
  await ask(master, 'MULTI');
  await ask(master, 'CLIENT', 'KILL', 'TYPE', 'replica');
  await ask(master, 'CONFIG', 'SET', 'repl-backlog-size', '16384');
  for (let i = 0; i < 4; i++) await ask(master, 'SET', `big:${i}`, 'x'.repeat(20_000));
  await ask(master, 'EXEC');
  await until(async () => (await state('async_loading')) === '1');
  t.is(await state('loading'), '0');
  t.is(await ask(replica, 'DBSIZE'), 301);
  t.is(await ask(replica, 'LLEN', 'list'), 5000);
  t.is(await ask(replica, 'REPLICAOF', 'NO', 'ONE'), LOADING);
  t.is(await ask(replica, 'CONFIG', 'SET', 'appendonly', 'no'), LOADING);
  // What it takes from clients meanwhile goes with the old data, and does not disturb the new.
  const dump = await replica.call('DUMP', 'list');
  if (dump?.type !== 'bulk') throw new Error('no dump');
  await ask(replica, 'CONFIG', 'SET', 'replica-read-only', 'no');
  t.is(plain(await replica.call('RESTORE', 'copy', '0', dump.value)), '+OK');
  t.is(await ask(replica, 'LLEN', 'copy'), 5000);
  t.is(await state('async_loading'), '1');
  await ask(master, 'CONFIG', 'SET', 'rdb-key-save-delay', '0');
  await ask(master, 'CLIENT', 'KILL', 'TYPE', 'replica'); // What has begun keeps its pace.
  await until(async () => (await isUp()) && isSame());
  t.is(await ask(replica, 'DBSIZE'), 305);
  master.close();
  replica.close();
});
