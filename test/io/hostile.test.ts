/**
 * Hostile bytes on every port of a cluster: Redis' protocol errors or a closed connection, and
 * never a dead actor.
 */
import { connect } from 'node:net';
import test from 'ava';
import { array, assert, asyncProperty, constantFrom, oneof, uint8Array } from 'fast-check';
import { Cluster } from '../../src/index.js';
import { RespClient } from '../support/resp-client.js';

/** Pieces that a parser has to get right, in any order, whole or cut. */
const fragment = oneof(
  uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  constantFrom(
    '*1\r\n$4\r\nPING\r\n',
    '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n',
    '*-1\r\n',
    '*0\r\n',
    '*1048577\r\n',
    '*2147483648\r\n',
    '*1\r\n$-1\r\n',
    '*1\r\n$536870913\r\n',
    '*1\r\n$99999999999999999999\r\n',
    '*2\r\n$3\r\nGET\r\n$5\r\nab',
    '$5\r\nhello\r\n',
    '*1\r\n:5\r\n',
    'PING\r\n',
    'SET "unbalanced\r\n',
    'x'.repeat(70_000),
    '\r\n\r\n',
    '\0\0\0\0',
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    '*1\r\n$7\r\nCOMMAND\r\n',
    '*2\r\n$6\r\nCLIENT\r\n$4\r\nLIST\r\n',
    '*3\r\n$6\r\nCONFIG\r\n$3\r\nGET\r\n$1\r\n*\r\n',
    '*5\r\n$5\r\nHELLO\r\n$1\r\n3\r\n$4\r\nAUTH\r\n$1\r\na\r\n$1\r\nb\r\n',
  ).map((text) => Buffer.from(text, 'latin1')),
);

/** Send, end, and wait for the other side to end too. @returns what it said. */
function provoke(port: number, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const heard: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (chunk) => heard.push(chunk));
    socket.on('error', () => {}); // Closed on us while we were writing.
    socket.on('close', () => resolve(Buffer.concat(heard)));
    socket.end(bytes);
  });
}

test('random, truncated and oversized bytes kill no actor', async (t) => {
  await using cluster = await Cluster.start({ replicas: 1, sentinels: 3 });
  const deaths: string[] = [];
  cluster.on('node-down', ({ id }) => deaths.push(id));
  const ports = [...cluster.nodes(), ...cluster.sentinels()].map(({ port }) => port);
  await assert(
    asyncProperty(array(fragment, { minLength: 1, maxLength: 8 }), async (fragments) => {
      const bytes = Buffer.concat(fragments);
      await Promise.all(ports.map((port) => provoke(port, bytes)));
    }),
    { numRuns: 150 },
  );
  for (const port of ports) {
    const client = await RespClient.connect(port);
    client.write('PING\r\n');
    t.deepEqual(await client.next(), { type: 'simple', text: 'PONG' });
    client.close();
  }
  t.deepEqual(deaths, []);
});

test('protocol errors are worded as Redis words them, on every kind of port', async (t) => {
  await using cluster = await Cluster.start({ replicas: 1, sentinels: 1 });
  const ports = [...cluster.nodes(), ...cluster.sentinels()].map(({ port }) => port);
  const cases: Readonly<Record<string, string>> = {
    '*abc\r\n': '-ERR Protocol error: invalid multibulk length\r\n',
    '*1\r\nx\r\n': "-ERR Protocol error: expected '$', got 'x'\r\n",
    '*1\r\n$-5\r\n': '-ERR Protocol error: invalid bulk length\r\n',
    'SET "a\r\n': '-ERR Protocol error: unbalanced quotes in request\r\n',
  };
  for (const [request, error] of Object.entries(cases)) {
    for (const port of ports) {
      t.is((await provoke(port, Buffer.from(request))).toString('latin1'), error, request);
    }
  }
});
