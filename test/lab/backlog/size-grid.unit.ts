import * as fc from 'fast-check';
import test from 'ava';
import { countBelow, gridSizes, MIN_BACKLOG_BYTES } from '../../../src/lab/backlog/size-grid.js';

const sizes = gridSizes(2 ** 34);

test('sizes are round, ascend from the smallest allowed, and reach beyond what is asked', (t) => {
  t.is(sizes[0], MIN_BACKLOG_BYTES);
  t.true(sizes.at(-1)! > 2 ** 34);
  for (let index = 1; index < sizes.length; index++) {
    const size = sizes[index]!;
    t.true(size > sizes[index - 1]! && size <= sizes[index - 1]! * (1 + 1 / 128));
    if (size >= 2 ** 17) t.is(size % 1024, 0);
    if (size >= 2 ** 27) t.is(size % 2 ** 20, 0);
  }
  t.deepEqual([...gridSizes(0)], [MIN_BACKLOG_BYTES]);
});

test('as many sizes are below as counting says', (t) => {
  const count = (bytes: number): number => sizes.filter((size) => size < bytes).length;
  const near = fc
    .tuple(fc.integer({ min: 0, max: sizes.length - 1 }), fc.constantFrom(-1, -1e-6, 0, 1e-6, 1))
    .map(([index, by]) => sizes[index]! + by);
  const any = fc.oneof(near, fc.double({ min: 0, max: 2 ** 35, noNaN: true }));
  fc.assert(
    fc.property(any, (bytes) => {
      t.is(countBelow(bytes, sizes.length), count(bytes));
    }),
  );
});
