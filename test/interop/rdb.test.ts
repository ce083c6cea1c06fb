/** RDB files exchanged with a real redis-server, both ways. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { Core } from '../../src/core/core.js';
import { freePort } from '../../src/io/free-port.js';
import { Keyspace } from '../../src/keyspace/keyspace.js';
import { RdbDecoder } from '../../src/rdb/decode.js';
import { encodeRdb } from '../../src/rdb/encode.js';
import { testWith } from '../support/real-redis.js';
import { snapshotSlice } from '../support/snapshot-slice.js';

const interop = testWith('redis-server');

const module = await Core.compile();

function makeCore(): { core: Core; keyspace: Keyspace } {
  const options = { databases: 16, backlogBytes: 65_536, maxmemoryBytes: 0, seed: 7 };
  const core = new Core(module, Core.createMemory(), options);
  core.setNow(Date.now());
  return { core, keyspace: new Keyspace(core) };
}

/** What both sides must hold: database, key, value, Unix ms of expiry or null. */
type Row = readonly [db: number, key: string, value: string, expireAtMs: number | null];

const later = Date.now() + 3_600_000;
const rows: readonly Row[] = [
  [0, 'plain', 'value', null],
  [0, 'empty', '', null],
  [0, '12', '-128', null],
  [0, 'int16', '-32768', null],
  [0, 'int32', '2147483647', null],
  [0, 'not an integer', '2147483648', null],
  [0, 'with leading zero', '0012', null],
  [0, 'compressible', 'abcabc'.repeat(1000), null],
  [0, 'run', 'z'.repeat(100_000), null],
  [
    0,
    'two-byte length',
    Buffer.from(Array.from({ length: 300 }, (_, i) => 33 + (i % 90))).toString(),
    null,
  ],
  [1, 'expires', 'soon', later],
  [1, 'k'.repeat(70), 'long key', later + 1],
  [15, 'last database', 'ünïcödé', null],
];

const many = Array.from({ length: 600 }, (_, i) => `element ${i}`);
/** Commands that make collections, each with a key of its own, in a database of their own. */
const collections: readonly (readonly string[])[] = [
  ['HSET', 'small hash', 'a', '1', 'b', 'two', 'c', '-70000'],
  ['HSET', 'hash of a long value', 'f', 'v'.repeat(100)],
  ['HSET', 'large hash', ...many.flatMap((field, i) => [field, String(i * 1000)])],
  ['SADD', 'small integers', '1', '-5', '300'],
  ['SADD', 'integers', '1', '-5', '70000', '5000000000'],
  ['SADD', 'texts', 'a', 'b', '3'],
  ['SADD', 'large set', ...many],
  ['SADD', 'many integers', ...many.map((_, i) => String(i))],
];
const COLLECTIONS_DB = 2;

/** What a collection holds, in an order of its own. */
function sorted(type: string, elements: readonly string[]): readonly string[] {
  if (type !== 'hash') return elements.toSorted();
  return elements
    .filter((_, i) => i % 2 === 0)
    .map((field, i) => `${field}=${elements[i * 2 + 1]}`)
    .toSorted();
}

function ours(keyspace: Keyspace, key: string): readonly unknown[] {
  const db = keyspace.db(COLLECTIONS_DB);
  const elements = db.values.elements(Buffer.from(key)).map(String);
  return [db.encodingOf(key), ...sorted(db.typeOf(key), elements)];
}

async function theirs(redis: Redis, key: string): Promise<readonly unknown[]> {
  await redis.select(COLLECTIONS_DB);
  const type = await redis.type(key);
  const held =
    type === 'hash' ? Object.entries(await redis.hgetall(key)).flat() : await redis.smembers(key);
  return [await redis.object('ENCODING', key), ...sorted(type, held)];
}

async function withRedis<T>(folder: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const port = await freePort();
  const flags = ['--port', `${port}`, '--save', '', '--dir', folder, '--bind', '127.0.0.1'];
  const server = spawn('redis-server', flags, { stdio: 'ignore' });
  const redis = new Redis(port, '127.0.0.1', { retryStrategy: () => 50 });
  redis.on('error', () => {}); // Refused until the server listens.
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
    server.kill('SIGKILL');
    await once(server, 'exit');
  }
}

function inFolder(name: string, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), `ringleader-${name}-`));
  return use(folder).finally(() => rmSync(folder, { recursive: true, force: true }));
}

interop('what a real redis-server saved is loaded, key by key', async (t) => {
  await inFolder('rdb-in', async (folder) => {
    const held = new Map<string, readonly unknown[]>();
    await withRedis(folder, async (redis) => {
      for (const [db, key, value, expireAtMs] of rows) {
        await redis.select(db);
        await redis.set(key, value);
        if (expireAtMs !== null) await redis.pexpireat(key, expireAtMs);
      }
      await redis.select(COLLECTIONS_DB);
      for (const [name = '', ...args] of collections) await redis.call(name, ...args);
      for (const [, key = ''] of collections) held.set(key, await theirs(redis, key));
      await redis.save();
    });
    const file = readFileSync(path.join(folder, 'dump.rdb'));

    const { core, keyspace } = makeCore();
    const aux = new Map<string, string>();
    const decoder = new RdbDecoder(
      { aux: (name, value) => aux.set(name, value), loadRun: (bytes) => core.loader.run(bytes) },
      { checksum: true },
    );
    for (let at = 0; at < file.length; at += 1000) decoder.push(file.subarray(at, at + 1000));
    t.true(decoder.done);
    t.is(aux.get('redis-ver'), '7.0.15');
    for (const [db, key, value, expireAtMs] of rows) {
      t.is(keyspace.db(db).peekString(key)?.toString(), value, key);
      t.is(keyspace.db(db).expireAt(key), expireAtMs ?? -1, key);
    }

    for (const [key, elements] of held) t.deepEqual(ours(keyspace, key), elements, key);

    // The same through the decoder's own reading of entries.
    const entries: string[] = [];
    const plain = new RdbDecoder(
      {
        entry(e) {
          if (e.value === null) return;
          entries.push(`${e.db} ${String(e.key)} ${String(e.value)} ${e.expireAtMs}`);
        },
      },
      { checksum: true },
    );
    plain.push(file);
    t.deepEqual(
      entries.toSorted(),
      rows.map((row) => row.join(' ').replace(/ $/, ' null')).toSorted(),
    );
  });
});

interop(
  'what we save is accepted by redis-check-rdb and loaded by a real redis-server',
  async (t) => {
    await inFolder('rdb-out', async (folder) => {
      const { core, keyspace } = makeCore();
      for (const [db, key, value, expireAtMs] of rows) {
        keyspace.db(db).setString(key, value, expireAtMs === null ? {} : { expireAtMs });
      }
      for (const command of collections) core.run(command, 0, COLLECTIONS_DB);
      core.snapshots.begin();
      const info = {
        createdAtSeconds: Math.floor(Date.now() / 1000),
        usedMemoryBytes: core.usedMemory(),
        replication: { replid: 'd'.repeat(40), offset: 1234, streamDb: 1 },
      };
      const body = function* (): Generator<Uint8Array> {
        for (;;) {
          const { bytes, isLast } = snapshotSlice(core, 1000);
          yield bytes;
          if (isLast) return;
        }
      };
      const file = path.join(folder, 'dump.rdb');
      writeFileSync(file, Buffer.concat([...encodeRdb(info, body(), true)]));
      core.snapshots.end();

      const { stdout } = await promisify(execFile)('redis-check-rdb', [file]);
      t.regex(stdout, /RDB looks OK/);
      await withRedis(folder, async (redis) => {
        for (const [db, key, value, expireAtMs] of rows) {
          await redis.select(db);
          t.is(await redis.get(key), value, key);
          t.is(await redis.pexpiretime(key), expireAtMs ?? -1, key);
        }
        for (const [, key = ''] of collections) {
          t.deepEqual(await theirs(redis, key), ours(keyspace, key), key);
        }
        const keys = await redis.info('keyspace');
        t.regex(keys, /db0:keys=10,/);
      });
    });
  },
);
