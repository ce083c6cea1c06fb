/** Words of a line: quoting is undone by splitting, whatever the bytes are. */
import test from 'ava';
import * as fc from 'fast-check';
import { quote, quoteIfNeeded, splitArgs } from '../../src/resp/split-args.js';

test('what is quoted is split into the same again, byte for byte', (t) => {
  const word = fc
    .uint8Array({ maxLength: 40 })
    .map((bytes) => Buffer.from(bytes).toString('latin1'));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), (words) => {
      t.deepEqual(splitArgs(words.map(quote).join(' ')), words);
      t.deepEqual(splitArgs(words.map(quoteIfNeeded).join(' ')), words);
    }),
  );
  t.is(quote('a"\\\n\r\t\u0007\b\0\xff~'), String.raw`"a\"\\\n\r\t\a\b\x00\xff~"`);
});

test('a quote within a word is the beginning of a quoted part, as in Redis', (t) => {
  t.deepEqual(splitArgs("a\"b c\"  'd\\'e'\tf"), ['ab c', "d'e", 'f']);
  t.is(splitArgs('"a"b'), null);
  t.is(splitArgs('"a'), null);
  t.deepEqual(splitArgs('"\\x41\\q\\n"'), ['Aq\n']);
});
