/** The commands about bits: what Redis answers, and what it refuses. */
import { Prng } from '../../src/base/prng.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { compare, startPair } from './compare.js';

test('bits: SETBIT GETBIT BITCOUNT BITPOS BITOP', async (t) => {
  const pair = await startPair(t);
  await compare(t, pair, [
    'SETBIT',
    'SETBIT k 1',
    'SETBIT k -1 1',
    'SETBIT k x 1',
    'SETBIT k 01 1',
    'SETBIT k 4294967296 1',
    'SETBIT k 9223372036854775807 1',
    'SETBIT k 1 2',
    'SETBIT k 1 -1',
    'SETBIT k 1 x',
    'EXISTS k',
    'SETBIT k 1 0',
    'GET k',
    'SETBIT k 1 1',
    'SETBIT k 1 1',
    'SETBIT k 77 1',
    'GET k',
    'STRLEN k',
    'GETBIT k 1',
    'GETBIT k 77',
    'GETBIT k 78',
    'GETBIT k 4294967295',
    'GETBIT k 4294967296',
    'GETBIT k -1',
    'GETBIT k',
    'GETBIT nosuch 5',
    'SET n 12',
    'GETBIT n 3',
    'BITCOUNT n',
    'SETBIT n 3 0',
    'GET n',
    'BITCOUNT',
    'BITCOUNT nosuch',
    'BITCOUNT nosuch 1',
    'BITCOUNT nosuch x y z',
    'BITCOUNT k 1',
    'BITCOUNT k 1 x',
    'BITCOUNT k x 1',
    'BITCOUNT k 0 -1 what',
    'BITCOUNT k -1 -2 what',
    'BITCOUNT k 0 -1 BIT more',
    'BITCOUNT k 0 -1 bit',
    'BITCOUNT k 1 1 byte',
    'BITPOS',
    'BITPOS k',
    'BITPOS k 2',
    'BITPOS k x',
    'BITPOS nosuch 0',
    'BITPOS nosuch 1',
    'BITPOS nosuch 1 x y z',
    'BITPOS k 1 x',
    'BITPOS k 1 0 x',
    'BITPOS k 1 0 x what',
    'BITPOS k 1 0 1 what',
    'BITPOS k 1 0 1 BIT more',
    'SET ones "\\xff\\xff\\xff"',
    'BITPOS ones 0',
    'BITPOS ones 0 0',
    'BITPOS ones 0 3',
    'BITPOS ones 0 0 -1',
    'BITPOS ones 0 -3 -5',
    'BITPOS ones 0 -10 -20',
    'BITPOS ones 1 -10 -20',
    'BITPOS ones 0 0 22 BIT',
    'SET none ""',
    'BITPOS none 0',
    'BITPOS none 1',
    'BITPOS none 0 0 -1',
    'BITCOUNT none 0 -1 BIT',
    'BITOP',
    'BITOP NOT d',
    'BITOP NOT d a b',
    'BITOP NAND d a b',
    'BITOP AND d nosuch',
    'EXISTS d',
    'SET d x',
    'BITOP or d nosuch none',
    'EXISTS d',
    'BITOP not d ones',
    'GET d',
    'BITOP xor ones ones k n',
    'GET ones',
    'SET number 5',
    'BITOP OR number number',
    'SET expiring x EX 100',
    'BITOP OR expiring number',
    'TTL expiring',
  ]);
});

test('bit fields: BITFIELD BITFIELD_RO', async (t) => {
  const pair = await startPair(t);
  await compare(t, pair, [
    'BITFIELD',
    'BITFIELD k',
    'EXISTS k',
    'BITFIELD k GET',
    'BITFIELD k GET u8',
    'BITFIELD k GET x8 0',
    'BITFIELD k GET u64 0',
    'BITFIELD k GET u0 0',
    'BITFIELD k GET i65 0',
    'BITFIELD k GET u08 0',
    'BITFIELD k GET u8 -1',
    'BITFIELD k GET u8 #-1',
    'BITFIELD k GET u8 #',
    'BITFIELD k GET u8 x',
    'BITFIELD k GET u8 4294967296',
    'BITFIELD k GET u8 4294967295',
    'BITFIELD k GET u8 #2305843009213693952',
    'BITFIELD k GET u8 #1152921504606846976',
    'BITFIELD k SET u8 0 x',
    'BITFIELD k SET u8 0 300 GET u8 0',
    'BITFIELD k SET i8 0 -1 SET i8 0 128 GET u8 0',
    'BITFIELD k OVERFLOW',
    'BITFIELD k OVERFLOW what',
    'BITFIELD k OVERFLOW SAT',
    'BITFIELD k OVERFLOW sat SET u8 0 -1 GET u8 0',
    'BITFIELD k OVERFLOW SAT SET i8 0 -9223372036854775808 GET i8 0',
    'BITFIELD k OVERFLOW SAT SET i8 0 -9223372036854775000 GET i8 0',
    'BITFIELD k OVERFLOW SAT SET i8 0 -9223372036854775681 GET i8 0',
    'BITFIELD k OVERFLOW SAT SET i8 0 -9223372036854775680 GET i8 0',
    'BITFIELD k OVERFLOW FAIL SET u8 0 256 INCRBY u8 0 255 OVERFLOW WRAP INCRBY u8 0 255',
    'BITFIELD k SET i64 3 9223372036854775807 OVERFLOW SAT INCRBY i64 3 1',
    'BITFIELD k SET i64 3 -9223372036854775808 OVERFLOW SAT INCRBY i64 3 -1',
    'BITFIELD k OVERFLOW WRAP INCRBY i64 3 -1 SET u63 #1 -1',
    'GET k',
    'SET n 12',
    'BITFIELD n GET u8 0 GET u8 #1 GET u8 #2',
    'BITFIELD n INCRBY u8 #1 1',
    'GET n',
    'BITFIELD fresh OVERFLOW FAIL SET u2 30 9',
    'STRLEN fresh',
    'BITFIELD_RO',
    'BITFIELD_RO k',
    'BITFIELD_RO k GET u8 #0 GET i9 3',
    'BITFIELD_RO nosuch GET u8 0',
    'BITFIELD_RO k SET u8 0 1',
    'BITFIELD_RO k SET u8 0 x',
    'BITFIELD_RO k OVERFLOW FAIL GET u8 0',
  ]);
});

test('random bits and fields are the same', async (t) => {
  const pair = await startPair(t);
  const random = new Prng(31);
  const pick = (...words: readonly string[]): string => words[random.below(words.length)] ?? '';
  const key = (): string => pick('a', 'b', 'c', 'd');
  const signed = (size: number): number => random.below(2 * size) - size;
  const number = (): string =>
    pick(
      String(signed(300)),
      String(signed(2 ** 40)),
      `${signed(9)}22337203685477580${random.below(9)}`,
    );
  const field = (): string => {
    const bits = 1 + random.below(64);
    const type = bits < 64 ? pick('u', 'i') : 'i';
    return `${type}${bits} ${pick(`#${random.below(6)}`, String(random.below(300)))}`;
  };
  const operation = (): string => {
    const overflow = pick('', 'OVERFLOW WRAP ', 'OVERFLOW SAT ', 'OVERFLOW FAIL ');
    return pick(
      `GET ${field()}`,
      `${overflow}SET ${field()} ${number()}`,
      `${overflow}INCRBY ${field()} ${number()}`,
    );
  };
  const range = (): string =>
    pick('', ` ${signed(40)} ${signed(40)}`, ` ${signed(300)} ${signed(300)} BIT`);
  const line = (): string =>
    pick(
      `SETBIT ${key()} ${random.below(300)} ${random.below(2)}`,
      `GETBIT ${key()} ${random.below(300)}`,
      `BITCOUNT ${key()}${range()}`,
      `BITPOS ${key()} ${random.below(2)}${range()}`,
      `BITPOS ${key()} ${random.below(2)} ${signed(40)}`,
      `BITOP ${pick('AND', 'OR', 'XOR')} ${key()} ${key()} ${key()} ${key()}`,
      `BITOP NOT ${key()} ${key()}`,
      `BITFIELD ${key()} ${operation()} ${operation()}`,
      `SETRANGE ${key()} ${random.below(60)} ${pick('x', 'some more text, of two vectors or so')}`,
      `GET ${key()}`,
      `SET ${key()} "\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe"`,
      `DEL ${key()}`,
    );
  await compare(t, pair, Array.from({ length: 2500 }, line), { protocols: [2] });
});
