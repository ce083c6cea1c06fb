import test from 'ava';
import { Histogram } from '../../../src/server/observation/histogram.js';

function of(...micros: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of micros) histogram.record(value);
  return histogram;
}

test('a call is in the first step that it does not exceed: 1.031 µs, then doublings', (t) => {
  t.deepEqual(of(1.031).steps(), [{ micros: 1, calls: 1 }]);
  t.deepEqual(of(1.032).steps(), [{ micros: 2, calls: 1 }]);
  t.deepEqual(of(2.063).steps(), [{ micros: 2, calls: 1 }]);
  t.deepEqual(of(2.064).steps(), [{ micros: 4, calls: 1 }]);
  t.deepEqual(of(528_383 / 1000).steps(), [{ micros: 528, calls: 1 }]);
  t.deepEqual(of(528_384 / 1000).steps(), [{ micros: 1056, calls: 1 }]);
});

test('steps are cumulated, and those without calls of their own left out', (t) => {
  t.deepEqual(of(1, 1, 10, 5000).steps(), [
    { micros: 1, calls: 2 },
    { micros: 16, calls: 3 },
    { micros: 8454, calls: 4 },
  ]);
});

test('what takes longer than the last doubling, or than a second, is in the last step', (t) => {
  t.deepEqual(of(600_000, 5e6).steps(), [{ micros: 1_073_741, calls: 2 }]);
  t.deepEqual(new Histogram().steps(), []);
});

test('the percentile is the highest value of the bucket that holds it', (t) => {
  const histogram = of(...Array.from({ length: 100 }, (_, i) => (i + 1) / 10));
  t.is(histogram.percentile(0), 0.1);
  t.is(histogram.percentile(1), 0.1);
  t.is(histogram.percentile(50), 5.023); // 5000 ns are in a bucket of 32 ns.
  t.is(histogram.percentile(100), 10.047);
});

test('a mean is recorded as often as there were calls', (t) => {
  const histogram = new Histogram();
  histogram.record(0.25, 1000);
  histogram.record(100, 1);
  t.is(histogram.calls, 1001);
  t.is(histogram.percentile(99.9), 0.25);
  t.is(histogram.percentile(99.99), 100.351);
});

test('every value is told within one part in a hundred', (t) => {
  for (let ns = 1; ns < 1e9; ns = Math.ceil(ns * 1.37)) {
    const told = of(ns / 1000).percentile(50) * 1000;
    t.true(told >= ns - 1e-6 && told <= ns * 1.01 + 1, `${ns} ns is told as ${told}`);
  }
});
