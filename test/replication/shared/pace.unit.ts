import test from 'ava';
import { FAST_BYTES_PER_MS, Pace } from '../../../src/replication/shared/pace.js';

test('the rate since the last answer decides, at the limit and below it', (t) => {
  const pace = new Pace();
  t.false(pace.isFast(0, 1_000_000), 'nothing is known of a first burst');
  t.true(pace.isFast(10, 1_000_000 + 10 * FAST_BYTES_PER_MS));
  t.false(pace.isFast(20, 1_000_000 + 20 * FAST_BYTES_PER_MS - 1));
});

test('asked again within a millisecond it answers the same', (t) => {
  const pace = new Pace();
  pace.isFast(0, 0);
  t.true(pace.isFast(1, FAST_BYTES_PER_MS));
  t.true(pace.isFast(1.9, FAST_BYTES_PER_MS));
  t.false(pace.isFast(2, FAST_BYTES_PER_MS), 'a millisecond without a byte');
});
