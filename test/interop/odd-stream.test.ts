/** What a replica makes of a stream that no master of its kind would send; beside real Redis. */
import { createServer, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { RealRedis, testWithRedis as test } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';
import { until } from '../support/until.js';

/** An empty snapshot of RDB version 10, without a checksum. */
const EMPTY = Buffer.from('524544495330303130ff0000000000000000', 'hex');

/**
 * A master that gives every replica an empty snapshot and this stream.
 *
 * @returns its port.
 */
function fakeMaster(t: ExecutionContext, stream: Buffer): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      if (text.includes('PING')) socket.write('+PONG\r\n');
      for (const _ of text.matchAll(/REPLCONF\r\n\$(?!3\r\nACK)/g)) socket.write('+OK\r\n');
      if (!text.includes('PSYNC')) return;
      socket.write(`+FULLRESYNC ${'a'.repeat(40)} 100\r\n$${EMPTY.length}\r\n`);
      socket.write(Buffer.concat([EMPTY, stream]));
    });
  });
  t.teardown(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

const FAILING: readonly string[] = [
  'SET s x',
  'INCR s',
  'LPUSH s 1',
  'INCRBYFLOAT s 1',
  'COPY s',
  'GET',
  'RESTORE a 0 bad',
  'PFADD s a',
  'XGROUP CREATE s g 0',
  'XGROUP NOSUCH',
  'EVAL bad',
  'EVALSHA 0000000000000000000000000000000000000000 0',
  'SWAPDB 0 99',
  'REPLCONF bad 1',
  'REPLCONF a',
  'NOSUCH',
  'SET last 1',
];

async function applied(client: RespClient, port: number): Promise<void> {
  await client.call('CONFIG', 'RESETSTAT');
  await client.call('REPLICAOF', '127.0.0.1', String(port));
  await until(async () => (await client.value('GET', 'last')) === '1', 'the stream');
}

test('what fails of a stream is counted as it is for any client', async (t) => {
  const stream = Buffer.concat(FAILING.map((line) => encodeCommand(line.split(' '))));
  const port = await fakeMaster(t, stream);
  const counts: string[][] = [];
  for (const program of [RealRedis, RingleaderServer]) {
    const server = await program.start();
    t.teardown(() => server.stop());
    const client = await RespClient.connect(server.port);
    await applied(client, port);
    const info = String(await client.value('INFO', 'all'));
    const lines = info.split('\r\n').filter((line) => {
      if (/^cmdstat_(?:info|config|replicaof|get:calls=[1-9])/.test(line)) return false;
      return /^(?:errorstat_|cmdstat_|total_error|unexpected_error|slave_repl_)/.test(line);
    });
    counts.push(lines.map((line) => line.replace(/usec=.*?per_call=[\d.]+,/, '')).toSorted());
    client.close();
  }
  t.deepEqual(comparable(counts[1]!), comparable(counts[0]!));
  t.true(counts[0]!.length > 10);
});

/** Without what this test and the link itself have called. */
function comparable(lines: readonly string[]): string[] {
  return lines.filter((line) => !/^cmdstat_(?:get|replconf|set|ping)/.test(line));
}

const NOT_FOR_STREAMS: readonly string[] = [
  'REPLICAOF NO ONE',
  'REPLICAOF 127.0.0.1 1',
  'SLAVEOF NO ONE',
  'PSYNC ? -1',
  'SYNC',
  'FAILOVER',
  'MONITOR',
  'SUBSCRIBE a',
  'PSUBSCRIBE *',
];

test('a stream cannot change whom the replica follows, nor who listens', async (t) => {
  const lines = [...NOT_FOR_STREAMS, 'SET last 1'];
  const stream = Buffer.concat(lines.map((line) => encodeCommand(line.split(' '))));
  const port = await fakeMaster(t, stream);
  const server = await RingleaderServer.start();
  t.teardown(() => server.stop());
  const client = await RespClient.connect(server.port);
  await applied(client, port);
  t.like(await client.value('ROLE'), ['slave', '127.0.0.1', port, 'connected']);
  t.deepEqual(await client.value('PUBSUB', 'NUMSUB', 'a'), ['a', 0]);
  t.is(await client.value('PUBSUB', 'NUMPAT'), 0);
  client.close();
});
