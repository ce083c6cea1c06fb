import type { ExecutionContext } from 'ava';
import { splitArgs } from '../../src/resp/split-args.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { compare, type Pair, startPair } from './compare.js';

/** Send lines without waiting, then compare so many replies and pushes. */
async function compareStream(
  t: ExecutionContext,
  pair: Pair,
  lines: readonly string[],
  count: number,
): Promise<void> {
  for (const protocol of ['2', '3']) {
    const streams: unknown[] = [];
    for (const port of [pair.real.port, pair.ours.port]) {
      const client = await RespClient.connect(port);
      await client.call('HELLO', protocol);
      for (const line of lines) {
        const words = (splitArgs(line) ?? []).map((word) => Buffer.from(word, 'latin1'));
        client.write(`*${words.length}\r\n`);
        for (const word of words) client.write(`$${word.length}\r\n${word.toString('latin1')}\r\n`);
      }
      streams.push((await client.take(count)).map(plain));
      client.close();
    }
    t.deepEqual(streams[1], streams[0], `RESP${protocol}`);
  }
}

test('subscriptions are confirmed one by one, and messages reach the one who sent them', async (t) => {
  const pair = await startPair(t);
  await compareStream(
    t,
    pair,
    [
      'SUBSCRIBE a b a',
      'PSUBSCRIBE x* y*',
      'PING',
      'PING hi',
      'UNSUBSCRIBE a nosuch',
      'PUNSUBSCRIBE',
    ],
    11,
  );
});

test('in RESP2 a subscriber may do little else', async (t) => {
  const pair = await startPair(t);
  await compareStream(
    t,
    pair,
    ['SUBSCRIBE a', 'GET k', 'CONFIG GET x', 'nosuch', 'UNSUBSCRIBE', 'GET k'],
    6,
  );
});

test('unsubscribing from nothing is confirmed too', async (t) => {
  const pair = await startPair(t);
  await compareStream(
    t,
    pair,
    ['UNSUBSCRIBE', 'PUNSUBSCRIBE', 'UNSUBSCRIBE a', 'PUNSUBSCRIBE b'],
    4,
  );
});

test('a message comes once for the channel and once for each pattern', async (t) => {
  const pair = await startPair(t);
  const heard: unknown[] = [];
  for (const port of [pair.real.port, pair.ours.port]) {
    const listener = await RespClient.connect(port);
    listener.write('SUBSCRIBE news.a\r\nPSUBSCRIBE news.* n*\r\n');
    await listener.take(3);
    const speaker = await RespClient.connect(port);
    const said = [
      await speaker.value('PUBLISH', 'news.a', 'one'),
      await speaker.value('PUBLISH', 'news.b', Buffer.from([0, 255])),
      await speaker.value('PUBLISH', 'other', 'three'),
      await speaker.value('PUBSUB', 'CHANNELS'),
      await speaker.value('PUBSUB', 'CHANNELS', 'x*'),
      await speaker.value('PUBSUB', 'NUMSUB', 'news.a', 'other'),
      await speaker.value('PUBSUB', 'NUMSUB'),
      await speaker.value('PUBSUB', 'NUMPAT'),
    ];
    // The order among patterns is that of a hash table in Redis.
    const pushes = (await listener.take(5)).map((push) => JSON.stringify(plain(push)));
    heard.push({ said, first: pushes[0], pushes: pushes.toSorted() });
    listener.close();
    speaker.close();
  }
  t.deepEqual(heard[1], heard[0]);
});

test('RESET leaves the channels', async (t) => {
  const pair = await startPair(t);
  await compareStream(t, pair, ['SUBSCRIBE a', 'RESET', 'PUBSUB NUMSUB a', 'GET k'], 4);
});

test('SUBSCRIBE inside MULTI', async (t) => {
  const pair = await startPair(t);
  await compare(t, pair, ['MULTI', 'PUBLISH a b', 'PUBSUB NUMPAT', 'EXEC']);
});

test('shard channels are a world of their own', async (t) => {
  const pair = await startPair(t);
  await compareStream(
    t,
    pair,
    [
      'SUBSCRIBE a',
      'SSUBSCRIBE a b',
      'PING',
      'SUNSUBSCRIBE nosuch a',
      'UNSUBSCRIBE',
      'SSUBSCRIBE b',
      'GET k',
      'SUNSUBSCRIBE',
      'SUNSUBSCRIBE',
      'GET k',
    ],
    12,
  );
  for (const port of [pair.real.port, pair.ours.port]) {
    const listener = await RespClient.connect(port);
    const client = await RespClient.connect(port);
    await listener.value('SSUBSCRIBE', 'a');
    t.deepEqual(await client.value('PUBSUB', 'SHARDCHANNELS'), ['a']);
    t.deepEqual(await client.value('PUBSUB', 'SHARDCHANNELS', 'b*'), []);
    t.deepEqual(await client.value('PUBSUB', 'CHANNELS'), []);
    t.deepEqual(await client.value('PUBSUB', 'SHARDNUMSUB', 'a', 'b'), ['a', 1, 'b', 0]);
    t.is(await client.value('PUBLISH', 'a', 'no'), 0);
    t.is(await client.value('SPUBLISH', 'a', 'yes'), 1);
    t.deepEqual(plain(await listener.next()), ['smessage', 'a', 'yes']);
    for (const each of [listener, client]) each.close();
  }
});
