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
      t.deepEqual(roundTrip('msgpack', plain), plain);
    }),
    { numRuns: 50 },
  );
  t.deepEqual(roundTrip('buffer', Buffer.of(0, 255)), Buffer.of(0, 255));
  t.deepEqual(roundTrip('msgpack', new Date(5)), new Date(5));
});

test('what it cannot store is refused by name', (t) => {
  t.throws(() => codecOf('string').encode(5), { message: /number.*'string' takes a string/ });
  t.throws(() => codecOf('buffer').encode('a'), { message: /'buffer' takes a Buffer/ });
  t.throws(() => codecOf('json').encode(undefined), { message: /undefined.*'json'/ });
  t.throws(() => codecOf('msgpack').encode(undefined), { message: /'msgpack'/ });
  t.throws(() => codecOf(JSON.parse('"toString"')), {
    code: 'CONFIG_INVALID',
    message: /"toString": string, buffer, json/,
  });
});

test("the user's own codec is taken as it is", (t) => {
  const own = {
    encode: (n: number) => `n${n}`,
    decode: (bytes: Buffer) => Number(bytes.subarray(1)),
  };
  t.is(codecOf(own), own);
});
