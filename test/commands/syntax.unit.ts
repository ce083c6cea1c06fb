import test from 'ava';
import { parseSyntax } from '../../src/commands/server/syntax.js';

test('words, types and tokens', (t) => {
  t.deepEqual(parseSyntax('key count:integer NOW [MATCH pattern:pattern]'), [
    { name: 'key', type: 'key' },
    { name: 'count', type: 'integer' },
    { name: 'now', type: 'pure-token', token: 'NOW' },
    { name: 'pattern', type: 'pattern', token: 'MATCH', optional: true },
  ]);
});

test('tokens of another name', (t) => {
  t.deepEqual(parseSyntax('[CH=change]'), [
    { name: 'change', type: 'pure-token', token: 'CH', optional: true },
  ]);
});

test('the key spec of an argument', (t) => {
  t.deepEqual(parseSyntax('key [BY by:pattern#1] [STORE to:key#2]'), [
    { name: 'key', type: 'key' },
    { name: 'by', type: 'pattern', keySpec: 1, token: 'BY', optional: true },
    { name: 'to', type: 'key', keySpec: 2, token: 'STORE', optional: true },
  ]);
});

test('alternatives, groups and repetition', (t) => {
  t.deepEqual(parseSyntax('[when: EX seconds:integer | KEEPTTL] (pair: key value)... [id]...'), [
    {
      name: 'when',
      type: 'oneof',
      optional: true,
      arguments: [
        { name: 'seconds', type: 'integer', token: 'EX' },
        { name: 'keepttl', type: 'pure-token', token: 'KEEPTTL' },
      ],
    },
    {
      name: 'pair',
      type: 'block',
      multiple: true,
      arguments: [
        { name: 'key', type: 'key' },
        { name: 'value', type: 'string' },
      ],
    },
    { name: 'id', type: 'string', optional: true, multiple: true },
  ]);
});

for (const wrong of ['key]', '(a b)', 'a:colour', '[x: a']) {
  test(`${wrong} is refused`, (t) => {
    t.throws(() => parseSyntax(wrong));
  });
}
