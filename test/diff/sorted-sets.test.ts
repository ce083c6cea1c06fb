/** Sorted sets: replies, encodings, events and RDB are Redis', and so is who is served first. */
import { Prng } from '../../src/base/prng.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { compare, type Pair, startPair } from './compare.js';
import { seal } from './random/payload.js';
import { damagedDumps } from './random/streams.js';

const MANY = Array.from({ length: 130 }, (_, i) => `${i * 1.5} m${i}`).join(' ');
const LONG = 'x'.repeat(65);

test('sorted sets: options, ranges, encodings, what is refused', async (t) => {
  const pair = await startPair(t);
  await compare(t, pair, [
    'ZADD z 1 a 2 b 3 c',
    'ZADD z XX NX 1 a',
    'ZADD z GT NX 1 a',
    'ZADD z GT LT 1 a',
    'ZADD z INCR 1 a 2 b',
    'ZADD z INCR',
    'ZADD z 1',
    'ZADD z 1 a b',
    'ZADD z CH GT 5 a 1 b 9 d',
    'ZADD z XX INCR 1 nosuch',
    'ZADD z NX INCR 1 a',
    'ZADD z GT INCR -1 a',
    'ZADD z INCR inf a',
    'ZADD z INCR -inf a',
    'ZADD none XX 1 a',
    'EXISTS none',
    'ZINCRBY z nan a',
    'ZINCRBY z 1.1 b',
    'ZSCORE z b',
    'ZMSCORE z a nosuch b',
    'OBJECT ENCODING z',
    `ZADD z 5 ${LONG}`,
    'OBJECT ENCODING z',
    `ZADD many ${MANY}`,
    'OBJECT ENCODING many',
    'ZRANGE many 0 -1 WITHSCORES',
    'ZRANGE many (10 100 BYSCORE LIMIT 2 5 WITHSCORES',
    'ZRANGE many 100 (10 BYSCORE REV LIMIT 2 5',
    'ZRANGE many 0 -1 LIMIT 1 2',
    'ZRANGE many - + BYLEX WITHSCORES',
    'ZRANGE many 1 x',
    'ZRANGE many 1 2 BYSCORE BYLEX',
    'ZRANGEBYSCORE many x 2',
    'ZRANGEBYSCORE many 1 2 LIMIT 1',
    'ZRANGEBYLEX many a b',
    'ZRANGESTORE to many 3 5',
    'ZRANGESTORE to many (3 +inf BYSCORE',
    'OBJECT ENCODING to',
    'ZRANGESTORE to many 5 3',
    'EXISTS to',
    'ZREVRANK many m5',
    'ZRANK many nosuch',
    'ZREMRANGEBYRANK many 10 -10',
    'ZRANGE many 0 -1 WITHSCORES',
    'ZPOPMIN many',
    'ZPOPMAX many 3',
    'ZPOPMIN many 0',
    'ZPOPMIN many -1',
    'ZPOPMIN many 1 2',
    'ZMPOP 2 none many MIN',
    'ZMPOP 2 none many MAX COUNT 2',
    'ZMPOP 1 many MID',
    'ZMPOP 0 many MIN',
    'ZMPOP 9223372036854775807 many MIN',
    'ZMPOP 1 many MIN COUNT 0',
    'ZMPOP 1 many MIN COUNT 1 COUNT 2',
    'ZMPOP 1 none MIN',
    'ZRANDMEMBER z 0',
    'ZRANDMEMBER z -9223372036854775808',
    'ZRANDMEMBER z -9223372036854775807 WITHSCORES',
    'ZRANDMEMBER none 2 WITHSCORES',
    'ZRANDMEMBER z 1 x',
    'ZDIFF 0 z',
    'ZUNION 3 z many',
    'ZUNION 2 z many WEIGHTS 1 x',
    'ZUNION 2 z z WEIGHTS 2 inf AGGREGATE SUM WITHSCORES',
    'ZUNION 2 z z WEIGHTS inf 0 AGGREGATE MAX WITHSCORES',
    'ZINTERCARD 2 z z LIMIT -1',
    'ZINTERCARD 2 z z LIMIT 2',
    'ZUNIONSTORE to 2 z many AGGREGATE MIN',
    'ZINTERSTORE to 2 z none',
    'EXISTS to',
    'ZDIFFSTORE z 2 z many',
    'COPY z copied',
    'ZRANGE copied 0 -1 WITHSCORES',
    'DEBUG DIGEST-VALUE z copied many',
    'SET string x',
    'ZADD string 1 a',
    'ZADD string x a',
    'ZUNION 2 z string',
    'BZPOPMIN string 0',
    'BZMPOP 0 1 string MIN',
    'BZMPOP x 1 string MIN',
    'ZREM z a b c d',
    `ZREM z ${LONG}`,
    'EXISTS z',
  ]);
});

test('geospatial indexes: numbers, options, what is refused', async (t) => {
  const pair = await startPair(t);
  await compare(t, pair, [
    'GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania',
    'GEOADD g 13.361389 38.115556 Palermo 181 91.5 Nowhere',
    'GEOADD g 1e300 -inf Nowhere',
    'GEOADD g x 1 Nowhere',
    'GEOADD g NX XX 1 1 a',
    'GEOADD g 1 1',
    'GEOADD g CH XX 13.4 38.2 Palermo 1 1 a',
    'ZRANGE g 0 -1 WITHSCORES',
    'GEODIST g Palermo Catania',
    'GEODIST g Palermo Catania km',
    'GEODIST g Palermo Catania parsec',
    'GEODIST g Palermo nosuch',
    'GEODIST g Palermo Palermo',
    'GEODIST g Palermo Catania mi x',
    'GEOPOS g Palermo nosuch Catania',
    'GEOHASH g Palermo nosuch Catania',
    'GEORADIUS g 15 37 200 km WITHDIST WITHCOORD WITHHASH',
    'GEORADIUS g 15 37 200 km COUNT 1 DESC',
    'GEORADIUS g 15 37 200 km COUNT 0',
    'GEORADIUS g 15 37 200 km ANY',
    'GEORADIUS g 15 37 200 km WITHDIST STORE to',
    'GEORADIUS g 15 37 200 km STORE to',
    'ZRANGE to 0 -1 WITHSCORES',
    'GEORADIUS g 15 37 1 m STORE to',
    'EXISTS to',
    'GEORADIUS_RO g 15 37 200 km STORE to',
    'GEORADIUSBYMEMBER g Palermo 100 km',
    'GEORADIUSBYMEMBER g nosuch 100 km',
    'GEORADIUSBYMEMBER none Palermo x y',
    'GEORADIUSBYMEMBER none Palermo 100 km COUNT 0',
    'GEOSEARCH g FROMMEMBER Palermo BYBOX 400 400 km ASC WITHDIST',
    'GEOSEARCH g FROMLONLAT 15 37 BYBOX 400 400 km DESC',
    'GEOSEARCH g FROMLONLAT 15 37 FROMMEMBER Palermo BYRADIUS 1 m',
    'GEOSEARCH g FROMLONLAT 15 37 ASC ASC ASC ASC',
    'GEOSEARCH g BYRADIUS 1 km ASC ASC ASC ASC',
    'geosearch none FROMMEMBER x BYRADIUS 1 km',
    'GEOSEARCH g FROMLONLAT 15 37 BYRADIUS -1 km',
    'GEOSEARCH g FROMLONLAT 15 37 BYBOX 1 x km',
    'GEOSEARCHSTORE to g FROMLONLAT 15 37 BYRADIUS 200 km STOREDIST WITHDIST',
    'GEOSEARCHSTORE to g FROMLONLAT 15 37 BYRADIUS 200 km',
    'ZRANGE to 0 -1 WITHSCORES',
    'GEOSEARCHSTORE to none FROMLONLAT 15 37 BYRADIUS 200 km',
    'ZADD odd -1 a 1.5 b inf c 4503599627370496 d',
    'GEOPOS odd a b d',
    'SET string x',
    'GEOPOS string a',
    'GEOSEARCH string FROMLONLAT 15 37 BYRADIUS 200 km',
  ]);
});

/** What clients that wait are told, and what is left, on one server. */
async function serve(port: number): Promise<unknown[]> {
  const writer = await RespClient.connect(port);
  const waiting = await Promise.all([1, 2, 3].map(async () => RespClient.connect(port)));
  const [first, second, third] = waiting;
  const told: unknown[] = [await writer.value('FLUSHALL')];
  const blocked = async (count: number): Promise<void> => {
    for (;;) {
      const info = String(await writer.value('INFO', 'clients'));
      if (info.includes(`blocked_clients:${count}\r\n`)) return;
    }
  };
  await third!.value('HELLO', '3');
  const replies = [first!.value('BZPOPMIN', 'none', 'z', '0')];
  await blocked(1);
  replies.push(second!.value('BZPOPMAX', 'z', '0'));
  await blocked(2);
  replies.push(third!.value('BZMPOP', '0', '2', 'none', 'z', 'MAX', 'COUNT', '5'));
  await blocked(3);
  await writer.value('ZADD', 'z', '1', 'a', '2', 'b', '3', 'c', '4.5', 'd');
  told.push(await Promise.all(replies));
  told.push(await writer.value('EXISTS', 'z'));
  const timed = first!.value('BZPOPMIN', 'z', '0.01');
  told.push(await timed);
  const stored = second!.value('BZPOPMIN', 'to', '0');
  await blocked(1);
  await writer.value('ZADD', 'from', '1', 'a');
  await writer.value('ZUNIONSTORE', 'to', '1', 'from');
  told.push(await stored, await writer.value('EXISTS', 'to'));
  for (const client of [writer, ...waiting]) client.close();
  return told;
}

test('clients that wait for a sorted set are served in their order', async (t) => {
  const pair = await startPair(t);
  const real = await serve(pair.real.port);
  t.deepEqual(await serve(pair.ours.port), real);
});

/** Sorted sets of both encodings, scores of all kinds. */
async function fill(client: RespClient, prng: Prng): Promise<string[]> {
  const keys: string[] = [];
  for (let i = 0; i < 12; i++) {
    const key = `z${i}`;
    const count = prng.below(3) === 0 ? 200 : 1 + prng.below(20);
    const pairs: string[] = [];
    for (let j = 0; j < count; j++) {
      const score = [`${prng.below(1000)}`, `${prng.below(1000) / 7}`, 'inf', '-0', '1e300'];
      pairs.push(score[prng.below(5)]!, prng.below(2) === 0 ? `${prng.below(500)}` : `m${j}`);
    }
    await client.value('DEL', key);
    await client.value('ZADD', key, ...pairs);
    keys.push(key);
  }
  return keys;
}

async function dumpOf(client: RespClient, key: string): Promise<Buffer> {
  const reply = await client.call('DUMP', key);
  if (reply?.type !== 'bulk') throw new Error(`no dump of ${key}`);
  return Buffer.from(reply.value);
}

async function clients(pair: Pair): Promise<[RespClient, RespClient]> {
  return [await RespClient.connect(pair.real.port), await RespClient.connect(pair.ours.port)];
}

test('each takes what the other dumps, and ours nothing that is damaged', async (t) => {
  const pair = await startPair(t);
  const [real, ours] = await clients(pair);
  const keys = await fill(real, new Prng(17));
  await fill(ours, new Prng(17));
  const prng = new Prng(18);
  for (const key of keys) {
    const dump = await dumpOf(real, key);
    t.is(await ours.value('RESTORE', 'other', '0', dump, 'REPLACE'), '+OK');
    t.is(await real.value('RESTORE', 'other', '0', await dumpOf(ours, 'other'), 'REPLACE'), '+OK');
    for (const question of [
      ['ZRANGE', 'other', '0', '-1', 'WITHSCORES'],
      ['DEBUG', 'DIGEST-VALUE', 'other', key],
      ['OBJECT', 'ENCODING', 'other'],
    ]) {
      t.deepEqual(plain(await ours.call(...question)), plain(await real.call(...question)), key);
    }
    // Whatever stands there, it is taken or refused, and the server goes on.
    for (const damaged of damagedDumps(prng, dump, 40)) {
      await ours.call('RESTORE', 'damaged', '0', damaged, 'REPLACE');
      await ours.call('ZRANGE', 'damaged', '0', '-1', 'WITHSCORES');
      await ours.call('ZADD', 'damaged', '1', 'x');
    }
  }
  t.is(await ours.value('PING'), '+PONG');
  real.close();
  ours.close();
});

test('ziplists and decimals of older versions are read', async (t) => {
  const pair = await startPair(t);
  const [real, ours] = await clients(pair);
  const ziplist = Buffer.from('1800000012000000040000016103f20201620303322e35ff', 'hex');
  const decimal = Buffer.concat([
    Buffer.from([3, 4, 1, 0x61, 3, ...Buffer.from('1.5'), 1, 0x62, 254]),
    Buffer.from([1, 0x63, 255, 0xc0, 7, 1, 0x37]),
  ]);
  for (const value of [Buffer.concat([Buffer.of(12, ziplist.length), ziplist]), decimal]) {
    const payload = seal(value, 10);
    for (const command of [
      ['RESTORE', 'z', '0', payload, 'REPLACE'],
      ['ZRANGE', 'z', '0', '-1', 'WITHSCORES'],
    ]) {
      t.deepEqual(plain(await ours.call(...command)), plain(await real.call(...command)));
    }
  }
  real.close();
  ours.close();
});
