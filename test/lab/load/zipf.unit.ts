/** Zipf's distribution, against its exact probabilities. */
import test from 'ava';
import { Prng } from '../../../src/base/prng.js';
import { Zipf } from '../../../src/lab/load/zipf.js';

const DRAWS = 200_000;

for (const theta of [0.5, 0.99, 1, 2]) {
  test(`theta ${theta}: ranks come up as often as they should`, (t) => {
    const ranks = 20;
    const random = new Prng(7);
    const zipf = new Zipf(ranks, theta);
    const seen = Array.from({ length: ranks }, () => 0);
    for (let i = 0; i < DRAWS; i += 1) {
      seen[zipf.next(() => (random.uint32() + 0.5) / 2 ** 32)]! += 1;
    }
    const weights = seen.map((_, k) => (k + 1) ** -theta);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    // Chi-square with 19 degrees of freedom: 43.8 is passed by one right sampler in a thousand.
    const chiSquare = weights.reduce((sum, weight, k) => {
      const expected = (DRAWS * weight) / total;
      return sum + (seen[k]! - expected) ** 2 / expected;
    }, 0);
    t.true(chiSquare < 43.8, `chi-square ${chiSquare}`);
  });
}

test('one rank is the only one, and the extremes of the dice stay in range', (t) => {
  t.is(
    new Zipf(1, 0.99).next(() => 0.5),
    0,
  );
  const zipf = new Zipf(1000, 0.99);
  for (const u of [0, 1e-12, 1 - 1e-12]) {
    // A draw may be refused: the next one is in the middle.
    const dice = [u, 0.5, 0.5, 0.5];
    const rank = zipf.next(() => dice.shift() ?? 0.5);
    t.true(rank >= 0 && rank < 1000);
  }
});
