import test from 'ava';
import * as fc from 'fast-check';
import { RdbCursor } from '../../src/rdb/cursor.js';
import { encodeHeader, encodeLength, encodeString } from '../../src/rdb/encode.js';

test('a length takes 1, 2, 5 or 9 bytes, at the limits and beside them', (t) => {
  const sizes: [number, number][] = [
    [0, 1],
    [63, 1],
    [64, 2],
    [16_383, 2],
    [16_384, 5],
    [2 ** 32 - 1, 5],
    [2 ** 32, 9],
    [Number.MAX_SAFE_INTEGER, 9],
  ];
  for (const [length, bytes] of sizes) {
    const encoded = encodeLength(length);
    t.is(encoded.length, bytes, String(length));
    t.is(new RdbCursor(encoded).length(), length);
  }
});

const hex = (text: string): string => encodeString(Buffer.from(text)).toString('hex');

test('integers are stored as integers only in canonical form', (t) => {
  t.is(hex('-128'), 'c080');
  t.is(hex('127'), 'c07f');
  t.is(hex('128'), 'c18000');
  t.is(hex('-32768'), 'c10080');
  t.is(hex('32768'), 'c200800000');
  t.is(hex('-2147483648'), 'c200000080');
  t.is(hex('2147483648'), '0a' + Buffer.from('2147483648').toString('hex'));
  t.is(hex('007'), '03' + Buffer.from('007').toString('hex'));
  t.is(hex('-0'), '02' + Buffer.from('-0').toString('hex'));
  t.is(hex(''), '00');
});

test('any string comes back', (t) => {
  const strings = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.integer().map((n) => Buffer.from(String(n))),
    fc.integer({ min: 1, max: 3000 }).map((n) => Buffer.alloc(n, 'ab')),
  );
  fc.assert(
    fc.property(strings, (value) => {
      const encoded = encodeString(value);
      const cursor = new RdbCursor(encoded);
      t.deepEqual(cursor.string(), Buffer.from(value));
      t.true(cursor.atEnd);
      const skipping = new RdbCursor(encoded);
      skipping.skipString();
      t.true(skipping.atEnd);
    }),
  );
});

test('the header says where the data stands in its replication history', (t) => {
  const header = encodeHeader({
    createdAtSeconds: 1,
    usedMemoryBytes: 2,
    replication: { replid: 'f'.repeat(40), offset: 77, streamDb: 3 },
  }).toString('latin1');
  t.true(header.startsWith('REDIS0010'));
  t.true(header.includes('repl-id'));
  const without = encodeHeader({ createdAtSeconds: 1, usedMemoryBytes: 2, replication: null });
  t.false(without.toString('latin1').includes('repl-id'));
});
