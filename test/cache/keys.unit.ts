import test from 'ava';
import * as fc from 'fast-check';
import {
  generationKey,
  generationPrefix,
  isOwnKey,
  lockKey,
  namespaceWithin,
} from '../../src/cache/keys.js';

const name = fc.string({ unit: fc.constantFrom('a', ':', '/', '%', '2', 'F', '3', 'A', 'é') });
const path = fc.array(
  name.filter((each) => each !== ''),
  { maxLength: 3 },
);

function namespaceOf(names: readonly string[]): string | null {
  return names.reduce<string | null>(namespaceWithin, null);
}

test('different names never meet', (t) => {
  const place = fc.tuple(path, name);
  fc.assert(
    fc.property(place, place, ([names, key], [otherNames, otherKey]) => {
      const one = namespaceOf(names);
      const other = namespaceOf(otherNames);
      const isSame = JSON.stringify(names) === JSON.stringify(otherNames);
      t.is(one === other, isSame);
      t.is(lockKey(one, key) === lockKey(other, otherKey), isSame && key === otherKey);
      if (one === null || other === null) return;
      t.is(generationKey(one) === generationKey(other), isSame);
      t.false(
        !isSame && `${generationPrefix(one, 'T')}${key}`.startsWith(generationPrefix(other, 'T')),
      );
    }),
    { numRuns: 2_000 },
  );
});

test('what is not a key of the user is told from those that are', (t) => {
  t.true(isOwnKey(generationKey('a')));
  t.true(isOwnKey(generationPrefix('a', 'T')));
  t.true(isOwnKey(lockKey(null, 'a')));
  t.false(isOwnKey('user:1'));
  t.is(lockKey('a', 'b:c/d'), 'ringleader:lock:a:b:c/d', 'plain names stay as they are');
});
