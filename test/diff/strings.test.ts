/** The commands about strings: what Redis answers, and what it refuses. */
import { Prng } from '../../src/base/prng.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { compare, startPair } from './compare.js';

test('strings: whole and in part', async (t) => {
  const pair = await startPair(t);
  await compare(t, pair, [
    'MSETNX a 1 b 2 a 3',
    'MGET a b',
    'MSETNX c 1 a 2',
    'EXISTS c',
    'MSETNX c',
    'MSETNX c 1 d',
    'MSET a',
    'MSET a 1 b',
    'SETRANGE a 3 xyz',
    'GET a',
    'SETRANGE a 1 ""',
    'SETRANGE nosuch 5 ""',
    'EXISTS nosuch',
    'SETRANGE nosuch 5 z',
    'GET nosuch',
    'SETRANGE a -1 x',
    'SETRANGE a -1 ""',
    'SETRANGE a x x',
    'SETRANGE a 536870911 xx',
    'SETRANGE a 536870912 ""',
    'SETRANGE a 9223372036854775807 x',
    'SETRANGE a 9223372036854775808 x',
    'SETRANGE a 1',
    'GETRANGE a 0 -1',
    'GETRANGE a 2 1',
    'GETRANGE a -2 -1',
    'GETRANGE a -1 -2',
    'GETRANGE a -100 -101',
    'GETRANGE a -101 -100',
    'GETRANGE a 100 200',
    'GETRANGE a -9223372036854775808 9223372036854775807',
    'GETRANGE a x 1',
    'GETRANGE a 1 x',
    'GETRANGE nosuch x 1',
    'GETRANGE none 0 -1',
    'GETRANGE a 1',
    'SUBSTR a 1 2',
    'SUBSTR a 1',
    'SET e ""',
    'GETRANGE e 0 -1',
    'GETRANGE e -1 -1',
    'APPEND e ""',
    'APPEND e x',
    'APPEND',
    'STRLEN e f',
    'SET k v NX XX',
    'SET k v GET XX',
    'SET k v NX GET',
    'SET k w NX GET',
    'SET k w XX GET',
    'SET k v EX 10 PX 10',
    'SET k v EX 10 KEEPTTL',
    'SET k v EX',
    'SET k v EX x',
    'SET k v EX 0',
    'SET k v PX -1',
    'SET k v EX 9223372036854775807',
    'SET k v EX 9223372036854775',
    'SET k v PX 9223372036854775807',
    'SET k v PXAT 9223372036854775807',
    'TTL k',
    'SET k v EXAT 1',
    'GET k',
    'SET k v PXAT 1 GET',
    'SET k v what',
    'SET k v KEEPTTL KEEPTTL',
    'SET k v GET GET NX',
    'SETEX k 0 v',
    'SETEX k x v',
    'SETEX k 9223372036854775 v',
    'PSETEX k 9223372036854775807 v',
    'PSETEX k -1 v',
    'GETEX k EX',
    'GETEX k EX 10 PERSIST',
    'GETEX k PERSIST EX 10',
    'GETEX k PERSIST PERSIST',
    'GETEX k EX 0',
    'GETEX k KEEPTTL',
    'GETEX k NX',
    'GETEX nosuch2 EX x',
    'GETEX nosuch2 EX 10 PX 10',
    'GETEX k EX 100',
    'TTL k',
    'GETEX k PXAT 1',
    'EXISTS k',
    'GETDEL k',
    'GETDEL a b',
    'GETSET k 1',
    'GETSET k 2',
    'GETSET k',
  ]);
});

test('strings: numbers', async (t) => {
  const pair = await startPair(t);
  await compare(t, pair, [
    'SET n 9223372036854775806',
    'INCR n',
    'INCR n',
    'DECRBY n -1',
    'DECRBY n -9223372036854775808',
    'INCRBY n -9223372036854775808',
    'INCRBY n 9223372036854775808',
    'INCRBY n 01',
    'INCRBY n " 1"',
    'SET n " 1"',
    'INCR n',
    'SET n "1 "',
    'INCR n',
    'INCRBYFLOAT n 1',
    'SET n " 1"',
    'INCRBYFLOAT n 1',
    'SET n 1',
    'INCRBYFLOAT n',
    'INCRBYFLOAT n " 1"',
    'INCRBYFLOAT n ""',
    'INCRBYFLOAT n abc',
    'INCRBYFLOAT n 1e',
    'INCRBYFLOAT n .',
    'INCRBYFLOAT n 1.',
    'INCRBYFLOAT n .5',
    'INCRBYFLOAT n +1.5e+1',
    'INCRBYFLOAT n 0x1.8p1',
    'INCRBYFLOAT n 0X.8',
    'INCRBYFLOAT n 0x',
    'INCRBYFLOAT n 0x1p',
    'INCRBYFLOAT n nan',
    'INCRBYFLOAT n nan(12)',
    'INCRBYFLOAT n inf',
    'INCRBYFLOAT n -Infinity',
    'INCRBYFLOAT n infinit',
    'INCRBYFLOAT n 1e4932',
    'INCRBYFLOAT n 1e4933',
    'INCRBYFLOAT n 1e99999999999999999999',
    'INCRBYFLOAT n 1e-4950',
    'INCRBYFLOAT n 1e-4960',
    'INCRBYFLOAT n 0e-99999',
    'INCRBYFLOAT n "1\\x00"',
    'DEL n',
    'INCRBYFLOAT n 3.6e-4951',
    'INCRBYFLOAT n 1.8e-4951',
    'INCRBYFLOAT n 1.9e-4951',
    'SET n 1.1897314953572317650e4932',
    'INCRBYFLOAT n 1.1897314953572317650e4932',
    'INCRBYFLOAT n -1.1897314953572317650e4932',
    'SET n inf',
    'INCRBYFLOAT n -inf',
    'INCRBYFLOAT n 1',
    'SET n 5.0e3',
    'INCRBYFLOAT n 200',
    'SET n 10.50',
    'INCRBYFLOAT n 0.1',
    'INCRBYFLOAT n -5',
    'INCRBYFLOAT n -5.6',
    'SET n -0.000000000000000001',
    'INCRBYFLOAT n 0',
    'SET n 9007199254740993',
    'INCRBYFLOAT n 0.5',
    'SET n 3',
    'EXPIRE n 100',
    'INCRBYFLOAT n 1',
    'TTL n',
    'INCR n',
    'INCRBYFLOAT fresh -0',
  ]);
});

test('sums of random decimals have the same digits', async (t) => {
  const pair = await startPair(t);
  const random = new Prng(17);
  const digits = (count: number): string =>
    Array.from({ length: count }, () => random.below(10)).join('');
  const decimal = (): string => {
    const sign = random.chance(0.3) ? '-' : '';
    const fraction = random.chance(0.8) ? `.${digits(1 + random.below(25))}` : '';
    const range = random.chance(0.1) ? 9900 : 40;
    const exponent = random.chance(0.3) ? `e${random.below(range) - range / 2}` : '';
    return `${sign}${digits(1 + random.below(22))}${fraction}${exponent}`;
  };
  const lines = Array.from({ length: 1000 }, () => {
    const key = `k${random.below(4)}`;
    return random.chance(0.3) ? `SET ${key} ${decimal()}` : `INCRBYFLOAT ${key} ${decimal()}`;
  });
  await compare(t, pair, lines, { protocols: [2] });
});

test('LCS: subsequence, length and runs', async (t) => {
  const pair = await startPair(t);
  const random = new Prng(5);
  const text = (): string =>
    Array.from({ length: random.below(30) }, () => 'abcd'.charAt(random.below(4))).join('');
  const options = ['', ' LEN', ' IDX', ' IDX WITHMATCHLEN', ' IDX MINMATCHLEN 3 WITHMATCHLEN'];
  const lines = Array.from({ length: 100 }, () => [
    `MSET a "${text()}" b "${text()}"`,
    ...options.map((option) => `LCS a b${option}`),
  ]).flat();
  await compare(t, pair, [
    'LCS a',
    'LCS a b',
    'LCS a b IDX',
    'SET a ohmytext',
    'SET b mynewtext',
    'LCS a b',
    'LCS a a IDX WITHMATCHLEN',
    'LCS a b LEN IDX',
    'LCS a b what',
    'LCS a b MINMATCHLEN',
    'LCS a b IDX MINMATCHLEN x',
    'LCS a b IDX MINMATCHLEN -5',
    'LCS a nosuch LEN',
    'SETRANGE c 20000 x',
    'LCS c c',
    ...lines,
  ]);
});

test('a lower proto-max-bulk-len bounds strings that grow', async (t) => {
  const pair = await startPair(t, ['proto-max-bulk-len 1048576']);
  await compare(t, pair, [
    'SETRANGE a 1048575 x',
    'SETRANGE a 1048576 x',
    'SETRANGE nosuch 1048576 x',
    'APPEND a x',
    'APPEND a ""',
    'SETBIT a 8388607 1',
    'SETBIT a 8388608 1',
    'GETBIT a 8388608',
    'BITFIELD b SET u8 8388607 255 GET u8 8388607',
    'STRLEN b',
    'BITFIELD b SET u8 8388608 255',
    'BITFIELD b GET u8 8388608',
    'LCS a a',
  ]);
});

test('the encoding of a string depends on how it came to be', async (t) => {
  const pair = await startPair(t);
  const real = await RespClient.connect(pair.real.port);
  const ours = await RespClient.connect(pair.ours.port);
  for (const line of [
    'SET k 12',
    'SET k abc',
    `SET k ${'x'.repeat(44)}`,
    `SET k ${'x'.repeat(45)}`,
    'SET k 9223372036854775808',
    'GETSET k 5',
    'APPEND k 5',
    'APPEND k abc',
    'EXPIRE k 100',
    'RENAME k l',
    'RENAME l k',
    'PERSIST k',
    'GETEX k EX 100',
    'SET k 5 KEEPTTL',
    'INCRBYFLOAT k 1',
    'INCRBYFLOAT k 1.5',
    'RENAME k l',
    'RENAME l k',
    'SET k 5',
    'APPEND k ""',
    'INCR k',
    'SETRANGE k 0 ""',
    'SETRANGE k 0 7',
    'SETEX k 100 7',
    'SETBIT k 7 1',
    'MSET k 7',
    'SETBIT k 7 1',
    'PSETEX k 1000 7',
    'BITFIELD k GET u8 0',
    'BITFIELD k INCRBY u8 0 0',
    'DEL k',
    'SETRANGE k 1 7',
    'DEL k',
    'SETBIT k 2 1',
    'DEL k',
    'BITFIELD k SET u8 0 51',
    'SET l 5',
    'BITOP OR k l',
    'DEL k',
    'INCRBYFLOAT k 3',
    'DEL k',
    'MSETNX k 3',
  ]) {
    for (const client of [real, ours]) await client.call(...line.split(' '));
    const expected = plain(await real.call('OBJECT', 'ENCODING', 'k'));
    const actual: unknown = pair.ours.services.keyspace.db(0).encodingOf(Buffer.from('k'));
    t.is(actual, expected, line);
  }
  real.close();
  ours.close();
});
