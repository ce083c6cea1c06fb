/**
 * What two strings have in common: as long as can be, in order in both, and the runs tell where.
 */
import * as fc from 'fast-check';
import test from 'ava';
import { commonSubsequence } from '../../../src/commands/string/common-subsequence.js';

/** By trying everything. */
function longest(a: string, b: string): number {
  if (a === '' || b === '') return 0;
  if (a[0] === b[0]) return 1 + longest(a.slice(1), b.slice(1));
  return Math.max(longest(a.slice(1), b), longest(a, b.slice(1)));
}

test('nothing longer is in both, and the runs are it', (t) => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const { bytes, runs } = commonSubsequence(Buffer.from(a), Buffer.from(b));
      t.is(bytes.length, longest(a, b));
      const parts = runs.map((run) => a.slice(run.a[0], run.a[1] + 1)).toReversed();
      t.is(parts.join(''), bytes.toString());
      t.deepEqual(runs.map((run) => b.slice(run.b[0], run.b[1] + 1)).toReversed(), parts);
    }),
  );
});

test('of several longest ones it is the one that Redis finds', (t) => {
  const { bytes, runs } = commonSubsequence(Buffer.from('ohmytext'), Buffer.from('mynewtext'));
  t.is(bytes.toString(), 'mytext');
  t.deepEqual(runs, [
    { a: [4, 7], b: [5, 8] },
    { a: [2, 3], b: [0, 1] },
  ]);
});
