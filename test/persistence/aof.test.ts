/**
 * The append-only file, with servers in processes of their own: written, read back, exchanged with
 * Redis.
 */
import test from 'ava';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { RealRedis, testWithRedis } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';
import { until } from '../support/until.js';
import { folder, info, logged, start } from './served.js';

const ON = ['--appendonly', 'yes', '--save', ''];

const inDir = (dir: string, name: string): string => path.join(dir, 'appendonlydir', name);
const parts = (dir: string): string[] => readdirSync(path.join(dir, 'appendonlydir')).toSorted();
const text = (dir: string, name: string): string => readFileSync(inDir(dir, name), 'latin1');
const commands = (...all: readonly (readonly string[])[]): string =>
  all.map((each) => Buffer.from(encodeCommand(each)).toString('latin1')).join('');

async function rewrite(client: RespClient): Promise<void> {
  const status = await client.value('BGREWRITEAOF');
  if (status !== '+Background append only file rewriting started') throw new Error(String(status));
  await until(async () => (await info(client, 'aof_rewrite_in_progress')) === '0');
}

async function fill(client: RespClient): Promise<void> {
  await client.call('MSET', 'plain', 'value', 'empty', '', '12', '-128');
  await client.call('SELECT', '7');
  await client.call('SET', 'expires', 'later', 'PX', '100000000');
  await client.call('MULTI');
  await client.call('INCR', 'n');
  await client.call('APPEND', 'n', '0');
  await client.call('EXEC');
  await client.call('SELECT', '0');
  await client.call('RENAME', 'plain', 'renamed');
}

const FIRST = ['appendonly.aof.1.base.rdb', 'appendonly.aof.1.incr.aof', 'appendonly.aof.manifest'];
const SECOND = FIRST.map((name) => name.replace('.1.', '.2.'));

test('what is written is back after SIGKILL, from the increment or from a new base', async (t) => {
  const dir = folder(t);
  const { server, client } = await start(t, dir, ...ON);
  await client.call('SET', 'a', '1');
  await until(() => statSync(inDir(dir, FIRST[1]!)).size > 0);
  t.is(text(dir, FIRST[1]!), commands(['SELECT', '0'], ['SET', 'a', '1']), 'as Redis has it');
  t.deepEqual(parts(dir), FIRST);
  await fill(client);
  t.is(await info(client, 'aof_enabled'), '1');
  const digest = await client.value('DEBUG', 'DIGEST');
  await until(async () => (await info(client, 'aof_buffer_length')) === '0');
  await server.kill();

  const second = await start(t, dir, ...ON);
  t.is(await second.client.value('DEBUG', 'DIGEST'), digest);
  await rewrite(second.client);
  t.deepEqual(parts(dir), SECOND);
  t.is(text(dir, SECOND[1]!), '', 'nothing was written since');
  await second.client.call('SET', 'b', '2');
  const after = await second.client.value('DEBUG', 'DIGEST');
  t.is(await second.client.value('DEBUG', 'LOADAOF'), '+OK');
  t.is(await second.client.value('DEBUG', 'DIGEST'), after);
  t.is(text(dir, SECOND[1]!), commands(['SELECT', '0'], ['SET', 'b', '2']), 'not written again');
  await second.server.kill();

  const third = await start(t, dir, ...ON, '--appendfsync', 'always');
  t.is(await third.client.value('DEBUG', 'DIGEST'), after);
});

test('a tail that is cut off is dropped, or refused; half a transaction as well', async (t) => {
  const dir = folder(t);
  const base = ['--dir', dir];
  mkdirSync(path.join(dir, 'appendonlydir'));
  writeFileSync(
    inDir(dir, 'appendonly.aof.manifest'),
    'file appendonly.aof.1.incr.aof seq 1 type i\n',
  );
  const whole = commands(['SET', 'a', '1']);
  const half = commands(['multi'], ['SET', 'a', '2'], ['SET', 'b', '2']);
  writeFileSync(inDir(dir, FIRST[1]!), whole + half);
  const refusing = await RingleaderServer.begin(dir, ...base, ...ON, '--aof-load-truncated', 'no');
  t.is(await refusing.ended(), 1);
  t.regex(refusing.log, /Unexpected end of file reading the append only file/);
  const { server, client } = await start(t, dir, ...ON);
  await logged(server, /Revert incomplete MULTI\/EXEC transaction/);
  t.deepEqual(await client.value('MGET', 'a', 'b'), ['1', null]);
  t.is(text(dir, FIRST[1]!), whole);
  await client.call('SET', 'c', '3');
  await until(async () => (await info(client, 'aof_buffer_length')) === '0');
  await server.kill();
  truncateSync(inDir(dir, FIRST[1]!), statSync(inDir(dir, FIRST[1]!)).size - 3);
  const again = await start(t, dir, ...ON);
  t.deepEqual(await again.client.value('MGET', 'a', 'c'), ['1', null]);
  await again.client.call('SET', 'd', '4');
  await until(async () => (await info(again.client, 'aof_buffer_length')) === '0');
  await again.server.kill();
  const last = await start(t, dir, ...ON);
  t.deepEqual(await last.client.value('MGET', 'a', 'c', 'd'), ['1', null, '4']);
});

const UNUSABLE: readonly (readonly [string, (dir: string) => void, RegExp])[] = [
  [
    'a manifest that is none',
    (dir) => writeFileSync(inDir(dir, 'appendonly.aof.manifest'), 'file a seq 1 type x\n'),
    /Unknown AOF file type/,
  ],
  [
    'a base that is missing',
    (dir) => rmSync(inDir(dir, FIRST[0]!)),
    /base\.rdb length\. stat: No such file/,
  ],
  [
    'a base with a bit flipped',
    (dir) => {
      const bytes = readFileSync(inDir(dir, FIRST[0]!));
      bytes[bytes.length - 12]! ^= 1;
      writeFileSync(inDir(dir, FIRST[0]!), bytes);
    },
    /Error reading the RDB base file.*at offset/,
  ],
  [
    'an increment with what is no command',
    (dir) => appendFileSync(inDir(dir, FIRST[1]!), 'hello\r\n'),
    /Bad file format reading the append only file/,
  ],
  [
    'a command that is not known',
    (dir) => appendFileSync(inDir(dir, FIRST[1]!), commands(['JSON.SET', 'k', '$', '1'])),
    /Unknown command 'JSON\.SET' reading the append only file/,
  ],
];

test('a folder that cannot be used ends the start, and is named', async (t) => {
  const dir = folder(t);
  writeFileSync(path.join(dir, 'appendonlydir'), 'in the way');
  const refusing = await RingleaderServer.begin(dir, ...ON);
  t.is(await refusing.ended(), 1);
  t.regex(refusing.log, /# Fatal error with the files in appendonlydir: Not a directory\. Exiting/);
});

test('a file that cannot be used ends the start, says why and stays as it is', async (t) => {
  const dir = folder(t);
  const { server, client } = await start(t, dir, ...ON, '--rdbchecksum', 'yes');
  await client.call('SET', 'a', '1');
  await rewrite(client);
  await client.call('SET', 'a', '2');
  server.signal('SIGTERM');
  await server.ended();
  for (const name of SECOND) {
    const first = name.replace('.2.', '.1.');
    const bytes = readFileSync(inDir(dir, name), 'latin1').replaceAll('aof.2.', 'aof.1.');
    rmSync(inDir(dir, name));
    writeFileSync(inDir(dir, first), bytes, 'latin1');
  }
  for (const [what, damage, message] of UNUSABLE) {
    const copy = folder(t);
    mkdirSync(path.join(copy, 'appendonlydir'));
    for (const name of FIRST) writeFileSync(inDir(copy, name), readFileSync(inDir(dir, name)));
    damage(copy);
    const before = parts(copy).map((name) => text(copy, name));
    const refusing = await RingleaderServer.begin(copy, ...ON);
    t.is(await refusing.ended(), 1, what);
    t.regex(refusing.log, message, what);
    t.deepEqual(
      parts(copy).map((name) => text(copy, name)),
      before,
      what,
    );
  }
});

test('it is turned on and off at run time, and written anew by itself', async (t) => {
  const dir = folder(t);
  const { server, client } = await start(t, dir, '--save', '');
  await fill(client);
  t.is(await info(client, 'aof_enabled'), '0');
  t.false(existsSync(path.join(dir, 'appendonlydir')));
  t.is(await client.value('CONFIG', 'SET', 'appendonly', 'yes'), '+OK');
  await client.call('SET', 'during', '1');
  await until(async () => (await info(client, 'aof_rewrite_in_progress')) === '0');
  t.deepEqual(parts(dir), FIRST);
  const digest = await client.value('DEBUG', 'DIGEST');
  t.is(await client.value('CONFIG', 'SET', 'appendonly', 'no'), '+OK');
  await client.call('SET', 'off', '1');
  t.is(await info(client, 'aof_enabled'), '0');
  await client.call('DEL', 'off');
  await client.value('CONFIG', 'SET', 'appendonly', 'yes');
  await until(async () => (await info(client, 'aof_rewrite_in_progress')) === '0');
  t.deepEqual(parts(dir), SECOND);
  await client.value(
    'CONFIG',
    'SET',
    'auto-aof-rewrite-min-size',
    '10000',
    'auto-aof-rewrite-percentage',
    '50',
  );
  for (let i = 0; i < 100; i++) await client.call('SET', 'big', 'x'.repeat(200));
  // On a slow machine it is due more than once.
  await until(() => parts(dir).some((name) => /\.[3-9]\.base\./.test(name)));
  const begun = /Starting automatic rewriting of AOF on \d+% growth/;
  await until(() => begun.test(server.log), 'the log says why');
  await client.call('DEL', 'big');
  t.is(await client.value('DEBUG', 'DIGEST'), digest);
  server.signal('SIGTERM');
  t.is(await server.ended(), 0);
  const again = await start(t, dir, ...ON);
  t.is(await again.client.value('DEBUG', 'DIGEST'), digest);
});

test('the file of a replica holds what a full sync and the stream have brought', async (t) => {
  const dir = folder(t);
  const master = await start(t, folder(t), '--save', '', '--repl-diskless-sync-delay', '0');
  await fill(master.client);
  const replica = await start(t, dir, ...ON);
  await replica.client.call('SET', 'mine', 'goes');
  await replica.client.call('REPLICAOF', '127.0.0.1', String(master.server.port));
  await until(async () => /master_link_status:up/.test(String(await replica.client.value('INFO'))));
  await master.client.call('SET', 'later', '1');
  await master.client.call('WAIT', '1', '10000');
  await until(async () => (await info(replica.client, 'aof_rewrite_in_progress')) === '0');
  await until(async () => (await info(replica.client, 'aof_buffer_length')) === '0');
  const digest = await master.client.value('DEBUG', 'DIGEST');
  t.is(await replica.client.value('DEBUG', 'DIGEST'), digest);
  await replica.server.kill();
  const again = await start(t, dir, ...ON);
  t.is(await again.client.value('DEBUG', 'DIGEST'), digest);
});

testWithRedis('Redis reads what is written here, and the other way round', async (t) => {
  for (const preamble of ['yes', 'no']) {
    const dir = folder(t);
    const options = [...ON, '--aof-use-rdb-preamble', preamble, '--aof-timestamp-enabled', 'yes'];
    const { server, client } = await start(t, dir, ...options);
    await fill(client);
    await rewrite(client);
    await fill(client);
    const digest = await client.value('DEBUG', 'DIGEST');
    server.signal('SIGTERM');
    t.is(await server.ended(), 0);
    const check = spawnSync('redis-check-aof', [inDir(dir, 'appendonly.aof.manifest')]);
    t.is(check.status, 0, String(check.stdout));

    const real = await RealRedis.start('--dir', dir, ...options);
    t.teardown(() => real.stop());
    const other = await RespClient.connect(real.port);
    await until(async () => (await other.value('PING')) === '+PONG');
    t.is(await other.value('DEBUG', 'DIGEST'), digest);
    await fill(other);
    await rewrite(other);
    await fill(other);
    const theirs = await other.value('DEBUG', 'DIGEST');
    await other.call('SHUTDOWN', 'NOSAVE');
    await real.stop();
    const again = await start(t, dir, ...options);
    t.is(await again.client.value('DEBUG', 'DIGEST'), theirs);
    await again.server.kill();
  }
});

testWithRedis('the single file of an older Redis becomes the base', async (t) => {
  for (const isRdb of [true, false]) {
    const dir = folder(t);
    const made = folder(t);
    const { server, client } = await start(t, made, ...ON);
    await fill(client);
    await rewrite(client);
    server.signal('SIGTERM');
    await server.ended();
    const preamble = isRdb ? readFileSync(inDir(made, SECOND[0]!)) : Buffer.alloc(0);
    const tail = Buffer.from(commands(['SELECT', '0'], ['SET', 'tail', 'x']), 'latin1');
    writeFileSync(path.join(dir, 'appendonly.aof'), Buffer.concat([preamble, tail]));
    const upgraded = await start(t, dir, ...ON);
    await logged(upgraded.server, /Successfully migrated an old-style AOF file/);
    t.is(await upgraded.client.value('GET', 'tail'), 'x');
    t.is(await upgraded.client.value('GET', 'renamed'), isRdb ? 'value' : null);
    t.deepEqual(parts(dir), ['appendonly.aof', 'appendonly.aof.1.incr.aof', FIRST[2]!]);
  }
});

test('while the first one is being written the server does not end, unless it is forced to', async (t) => {
  const { server, client } = await start(t, folder(t));
  await client.value('SET', 'k', 'v');
  await client.value('CONFIG', 'SET', 'rdb-key-save-delay', '30000000');
  t.is(await client.value('CONFIG', 'SET', 'appendonly', 'yes'), '+OK');
  t.is(await client.value('SHUTDOWN', 'NOW'), '-ERR Errors trying to SHUTDOWN. Check logs.');
  await logged(server, /Writing initial AOF, can't exit\.\n.*# Errors trying to shut down/);
  // What is given up does not hold the next one up.
  t.is(await client.value('CONFIG', 'SET', 'appendonly', 'no'), '+OK');
  t.is(await client.value('BGSAVE'), '+Background saving started');
  t.regex(String(await client.value('FLUSHALL')), /OK/);
  await until(async () => (await info(client, 'rdb_bgsave_in_progress')) === '0');
  t.is(await client.value('BGSAVE'), '+Background saving started');
  void client.call('SHUTDOWN', 'NOSAVE', 'FORCE').catch(() => null);
  t.is(await server.ended(), 0);
});

test('a short write that comes alone is in the file before its reply is sent', async (t) => {
  const dir = folder(t);
  const { client } = await start(t, dir, ...ON);
  for (const command of ['SET a 1', 'GETEX a', 'GETEX a EX 100']) {
    // Until then an fsync could be under way, which what follows has to wait for.
    await until(async () => (await info(client, 'aof_pending_bio_fsync')) === '0');
    const before = statSync(inDir(dir, FIRST[1]!)).size;
    await client.call(...command.split(' '));
    const grows = statSync(inDir(dir, FIRST[1]!)).size > before;
    t.is(grows, command !== 'GETEX a', command);
  }
});

test('what a rewrite replaces is kept as long as aof-disable-auto-gc says so, and goes when it does not', async (t) => {
  const dir = folder(t);
  const { server, client } = await start(t, dir, ...ON);
  await client.call('CONFIG', 'SET', 'aof-disable-auto-gc', 'yes');
  await rewrite(client);
  t.deepEqual(parts(dir), [...new Set([...FIRST, ...SECOND])].toSorted());
  await client.call('CONFIG', 'SET', 'aof-disable-auto-gc', 'no');
  t.is(text(dir, SECOND[2]!).match(/ type h$/gm), null);
  t.deepEqual(parts(dir), SECOND);
  await server.stop();
});
