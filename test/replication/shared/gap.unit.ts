import test from 'ava';
import { findGap } from '../../../src/replication/shared/gap.js';

test('a gap is something to read at two looks, with no move in between', (t) => {
  t.is(findGap(null, { own: 5, master: 9 }), 0);
  t.is(findGap({ own: 5, master: 9 }, { own: 5, master: 9 }), 4);
  t.is(findGap({ own: 5, master: 9 }, { own: 5, master: 20 }), 15);
});

test('who moves, or had nothing to read a look ago, has no gap', (t) => {
  t.is(findGap({ own: 5, master: 9 }, { own: 6, master: 20 }), 0);
  t.is(findGap({ own: 5, master: 5 }, { own: 5, master: 9 }), 0);
});
