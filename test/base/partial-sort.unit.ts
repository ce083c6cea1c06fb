import test from 'ava';
import * as fc from 'fast-check';
import { partialSort } from '../../src/base/partial-sort.js';

const upwards = (one: number, other: number): number => one - other;

test('the wanted places hold what a full sort puts there', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 200 }),
      fc.nat(),
      fc.nat(),
      (items, one, other) => {
        const places = [one % items.length, other % items.length].toSorted(upwards);
        const [first = 0, last = 0] = places;
        t.deepEqual(
          partialSort(items, upwards, first, last),
          items.toSorted(upwards).slice(first, last + 1),
        );
      },
    ),
  );
});

test('no place is wanted, or nothing is there', (t) => {
  t.deepEqual(partialSort([3, 1, 2], upwards, 1, 0), []);
  t.deepEqual(partialSort([], upwards, 0, 0), []);
});
