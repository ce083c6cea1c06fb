/** When an append-only file is written anew by itself, at the limits and to each side. */
import test from 'ava';
import { dueGrowth, RewriteLimit } from '../../src/persistence/rewrite-rules.js';

const growth = { currentBytes: 2000, baseBytes: 1000, percentage: 100, minBytes: 1999 };

test('a rewrite is due when the file is larger than the least and has grown by so much', (t) => {
  t.is(dueGrowth(growth), 100);
  t.is(dueGrowth({ ...growth, currentBytes: 1999, minBytes: 100 }), null);
  t.is(dueGrowth({ ...growth, minBytes: 2000 }), null);
  t.is(dueGrowth({ ...growth, percentage: 0 }), null);
  t.is(dueGrowth({ ...growth, baseBytes: 0 }), 199_900);
});

test('the third failure on end puts rewrites off, longer each time, up to an hour', (t) => {
  const limit = new RewriteLimit();
  const delays: number[] = [];
  const asked = (failures: number, now: number): boolean =>
    limit.isInForce(failures, now, (minutes) => delays.push(minutes));
  t.false(asked(2, 0));
  t.true(asked(3, 0));
  t.true(asked(3, 59));
  t.false(asked(3, 60));
  let now = 60;
  for (let failures = 4; failures < 11; failures++) {
    t.true(asked(failures, now));
    now += delays.at(-1)! * 60;
    t.false(asked(failures, now));
  }
  t.deepEqual(delays, [1, 2, 4, 8, 16, 32, 60, 60]);
  t.false(asked(0, now));
  t.true(asked(3, now));
  t.is(delays.at(-1), 1, 'it begins anew after a success');
});
