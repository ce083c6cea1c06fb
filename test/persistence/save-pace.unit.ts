import test from 'ava';

import { savePace } from '../../src/core/save-pace.js';

test('a delay makes slices of a key each, as many in a turn as it allows', (t) => {
  t.deepEqual(savePace(0, 4096), { sliceBytes: 4096, slices: 1, waitMs: 0 });
  t.deepEqual(savePace(1_000_000, 4096), { sliceBytes: 1, slices: 1, waitMs: 1000 });
  t.deepEqual(savePace(500, 4096), { sliceBytes: 1, slices: 2, waitMs: 1 });
  t.deepEqual(savePace(-2, 4096), { sliceBytes: 1, slices: 2000, waitMs: 1 });
});
