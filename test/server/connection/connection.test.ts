import test from 'ava';
import * as fc from 'fast-check';
import { encodeCommand } from '../../../src/resp/encode-command.js';
import { LoneNode } from '../../support/lone-node.js';
import { plain, RespClient } from '../../support/resp-client.js';
import { until } from '../../support/until.js';
import { fence } from '../../../src/backlog/fence.js';

test('replies keep the order of their commands, core and TypeScript mixed, however cut', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  const commands: string[][] = [];
  const expected: unknown[] = [];
  for (let i = 0; i < 200; i++) {
    commands.push(['SET', 'n', String(i)], ['ECHO', `e${i}`], ['INCR', 'n'], ['PING', `p${i}`]);
    expected.push('+OK', `e${i}`, i + 1, `p${i}`);
  }
  const bytes = Buffer.concat(commands.map((args) => encodeCommand(args)));
  for (let at = 0; at < bytes.length; at += 777) client.write(bytes.subarray(at, at + 777));
  t.deepEqual((await client.take(expected.length)).map(plain), expected);
  client.close();
});

test('a value larger than many socket reads arrives whole', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  const value = Buffer.alloc(20_000_000, 'ab');
  t.is(await client.value('SET', 'big', value), '+OK');
  t.is(await client.value('STRLEN', 'big'), value.length);
  const reply = await client.call('GET', 'big');
  t.true(reply?.type === 'bulk' && value.equals(Buffer.from(reply.value)));
  client.close();
});

test('WAIT blocks its client only, and what it has sent meanwhile is run afterwards', async (t) => {
  const waits: { offset: number; answer: (count: number) => void }[] = [];
  const node = await LoneNode.start({
    replication: {
      wait: (_replicas, _timeoutMs, offset) =>
        new Promise((answer) => {
          waits.push({ offset, answer });
        }),
    },
  });
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  client.write('SET a 1\r\nWAIT 1 0\r\nSET a 2\r\nGET a\r\n');
  t.is(plain(await client.next()), '+OK');
  await until(() => waits.length === 1);
  t.is(waits[0]?.offset, node.core.head());
  const other = await RespClient.connect(node.port);
  t.is(await other.value('GET', 'a'), '1');
  t.regex(String(await other.value('CLIENT', 'LIST')), /flags=b .* cmd=wait /);
  t.regex(String(await other.value('INFO', 'clients')), /blocked_clients:1\r/);
  waits[0]?.answer(2);
  t.deepEqual((await client.take(3)).map(plain), [2, '+OK', '2']);
  client.close();
  other.close();
});

test('CLIENT UNBLOCK ends a WAIT, with the count so far or with an error', async (t) => {
  const node = await LoneNode.start({ replication: { wait: () => new Promise(() => {}) } });
  t.teardown(() => node.stop());
  const waiting = await RespClient.connect(node.port);
  const control = await RespClient.connect(node.port);
  const id = String(await waiting.value('CLIENT', 'ID'));
  for (const [mode, answer] of [
    ['TIMEOUT', 0],
    ['ERROR', '-UNBLOCKED client unblocked via CLIENT UNBLOCK'],
  ] as const) {
    const reply = waiting.value('WAIT', '1', '0');
    await until(() => node.services.clients.blockedCount === 1);
    t.is(await control.value('CLIENT', 'UNBLOCK', id, mode), 1);
    t.is(await reply, answer);
  }
  t.is(await control.value('CLIENT', 'UNBLOCK', id), 0);
  t.is(await waiting.value('PING'), '+PONG');
  waiting.close();
  control.close();
});

test('a fenced node answers nothing and drops its clients', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const writer = await RespClient.connect(node.port);
  t.is(await writer.value('SET', 'a', '1'), '+OK');
  fence(node.core.memory, 7);
  t.is(await writer.value('SET', 'a', '2'), 'closed');

  node.core.unfence();
  for (const line of ['FLUSHALL', 'PUBLISH a b']) {
    const client = await RespClient.connect(node.port);
    t.is(await client.value('PING'), '+PONG');
    fence(node.core.memory, 7);
    t.is(await client.value(...line.split(' ')), 'closed', line);
    node.core.unfence();
  }
});

test('a client that reads too slowly is dropped at its output limit', async (t) => {
  const node = await LoneNode.start({
    config: 'client-output-buffer-limit normal 1mb 0 0',
  });
  t.teardown(() => node.stop());
  const slow = await RespClient.connect(node.port);
  await slow.call('SET', 'a', Buffer.alloc(1_000_000));
  slow.stopReading();
  for (let i = 0; i < 40; i++) slow.write('GET a\r\n');
  await until(() => node.services.clients.size === 0);
  t.true(node.logs.some((line) => /overcoming of output buffer limits/.test(line)));
  slow.close();
});

test('input that never becomes a command is bounded', async (t) => {
  const node = await LoneNode.start({ config: 'client-query-buffer-limit 1mb' });
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  client.write('*1\r\n$400000000\r\n');
  client.write(Buffer.alloc(3_000_000, 'x'));
  await client.closed();
  t.true(node.logs.some((line) => /max query buffer length/.test(line)));
});

test('an idle client is dropped after timeout seconds, a subscriber is not', async (t) => {
  const node = await LoneNode.start({ config: 'timeout 1' });
  t.teardown(() => node.stop());
  const idle = await RespClient.connect(node.port);
  const listener = await RespClient.connect(node.port);
  await listener.call('SUBSCRIBE', 'a');
  await idle.call('PING');
  await idle.closed();
  t.is(node.services.clients.size, 1);
  listener.close();
});

test('a browser that is made to post commands gets nothing', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const browser = await RespClient.connect(node.port);
  browser.write('POST / HTTP/1.1\r\nHost: localhost\r\n\r\nFLUSHALL\r\n');
  t.is(await browser.next(), null);
});

test('bytes of every kind end in replies or in a closed connection; the node lives on', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc
      .array(fc.constantFrom('*', '$', '\r\n', '1', '-1', '99', 'GET', 'SET', 'a', '"', ' '), {
        maxLength: 30,
      })
      .map((parts) => Buffer.from(parts.join(''))),
    fc
      .array(fc.uint8Array({ maxLength: 10 }), { minLength: 1, maxLength: 4 })
      .map((args) => encodeCommand(args)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 6 }), async (pieces) => {
      const client = await RespClient.connect(node.port);
      for (const bytes of pieces) client.write(bytes);
      client.endWriting();
      await client.closed();
      client.close();
    }),
    { numRuns: 150 },
  );
  const after = await RespClient.connect(node.port);
  t.is(await after.value('PING'), '+PONG');
  after.close();
});
