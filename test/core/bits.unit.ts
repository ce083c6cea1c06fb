/**
 * The core's commands on parts and bits of strings, against the simplest code that does the same.
 */
import * as fc from 'fast-check';
import test from 'ava';
import { Bench } from './fixtures/bench.js';

const bytes = fc.uint8Array({ maxLength: 1200 });
/** Mostly zeros or mostly ones, so that runs are long. */
const plain = fc
  .tuple(fc.constantFrom(0, 255), fc.nat(700), fc.array(fc.nat(6000), { maxLength: 2 }))
  .map(([fill, length, flips]) => {
    const made = new Uint8Array(length).fill(fill);
    for (const bit of flips) made[bit >> 3] = (made[bit >> 3] ?? 0) ^ (128 >> (bit & 7));
    return made.subarray(0, length);
  });
const value = fc.oneof(bytes, plain).map((array) => Buffer.from(array));
const end = fc.integer({ min: -10_000, max: 10_000 });

const bitsOf = (string: Uint8Array): number[] =>
  [...string].flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((shift) => (byte >> shift) & 1));

/** A range as Redis takes it, in place of a slice's: both ends included, negative from the end. */
function clamp(from: number, to: number, length: number): [number, number] {
  const first = from < 0 ? Math.max(0, length + from) : from;
  const last = to < 0 ? Math.max(0, length + to) : to;
  return [first, Math.min(last, length - 1) + 1];
}

test('BITCOUNT counts, of any range', (t) => {
  const bench = new Bench();
  fc.assert(
    fc.property(value, end, end, fc.boolean(), (string, from, to, isBits) => {
      bench.run(['SET', 'k', string]);
      const bits = bitsOf(string);
      const all = bits.filter((bit) => bit === 1).length;
      t.is(bench.run('BITCOUNT k'), `:${all}\r\n`);
      const [first, last] = clamp(from, to, isBits ? bits.length : string.length);
      const scale = isBits ? 1 : 8;
      const isReversed = from < 0 && to < 0 && from > to;
      const part = isReversed ? [] : bits.slice(first * scale, last * scale);
      const expected = part.filter((bit) => bit === 1).length;
      t.is(bench.run(`BITCOUNT k ${from} ${to} ${isBits ? 'BIT' : 'BYTE'}`), `:${expected}\r\n`);
    }),
    { numRuns: 300 },
  );
});

test('BITPOS finds the first bit, in any range', (t) => {
  const bench = new Bench();
  fc.assert(
    fc.property(value, fc.nat(1), end, end, fc.boolean(), (string, bit, from, to, isBits) => {
      bench.run(['SET', 'k', string]);
      const bits = bitsOf(string);
      const first = bits.indexOf(bit);
      const open = string.length === 0 || bit === 1 ? -1 : bits.length;
      t.is(bench.run(`BITPOS k ${bit}`), `:${first < 0 ? open : first}\r\n`);
      const [begin, stop] = clamp(from, to, isBits ? bits.length : string.length);
      const scale = isBits ? 1 : 8;
      const found = bits.slice(0, stop * scale).indexOf(bit, begin * scale);
      const unit = isBits ? 'BIT' : 'BYTE';
      t.is(bench.run(`BITPOS k ${bit} ${from} ${to} ${unit}`), `:${found}\r\n`);
    }),
    { numRuns: 300 },
  );
});

test('BITOP combines strings of any lengths, into one of them too', (t) => {
  const bench = new Bench();
  const operations = {
    AND: (a: number, b: number): number => a & b,
    OR: (a: number, b: number): number => a | b,
    XOR: (a: number, b: number): number => a ^ b,
  };
  const name = fc.constantFrom('AND' as const, 'OR' as const, 'XOR' as const);
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), name, (strings, operation) => {
      strings.forEach((string, i) => bench.run(['SET', `k${i}`, string]));
      const length = Math.max(...strings.map((string) => string.length));
      const padded = strings.map((string) => Buffer.concat([string], length));
      const expected = Buffer.from(
        padded.reduce((a, b) =>
          Buffer.from(a.map((byte, i) => operations[operation](byte, b[i] ?? 0))),
        ),
      );
      const keys = strings.map((_, i) => `k${i}`);
      t.is(bench.run(['BITOP', operation, 'k0', ...keys]), `:${length}\r\n`);
      t.is(bench.run('EXISTS k0'), length === 0 ? ':0\r\n' : ':1\r\n');
      const text = expected.toString('latin1');
      if (length > 0) t.is(bench.run('GET k0'), `$${length}\r\n${text}\r\n`);
    }),
    { numRuns: 200 },
  );
});

test('SETRANGE and SETBIT make a string longer with zeros, and keep its expiry', (t) => {
  const bench = new Bench();
  bench.run('SET k abc PX 1000');
  t.is(bench.run('SETRANGE k 1000 xyz'), ':1003\r\n');
  t.is(bench.run('SETBIT k 16007 1'), ':0\r\n');
  t.is(bench.run('PTTL k'), ':1000\r\n');
  t.is(bench.run('STRLEN k'), ':2001\r\n');
  const expected = `abc${'\0'.repeat(997)}xyz${'\0'.repeat(997)}\x01`;
  t.is(bench.run('GET k'), `$2001\r\n${expected}\r\n`);
  t.is(bench.run('GETRANGE k 998 1003'), '$6\r\n\0\0xyz\0\r\n');
});

test('what there is no memory for changes nothing', (t) => {
  const bench = new Bench({}, 100);
  const oom = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
  bench.run('SET k abc');
  t.is(bench.run('SETRANGE k 100000000 x'), oom);
  t.is(bench.run('SETBIT k 800000000 1'), oom);
  t.is(bench.run('SETBIT fresh 800000000 1'), oom);
  t.is(bench.run('GET k'), '$3\r\nabc\r\n');
  t.is(bench.run('EXISTS fresh'), ':0\r\n');
  t.deepEqual(bench.streamed(), ['SELECT 0', 'SET k abc']);
});

test('a replica grows a string by whatever its master did, as far as memory goes', (t) => {
  const bench = new Bench();
  bench.core.setProtoMaxBulk(1024);
  t.regex(bench.run('SETRANGE k 1024 x'), /^-ERR string exceeds maximum allowed size/);
  t.regex(bench.run('SETBIT k 8192 1'), /^-ERR bit offset is not an integer/);
  bench.raw('*4\r\n$8\r\nSETRANGE\r\n$1\r\nk\r\n$4\r\n1024\r\n$1\r\nx\r\n', 8);
  t.is(bench.run('STRLEN k'), ':1025\r\n');
});

test('MSETNX sets all of the keys or none, and an expired one counts as missing', (t) => {
  const bench = new Bench();
  bench.run('SET old v PX 5');
  t.is(bench.run('MSETNX a 1 old 2'), ':0\r\n');
  t.is(bench.run('EXISTS a'), ':0\r\n');
  bench.pass(6);
  t.is(bench.run('MSETNX a 1 old 2 a 3'), ':1\r\n');
  t.is(bench.run('MGET a old'), '*2\r\n$1\r\n3\r\n$1\r\n2\r\n');
  const expiry = bench.nowMs - 1;
  t.deepEqual(bench.streamed(), [
    'SELECT 0',
    `SET old v PXAT ${expiry}`,
    'DEL old',
    'MSETNX a 1 old 2 a 3',
  ]);
});
