/** MIGRATE from real Redis and from ours, to both: replies, what is left, what arrives. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';
import { RING_BASE } from '../../src/core/assembly/layout.js';
import { RequestParser } from '../../src/resp/request.js';
import { LoneNode } from '../support/lone-node.js';
import { RealRedis, testWithRedis as test } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';
import { startPair } from './compare.js';

/** `T` stands for the target's port. */
const SCRIPT = [
  'MIGRATE 127.0.0.1 T nokey 3 1000',
  'MIGRATE 127.0.0.1 T k 3 1000',
  'EXISTS k',
  'MIGRATE 127.0.0.1 T h 3 1000 COPY',
  'MIGRATE 127.0.0.1 T h 3 1000 COPY',
  'EXISTS h',
  'MIGRATE 127.0.0.1 T h 3 0 COPY REPLACE',
  'MIGRATE 127.0.0.1 T  3 1000 KEYS l nokey s z',
  'EXISTS l s z',
  'MIGRATE 127.0.0.1 T  99 1000 KEYS x h',
  'EXISTS x h',
  'MIGRATE 127.0.0.1 T  4 1000 REPLACE KEYS x h e',
  'EXISTS x h e',
  'MIGRATE 127.0.0.1 T o 3 1000 AUTH wrong',
  'MIGRATE 127.0.0.1 T o 3 1000 AUTH2 nobody wrong',
  'EXISTS o',
  'MIGRATE 127.0.0.1 T o 3 1000 AUTH2 nobody',
  'MIGRATE 127.0.0.1 T o 3 1000 AUTH',
  'MIGRATE 127.0.0.1 T o 3 1000 WHAT',
  'MIGRATE 127.0.0.1 T o 3 1000 KEYS o',
  'MIGRATE 127.0.0.1 T o x 1000',
  'MIGRATE 127.0.0.1 T o 3 x',
  'MIGRATE 127.0.0.1 T o 3',
  'MIGRATE 127.0.0.1 T  3 1000 KEYS',
  'MIGRATE 127.0.0.1 1 o 3 1000',
  'MIGRATE 127.0.0.1 port o 3 1000',
  'EXISTS o',
];

const FILL = [
  'SET k v PX 10000000',
  'HSET h a 1 b 2',
  'RPUSH l a b c',
  'SADD s 1 2 3',
  'ZADD z 1 a 2 b',
  'SET x 1',
  'XADD e 1-1 a b',
  'SET o v',
];

/** Words between single blanks; two blanks: an empty one. */
async function run(port: number, lines: readonly string[], target = 0): Promise<unknown[]> {
  const client = await RespClient.connect(port);
  const replies: unknown[] = [];
  for (const line of lines) {
    const words = line.split(' ').map((word) => (word === 'T' ? String(target) : word));
    replies.push([line, await client.value(...words)]);
  }
  client.close();
  return replies;
}

/** What is in the target's databases 3 and 4: whether each key expires, and what it holds. */
async function arrived(port: number): Promise<unknown[]> {
  const client = await RespClient.connect(port);
  const found: unknown[] = [];
  for (const db of ['3', '4']) {
    await client.call('SELECT', db);
    for (const line of FILL) {
      const [, key = ''] = line.split(' ');
      const ttl = Number(await client.value('TTL', key));
      found.push([db, key, ttl > 9000 ? 'expires' : ttl, await client.value('DUMP', key)]);
    }
  }
  client.close();
  return found;
}

test('MIGRATE answers, deletes and delivers as in Redis, to Redis and to ours', async (t) => {
  const sources = await startPair(t);
  const targets = await startPair(t);
  for (const target of [targets.real.port, targets.ours.port]) {
    const seen: unknown[] = [];
    for (const source of [sources.real.port, sources.ours.port]) {
      await run(target, ['FLUSHALL']);
      await run(source, FILL);
      seen.push([await run(source, SCRIPT, target), await arrived(target)]);
    }
    t.deepEqual(seen[1], seen[0]);
  }
});

test('MIGRATE gives a password, and counts nothing as taken without it', async (t) => {
  const sources = await startPair(t);
  const target = await RealRedis.start('--requirepass', 'secret');
  t.teardown(() => target.stop());
  const seen: unknown[] = [];
  for (const { port } of [sources.real, sources.ours]) {
    await run(port, ['SET a 1', 'SET b 2']);
    seen.push(
      await run(
        port,
        [
          'MIGRATE 127.0.0.1 T a 0 1000',
          'MIGRATE 127.0.0.1 T a 0 1000 REPLACE AUTH wrong',
          'EXISTS a',
          'MIGRATE 127.0.0.1 T a 0 1000 REPLACE AUTH secret',
          'EXISTS a',
          'MIGRATE 127.0.0.1 T b 0 1000 REPLACE AUTH2 default secret',
          'EXISTS b',
        ],
        target.port,
      ),
    );
  }
  t.deepEqual(seen[1], seen[0]);
});

/** A server that answers each connection as it is told. */
async function impostor(
  t: ExecutionContext,
  serve: (socket: Socket, count: number) => void,
): Promise<{ port: number; connections: () => number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    serve(socket, sockets.size);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, connections: () => sockets.size };
}

test('MIGRATE meets silence, half an answer and an old connection as Redis does', async (t) => {
  const sources = await startPair(t);
  const seen: unknown[] = [];
  for (const { port } of [sources.real, sources.ours]) {
    await run(port, ['MSET a 1 b 2 c 3']);
    const silent = await impostor(t, () => {});
    const replies = await run(port, ['MIGRATE 127.0.0.1 T a 0 100', 'EXISTS a'], silent.port);
    const rude = await impostor(t, (socket) => socket.once('data', () => socket.destroy()));
    replies.push(...(await run(port, ['MIGRATE 127.0.0.1 T a 0 1000'], rude.port)));
    replies.push(rude.connections());
    // The answer to SELECT, and to the first key; then nothing.
    const half = await impostor(t, (socket) =>
      socket.once('data', () => socket.end('+OK\r\n+OK\r\n')),
    );
    replies.push(
      ...(await run(port, ['MIGRATE 127.0.0.1 T  0 1000 KEYS a b c', 'EXISTS a b c'], half.port)),
      half.connections(),
    );
    const whole = await impostor(t, (socket, count) =>
      socket.once('data', () => socket.end(count === 1 ? '+OK\r\n+OK\r\n' : '+OK\r\n-ERR no\r\n')),
    );
    const lines = ['MIGRATE 127.0.0.1 T b 0 1000', 'MIGRATE 127.0.0.1 T c 0 1000', 'EXISTS b c'];
    replies.push(...(await run(port, lines, whole.port)), whole.connections());
    seen.push(replies);
  }
  t.deepEqual(seen[1], seen[0]);
});

test('while MIGRATE waits, others read, writes wait, and a DEL tells replicas', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  let from = 0;
  const published = (): string[] => {
    const bytes = node.core.copyOut(node.core.readU32(RING_BASE), node.core.head()).subarray(from);
    from = node.core.head();
    return new RequestParser().feed(bytes).commands.map((command) => command.join(' '));
  };
  const sockets: Socket[] = [];
  const target = await impostor(t, (socket) => void sockets.push(socket));
  await run(node.port, ['MSET a 1 b 2 c 3', 'CONFIG SET notify-keyspace-events KEA']);
  from = node.core.head();
  const [mover, other, watcher] = [
    await RespClient.connect(node.port),
    await RespClient.connect(node.port),
    await RespClient.connect(node.port),
  ];
  await watcher.call('WATCH', 'a');
  const moved = mover.value(
    'MIGRATE',
    '127.0.0.1',
    `${target.port}`,
    '',
    '0',
    '5000',
    'KEYS',
    'a',
    'b',
  );
  await until(() => node.services.pause.mode === 'write' && target.connections() === 1);
  t.is(await other.value('GET', 'a'), '1');
  t.is(await other.value('CLIENT', 'UNBLOCK', '2'), 0);
  const written = other.value('SET', 'a', 'new');
  await watcher.call('PING');
  t.deepEqual(published(), []);
  sockets[0]?.write('+OK\r\n+OK\r\n+OK\r\n');
  t.is(await moved, '+OK');
  t.is(await written, '+OK');
  await watcher.call('MULTI');
  t.is(await watcher.value('EXEC'), null);
  t.deepEqual(published(), ['DEL a b', 'SET a new']);
  await other.call('MULTI');
  await other.call('MIGRATE', '127.0.0.1', '1', 'a', '0', '10');
  t.deepEqual(await other.value('EXEC'), [
    '-ERR MIGRATE is not possible in a transaction or script',
  ]);
  for (const client of [mover, other, watcher]) client.close();
});
