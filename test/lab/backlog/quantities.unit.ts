import test from 'ava';
import {
  percent,
  readSeconds,
  roundBytes,
  roundSeconds,
} from '../../../src/lab/backlog/quantities.js';

test('durations in seconds', (t) => {
  t.is(readSeconds('x', '250ms'), 0.25);
  t.is(readSeconds('x', '1.5h'), 5400);
});

test('for people: three digits', (t) => {
  t.is(roundBytes(1536), '1.5 kb');
  t.is(roundBytes(2 ** 30 * 2.345), '2.35 gb');
  t.is(roundBytes(12), '12 bytes');
  t.is(roundSeconds(0.0123), '12.3 ms');
  t.is(roundSeconds(90), '90 s');
  t.is(roundSeconds(600), '10 min');
  t.is(roundSeconds(86_400 * 3), '3 d');
  t.is(percent(0), '0 %');
  t.is(percent(1e-7), '<0.01 %');
  t.is(percent(0.00379), '0.38 %');
  t.is(percent(0.5), '50 %');
});
