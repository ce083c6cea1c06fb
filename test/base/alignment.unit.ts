import test from 'ava';
import { allocateAligned, alignmentOf } from '../../src/base/alignment.js';

test('bytes are allocated at the place within a word that was asked for', (t) => {
  for (const length of [0, 1, 200, 70_000]) {
    for (let alignment = 0; alignment < 8; alignment++) {
      const bytes = allocateAligned(length, alignment);
      t.is(alignmentOf(bytes), alignment);
      t.is(bytes.length, length);
    }
  }
});
