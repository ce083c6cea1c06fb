import test from 'ava';
import * as fc from 'fast-check';
import { RingleaderError } from '../../src/base/errors.js';
import { ReplyParser } from '../../src/resp/parse.js';

const parse = (text: string) => new ReplyParser().feed(Buffer.from(text, 'latin1'));

test('RESP2 nulls are told from empty values', (t) => {
  t.deepEqual(parse('$-1\r\n*-1\r\n$0\r\n\r\n*0\r\n'), [
    { type: 'null' },
    { type: 'null-array' },
    { type: 'bulk', value: Buffer.alloc(0) },
    { type: 'array', items: [] },
  ]);
});

test('integers beyond 2^53 keep every digit', (t) => {
  t.deepEqual(parse(':9223372036854775807\r\n(12345678901234567890123\r\n'), [
    { type: 'integer', value: 9223372036854775807n },
    { type: 'integer', value: 12345678901234567890123n },
  ]);
});

test('an attribute is dropped and what it describes kept', (t) => {
  t.deepEqual(parse('*2\r\n|1\r\n+ttl\r\n:3\r\n$1\r\na\r\n|0\r\n:5\r\n'), [
    {
      type: 'array',
      items: [
        { type: 'bulk', value: Buffer.from('a') },
        { type: 'integer', value: 5 },
      ],
    },
  ]);
});

test('a blob error is an error', (t) => {
  t.deepEqual(parse('!5\r\nERR a\r\n'), [{ type: 'error', text: 'ERR a' }]);
});

for (const [what, bytes] of [
  ['an unknown mark', '?what\r\n'],
  ['a length that is no number', '$x\r\n'],
  ['a string above the limit', '$536870913\r\n'],
  ['an endless line', '+'.padEnd(70_000, 'a')],
  ['endless nesting', '*1\r\n'.repeat(65)],
] as const) {
  test(`${what} is a protocol error`, (t) => {
    t.throws(() => parse(bytes), { code: 'PROTOCOL_ERROR' });
  });
}

test('any bytes end in replies or in a protocol error, never in another failure', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        new ReplyParser().feed(bytes);
      } catch (error) {
        t.true(error instanceof RingleaderError && error.code === 'PROTOCOL_ERROR');
      }
    }),
  );
  t.pass();
});
