import test from 'ava';
import { globMatch } from '../../src/base/glob.js';

const match = (pattern: string, text: string, ignoreCase = false): boolean =>
  globMatch(Buffer.from(pattern, 'latin1'), Buffer.from(text, 'latin1'), { ignoreCase });

for (const [pattern, text, expected] of [
  ['*', '', true],
  ['*', 'anything', true],
  ['', '', true],
  ['', 'a', false],
  ['h?llo', 'hello', true],
  ['h?llo', 'hllo', false],
  ['h*llo', 'heeeello', true],
  ['h**llo', 'hllo', true],
  ['h[ae]llo', 'hallo', true],
  ['h[ae]llo', 'hillo', false],
  ['h[^e]llo', 'hallo', true],
  ['h[^e]llo', 'hello', false],
  ['h[b-a]llo', 'hallo', true],
  ['h\\*llo', 'h*llo', true],
  ['h\\*llo', 'hello', false],
  ['[\\]]', ']', true],
  ['[a', 'a', true],
  ['a\\', 'a\\', true],
  ['*a*b*c', 'xxaxxbxxbc', true],
  ['*a*b*c', 'xxaxxbxxb', false],
  ['a*', 'a', true],
  ['a*?', 'a', false],
  ['\u00ff*', '\u00ff\u0000x', true],
] as const) {
  test(`${JSON.stringify(pattern)} and ${JSON.stringify(text)}: ${expected}`, (t) => {
    t.is(match(pattern, text), expected);
  });
}

test('case is ignored when asked for', (t) => {
  t.true(match('MaxMem*', 'maxmemory', true));
  t.true(match('[A-C]x', 'bX', true));
  t.false(match('MaxMem*', 'maxmemory'));
});

test('many stars do not take exponential time', (t) => {
  t.false(match('a*'.repeat(40) + 'b', 'a'.repeat(2000)));
});
