/** What happens on a connection beyond request and reply: errors, silence, waiting, passwords. */
import { testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { compare, startPair } from './compare.js';

for (const [what, bytes] of [
  ['a count that is no number', '*x\r\n'],
  ['a bulk string without $', '*1\r\nPING\r\n'],
  ['a length that is negative', '*1\r\n$-5\r\n'],
  ['quotes left open', 'SET a "b\r\n'],
  ['an endless line', 'a'.repeat(70_000)],
] as const) {
  test(`${what} ends the connection with the same error`, async (t) => {
    const pair = await startPair(t);
    const answers: unknown[] = [];
    for (const port of [pair.real.port, pair.ours.port]) {
      const client = await RespClient.connect(port);
      client.write(`PING\r\n${bytes}`);
      answers.push((await client.take(10)).map(plain));
      t.true(client.ended);
    }
    t.deepEqual(answers[1], answers[0]);
  });
}

test('QUIT answers what came before it and nothing after', async (t) => {
  const pair = await startPair(t);
  const answers: unknown[] = [];
  for (const port of [pair.real.port, pair.ours.port]) {
    const client = await RespClient.connect(port);
    client.write('PING\r\nQUIT\r\nPING\r\n');
    answers.push((await client.take(5)).map(plain));
  }
  t.deepEqual(answers[1], answers[0]);
});

test('CLIENT REPLY OFF and SKIP silence what Redis silences', async (t) => {
  const pair = await startPair(t);
  const answers: unknown[] = [];
  for (const port of [pair.real.port, pair.ours.port]) {
    const client = await RespClient.connect(port);
    client.write(
      [
        'CLIENT REPLY SKIP',
        'SET a 1',
        'GET a',
        'CLIENT REPLY SKIP',
        'ECHO x',
        'ECHO y',
        'CLIENT REPLY OFF',
        'GET a',
        'ECHO z',
        'nosuch',
        'CLIENT REPLY ON',
        'INCR a',
        '',
      ].join('\r\n'),
    );
    answers.push((await client.take(4)).map(plain));
    client.close();
  }
  t.deepEqual(answers[1], answers[0]);
});

test('with a password nothing but AUTH, HELLO, QUIT and RESET is allowed before', async (t) => {
  const pair = await startPair(t, ['requirepass secret']);
  for (const lines of [
    [
      'GET a',
      'PING',
      'MULTI',
      'nosuch',
      'SUBSCRIBE a',
      'HELLO',
      'HELLO 2',
      'AUTH wrong',
      'AUTH x secret',
    ],
    ['AUTH secret', 'PING', 'RESET', 'PING'],
    ['AUTH default secret', 'GET a'],
    ['HELLO 3 AUTH default wrong', 'PING'],
  ]) {
    const answers: unknown[] = [];
    for (const port of [pair.real.port, pair.ours.port]) {
      const client = await RespClient.connect(port);
      const got: unknown[] = [];
      for (const line of lines) got.push(await client.value(...line.split(' ')));
      answers.push(got);
      client.close();
    }
    t.deepEqual(answers[1], answers[0]);
  }
});

test('large requests are not taken before AUTH', async (t) => {
  const pair = await startPair(t, ['requirepass secret']);
  for (const bytes of [
    `*11\r\n${'$1\r\na\r\n'.repeat(11)}`,
    `*1\r\n$16385\r\n${'a'.repeat(16_385)}\r\n`,
  ]) {
    const answers: unknown[] = [];
    for (const port of [pair.real.port, pair.ours.port]) {
      const client = await RespClient.connect(port);
      client.write(bytes);
      answers.push((await client.take(2)).map(plain));
    }
    t.deepEqual(answers[1], answers[0]);
  }
});

test('CLIENT KILL ends other connections, and its own after the reply', async (t) => {
  const pair = await startPair(t);
  for (const port of [pair.real.port, pair.ours.port]) {
    const killer = await RespClient.connect(port);
    const victim = await RespClient.connect(port);
    const id = await victim.value('CLIENT', 'ID');
    t.is(await killer.value('CLIENT', 'KILL', 'ID', String(id)), 1);
    await victim.closed();
    t.is(await killer.value('CLIENT', 'KILL', 'TYPE', 'normal'), 0);
    t.is(await killer.value('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no'), 1);
    await killer.closed();
    const other = await RespClient.connect(port);
    t.is(await other.value('CLIENT', 'KILL', `127.0.0.1:${other.localPort}`), '+OK');
    await other.closed();
  }
});

test('CLIENT PAUSE WRITE keeps writes waiting and lets reads pass', async (t) => {
  const pair = await startPair(t);
  for (const port of [pair.real.port, pair.ours.port]) {
    const control = await RespClient.connect(port);
    const client = await RespClient.connect(port);
    t.is(await control.value('CLIENT', 'PAUSE', '100000', 'WRITE'), '+OK');
    t.is(await client.value('GET', 'a'), null);
    client.write('SET a 1\r\nGET a\r\n');
    t.is(await control.value('GET', 'a'), null);
    t.is(await control.value('CLIENT', 'UNPAUSE'), '+OK');
    t.deepEqual((await client.take(2)).map(plain), ['+OK', '1']);
    t.is(await control.value('CLIENT', 'PAUSE', '50', 'ALL'), '+OK');
    t.is(await client.value('PING'), '+PONG');
    client.close();
    control.close();
  }
});

test('a password can be set while clients are there', async (t) => {
  const pair = await startPair(t);
  await compare(t, pair, [
    'CONFIG SET requirepass secret',
    'PING',
    'CONFIG GET requirepass',
    'CONFIG SET requirepass ""',
  ]);
});

test('more clients than maxclients are told so', async (t) => {
  const pair = await startPair(t, ['maxclients 1']);
  const answers: unknown[] = [];
  for (const port of [pair.real.port, pair.ours.port]) {
    const first = await RespClient.connect(port);
    await first.call('PING');
    const second = await RespClient.connect(port);
    answers.push(await second.next());
    await second.closed();
    first.close();
  }
  t.deepEqual(answers[1], answers[0]);
});
