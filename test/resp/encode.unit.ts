import test from 'ava';
import * as fc from 'fast-check';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { replyBytes } from '../../src/resp/encode.js';
import { ReplyParser } from '../../src/resp/parse.js';
import { type Reply, reply } from '../../src/resp/reply.js';

const written = (value: Reply, resp: 2 | 3): string => replyBytes(value, resp).toString('latin1');

test('RESP2 has no types of its own for maps, sets, doubles, booleans and nulls', (t) => {
  t.is(written(reply.map([[reply.bulk('a'), reply.integer(1)]]), 2), '*2\r\n$1\r\na\r\n:1\r\n');
  t.is(written(reply.set([reply.ok]), 2), '*1\r\n+OK\r\n');
  t.is(written(reply.push([reply.ok]), 2), '*1\r\n+OK\r\n');
  t.is(written(reply.double(1.5), 2), '$3\r\n1.5\r\n');
  t.is(written(reply.boolean(true), 2), ':1\r\n');
  t.is(written(reply.null, 2), '$-1\r\n');
  t.is(written(reply.nullArray, 2), '*-1\r\n');
  t.is(written(reply.verbatim('hi'), 2), '$2\r\nhi\r\n');
});

test('doubles have 17 digits, as C writes them', (t) => {
  const texts: [number, string][] = [
    [3.1, '3.1000000000000001'],
    [-0.1, '-0.10000000000000001'],
    [100, '100'],
    [1e16, '10000000000000000'],
    [1e17, '1e+17'],
    [1.5e300, '1.5000000000000001e+300'],
    [0.0001, '0.0001'],
    [0.00001, '1.0000000000000001e-05'],
    [2 ** -25, '2.9802322387695312e-08'], // Half-way: the even one.
    [5e-324, '4.9406564584124654e-324'],
    [-0, '-0'],
    [NaN, 'nan'],
  ];
  for (const [value, text] of texts) {
    t.is(written(reply.double(value), 3), `,${text}\r\n`);
    t.is(written(reply.double(value), 2), `$${text.length}\r\n${text}\r\n`);
  }
});

test('RESP3 writes each type as itself', (t) => {
  t.is(written(reply.map([[reply.bulk('a'), reply.integer(1)]]), 3), '%1\r\n$1\r\na\r\n:1\r\n');
  t.is(written(reply.set([reply.ok]), 3), '~1\r\n+OK\r\n');
  t.is(written(reply.push([reply.ok]), 3), '>1\r\n+OK\r\n');
  t.is(written(reply.double(-Infinity), 3), ',-inf\r\n');
  t.is(written(reply.boolean(false), 3), '#f\r\n');
  t.is(written(reply.null, 3), '_\r\n');
  t.is(written(reply.nullArray, 3), '_\r\n');
  t.is(written(reply.verbatim('hi'), 3), '=6\r\ntxt:hi\r\n');
});

test('a line break in an error cannot end the reply early', (t) => {
  t.is(written(reply.error("ERR unknown command 'a\r\nb'"), 2), "-ERR unknown command 'a  b'\r\n");
});

test('a string counts its UTF-8 bytes', (t) => {
  t.is(replyBytes(reply.bulk('ü'), 2).toString(), '$2\r\nü\r\n');
  t.is(
    encodeCommand(['SET', 'ü', Buffer.from([0, 255])]).toString('latin1'),
    '*3\r\n$3\r\nSET\r\n$2\r\n\u00c3\u00bc\r\n$2\r\n\u0000\u00ff\r\n',
  );
});

const leaf: fc.Arbitrary<Reply> = fc.oneof(
  fc.string({ unit: 'grapheme-ascii' }).map((text) => reply.simple(text)),
  fc.string({ unit: 'grapheme-ascii' }).map((text) => reply.error(text)),
  fc.maxSafeInteger().map((value) => reply.integer(value)),
  fc.uint8Array().map((value) => reply.bulk(Buffer.from(value))),
  fc.constant<Reply>(reply.null),
  fc.double({ noNaN: true }).map((value) => reply.double(value === 0 ? 0 : value)),
  fc.boolean().map((value) => reply.boolean(value)),
  fc.uint8Array().map((value) => reply.verbatim(Buffer.from(value))),
);
const tree: fc.Arbitrary<Reply> = fc.letrec<{ node: Reply }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('node')).map((items) => reply.array(items)),
    fc.array(tie('node')).map((items) => reply.set(items)),
    fc.array(fc.tuple(tie('node'), tie('node'))).map((entries) => reply.map(entries)),
  ),
})).node;

test('what RESP3 writes is what the parser reads, however the bytes are cut', (t) => {
  fc.assert(
    fc.property(fc.array(tree), fc.array(fc.integer({ min: 1, max: 9 })), (replies, cuts) => {
      const bytes = Buffer.concat(replies.map((value) => replyBytes(value, 3)));
      const parser = new ReplyParser();
      const read: Reply[] = [];
      let at = 0;
      for (const cut of cuts) {
        read.push(...parser.feed(bytes.subarray(at, at + cut)));
        at += cut;
      }
      read.push(...parser.feed(bytes.subarray(at)));
      const again = Buffer.concat(read.map((value) => replyBytes(value, 3)));
      t.is(read.length, replies.length);
      t.true(again.equals(bytes));
    }),
  );
});
