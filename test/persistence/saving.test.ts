/**
 * What a save and the end of a server do to those around: to clients, to replicas, to the file that
 * was there.
 */
import test from 'ava';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';
import { folder, info, logged, start } from './served.js';

const NOT_SAVED = /^-MISCONF Redis is configured to save RDB snapshots/;

test('a save that fails stops writes and PING, and the end too, until one succeeds', async (t) => {
  const dir = folder(t);
  const { server, client } = await start(t, dir, '--save', '900 1');
  mkdirSync(path.join(dir, 'dump.rdb')); // No file can be put in a folder's place.
  t.is(await client.value('SET', 'a', '1'), '+OK');
  t.is(await client.value('SAVE'), '-ERR');
  t.is(await client.value('SET', 'a', '2'), '+OK'); // Only a save in the background stops writes.
  await client.call('BGSAVE');
  await until(async () => (await info(client, 'rdb_last_bgsave_status')) === 'err');
  await logged(server, /Error moving temp DB file temp-\d+.rdb on the final destination dump.rdb/);
  t.regex(String(await client.value('SET', 'a', '3')), NOT_SAVED);
  t.regex(String(await client.value('PING')), NOT_SAVED);
  t.is(await client.value('GET', 'a'), '2');
  t.is(await client.value('CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'no'), '+OK');
  t.is(await client.value('SET', 'a', '3'), '+OK');

  t.is(await client.value('SHUTDOWN'), '-ERR Errors trying to SHUTDOWN. Check logs.');
  server.signal('SIGTERM');
  await until(() => server.log.split("Error trying to save the DB, can't exit.").length === 3);
  t.is(await client.value('GET', 'a'), '3');
  t.false(existsSync(path.join(dir, `temp-${server.pid}.rdb`)));

  t.is(await client.value('CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'yes'), '+OK');
  rmSync(path.join(dir, 'dump.rdb'), { recursive: true });
  t.is(await client.value('SAVE'), '+OK');
  t.is(await client.value('PING'), '+PONG');
  await client.call('SHUTDOWN', 'NOSAVE');
  t.is(await server.ended(), 0);
});

test('save points save by themselves, FLUSHALL empties the file, SHUTDOWN NOSAVE leaves it', async (t) => {
  const dir = folder(t);
  const file = path.join(dir, 'dump.rdb');
  const { server, client } = await start(t, dir, '--save', '1 2');
  await client.call('MSET', 'a', '1', 'b', '2');
  await until(() => server.log.includes('2 changes in 1 seconds. Saving...'));
  await until(async () => (await info(client, 'rdb_changes_since_last_save')) === '0');
  t.true(readFileSync(file).includes('\0\u0001a'));
  await client.call('FLUSHALL');
  t.false(readFileSync(file).includes('\0\u0001a'));
  await client.call('SET', 'c', '3');
  await client.call('SHUTDOWN', 'NOSAVE');
  t.is(await server.ended(), 0);
  t.false(readFileSync(file).includes('\0\u0001c'));
});

test('BGSAVE is of its moment, whatever is written meanwhile; SIGKILL within leaves the old file', async (t) => {
  const dir = folder(t);
  const { server, client } = await start(t, dir, '--save', '');
  await client.call('DEBUG', 'POPULATE', '300000', 'key', '100');
  const some = ['GET', 'key:299999'];
  const before = await client.value(...some);
  client.write('BGSAVE\r\nFLUSHDB\r\nSET other value\r\n');
  await client.take(3);
  await until(async () => (await info(client, 'rdb_bgsave_in_progress')) === '0');
  t.is(await info(client, 'rdb_last_bgsave_status'), 'ok');
  t.is(await info(client, 'rdb_changes_since_last_save'), '300001');

  const saved = readFileSync(path.join(dir, 'dump.rdb'));
  await client.call('DEBUG', 'POPULATE', '300000', 'another', '100');
  await client.call('BGSAVE');
  await server.kill();
  t.true(readFileSync(path.join(dir, 'dump.rdb')).equals(saved));
  const again = await start(t, dir, '--save', '');
  t.is(await again.client.value('DBSIZE'), 300_000);
  t.is(await again.client.value(...some), before);
});

test('INFO tells how many keys of a save are done', async (t) => {
  const { client } = await start(t, folder(t), '--save', '');
  const told = async (): Promise<(string | undefined)[]> => [
    await info(client, 'current_save_keys_processed'),
    await info(client, 'current_save_keys_total'),
    await info(client, 'current_fork_perc'),
  ];
  await client.call('DEBUG', 'POPULATE', '50', 'key', '40000');
  await client.call('CONFIG', 'SET', 'rdb-key-save-delay', '300000', 'rdbcompression', 'no');
  await client.call('BGSAVE');
  await until(async () => {
    const [done, all, percent] = await told();
    return Number(done) > 0 && Number(done) < 50 && all === '50' && Number(percent) < 100;
  });
  await client.call('CONFIG', 'SET', 'rdb-key-save-delay', '0');
  await until(async () => (await info(client, 'rdb_bgsave_in_progress')) === '0');
  t.deepEqual(await told(), ['0', '0', '0.00']);
});

test('SHUTDOWN ABORT calls off an end that waits for a replica', async (t) => {
  const { server, client } = await start(t, folder(t), '--shutdown-timeout', '60');
  const replica = await start(t, folder(t), '--replicaof', `127.0.0.1 ${server.port}`);
  await until(async () => (await info(replica.client, 'master_link_status')) === 'up');
  replica.server.signal('SIGSTOP');
  await client.call('SET', 'behind', '1');
  const other = await RespClient.connect(server.port);
  other.write('SHUTDOWN\r\n');
  await until(async () => Number(await info(client, 'shutdown_in_milliseconds')) > 0);
  t.is(await info(client, 'blocked_clients'), '1');
  t.is(await client.value('SHUTDOWN', 'ABORT'), '+OK');
  const [reply] = await other.take(1);
  t.deepEqual(reply, { type: 'error', text: 'ERR Errors trying to SHUTDOWN. Check logs.' });
  t.is(await client.value('SHUTDOWN', 'ABORT'), '-ERR No shutdown in progress.');
  t.is(await client.value('SET', 'goes', 'on'), '+OK');

  server.signal('SIGTERM');
  await until(() => server.log.split('Waiting for replicas before shutting down.').length === 3);
  replica.server.signal('SIGCONT');
  t.is(await server.ended(), 0);
  t.regex(server.log, /1 of 1 replicas are in sync when shutting down/);
  t.is(await replica.client.value('GET', 'goes'), 'on');
});

test('a master and its replica go on from where their files stood', async (t) => {
  const dirs = { master: folder(t), replica: folder(t) };
  let master = await start(t, dirs.master);
  const port = String(master.server.port);
  const following = ['--replicaof', `127.0.0.1 ${port}`];
  let replica = await start(t, dirs.replica, ...following);
  await until(async () => (await info(replica.client, 'master_link_status')) === 'up');
  await master.client.call('SELECT', '5');
  await master.client.call('SET', 'a', '1');
  await until(async () => (await info(replica.client, 'db5')) !== undefined);

  replica.server.signal('SIGTERM');
  t.is(await replica.server.ended(), 0);
  await master.client.call('SET', 'b', '2');
  replica = await start(t, dirs.replica, ...following);
  await until(async () => (await info(replica.client, 'master_link_status')) === 'up');
  t.is(await info(master.client, 'sync_partial_ok'), '1');
  t.is(await info(master.client, 'sync_full'), '1');

  const id = await info(master.client, 'master_replid');
  master.server.signal('SIGTERM');
  t.is(await master.server.ended(), 0);
  master = await start(t, dirs.master, '--port', port);
  await until(async () => (await info(replica.client, 'master_link_status')) === 'up');
  t.is(await info(master.client, 'sync_full'), '0');
  t.is(await info(master.client, 'sync_partial_ok'), '1');
  t.is(await info(master.client, 'master_replid2'), id);
  const digest = await master.client.value('DEBUG', 'DIGEST');
  t.is(await replica.client.value('DEBUG', 'DIGEST'), digest);
});

test('DEBUG RELOAD reads the file, and keeps what there is if that cannot be used; dir is looked at', async (t) => {
  const dir = folder(t);
  const { server, client } = await start(t, dir, '--enable-protected-configs', 'yes');
  await client.call('SET', 'k', 'v'.repeat(100));
  t.is(await client.value('DEBUG', 'RELOAD'), '+OK');
  await client.call('SET', 'k', 'other');
  t.is(await client.value('DEBUG', 'RELOAD', 'NOSAVE'), '+OK');
  t.is(await client.value('GET', 'k'), 'v'.repeat(100));
  writeFileSync(path.join(dir, 'dump.rdb'), 'REDIS0010 and nothing more');
  t.is(await client.value('DEBUG', 'RELOAD', 'NOSAVE'), '-ERR Error trying to load the RDB dump');
  t.is(await client.value('GET', 'k'), 'v'.repeat(100));
  await logged(server, /Internal error in RDB reading offset/);
  const failed = "-ERR CONFIG SET failed (possibly related to argument 'dir') - ";
  t.is(await client.value('CONFIG', 'SET', 'dir', 'missing'), `${failed}No such file or directory`);
  t.is(await client.value('CONFIG', 'SET', 'dir', ''), `${failed}No such file or directory`);
  t.is(await client.value('CONFIG', 'SET', 'dir', 'dump.rdb'), `${failed}Not a directory`);
  mkdirSync(path.join(dir, 'below'));
  t.is(await client.value('CONFIG', 'SET', 'dir', 'below'), '+OK');
  t.deepEqual(await client.value('CONFIG', 'GET', 'dir'), ['dir', realpathSync(`${dir}/below`)]);
  t.is(await client.value('SAVE'), '+OK');
  t.true(existsSync(path.join(dir, 'below/dump.rdb')));
});
