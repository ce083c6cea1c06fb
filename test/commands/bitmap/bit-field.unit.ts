/** Bit fields hold what was written, touch nothing else, and overflow as they are told. */
import * as fc from 'fast-check';
import test from 'ava';
import {
  addToField,
  fitField,
  readField,
  writeField,
} from '../../../src/commands/bitmap/bit-field.js';

const field = fc
  .tuple(fc.boolean(), fc.integer({ min: 1, max: 64 }), fc.nat(200))
  .map(([isSigned, bits, offset]) => ({
    isSigned,
    bits: isSigned ? bits : Math.min(bits, 63),
    offset,
  }));

const bitText = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');

test('a field is written and read, and its neighbours stay', (t) => {
  const number = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 40, maxLength: 40 }), field, number, (bytes, at, n) => {
      const before = bitText(bytes);
      writeField(bytes, at, n);
      const end = at.offset + at.bits;
      const written = BigInt.asUintN(at.bits, n).toString(2).padStart(at.bits, '0');
      t.is(bitText(bytes), before.slice(0, at.offset) + written + before.slice(end));
      const read = readField(bytes, at);
      t.is(BigInt.asUintN(at.bits, read), BigInt.asUintN(at.bits, n));
      t.is(read < 0n, at.isSigned && written.startsWith('1'));
    }),
  );
});

test('zeros follow a string', (t) => {
  t.is(readField(Buffer.from([0xff]), { isSigned: false, bits: 12, offset: 4 }), 0xf00n);
  t.is(readField(Buffer.alloc(0), { isSigned: true, bits: 64, offset: 1000 }), 0n);
});

test('what does not fit wraps, saturates or fails', (t) => {
  const i8 = { isSigned: true, bits: 8, offset: 0 };
  const u8 = { isSigned: false, bits: 8, offset: 0 };
  t.is(addToField(127n, 1n, i8, 'wrap'), -128n);
  t.is(addToField(127n, 1n, i8, 'sat'), 127n);
  t.is(addToField(127n, 1n, i8, 'fail'), null);
  t.is(addToField(-128n, -1n, i8, 'sat'), -128n);
  t.is(addToField(126n, 1n, i8, 'fail'), 127n);
  t.is(addToField(0n, -1n, u8, 'wrap'), 255n);
  t.is(addToField(0n, -1n, u8, 'sat'), 0n);
  t.is(fitField(256n, u8, 'sat'), 255n);
  t.is(fitField(-1n, u8, 'sat'), 255n);
  t.is(fitField(-1n, u8, 'fail'), null);
  t.is(fitField(-129n, i8, 'sat'), -128n);
  t.is(fitField(-(2n ** 63n) + 128n, i8, 'sat'), -128n);
  t.is(fitField(-(2n ** 63n) + 127n, i8, 'sat'), 127n, 'as Redis has it');
});
