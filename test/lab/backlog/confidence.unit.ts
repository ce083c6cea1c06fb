import test from 'ava';
import { Prng } from '../../../src/base/prng.js';
import {
  countInterval,
  independentCases,
  shareInterval,
} from '../../../src/lab/backlog/confidence.js';

test('Wilson: known values, and the ends', (t) => {
  const { low, high } = shareInterval(0.1, 100);
  t.true(Math.abs(low - 0.0552) < 1e-4 && Math.abs(high - 0.1744) < 1e-4);
  t.is(shareInterval(0, 50).low, 0);
  t.true(Math.abs(shareInterval(0, 50).high - 3.8415 / 53.8415) < 1e-4);
  t.is(shareInterval(1, 50).high, 1);
});

test('the interval of a count leaves at most 2.5 % on either side, and as little as that allows', (t) => {
  for (const [trials, share] of [
    [20, 0.3],
    [200, 0.01],
    [500, 0.75],
    [1, 0.5],
  ] as const) {
    const { low, high } = countInterval(trials, { low: share, high: share });
    const terms = pmf(trials, share);
    const sum = (from: number, to: number): number =>
      terms.slice(from, to + 1).reduce((total, term) => total + term, 0);
    t.true(sum(0, low - 1) <= 0.025 && sum(0, low) > 0.025);
    t.true(sum(high + 1, trials) <= 0.025 && sum(high, trials) > 0.025);
  }
  t.deepEqual(countInterval(9, { low: 0, high: 0 }), { low: 0, high: 0 });
  t.deepEqual(countInterval(9, { low: 1, high: 1 }), { low: 9, high: 9 });
});

function pmf(trials: number, share: number): number[] {
  const terms = [(1 - share) ** trials];
  for (let k = 0; k < trials; k++) {
    terms.push((terms[k]! * (trials - k) * share) / ((k + 1) * (1 - share)));
  }
  return terms;
}

test('parts that scatter as independent cases would count as so many', (t) => {
  const prng = new Prng(5);
  let total = 0;
  for (let run = 0; run < 200; run++) {
    const parts = Array.from({ length: 16 }, () => {
      let hits = 0;
      for (let n = 0; n < 25; n++) hits += Number(prng.chance(0.2));
      return hits / 25;
    });
    total += independentCases(parts, 1e9) / 200;
  }
  // 16 × 25, up to the bias of dividing by a variance.
  t.true(total > 380 && total < 520, String(total));
});

test('parts that agree count as many as there can be, parts that do not as few', (t) => {
  t.is(independentCases([0, 0, 0, 0], 70), 70);
  t.is(independentCases([0.5, 0.5], 0.3), 1);
  t.true(independentCases([0, 0, 0, 1], 1000) < 4.1);
});
