/** How much a client of a sentinel may send, leave unread and keep silent, beside Redis'. */
import test, { type ExecutionContext } from 'ava';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { testWithRedis } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';
import { KINDS, type Kind, launch, type Started } from './sentinel-pair.js';

const testInTurn = testWithRedis === test ? test.serial : test.serial.skip;
const MB = 1024 * 1024;

/** The same on a sentinel of each kind. */
async function onBoth<T>(
  t: ExecutionContext,
  lines: readonly string[],
  run: (client: RespClient, started: Started) => Promise<T>,
): Promise<Record<Kind, T>> {
  const seen: T[] = [];
  for (const kind of KINDS) {
    const started = await launch(t, kind, lines);
    await until(() => started.printed().includes('Sentinel ID is'), 'its start');
    const client = await RespClient.connect(started.port);
    t.teardown(() => client.close());
    seen.push(await run(client, started));
  }
  return { real: seen[0]!, ours: seen[1]! };
}

testInTurn('who is silent is let go, but for subscribers', async (t) => {
  const { real, ours } = await onBoth(t, ['timeout 1'], async (client, { port }) => {
    const subscriber = await RespClient.connect(port);
    await subscriber.value('SUBSCRIBE', '+switch-master');
    await client.value('PING');
    await until(() => client.ended, 'its end');
    await delay(1500);
    const { ended } = subscriber;
    subscriber.close();
    return ended;
  });
  t.false(real);
  t.false(ours);
});

testInTurn('it listens on a socket in the file system', async (t) => {
  const lines = ['unixsocket $DIR/s.sock', 'unixsocketperm 700'];
  const { real, ours } = await onBoth(t, lines, (_client, { file }) => {
    const socket = connect(path.join(path.dirname(file), 's.sock'));
    socket.end('CLIENT INFO\r\nPING\r\n');
    return new Promise<string>((resolve, reject) => {
      let text = '';
      socket.on('data', (bytes) => (text += bytes.toString()));
      socket.on('error', reject);
      socket.on('end', () => resolve(text.replaceAll(/^.* addr=\S*\/(\S+) .*$/gm, '$1')));
    });
  });
  t.regex(real, /s\.sock:0/);
  t.regex(ours, /s\.sock:0[^]*\+PONG/);
});

const STRANGERS: readonly string[] = [
  'PING\r\n*2147483648\r\n',
  'PING\r\n*11\r\n',
  '*1\r\n$16385\r\n',
  '*10\r\n$16384\r\nPING',
  `AUTH p\r\n*11\r\n${'$1\r\nx\r\n'.repeat(11)}`,
  `AUTH p\r\n*2\r\n$4\r\nPING\r\n$20000\r\n${'x'.repeat(20_000)}\r\n`,
  `AUTH p\r\n*2\r\n$4\r\nPING\r\n$${MB + 1}\r\n`,
];

testInTurn('a stranger may send little', async (t) => {
  const lines = ['requirepass p', 'proto-max-bulk-len 1mb'];
  const { real, ours } = await onBoth(t, lines, async (_client, { port }) => {
    const answers: unknown[] = [];
    for (const bytes of STRANGERS) {
      const stranger = await RespClient.connect(port);
      stranger.write(bytes);
      await delay(100);
      stranger.endWriting();
      const replies = await stranger.take(3);
      answers.push(replies.map((reply) => JSON.stringify(reply).slice(0, 200)));
      stranger.close();
    }
    return answers;
  });
  t.deepEqual(ours, real);
});

testInTurn('who sends without end, or does not read, is let go', async (t) => {
  const lines = ['client-query-buffer-limit 1mb', 'client-output-buffer-limit normal 1mb 0 0'];
  const { real, ours } = await onBoth(t, lines, async (client, { port }) => {
    const sender = await RespClient.connect(port);
    sender.write(`*2\r\n$4\r\nPING\r\n$${8 * MB}\r\n`);
    for (let sent = 0; sent < 4 && !sender.ended; sent++) {
      sender.write(Buffer.alloc(MB));
      await delay(50);
    }
    await until(() => sender.ended, 'the end of one that only sends');
    client.stopReading();
    for (let sent = 0; sent < 40; sent++) {
      client.write(`*2\r\n$4\r\nPING\r\n$500000\r\n${'x'.repeat(500_000)}\r\n`);
    }
    const other = await RespClient.connect(port);
    await until(async () => {
      const list = String(await other.value('CLIENT', 'LIST'));
      return list.trimEnd().split('\n').length === 1;
    }, 'the end of one that does not read');
    other.close();
    return true;
  });
  t.true(real && ours);
});

testInTurn('one that is killed is gone, whether or not it goes itself', async (t) => {
  const { real, ours } = await onBoth(t, [], async (client, { port }) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    t.teardown(() => socket.destroy());
    socket.write('PING\r\n');
    await delay(100);
    await client.value('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await delay(100);
    return String(await client.value('CLIENT', 'LIST'))
      .trimEnd()
      .split('\n').length;
  });
  t.is(real, 1);
  t.is(ours, 1);
});
