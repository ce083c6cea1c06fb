/** What a lone server listens on, and how it ends if it cannot: beside redis-server. */
import test from 'ava';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { freePort } from '../../src/io/free-port.js';
import { testWithRedis } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { MAIN } from '../support/main.js';

interface End {
  readonly code: unknown;
  /** The last line, without what a log puts in front of it. */
  readonly last: string;
}

/** Run to the end. */
async function run(program: string, args: readonly string[]): Promise<End> {
  const child = spawn(program, args, { timeout: 20_000 });
  let output = '';
  child.stdout.on('data', (text) => (output += String(text)));
  child.stderr.on('data', (text) => (output += String(text)));
  const [code] = await once(child, 'close');
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  return { code, last: last.replace(/^\d+:[A-Z] .* [#*] /, '') };
}

const missing = path.join(tmpdir(), 'ringleader-is-not-here');
const withoutPort: readonly (readonly string[])[] = [
  ['--port', '0'],
  ['--bind', ''],
  ['--bind', '-192.0.2.1'],
  ['--bind', '192.0.2.1', '127.0.0.1'],
  ['--bind', '127.0.0.1', '127.0.0.1'],
  ['--dir', missing],
  ['--logfile', path.join(missing, 'log')],
];
for (const args of withoutPort) {
  testWithRedis(`${args.join(' ')} ends a server as it ends Redis'`, async (t) => {
    const port = args[0] === '--port' ? [] : ['--port', `${await freePort()}`];
    const ours = await run(process.execPath, [MAIN, 'server', ...port, ...args]);
    const theirs = await run('redis-server', ['--save', '', ...port, ...args]);
    t.is(ours.code, 1);
    t.deepEqual(ours, theirs);
  });
}

test('an address that may be missing is, and the others are listened on', async (t) => {
  const port = await freePort();
  const bind = ['--bind', '-192.0.2.1', '127.0.0.1', '127.0.0.2'];
  const child = spawn(process.execPath, [MAIN, 'server', '--port', `${port}`, ...bind]);
  t.teardown(() => child.kill('SIGKILL'));
  let log = '';
  child.stdout.on('data', (text) => (log += String(text)));
  while (!log.includes('Ready to accept')) await once(child.stdout, 'data');
  t.regex(
    log,
    /# Warning: Could not create server TCP listening socket 192\.0\.2\.1:\d+: bind: Cannot assign requested address/,
  );
  for (const host of ['127.0.0.1', '127.0.0.2']) {
    const client = await RespClient.connect(port, host);
    t.is(await client.value('PING'), '+PONG');
    t.deepEqual(await client.value('CONFIG', 'GET', 'bind'), ['bind', bind.slice(1).join(' ')]);
    client.close();
  }
});
