/**
 * The payloads and files that Redis' own suite has collected for having crashed it
 * (tests/integration/corrupt-dump.tcl, tests/assets): they are refused or taken whole, and the
 * server goes on. Read from REDIS_SOURCES, a checkout of redis 7.0.15; without it this is skipped.
 */
import { copyFile, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { plain, RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';

const sources = process.env['REDIS_SOURCES'];
const withSources = sources === undefined ? test.skip : test;

/** A word of Tcl in double quotes. */
function unescaped(text: string): Buffer {
  const plainText = text.replace(/\\x([\da-fA-F]{2})|\\(.)/g, (_, hex?: string, char?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' }[char!] ?? char!;
  });
  return Buffer.from(plainText, 'latin1');
}

/** What is asked of a key that was restored, whatever its type: each may be in error. */
const USES: readonly (readonly string[])[] = [
  ['DEBUG', 'DIGEST-VALUE', 'k'],
  ['OBJECT', 'ENCODING', 'k'],
  ['MEMORY', 'USAGE', 'k'],
  ['DUMP', 'k'],
  ['COPY', 'k', 'copy', 'REPLACE'],
  ['APPEND', 'k', 'x'],
  ['LRANGE', 'k', '0', '-1'],
  ['LSET', 'k', '0', 'other'],
  ['LINSERT', 'k', 'BEFORE', 'a', 'b'],
  ['RPOP', 'k'],
  ['LPUSH', 'k', 'x'.repeat(100)],
  ['LTRIM', 'k', '1', '-2'],
  ['HGETALL', 'k'],
  ['HRANDFIELD', 'k', '-20'],
  ['HSET', 'k', 'f', 'x'.repeat(100)],
  ['HDEL', 'k', 'a', 'b'],
  ['SMEMBERS', 'k'],
  ['SRANDMEMBER', 'k', '-20'],
  ['SPOP', 'k', '2'],
  ['SADD', 'k', 'x'],
  ['ZRANGE', 'k', '0', '-1', 'WITHSCORES'],
  ['ZREVRANGEBYSCORE', 'k', 'inf', '-inf'],
  ['ZADD', 'k', '1', 'x'.repeat(100)],
  ['ZPOPMAX', 'k', '3'],
  ['ZREMRANGEBYRANK', 'k', '0', '1'],
  ['XRANGE', 'k', '-', '+'],
  ['XREVRANGE', 'k', '+', '-'],
  ['XINFO', 'STREAM', 'k', 'FULL'],
  ['XADD', 'k', '*', 'a', 'b'],
  ['XREADGROUP', 'GROUP', 'mygroup', 'Alice', 'STREAMS', 'k', '>'],
  ['XAUTOCLAIM', 'k', 'mygroup', 'c', '0', '0'],
  ['XTRIM', 'k', 'MAXLEN', '1'],
  ['SORT', 'k', 'ALPHA'],
  ['DEBUG', 'DIGEST'],
];

async function use(t: ExecutionContext, client: RespClient, what: string): Promise<void> {
  client.write(Buffer.concat(USES.map((words) => encodeCommand([...words]))));
  await client.take(USES.length);
  await client.call('FLUSHALL');
  t.is(plain(await client.call('PING')), '+PONG', what);
}

withSources('payloads that have crashed Redis', async (t) => {
  t.timeout(120_000);
  const file = path.join(sources!, 'tests', 'integration', 'corrupt-dump.tcl');
  const text = await readFile(file, 'latin1');
  const payloads = [...text.matchAll(/"((?:[^"\\\n]|\\.)*\\x(?:[^"\\\n]|\\.)*)"/g)].map(
    ([, word]) => unescaped(word!),
  );
  t.true(payloads.length > 50, String(payloads.length));
  const server = await RingleaderServer.start();
  t.teardown(() => server.stop());
  const client = await RespClient.connect(server.port);
  await client.call('DEBUG', 'SET-SKIP-CHECKSUM-VALIDATION', '1');
  let taken = 0;
  for (const payload of payloads) {
    client.write(encodeCommand(['RESTORE', 'k', '0', payload, 'REPLACE']));
    const [answer] = await client.take(1);
    if (plain(answer!) === '+OK') taken += 1;
    await use(t, client, payload.toString('hex'));
  }
  t.log(`${payloads.length} payloads, ${taken} of them taken`);
  client.close();
});

withSources('files that have crashed Redis', async (t) => {
  t.timeout(120_000);
  const assets = path.join(sources!, 'tests', 'assets');
  const dir = await mkdtemp(path.join(tmpdir(), 'ringleader-corrupt-'));
  const server = await RingleaderServer.start('--dir', dir, '--save', '');
  t.teardown(async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  });
  const client = await RespClient.connect(server.port);
  for (const name of await readdir(assets)) {
    if (!name.endsWith('.rdb')) continue;
    await copyFile(path.join(assets, name), path.join(dir, 'dump.rdb'));
    await client.call('SET', 'before', 'x');
    const answer = plain(await client.call('DEBUG', 'RELOAD', 'NOSAVE'));
    const isThere = plain(await client.call('GET', 'before')) === 'x';
    t.is(isThere, answer !== '+OK', `${name}: ${String(answer)}`); // All of it, or nothing.
    const keys = plain(await client.call('KEYS', '*'));
    for (const key of Array.isArray(keys) ? keys : []) {
      await client.call('RENAME', String(key), 'k');
      client.write(Buffer.concat(USES.map((words) => encodeCommand([...words]))));
      await client.take(USES.length);
    }
    await use(t, client, name);
  }
  client.close();
});
