import * as fc from 'fast-check';
import test from 'ava';
import {
  exactBytes,
  parseBytes,
  parseRate,
  parseSeconds,
  percent,
  roundBytes,
  roundSeconds,
} from '../../../src/lab/backlog/quantities.js';

test('sizes as redis.conf has them: k is 1000, kb is 1024', (t) => {
  t.is(parseBytes('x', '100'), 100);
  t.is(parseBytes('x', '5k'), 5000);
  t.is(parseBytes('x', '5KB'), 5120);
  t.is(parseBytes('x', '1.5 gb'), 1.5 * 2 ** 30);
  t.is(parseBytes('x', '2m'), 2e6);
});

test('rates in bytes or bits, durations in any unit', (t) => {
  t.is(parseRate('x', '5mb/s'), 5 * 2 ** 20);
  t.is(parseRate('x', '1gbit'), 125e6);
  t.is(parseSeconds('x', '250ms'), 0.25);
  t.is(parseSeconds('x', '30'), 30);
  t.is(parseSeconds('x', '1.5h'), 5400);
});

test('what is no quantity is named with the rule', (t) => {
  for (const text of ['', '-5mb', '5 parsecs', 'mb', '1e', 'NaN', '5mb/s/s', '1,5mb']) {
    const error = t.throws(() => parseBytes('--current', text), { code: 'CONFIG_INVALID' });
    t.is(
      error?.message,
      `cannot use --current: a size is a number with an optional unit, as 64mb, 1.5gb or 500k, not negative; got ${JSON.stringify(text)}`,
    );
  }
  t.throws(() => parseSeconds('--for', '-1s'), { message: /--for.*duration.*"-1s"/ });
});

test('what is printed for redis.conf is read back as the same size', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (bytes) => {
      t.is(parseBytes('x', exactBytes(bytes)), bytes);
    }),
  );
  t.is(exactBytes(808 * 2 ** 20), '808mb');
  t.is(exactBytes(1.5 * 2 ** 20), '1536kb');
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
