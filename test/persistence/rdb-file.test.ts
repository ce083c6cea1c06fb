/** The data on disk, with servers in processes of their own: saved, loaded, refused, left alone. */
import test from 'ava';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { RealRedis, testWithRedis } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';
import { until } from '../support/until.js';
import { folder, info, logged, start } from './served.js';

/** Strings of every sort, in several databases, with and without an expiry. */
async function fill(client: RespClient): Promise<void> {
  await client.call(
    'MSET',
    'plain',
    'value',
    'empty',
    '',
    '12',
    '-128',
    'long',
    'abc'.repeat(9000),
  );
  await client.call('SET', 'expires', 'later', 'PX', '100000000');
  await client.call('SELECT', '7');
  for (let i = 0; i < 200; i++) await client.call('SET', `key:${i}`, `${i * 12_345}`);
  await client.call('SET', 'kept', 'x'.repeat(100), 'EX', '100000');
  await client.call('SELECT', '0');
}

test('SIGTERM saves what SAVE and BGSAVE would, and a restart has it', async (t) => {
  const dir = folder(t);
  const { server, client } = await start(t, dir);
  await fill(client);
  t.is(await info(client, 'rdb_changes_since_last_save'), '206');
  t.is(await client.value('BGSAVE'), '+Background saving started');
  await until(async () => (await info(client, 'rdb_bgsave_in_progress')) === '0');
  t.is(await info(client, 'rdb_last_bgsave_status'), 'ok');
  t.is(await info(client, 'rdb_changes_since_last_save'), '0');
  await logged(server, /Background saving started by pid \d+/);
  await logged(server, /DB saved on disk\n.*Background saving terminated with success/);
  await client.call('SET', 'last', 'write');
  const digest = await client.value('DEBUG', 'DIGEST');
  server.signal('SIGTERM');
  t.is(await server.ended(), 0);
  t.regex(server.log, /Received SIGTERM scheduling shutdown[^]*DB saved on disk[^]*bye bye/);
  t.false(existsSync(path.join(dir, `temp-${server.pid}.rdb`)));

  const again = await start(t, dir);
  await logged(again.server, / PID: \d+[^]*DB loaded from disk: [\d.]+ seconds[^]*Ready to accept/);
  t.is(await again.client.value('DEBUG', 'DIGEST'), digest);
  t.is(await info(again.client, 'rdb_changes_since_last_save'), '0');
  t.is(await info(again.client, 'rdb_last_load_keys_loaded'), '207');
});

testWithRedis('what is saved here a real Redis loads, and the other way round', async (t) => {
  const dir = folder(t);
  const { server, client } = await start(t, dir);
  await fill(client);
  const digest = await client.value('DEBUG', 'DIGEST');
  t.is(await client.value('SAVE'), '+OK');
  await server.kill();
  const check = await promisify(execFile)('redis-check-rdb', [path.join(dir, 'dump.rdb')]);
  t.regex(check.stdout, /RDB looks OK/);

  const real = await RealRedis.start('--dir', dir);
  t.teardown(() => real.stop());
  const realClient = await RespClient.connect(real.port);
  t.is(await realClient.value('DEBUG', 'DIGEST'), digest);
  await realClient.call('APPEND', 'plain', ' of real');
  const changed = await realClient.value('DEBUG', 'DIGEST');
  t.is(await realClient.value('SAVE'), '+OK');
  const again = await start(t, dir);
  t.is(await again.client.value('DEBUG', 'DIGEST'), changed);
});

test('a damaged file is refused with offset and reason, and left as it is', async (t) => {
  const dir = folder(t);
  const { server, client } = await start(t, dir);
  await fill(client);
  t.is(await client.value('SAVE'), '+OK');
  await server.kill();
  const file = path.join(dir, 'dump.rdb');
  const whole = readFileSync(file);
  const flipped = Buffer.from(whole);
  flipped[whole.length - 40]! ^= 1;
  const damaged: readonly (readonly [Buffer, RegExp])[] = [
    [whole.subarray(0, -100), /reading offset \d+ of \d+ -> .*ends before its end marker/],
    // Which entry it is in differs: a value is found by the sum, a length may be before.
    [flipped, /reading offset \d+ of \d+ -> .*(?:CRC error|Corrupt RDB)/],
    [Buffer.from('no RDB, but some other text'), /reading offset 0 of 27 -> .*wrong signature/],
  ];
  for (const [bytes, reason] of damaged) {
    writeFileSync(file, bytes);
    const broken = await RingleaderServer.begin(dir);
    t.teardown(() => broken.kill());
    t.is(await broken.ended(), 1);
    t.regex(broken.log, reason);
    t.regex(broken.log, /Terminating server after rdb file reading failure/);
    t.notRegex(broken.log, /Ready to accept|listening/);
    t.deepEqual(readFileSync(file), bytes);
  }
});
