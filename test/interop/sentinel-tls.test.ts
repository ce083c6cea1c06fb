/** One quorum over TLS alone: our sentinel and Redis', with a real master that has no other port. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExecutionContext } from 'ava';
import { freePort } from '../../src/io/free-port.js';
import { certificates, tlsLines } from '../support/certificates.js';
import { testWith, testWithRedis } from '../support/real-redis.js';
import { until } from '../support/until.js';
import { MAIN } from '../support/main.js';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const testWithTls = hasOpenssl ? testWithRedis : testWith('openssl');

/** A process that listens with TLS alone, ended with the test; resolves to its port. */
async function start(
  t: ExecutionContext,
  dir: string,
  command: readonly [string, ...string[]],
  lines: readonly string[],
): Promise<number> {
  const port = await freePort();
  const [name, ...args] = command;
  mkdirSync(path.join(dir, String(port)));
  const file = path.join(dir, `${port}.conf`);
  const all = [
    'port 0',
    `tls-port ${port}`,
    'tls-replication yes',
    `dir ${path.join(dir, String(port))}`,
    ...tlsLines(dir),
    ...lines,
  ];
  writeFileSync(file, `${all.join('\n')}\n`);
  const where = args.map((arg) => (arg === 'FILE' ? file : arg));
  const child = spawn(name, where, { stdio: 'ignore' });
  t.teardown(async () => {
    const ended = new Promise((resolve) => {
      child.once('exit', resolve);
    });
    if (child.exitCode === null && child.kill('SIGKILL')) await ended;
  });
  return port;
}

testWithTls(
  'sentinels of both kinds, that take no other connections, know each other',
  async (t) => {
    const dir = mkdtempSync(path.join(tmpdir(), 'ringleader-tls-quorum-'));
    t.teardown(() => rmSync(dir, { recursive: true }));
    certificates(dir);
    const ask = (port: number, ...words: string[]): string => {
      const own = ['--cert', `${dir}/own.crt`, '--key', `${dir}/own.key`];
      const flags = ['-p', `${port}`, '--tls', '--cacert', `${dir}/ca.crt`, ...own];
      return spawnSync('redis-cli', [...flags, ...words], {
        input: '',
        encoding: 'utf8',
      }).stdout.trim();
    };
    const master = await start(t, dir, ['redis-server', 'FILE'], ['save ""']);
    await until(() => ask(master, 'PING') === 'PONG', 'the master answers');

    const watch = [
      `sentinel monitor mymaster 127.0.0.1 ${master} 2`,
      'sentinel down-after-milliseconds mymaster 30000',
    ];
    const ports = [
      await start(t, dir, [process.execPath, MAIN, 'sentinel', 'FILE'], watch),
      await start(t, dir, ['redis-server', 'FILE', '--sentinel'], watch),
    ];
    for (const port of ports) {
      await until(
        () => ask(port, 'SENTINEL', 'CKQUORUM', 'mymaster').startsWith('OK 2 usable Sentinels'),
        `the sentinel at ${port} sees both`,
        30_000,
      );
      const other = ports.find((each) => each !== port)!;
      const seen = ask(port, 'SENTINEL', 'SENTINELS', 'mymaster').split('\n');
      t.is(seen[seen.indexOf('port') + 1], String(other), 'the port for TLS is announced');
    }
    const shownNothing = spawnSync(
      'redis-cli',
      ['-p', `${ports[0]}`, '--tls', '--cacert', `${dir}/ca.crt`, 'PING'],
      { input: '', encoding: 'utf8' },
    );
    t.not(shownNothing.stdout.trim(), 'PONG', 'tls-auth-clients yes: who shows nothing is refused');
  },
);
