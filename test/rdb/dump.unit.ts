import test from 'ava';
import * as fc from 'fast-check';
import { Crc64 } from '../../src/rdb/crc64.js';
import { dumpString, isDumpIntact, readDump } from '../../src/rdb/dump.js';

/** A body with the footer it needs to be taken for whole. */
function sealed(body: Uint8Array, version = 10): Buffer {
  const start = Buffer.concat([body, Buffer.of(version & 255, version >> 8)]);
  const crc = new Crc64();
  crc.update(start);
  return Buffer.concat([start, crc.digest()]);
}

test('what was dumped is read back', (t) => {
  const value = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.integer().map((number) => Buffer.from(String(number))),
    fc.nat(5000).map((length) => Buffer.alloc(length, 'ab')),
  );
  fc.assert(
    fc.property(value, (bytes) => {
      const payload = dumpString(bytes);
      return isDumpIntact(payload) && readDump(payload)?.equals(bytes) === true;
    }),
  );
  t.is(dumpString(Buffer.from('foo')).toString('hex'), '0003666f6f0a00734939db4dc1ba97');
});

test('a changed byte, a cut or a later version is noticed', (t) => {
  const payload = dumpString(Buffer.from('some value that is not very short'));
  for (let at = 0; at < payload.length; at++) {
    const changed = Buffer.from(payload);
    changed[at]! ^= 1;
    t.false(isDumpIntact(changed), `byte ${at}`);
    t.false(isDumpIntact(payload.subarray(0, at)), `cut at ${at}`);
  }
  t.true(isDumpIntact(sealed(Buffer.of(0, 1, 65), 10)));
  t.true(isDumpIntact(sealed(Buffer.of(0, 1, 65), 6)));
  t.false(isDumpIntact(sealed(Buffer.of(0, 1, 65), 11)));
});

test('what is whole but no string is refused, without taking memory for what it announces', (t) => {
  const hostile: readonly (readonly number[])[] = [
    [],
    [1, 1, 65], // A list.
    [99],
    [0],
    [0, 63], // Longer than what is there.
    [0, 0x80, 0xff, 0xff, 0xff, 0xff],
    [0, 0x81, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    [0, 0x82],
    [0, 0xc4], // No such encoding.
    [0, 0xc3, 5, 0x80, 0x1f, 0xff, 0xff, 0xff, 1, 2, 3, 4, 5], // LZF that announces 512 MB.
    [0, 0xc3, 2, 10, 0xff, 0xff],
  ];
  for (const body of hostile) t.is(readDump(sealed(Buffer.from(body))), null, body.join(' '));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const value = readDump(sealed(bytes));
      return value === null || value.length <= 70 * 264;
    }),
  );
});
