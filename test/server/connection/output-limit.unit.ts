import test from 'ava';
import { OutputLimiter } from '../../../src/server/connection/output-limit.js';

const limit = { hardBytes: 100, softBytes: 50, softSeconds: 2 };

test('the hard limit holds at once', (t) => {
  t.false(new OutputLimiter().isOver({ ...limit, softBytes: 0 }, 99, 0));
  t.true(new OutputLimiter().isOver(limit, 100, 0));
});

test('the soft limit holds when it is passed for longer than its time', (t) => {
  const limiter = new OutputLimiter();
  t.false(limiter.isOver(limit, 50, 1000));
  t.false(limiter.isOver(limit, 50, 3000));
  t.true(limiter.isOver(limit, 50, 3001));
});

test('the time starts again once it was not passed', (t) => {
  const limiter = new OutputLimiter();
  t.false(limiter.isOver(limit, 60, 0));
  t.false(limiter.isOver(limit, 49, 1000));
  t.false(limiter.isOver(limit, 60, 2000));
  t.false(limiter.isOver(limit, 60, 4000));
});

test('0 is no limit', (t) => {
  const none = { hardBytes: 0, softBytes: 0, softSeconds: 0 };
  t.false(new OutputLimiter().isOver(none, 2 ** 40, 0));
});
