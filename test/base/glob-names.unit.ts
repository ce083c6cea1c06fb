/** Glob patterns over names, as SENTINEL RESET has them, and over any text at all. */
import test from 'ava';
import * as fc from 'fast-check';
import { globMatch } from '../../src/base/glob.js';

const matches = (pattern: string, text: string): boolean =>
  globMatch(Buffer.from(pattern), Buffer.from(text));

test('as Redis matches', (t) => {
  for (const [pattern, text, expected] of [
    ['*', 'mymaster', true],
    ['my*', 'mymaster', true],
    ['my?', 'mymaster', false],
    ['m?master', 'mymaster', true],
    ['[a-m]ymaster', 'mymaster', true],
    ['[^a-m]ymaster', 'mymaster', false],
    ['my\\*', 'my*', true],
    ['my\\*', 'mymaster', false],
    ['my.aster', 'mymaster', false],
    ['', '', true],
  ] as const) {
    t.is(matches(pattern, text), expected, `${pattern} ${text}`);
  }
});

test('no pattern throws, and a text matches itself escaped', (t) => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (pattern, text) => {
      t.is(typeof matches(pattern, text), 'boolean');
      t.true(matches(text.replace(/[\\*?[\]^-]/g, '\\$&'), text));
    }),
  );
});
