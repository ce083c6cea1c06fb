import test from 'ava';
import * as fc from 'fast-check';
import { type CodecName, codecOf } from '../../src/cache/codec.js';

function roundTrip(name: CodecName, value: unknown): unknown {
  const codec = codecOf(name);
  return codec.decode(Buffer.from(codec.encode(value)));
}

test('what a codec stores it reads', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => roundTrip('string', text) === text),
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      t.deepEqual(roundTrip('json', value), plain);
      // msgpackr never makes a property of this name: the page says so.
      if (!JSON.stringify(plain).includes('"__proto__":')) {
        t.deepEqual(roundTrip('msgpack', plain), plain);
      }
    }),
    { numRuns: 50 },
  );
  t.deepEqual(roundTrip('buffer', Buffer.of(0, 255)), Buffer.of(0, 255));
  t.deepEqual(roundTrip('msgpack', new Date(5)), new Date(5));
});

test('what it cannot store is refused by name', (t) => {
  t.throws(() => codecOf('string').encode(5), { message: /number.*'string' takes a string/ });
  t.throws(() => codecOf('buffer').encode('a'), { message: /'buffer' takes a Buffer/ });
  for (const name of ['string', 'buffer', 'json', 'msgpack']) {
    t.throws(() => codecOf(name).encode(undefined), {
      code: 'CONFIG_INVALID',
      message: /cannot store undefined/,
    });
  }
  const ring: unknown[] = [];
  ring.push(ring);
  for (const value of [ring, 1n, Symbol('s')]) {
    t.throws(() => codecOf('json').encode(value), {
      code: 'CONFIG_INVALID',
      message: /^cannot store (an array|a bigint|a symbol): [^\n]+$/,
    });
  }
  t.throws(() => codecOf('msgpack').encode(ring), { code: 'CONFIG_INVALID' });
  t.throws(() => codecOf(JSON.parse('"toString"')), {
    code: 'CONFIG_INVALID',
    message: /string, buffer, json.*; got "toString"/,
  });
});

test('what it has not written is told as such', (t) => {
  t.throws(() => codecOf('json').decode(Buffer.from('{')), {
    code: 'UNDECODABLE',
    message: /codec 'json'/,
  });
  t.throws(() => codecOf('msgpack').decode(Buffer.of(0xd9, 5)), { code: 'UNDECODABLE' });
});

test("the user's own codec is taken, and its failures told likewise", (t) => {
  const own = codecOf({
    encode: (n: number) => (n < 0 ? JSON.parse('-1') : `n${n}`),
    decode(bytes: Buffer) {
      if (bytes[0] === 0x6e) return Number(bytes.subarray(1));
      throw new Error('no number');
    },
  });
  t.is(own.decode(Buffer.from(own.encode(5))), 5);
  t.throws(() => own.encode(-5), { code: 'CONFIG_INVALID', message: /string or Uint8Array/ });
  t.throws(() => own.decode(Buffer.from('x')), { code: 'UNDECODABLE', message: /no number/ });
  for (const codec of [null, {}, { encode: 1, decode: 2 }]) {
    t.throws(() => codecOf(codec), { code: 'CONFIG_INVALID', message: /encode and decode/ });
  }
});
