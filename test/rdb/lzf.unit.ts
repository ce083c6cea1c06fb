import test from 'ava';
import * as fc from 'fast-check';
import { RingleaderError } from '../../src/base/errors.js';
import { compress, decompress } from '../../src/rdb/lzf.js';

/** Few distinct bytes in runs: what compresses. */
const compressible = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 400 })), {
    maxLength: 30,
  })
  .map((runs) => Buffer.concat(runs.map(([byte, length]) => Buffer.alloc(length, byte))));

test('what was compressed comes back, and is shorter', (t) => {
  fc.assert(
    fc.property(fc.oneof(compressible, fc.uint8Array({ maxLength: 2000 })), (bytes) => {
      const packed = compress(bytes);
      if (packed === null) return;
      t.true(packed.length <= bytes.length - 4);
      t.deepEqual(Buffer.from(decompress(packed, bytes.length)), Buffer.from(bytes));
    }),
  );
});

test('a run of one byte becomes references into itself', (t) => {
  const packed = compress(Buffer.alloc(10_000, 'a'));
  t.truthy(packed);
  t.true(packed!.length < 200);
});

test('what does not shrink is refused', (t) => {
  t.is(compress(Buffer.from('abc')), null);
  t.is(compress(Buffer.from(Array.from({ length: 200 }, (_, i) => i))), null);
});

for (const [name, bytes, length] of [
  ['a literal cut short', [5, 1, 2], 6],
  ['a reference cut short', [0, 65, 0x20], 4],
  ['a long reference cut short', [0, 65, 0xe0], 40],
  ['a reference before the start', [0, 65, 0x20, 5], 4],
  ['more than announced', [2, 65, 66, 67], 2],
  ['a reference that makes more than announced', [0, 65, 0x20, 0], 3],
  ['less than announced', [2, 65, 66, 67], 5],
  ['an announcement beyond what the bytes could make', [2, 65, 66, 67], 500_000_000],
] as const) {
  test(`${name} is an error`, (t) => {
    t.throws(() => decompress(Uint8Array.from(bytes), length), { code: 'PROTOCOL_ERROR' });
  });
}

test('no bytes crash or hang the decompressor', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 0, max: 4096 }), (bytes, n) => {
      try {
        t.is(decompress(bytes, n).length, n);
      } catch (error) {
        t.true(error instanceof RingleaderError, String(error));
      }
    }),
  );
});
