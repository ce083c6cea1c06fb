import * as fc from 'fast-check';
import test from 'ava';

import { MAIN_INDEX, PartitionMatrix } from '../../src/runtime/partition.js';

test('a cut is symmetric, touches no other pair, and heals', (t) => {
  const index = fc.integer({ min: 0, max: 62 });
  fc.assert(
    fc.property(index, index, (a, b) => {
      fc.pre(a !== b);
      const matrix = new PartitionMatrix();
      matrix.cut(a, b);
      const elsewhere = new PartitionMatrix(matrix.buffer); // As another thread sees it.
      for (let x = 0; x < 64; x += 1) {
        for (let y = 0; y < 64; y += 1) {
          if (elsewhere.isCut(x, y) !== ((x === a && y === b) || (x === b && y === a))) t.fail();
        }
      }
      elsewhere.heal(b, a);
      t.false(matrix.isCut(a, b) || matrix.isCut(b, a));
    }),
    { numRuns: 30 },
  );
});

test('healing all heals all', (t) => {
  const matrix = new PartitionMatrix();
  matrix.cut(0, 62);
  matrix.cut(31, 32);
  matrix.healAll();
  t.false(matrix.isCut(0, 62) || matrix.isCut(32, 31));
});

test('what makes no sense is refused', (t) => {
  const matrix = new PartitionMatrix();
  t.throws(() => matrix.cut(3, 3), { message: /from itself/ });
  t.throws(() => matrix.cut(0, 64), { message: /0 to 63/ });
  t.throws(() => matrix.cut(0, MAIN_INDEX), { message: /main thread/ });
  t.throws(() => new PartitionMatrix(new SharedArrayBuffer(8)), { message: /not a partition/ });
});
