/** The clients people use, against a node: they connect, and what they need of a server works. */
import { spawn } from 'node:child_process';
import anyTest from 'ava';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { LoneNode } from '../support/lone-node.js';
import { testWith } from '../support/real-redis.js';

const test = anyTest;
const testWithCli = testWith('redis-cli');

test('ioredis: commands, pipelines, transactions, pub/sub, scan streams', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const client = new Redis(node.port);
  const listener = new Redis(node.port);
  t.teardown(() => {
    client.disconnect();
    listener.disconnect();
  });
  t.is(await client.set('a', '1', 'EX', 100), 'OK');
  t.is(await client.incr('a'), 2);
  const [value, life] = (await client.pipeline().get('a').ttl('a').exec()) ?? [];
  t.deepEqual(value, [null, '2']);
  t.is(life?.[0], null);
  const seconds = Number(life?.[1]);
  t.true(seconds > 90 && seconds <= 100, `${seconds}`);
  t.deepEqual(await client.multi().set('b', 'x').get('b').exec(), [
    [null, 'OK'],
    [null, 'x'],
  ]);
  await t.throwsAsync(client.incr('b'), { message: /not an integer/ });
  const heard = new Promise<string>((resolve) => {
    listener.on('message', (channel, message) => resolve(`${channel} ${message}`));
  });
  await listener.subscribe('news');
  t.is(await client.publish('news', 'hi'), 1);
  t.is(await heard, 'news hi');
  const keys: string[] = [];
  for await (const batch of client.scanStream()) keys.push(...batch);
  t.deepEqual(keys.toSorted(), ['a', 'b']);
});

for (const RESP of [2, 3] as const) {
  test(`node-redis in RESP${RESP}: commands, transactions, pub/sub, scan iterator`, async (t) => {
    const node = await LoneNode.start();
    t.teardown(() => node.stop());
    const client = createClient({ url: `redis://127.0.0.1:${node.port}`, RESP, name: 'me' });
    const listener = createClient({ url: `redis://127.0.0.1:${node.port}`, RESP });
    await Promise.all([client.connect(), listener.connect()]);
    t.teardown(() => {
      client.destroy();
      listener.destroy();
    });
    t.is(await client.set('a', '1'), 'OK');
    t.deepEqual(await client.multi().incr('a').get('a').exec(), [2, '2']);
    t.is((await client.clientInfo()).name, 'me');
    t.is((await client.configGet('maxclients'))['maxclients'], '10000');
    const heard = new Promise<string>((resolve) => {
      void listener.subscribe('news', (message, channel) => resolve(`${channel} ${message}`));
    });
    while ((await client.publish('news', 'hi')) === 0);
    t.is(await heard, 'news hi');
    const keys: string[] = [];
    for await (const batch of client.scanIterator()) keys.push(...batch);
    t.deepEqual(keys, ['a']);
  });
}

testWithCli('redis-cli: a session, HELLO 3, and the table of commands it hints from', async (t) => {
  const node = await LoneNode.start({ config: 'requirepass secret' });
  t.teardown(() => node.stop());
  const session = await cli(
    ['-p', String(node.port), '-a', 'secret', '--no-auth-warning', '-3'],
    'set a "x y"\nget a\nhelp set\ncommand docs get\nincr a\nclient list\n',
  );
  t.regex(session, /^OK\nx y\n/);
  t.regex(session, /value is not an integer/);
  t.regex(session, /Read the string at a key/);
  const refused = await cli(['-p', String(node.port)], 'get a\n');
  t.regex(refused, /NOAUTH/);
});

/** @returns what redis-cli printed. */
function cli(args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('redis-cli', args);
    let output = '';
    child.stdout.on('data', (bytes) => {
      output += String(bytes);
    });
    child.on('error', reject);
    child.on('close', () => resolve(output));
    child.stdin.end(input);
  });
}
