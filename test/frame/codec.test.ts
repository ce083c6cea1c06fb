import * as fc from 'fast-check';
import test from 'ava';

import { decodeFrame, encodeFrame, MAX_FRAME_BYTES } from '../../src/frame/codec.js';

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value')),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie('value')),
  ),
}));

test('a frame comes back as it went', (t) => {
  fc.assert(
    fc.property(fc.string(), plain.value, (type, body) => {
      const frame = { type, body };
      t.is(JSON.stringify(decodeFrame(encodeFrame(frame))), JSON.stringify(frame));
    }),
  );
});

test('bytes and large offsets survive', (t) => {
  const frame = { type: 'snapshot', bytes: Uint8Array.from([0, 255, 13]), offset: 2 ** 52 + 1 };
  t.deepEqual(decodeFrame(encodeFrame(frame)), frame);
});

test('an encoded frame owns a buffer of exactly its size', (t) => {
  const bytes = encodeFrame({ type: 'ping' });
  t.is(bytes.buffer.byteLength, bytes.length);
});

test('a frame above the bound is refused on both sides', (t) => {
  const atMost = { type: 'x', bytes: Buffer.alloc(MAX_FRAME_BYTES - 64) };
  t.notThrows(() => decodeFrame(encodeFrame(atMost)));
  const error = { code: 'PROTOCOL_ERROR', message: /at most 67108864 bytes/ };
  const tooMuch = { ...atMost, more: 'x'.repeat(64) };
  t.throws(() => encodeFrame(tooMuch), error);
  t.throws(() => decodeFrame(new Uint8Array(MAX_FRAME_BYTES + 1)), error);
});

test('whatever is no frame is a protocol error', (t) => {
  const strangers: unknown[] = [
    null,
    'text',
    {},
    new Uint8Array(0),
    [0xc1], // Reserved.
    [0xc0], // nil
    [0x01], // A number.
    [0x80], // A map without `type`.
    [0x81, 0xa4, 0x74, 0x79, 0x70, 0x65, 0x01], // `type` is a number.
    [0xdd, 255, 255, 255, 255], // Four billion elements, says the header.
    [0xdf, 255, 255, 255, 255],
    [0xdb, 255, 255, 255, 255],
    [...encodeFrame({ type: 'a' }), 1], // Trailing bytes.
    Array.from({ length: 100_000 }, () => 0x91), // Nested too deep.
  ].map((bytes) => (Array.isArray(bytes) ? Uint8Array.from(bytes) : bytes));
  for (const bytes of strangers) t.throws(() => decodeFrame(bytes), { code: 'PROTOCOL_ERROR' });
});

test('random bytes and truncated frames never do anything else', (t) => {
  const whole = { type: 'a', list: [1, 'two', null, 3.5] };
  const frame = encodeFrame(whole);
  for (let cut = 0; cut < frame.length; cut += 1) {
    t.throws(() => decodeFrame(frame.subarray(0, cut)), { code: 'PROTOCOL_ERROR' });
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        t.is(typeof decodeFrame(bytes).type, 'string');
      } catch (error) {
        t.like(error, { code: 'PROTOCOL_ERROR' });
      }
    }),
    { numRuns: 2_000 },
  );
});
