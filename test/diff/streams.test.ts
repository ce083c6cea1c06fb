/** Streams: replies, facts and RDB are Redis', with groups, whatever comes in whatever order. */
import { Prng } from '../../src/base/prng.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { compare, type Pair, startPair } from './compare.js';
import { damagedDumps, randomStreams } from './random/streams.js';

/**
 * Times of delivery, and how long ago they were: nothing of one server is exactly that of the
 * other.
 */
function withoutTimes(line: string, value: unknown): unknown {
  if (!/^(?:XPENDING|XINFO)/i.test(line)) return value;
  return JSON.parse(
    JSON.stringify(value).replaceAll(/\b1[6-9]\d{11}\b|(?<=",)\d{1,5}(?=,\d+\])/g, '0'),
  );
}

const mask = { mask: withoutTimes };

test('streams: adding, reading, trimming, deleting', async (t) => {
  const pair = await startPair(t);
  await compare(
    t,
    pair,
    [
      'XADD s 1-1 a 1 b 2',
      'XADD s 1-2 a 3 b 4',
      'XADD s 1-2 a 3 b 4',
      'XADD s 1-* x 5',
      'XADD s 2-* x 5 y 6 z 7',
      'XADD s 3 k v',
      'XADD s 3 k',
      'XADD s 0-0 k v',
      'XADD s - k v',
      'XADD s + k v',
      'XADD s 4-x k v',
      'XADD s abc k v',
      'XADD s NOMKSTREAM 4-0 k v',
      'XADD t NOMKSTREAM 4-0 k v',
      'XADD t nomkstream 4-0 k',
      'XADD s MAXLEN 3 5-0 k v',
      'XRANGE s - +',
      'XREVRANGE s + -',
      'XREVRANGE s + - COUNT 2',
      'XRANGE s - + COUNT 0',
      'XRANGE s - + COUNT -1',
      'XRANGE s - + COUNT',
      'XRANGE s - + COUNT x',
      'XRANGE s (2 +',
      'XRANGE s (3-0 (5',
      'XRANGE s ( +',
      'XRANGE s (- +',
      'XRANGE s - (0-0',
      'XRANGE s (18446744073709551615-18446744073709551615 +',
      'XRANGE s 2 3',
      // What strtoull() takes.
      'XRANGE s 1 " 4"',
      'XRANGE s +3 5',
      'XRANGE s 03 5',
      'XRANGE s 3--01 5',
      'XRANGE s 3--1 5',
      'XRANGE s 3--9223372036854775809 5',
      'XRANGE s 3-18446744073709551616 5',
      'XRANGE nosuch - +',
      'XLEN s',
      'XLEN nosuch',
      'XDEL s 3',
      'XDEL s 3 2-0 9-9',
      'XDEL s x',
      'XDEL nosuch x',
      'XRANGE s - +',
      'XREVRANGE s + -',
      'XINFO STREAM s',
      'XINFO STREAM s FULL',
      'XTRIM s MAXLEN 1',
      'XTRIM s MAXLEN ~ 0',
      'XTRIM s MINID = 9',
      'XINFO STREAM s',
      'XTRIM s MAXLEN 5 LIMIT 3',
      'XTRIM s LIMIT 3',
      'XTRIM s LIMIT 0',
      'XTRIM s MAXLEN -1',
      'XTRIM s MAXLEN ~ 5 LIMIT -1',
      'XTRIM s MAXLEN 1 MINID 2',
      'XTRIM s what 1',
      'XSETID s 100-1',
      'XSETID s 1 ENTRIESADDED 5 MAXDELETEDID 2',
      'XSETID s 200 ENTRIESADDED 50 MAXDELETEDID 150',
      'XSETID s 200 ENTRIESADDED -50',
      'XSETID s 200 BAD 1',
      'XSETID nosuch 1',
      'XSETID s -',
      'XINFO STREAM s FULL COUNT 5',
      'XADD s 18446744073709551615-18446744073709551614 a b',
      'XADD s 18446744073709551615-* a b',
      'XADD s 18446744073709551615-* a b',
      'XADD s * a b',
      'OBJECT ENCODING s',
      'TYPE s',
      'DEBUG DIGEST-VALUE s',
      'SET str x',
      'XADD str * a b',
      'XLEN str',
      'XRANGE str - +',
      'XTRIM str MAXLEN 1',
      'XREAD STREAMS str 0',
      'GET s',
      'DEL s',
      'EXISTS s',
    ],
    mask,
  );
});

test('streams: groups, consumers and what is pending', async (t) => {
  const pair = await startPair(t);
  await compare(
    t,
    pair,
    [
      'SET str x',
      'XGROUP CREATE str g 0',
      'XGROUP CREATE nosuch g 0',
      'XGROUP CREATE new g $ MKSTREAM',
      'XGROUP CREATE new g 0',
      'XGROUP CREATE new g2 5-5 ENTRIESREAD 3',
      'XGROUP CREATE new g3 5-5 ENTRIESREAD -3',
      'XGROUP CREATE new g3 5-5 WHAT',
      'XGROUP CREATE new g3 5-5 MKSTREAM MKSTREAM MKSTREAM MKSTREAM',
      'XGROUP CREATE new g3 -',
      'XGROUP SETID new g2 6',
      'XGROUP SETID new g2 $ ENTRIESREAD 7',
      'XGROUP SETID new nog 1',
      'XGROUP DESTROY new nog',
      'XGROUP CREATECONSUMER new g c1',
      'XGROUP CREATECONSUMER new g c1',
      'XGROUP CREATECONSUMER new nog c1',
      'XGROUP DELCONSUMER new g c1',
      'XGROUP DELCONSUMER new g c1',
      'XINFO GROUPS new',
      'XINFO CONSUMERS new g',
      'XINFO CONSUMERS new nog',
      'XINFO GROUPS nosuch',
      'XINFO BAD',
      'XGROUP BAD',
      'XADD new 10-1 f v g w',
      'XADD new 10-2 f v g w',
      'XADD new 10-3 f2 v',
      'XADD new 10-4 f2 v',
      'XREADGROUP GROUP g c1 COUNT 2 STREAMS new >',
      'XREADGROUP GROUP g c2 STREAMS new >',
      'XREADGROUP GROUP g c2 STREAMS new >',
      'XREADGROUP GROUP g c2 STREAMS new 0',
      'XREADGROUP GROUP g c2 COUNT 1 STREAMS new 10-3',
      'XREADGROUP GROUP nog c2 COUNT 1 STREAMS new 10-3',
      'XREADGROUP GROUP g c2 STREAMS new $',
      'XREADGROUP GROUP g c2 NOACK STREAMS new >',
      'XREADGROUP GROUP g2 c2 NOACK STREAMS new >',
      'XREADGROUP GROUP g2 STREAMS new >',
      'XREADGROUP COUNT 1 STREAMS new > x y',
      'XREADGROUP COUNT 1 NOACK NOACK STREAMS new >',
      'XREAD COUNT 2 STREAMS new 0',
      'XREAD COUNT 2 STREAMS new nosuch 0 0',
      'XREAD COUNT 2 STREAMS new new 0 10-2',
      'XREAD STREAMS new $',
      'XREAD STREAMS new >',
      'XREAD GROUP g c STREAMS new >',
      'XREAD NOACK STREAMS new >',
      'XREAD STREAMS new',
      'XREAD STREAMS new a b',
      'XREAD COUNT 1 BLOCK -1 STREAMS new 0',
      'XREAD COUNT x BLOCK 1 STREAMS new 0',
      'XREAD COUNT 1 BLOCK 5 STREAMS new $',
      'XREADGROUP GROUP g c2 BLOCK 5 STREAMS new >',
      'XPENDING new g',
      'XPENDING new g - + 10',
      'XPENDING new g - + 10 c1',
      'XPENDING new g - + 10 nocons',
      'XPENDING new g - + 0',
      'XPENDING new g - +',
      'XPENDING new g - + x',
      'XPENDING new g IDLE 100000 - + 10',
      'XPENDING new g IDLE 0 (10-1 + 10',
      'XPENDING new nog',
      'XPENDING nosuch nog',
      'XPENDING new g2',
      'XCLAIM new g c3 0 10-1 10-3',
      'XCLAIM new g c3 0 10-1 10-3 JUSTID',
      'XCLAIM new g c3 100000 10-1 10-3 JUSTID',
      'XCLAIM new g c3 x 10-1',
      'XCLAIM new g c3 0 10-1 WHAT',
      'XCLAIM new g c3 0 10-1 RETRYCOUNT 9 JUSTID',
      'XCLAIM new g c3 0 10-1 RETRYCOUNT -9',
      'XCLAIM new g c3 0 10-1 IDLE 1000 TIME x',
      'XCLAIM new nog c3 0 10-1',
      'XCLAIM new g2 c3 0 10-1 10-2 FORCE JUSTID LASTID 10-2',
      'XCLAIM new g2 c3 0 10-3 FORCE LASTID 9',
      'XINFO STREAM new FULL',
      'XDEL new 10-1',
      'XCLAIM new g c1 0 10-1 10-3',
      'XAUTOCLAIM new g c1 0 -',
      'XAUTOCLAIM new g c5 0 - COUNT 1',
      'XAUTOCLAIM new g c5 0 10-3 COUNT 1 JUSTID',
      'XAUTOCLAIM new g c5 0 (10-3 COUNT 1 JUSTID',
      'XAUTOCLAIM new g c5 0 - COUNT 0',
      'XAUTOCLAIM new g c5 x -',
      'XAUTOCLAIM new g c5 100000 -',
      'XAUTOCLAIM new nog c5 0 -',
      'XAUTOCLAIM new g c5 0 - BAD',
      'XDEL new 10-3',
      'XREADGROUP GROUP g c5 STREAMS new 0',
      'XAUTOCLAIM new g c1 0 -',
      'XACK new g 10-2 10-4 7-7',
      'XACK new g x',
      'XACK new nog x',
      'XACK nosuch g 1',
      'XPENDING new g',
      'XINFO GROUPS new',
      'XGROUP DELCONSUMER new g c5',
      'XGROUP DELCONSUMER new g c1',
      'DEBUG DIGEST-VALUE new',
      'COPY new copied',
      'XINFO GROUPS copied',
      'XGROUP DESTROY new g',
      'XINFO GROUPS new',
      'XINFO STREAM copied FULL',
      'XINFO STREAM copied BAD',
      'XINFO STREAM copied FULL BAD 1',
      'XINFO STREAM copied FULL COUNT x',
      'XINFO STREAM copied FULL COUNT -1',
    ],
    mask,
  );
});

test('streams: random commands, nodes of every size, and RDB there and back', async (t) => {
  const pair = await startPair(t, ['stream-node-max-entries 7', 'stream-node-max-bytes 600']);
  const random = new Prng(21);
  await compare(t, pair, randomStreams(random, 2500), { ...mask, protocols: [2] });
  await exchangeDumps(pair, (own, other) => t.deepEqual(own, other));
});

test('streams: a thousand nodes, and a thousand pending in any order', async (t) => {
  const pair = await startPair(t, ['stream-node-max-entries 1']);
  const random = new Prng(5);
  const ids = Array.from({ length: 1200 }, (_, i) => `${1 + (i >> 2)}-${(i & 3) * 70}`);
  const mixed = [...ids];
  for (let i = mixed.length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [mixed[i], mixed[other]] = [mixed[other] ?? '', mixed[i] ?? ''];
  }
  const some = (from: number, to: number): string => mixed.slice(from, to).join(' ');
  const facts = ['XINFO STREAM s FULL COUNT 0', 'XPENDING s g', 'XPENDING s g 40 90 100'];
  await compare(
    t,
    pair,
    [
      ...ids.map((id) => `XADD s ${id} f ${id}`),
      'XGROUP CREATE s g 0',
      // Entries come in any order, and go so.
      ...[0, 300, 600, 900].map((at) => `XCLAIM s g c${at} 0 ${some(at, at + 300)} FORCE JUSTID`),
      ...facts,
      `XCLAIM s g c0 0 ${some(200, 500)} JUSTID`,
      `XACK s g ${some(0, 700)}`,
      ...facts,
      ...[700, 800, 900].map((at) => `XACK s g ${some(at, at + 80)}`),
      `XDEL s ${some(100, 900)}`,
      ...facts,
      'XREADGROUP GROUP g c0 COUNT 50 STREAMS s 0',
      'XGROUP DELCONSUMER s g c600',
      'COPY s t',
      'XGROUP DELCONSUMER s g c900',
      ...facts,
      'XINFO STREAM t FULL COUNT 0',
      'DEBUG DIGEST-VALUE s t',
      'XTRIM s MAXLEN 20',
      ...facts,
    ],
    { ...mask, protocols: [2] },
  );
});

async function allOf(client: RespClient, key: string): Promise<unknown> {
  return withoutTimes('XINFO', await client.value('XINFO', 'STREAM', key, 'FULL', 'COUNT', '0'));
}

/** Each server restores what the other has dumped, and holds the same then; so after a reload. */
async function exchangeDumps(pair: Pair, same: (own: unknown, other: unknown) => void) {
  const real = await RespClient.connect(pair.real.port);
  const ours = await RespClient.connect(pair.ours.port);
  try {
    for (const key of ['s0', 's1', 's2', 's3']) {
      if ((await real.value('EXISTS', key)) === 0) continue;
      for (const [from, to] of [
        [real, ours],
        [ours, real],
      ] as const) {
        const dumped = await from.call('DUMP', key);
        const payload = dumped?.type === 'bulk' ? dumped.value : '';
        same(plain(await to.call('RESTORE', `r${key}`, '0', payload, 'REPLACE')), '+OK');
        same(await allOf(to, `r${key}`), await allOf(from, key));
      }
      const before = await allOf(ours, key);
      same(await ours.value('DEBUG', 'RELOAD'), '+OK');
      same(await allOf(ours, key), before);
    }
  } finally {
    real.close();
    ours.close();
  }
}

test('streams: strangers bytes are refused, or make a stream that commands can be given', async (t) => {
  const pair = await startPair(t);
  const ours = await RespClient.connect(pair.ours.port);
  for (const line of randomStreams(new Prng(3), 300)) await ours.call(...line.split(' '));
  const random = new Prng(8);
  let taken = 0;
  for (const key of ['s0', 's1', 's2', 's3']) {
    const dumped = await ours.call('DUMP', key);
    if (dumped?.type !== 'bulk') continue;
    for (const payload of damagedDumps(random, Buffer.from(dumped.value), 150)) {
      const answer = await ours.value('RESTORE', 'x', '0', payload, 'REPLACE');
      if (answer !== '+OK') continue;
      taken++;
      for (const words of [
        ['XRANGE', 'x', '-', '+'],
        ['XREVRANGE', 'x', '+', '-', 'COUNT', '3'],
        ['XINFO', 'STREAM', 'x', 'FULL'],
        ['XDEL', 'x', '5-0', '6-0'],
        ['XREADGROUP', 'GROUP', 'g1', 'c', 'STREAMS', 'x', '>'],
        ['XAUTOCLAIM', 'x', 'g0', 'c', '0', '-'],
        ['XADD', 'x', 'MAXLEN', '2', '*', 'a', 'b'],
        ['XTRIM', 'x', 'MINID', '9999999'],
        ['COPY', 'x', 'y', 'REPLACE'],
      ]) {
        await ours.call(...words);
      }
    }
  }
  t.is(await ours.value('PING'), '+PONG');
  t.true(taken > 0);
  ours.close();
});
