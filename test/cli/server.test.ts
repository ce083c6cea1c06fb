import test from 'ava';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { readSetup } from '../../src/cli/server.js';
import { freePort } from '../../src/io/free-port.js';
import { RespClient } from '../support/resp-client.js';
import { MAIN } from '../support/main.js';

const configFolder = fileURLToPath(new URL('../../../config/', import.meta.url));

test('flags come after the file, and win', (t) => {
  const { config, file } = readSetup([
    `${configFolder}redis.conf`,
    '--port',
    '7001',
    '--timeout',
    '20',
  ]);
  t.is(config.port.value, 7001);
  t.is(config.timeout.value, 20);
  t.is(config.replBacklogSize.value, 64 * 1024 * 1024);
  t.is(file, path.join(configFolder, 'redis.conf'));
});

test('flags alone', (t) => {
  const { config, file } = readSetup(['--port', '0', '--replicaof', '127.0.0.1 6379']);
  t.is(config.port.value, 0);
  t.deepEqual(config.replicaof.value, { host: '127.0.0.1', port: 6379 });
  t.is(file, '');
});

test('an include is read, wildcards and all', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'main.conf'), `include ${folder}/part-*.conf\n`);
  writeFileSync(path.join(folder, 'part-1.conf'), 'port 7100\ntimeout 30\n');
  writeFileSync(path.join(folder, 'part-2.conf'), 'port 7200\n');
  const { config } = readSetup([path.join(folder, 'main.conf')]);
  t.is(config.port.value, 7200);
  t.is(config.timeout.value, 30);
});

function ringleader(args: readonly string[], input = '') {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', input, timeout: 20_000 });
}

test('the server obeys its file, tells its port and rewrites the file', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'redis.conf');
  const free = await freePort();
  writeFileSync(file, `port ${free}\nbind 127.0.0.1\ndir ${folder}\ntimeout 77\n`);
  const child = spawn(process.execPath, [MAIN, 'server', file, '--tcp-keepalive', '20']);
  t.teardown(() => child.kill('SIGKILL'));
  const port = await new Promise<number>((resolve) => {
    let log = '';
    child.stdout.on('data', (text) => {
      log += String(text);
      const found = /Port: (\d+)[^]*Ready to accept/.exec(log);
      if (found !== null) resolve(Number(found[1]));
    });
  });
  const client = await RespClient.connect(port);
  t.deepEqual(await client.value('CONFIG', 'GET', 'port'), ['port', `${port}`]);
  t.deepEqual(await client.value('CONFIG', 'GET', 'timeout'), ['timeout', '77']);
  const flag = await client.value('CONFIG', 'GET', 'tcp-keepalive');
  t.deepEqual(flag, ['tcp-keepalive', '20']);
  t.is(await client.value('CONFIG', 'SET', 'timeout', '78'), '+OK');
  t.is(await client.value('REPLICAOF', '127.0.0.1', '1'), '+OK');
  t.deepEqual(await client.value('CONFIG', 'GET', 'replicaof'), ['replicaof', '127.0.0.1 1']);
  t.is(await client.value('CONFIG', 'REWRITE'), '+OK');
  t.regex(readFileSync(file, 'utf8'), /^port \d+\nbind 127.0.0.1\ndir .*\ntimeout 78\n/);
  t.regex(readFileSync(file, 'utf8'), /^replicaof 127.0.0.1 1$/m);
  t.is(await client.value('REPLICAOF', 'NO', 'ONE'), '+OK');
  t.is(await client.value('CONFIG', 'REWRITE'), '+OK');
  t.notRegex(readFileSync(file, 'utf8'), /replicaof/);
  client.close();
});

test('a server listens on a socket in the file system too, and tells its process id in a file', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const local = path.join(folder, 'socket');
  writeFileSync(local, 'left by an earlier server');
  const flags = [
    '--unixsocket',
    local,
    '--unixsocketperm',
    '700',
    '--bind',
    '127.0.0.1',
    '--save',
    '',
  ];
  const args = ['--port', `${await freePort()}`, '--pidfile', path.join(folder, 'pid'), ...flags];
  const child = spawn(process.execPath, [MAIN, 'server', ...args]);
  t.teardown(() => child.kill('SIGKILL'));
  let log = '';
  child.stdout.on('data', (text) => (log += String(text)));
  while (!log.includes('Ready to accept')) await once(child.stdout, 'data');

  t.is(statSync(local).mode & 0o777, 0o700);
  const socket = connect(local);
  socket.write('SET a 1\r\nCLIENT LIST\r\n');
  let replies = '';
  while (!replies.includes(' addr=')) replies += String((await once(socket, 'data'))[0]);
  t.regex(replies, new RegExp(`^\\+OK\r\n[^]* addr=${local}:0 laddr=${local}:0 `));
  while (!existsSync(path.join(folder, 'pid'))) await delay(10); // Written once it has started.
  t.is(readFileSync(path.join(folder, 'pid'), 'utf8'), `${child.pid}\n`);
  socket.destroy();
  child.kill('SIGTERM');
  t.deepEqual(await once(child, 'exit'), [0, null]);
  t.deepEqual(readdirSync(folder), []);
});

test('an unknown directive is refused by line and name, as Redis does', (t) => {
  const { status, stderr } = ringleader(['server', '-', '--port', '7000'], 'hz 10\nbogus 1\n');
  t.is(status, 1);
  t.regex(stderr, /^\*\*\* FATAL CONFIG FILE ERROR/);
  t.regex(stderr, /at line 2\n>>> 'bogus 1'\nBad directive or wrong number of arguments/);
});

test('a file that is not there is named', (t) => {
  const { status, stderr } = ringleader(['server', '/no/such.conf']);
  t.is(status, 1);
  t.regex(stderr, /can't open config file '\/no\/such.conf'/);
});

test('every command explains itself', (t) => {
  for (const words of [['--help'], ['up', '--help'], ['server', '--help']]) {
    const { status, stdout } = ringleader(words);
    t.is(status, 0);
    t.regex(stdout, /^Usage: ringleader/);
  }
});
