/** Lists: clients that wait for elements, RDB both ways, and SORT, beside real Redis. */
import { splitArgs } from '../../src/resp/split-args.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';
import { compare, startPair } from './compare.js';

/** A line is a client's name and what it sends; `…` behind it: it blocks. */
const SCENES: readonly (readonly string[])[] = [
  ['a: BLPOP k 0 …', 'b: BRPOP k 0 …', 'c: RPUSH k 1 2 3', 'c: LRANGE k 0 -1'],
  ['a: BLPOP x y 0 …', 'c: MULTI', 'c: RPUSH y 1', 'c: RPUSH x 2', 'c: EXEC', 'c: LLEN x'],
  ['a: BLPOP k 0 …', 'c: MULTI', 'c: RPUSH k 1', 'c: DEL k', 'c: EXEC', 'c: RPUSH k 2'],
  ['a: BLMOVE k l LEFT RIGHT 0 …', 'b: BLPOP l 0 …', 'c: LPUSH k 1', 'c: EXISTS k l'],
  ['c: SET l x', 'a: BRPOPLPUSH k l 0 …', 'c: LPUSH k 1', 'c: LRANGE k 0 -1'],
  ['a: BLPOP k 0 …', 'c: SET k x', 'c: DEL k', 'c: SETBIT k 1 1', 'c: DEL k', 'c: LPUSH k 1'],
  ['a: BLPOP k 0 …', 'c: RPUSH other 1 2', 'c: RENAME other k', 'c: LRANGE k 0 -1'],
  ['a: BLPOP k 0 …', 'c: RPUSH other 1 2', 'c: COPY other k', 'c: LRANGE k 0 -1'],
  ['a: BLPOP k 0 …', 'c: RPUSH o 3 1 2', 'c: SORT o STORE k', 'c: LRANGE k 0 -1'],
  ['a: BLPOP k 0 …', 'c: SELECT 1', 'c: RPUSH k 1', 'c: SWAPDB 0 1', 'c: SELECT 0', 'c: LLEN k'],
  ['a: BLMPOP 0 2 k l RIGHT COUNT 2 …', 'c: RPUSH l 1 2 3', 'c: LRANGE l 0 -1'],
  ['a: BLPOP k k 0 …', 'c: CLIENT UNBLOCK @a', 'c: RPUSH k 1', 'c: LLEN k'],
  ['a: BLPOP k 0 …', 'c: CLIENT UNBLOCK @a ERROR', 'c: CLIENT UNBLOCK @a'],
  ['a: BLPOP k 0.01 …', 'b: BLMOVE k l LEFT LEFT 0.01 …', 'c: PING'],
  ['a: MULTI', 'a: BLPOP k 0', 'a: BLMOVE k l LEFT LEFT 0', 'a: BLMPOP 0 1 k LEFT', 'a: EXEC'],
];

test('clients that wait for elements are served as by Redis', async (t) => {
  const pair = await startPair(t);
  for (const scene of SCENES) {
    const [real, ours] = await Promise.all([
      perform(pair.real.port, scene),
      perform(pair.ours.port, scene),
    ]);
    t.deepEqual(ours, real, scene.join('; '));
  }
});

/** @returns what each client was answered, in order. */
async function perform(port: number, scene: readonly string[]): Promise<Record<string, unknown[]>> {
  const eye = await RespClient.connect(port);
  await eye.call('FLUSHALL');
  const clients = new Map<string, { client: RespClient; id: string; owed: number }>();
  const answers: Record<string, unknown[]> = {};
  let blocked = 0;
  for (const line of scene) {
    const [, name = '', command = '', waits] = /^(\w+): (.*?)( …)?$/.exec(line) ?? [];
    let actor = clients.get(name);
    if (actor === undefined) {
      const client = await RespClient.connect(port);
      actor = { client, id: String(await client.value('CLIENT', 'ID')), owed: 0 };
      clients.set(name, actor);
      answers[name] = [];
    }
    const text = command.replace(/@(\w+)/g, (_, other: string) => clients.get(other)?.id ?? '0');
    const words = splitArgs(text) ?? [];
    if (waits === undefined) answers[name]?.push(plain(await actor.client.call(...words)));
    else {
      actor.owed++;
      blocked++;
      const isTimed = / 0\.\d+$/.test(command);
      actor.client.write(`${text}\r\n`);
      const expected = `blocked_clients:${blocked}\r`;
      if (isTimed) blocked--;
      else await until(async () => String(await eye.value('INFO', 'clients')).includes(expected));
    }
  }
  for (const [name, { client, owed }] of clients) {
    for (let left = owed; left > 0; left--) answers[name]?.push(plain(await client.next()));
    client.close();
  }
  await until(async () => /blocked_clients:0\r/.test(String(await eye.value('INFO', 'clients'))));
  eye.close();
  return answers;
}

const LONG = 'x'.repeat(3000);

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test('lists of all encodings go both ways, and SORT finds what patterns say', async (t) => {
  const pair = await startPair(t, ['list-max-listpack-size 16']);
  await compare(t, pair, [
    'RPUSH small a 1 -1 128 32768 2147483648 9223372036854775807 ""',
    `RPUSH long ${`${LONG} `.repeat(9)} end`,
    'DEBUG QUICKLIST-PACKED-THRESHOLD 100b',
    `RPUSH plain a ${LONG} b ${LONG} ${LONG} c`,
    `LSET plain 0 ${LONG}`,
    'LSET plain 1 short',
    `LINSERT plain AFTER short ${LONG}y`,
    'LREM plain 1 c',
    'DEBUG QUICKLIST-PACKED-THRESHOLD 0',
    'MSET weight_1 30 weight_2 20 weight_3 10 name_1 one name_3 three',
    'RPUSH ids 1 2 3',
    'HSET h1 f 3',
    'HSET h2 f 1',
    'SORT ids BY weight_* GET # GET name_*',
    'SORT ids BY h*->f DESC GET h*->f STORE sorted',
    'LRANGE sorted 0 -1',
    'SORT ids BY nosort LIMIT 1 2 DESC',
    'SORT small',
    'SORT small ALPHA DESC LIMIT 2 3',
    'LPOS small 1 RANK -9223372036854775808',
    'LPOS small -1 RANK -9223372036854775808',
    'LPOS small -1 RANK -9223372036854775807',
    String.raw`RPUSH nuls "1\x00b" "1\x00a" 1 0`,
    'SORT nuls ALPHA',
    'SORT nuls ALPHA DESC',
    'SORT nuls ALPHA STORE sorted-nuls',
    'LRANGE sorted-nuls 0 -1',
    'SORT_RO ids STORE x',
    // Which of many equals come where.
    `RPUSH many ${numbers(70).join(' ')}`,
    `MSET ${numbers(70)
      .map((i) => `text_${i} ${(i * 7) % 5}`)
      .join(' ')}`,
    ...['0 3', '10 20', '60 100'].flatMap((limit) => [
      `SORT many BY text_* ALPHA LIMIT ${limit}`,
      `SORT many BY text_* ALPHA DESC LIMIT ${limit}`,
    ]),
    `ZADD places ${numbers(70)
      .map((i) => `${i % 4} p${i}`)
      .join(' ')}`,
    ...[1, 9, 40].flatMap((count) => [
      `GEOSEARCH places FROMMEMBER p0 BYRADIUS 1000 km COUNT ${count} ASC`,
      `GEOSEARCH places FROMMEMBER p0 BYRADIUS 1000 km COUNT ${count} DESC`,
    ]),
    'DEBUG DIGEST',
  ]);
  for (const [from, to] of [
    [pair.real.port, pair.ours.port],
    [pair.ours.port, pair.real.port],
  ] as const) {
    const source = await RespClient.connect(from);
    const target = await RespClient.connect(to);
    for (const key of ['small', 'long', 'plain', 'sorted']) {
      const dump = await source.call('DUMP', key);
      t.true(dump?.type === 'bulk');
      if (dump?.type !== 'bulk') continue;
      t.is(await target.value('RESTORE', `${key}2`, '0', Buffer.from(dump.value)), '+OK');
      const digest = await source.value('DEBUG', 'DIGEST-VALUE', key);
      t.deepEqual(await target.value('DEBUG', 'DIGEST-VALUE', `${key}2`), digest, key);
    }
    source.close();
    target.close();
  }
});

/** Payloads of the types that older versions wrote: a list, a ziplist, nodes of ziplists. */
const OLD: readonly string[] = [
  '0103 0161 c0ff c17f00',
  '0a 19 19000000 14000000 0500 00 0161 03 f6 02 fe80 03 c00008 04 02 6262 ff',
  '0e 02 0d 0d000000 0a000000 0100 00 0161 ff 0c 0c000000 0a000000 0100 00 f2 ff',
  '0e 01 0b 0b000000 0a000000 0000 ff', // No elements.
  '12 01 03 07 07000000 0000 ff', // No such container.
  '12 01 02 07 07000000 0100 ff', // One element announced, none there.
  '12 01 01 03 616263',
  '0100',
];

test('what older versions wrote, or nobody, is taken or refused as by Redis', async (t) => {
  const pair = await startPair(t, [], ['sanitize-dump-payload yes']);
  for (const port of [pair.real.port, pair.ours.port]) {
    const client = await RespClient.connect(port);
    await client.call('DEBUG', 'SET-SKIP-CHECKSUM-VALIDATION', '1');
    client.close();
  }
  const escaped = OLD.map((hex) => {
    const bytes = `${hex.replaceAll(' ', '')}0a00${'00'.repeat(8)}`;
    return bytes.replace(/../g, String.raw`\x$&`);
  });
  await compare(
    t,
    pair,
    escaped.flatMap((payload, i) => [
      `RESTORE k${i} 0 "${payload}"`,
      `LRANGE k${i} 0 -1`,
      `OBJECT ENCODING k${i}`,
    ]),
  );
});
