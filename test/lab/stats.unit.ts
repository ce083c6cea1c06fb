import test from 'ava';
import { digits } from '../../bench/section.js';
import { compare, median, percentile } from '../../src/lab/stats.js';

test('medians and percentiles', (t) => {
  t.is(median([3, 1, 2]), 2);
  t.is(median([4, 1, 2, 3]), 2.5);
  t.is(percentile([5, 1, 4, 2, 3], 0.5), 3);
  t.is(percentile([5, 1, 4, 2, 3], 1), 5);
  t.is(percentile([5, 1, 4, 2, 3], 0), 1);
  t.is(percentile([7], 0.99), 7);
  t.true(Number.isNaN(percentile([], 0.99)));
});

test('a comparison is made pair by pair', (t) => {
  const { ours, peer, ratio, ratioMin, ratioMax } = compare('x', 'ms', [
    { ours: 10, peer: 1 },
    { ours: 20, peer: 20 },
    { ours: 90, peer: 30 },
  ]);
  t.deepEqual([ours, peer, ratio, ratioMin, ratioMax], [20, 20, 3, 1, 10]);
});

test('without a peer there is no ratio', (t) => {
  const { ours, peer, ratio } = compare('x', 'ms', [{ ours: 10, peer: null }]);
  t.deepEqual([ours, peer, ratio], [10, null, null]);
});

test('three digits that count', (t) => {
  t.deepEqual([1_234_567, 999.5, 12.345, 0.004_56, 0].map(digits), [
    '1,234,567',
    '1000',
    '12.3',
    '0.00456',
    '0',
  ]);
});
