import test from 'ava';
import * as fc from 'fast-check';
import { Crc64 } from '../../src/rdb/crc64.js';

/** The definition, a bit at a time, over a BigInt: slow, and short enough to be believed. */
function crc64BitByBit(bytes: Uint8Array): string {
  let crc = 0n;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc & 1n) === 1n ? (crc >> 1n) ^ 0x95ac9329ac4bc9b5n : crc >> 1n;
    }
  }
  return crc.toString(16).padStart(16, '0');
}

test('the check value of the polynomial', (t) => {
  const crc = new Crc64();
  crc.update(Buffer.from('123456789'));
  t.is(crc.hex(), 'e9c6d914c4b8d9ca');
});

test('any bytes in any pieces give the sum of the definition', (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (pieces) => {
      const crc = new Crc64();
      for (const piece of pieces) crc.update(piece);
      return crc.hex() === crc64BitByBit(Buffer.concat(pieces));
    }),
  );
  t.pass();
});

test('the digest is little-endian', (t) => {
  const crc = new Crc64();
  crc.update(Buffer.from('123456789'));
  t.is(Buffer.from(crc.digest().toReversed()).toString('hex'), 'e9c6d914c4b8d9ca');
});
