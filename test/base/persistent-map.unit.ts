import test from 'ava';
import { PersistentMap } from '../../src/base/persistent-map.js';
import { Prng } from '../../src/base/prng.js';

test('a copy and its source do not see what is changed in the other', (t) => {
  const source = new PersistentMap(new Map([['a', 1]])).set('b', 2);
  const copy = new PersistentMap(source).set('a', 3);
  source.set('b', 4).set('c', 5);
  copy.delete('b');
  t.deepEqual(
    [...source],
    [
      ['a', 1],
      ['b', 4],
      ['c', 5],
    ],
  );
  t.deepEqual([...copy], [['a', 3]]);
  t.false(copy.delete('b'));
});

test('a chain of copies is what a chain of Maps is, in the same order', (t) => {
  const random = new Prng(7);
  let map = new PersistentMap<number, number>();
  let expected = new Map<number, number>();
  for (let step = 0; step < 2000; step++) {
    const before = [...map];
    const next = new PersistentMap(map);
    const nextExpected = new Map(expected);
    for (let change = 0; change < 3; change++) {
      const key = random.below(150);
      if (random.chance(0.3)) t.is(next.delete(key), nextExpected.delete(key));
      else {
        next.set(key, step);
        nextExpected.set(key, step);
      }
    }
    t.deepEqual([...map], before);
    const changed = [...nextExpected].filter(([key, value]) => expected.get(key) !== value);
    t.deepEqual(
      [...next.changedSince(map)].toSorted((a, b) => a - b),
      changed.map(([, value]) => value).toSorted((a, b) => a - b),
    );
    map = next;
    expected = nextExpected;
    t.deepEqual([...map], [...expected]);
    t.is(map.size, expected.size);
  }
  t.deepEqual([...map.keys()], [...expected.keys()]);
  t.deepEqual([...map.values()], [...expected.values()]);
  const visited: [number, number][] = [];
  map.forEach((value, key) => visited.push([key, value]));
  t.deepEqual(visited, [...expected]);
});
