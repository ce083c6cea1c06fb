/** Numbers for people. */
import test from 'ava';
import { shortNumber, withUnit } from '../../src/report/number.js';

test('four digits that count; k from 10,000 on', (t) => {
  t.is(shortNumber(9_999), '9999');
  t.is(shortNumber(10_000), '10 k');
  t.is(shortNumber(999_949), '999.9 k');
  t.is(shortNumber(1_234_567), '1.235 M');
  t.is(shortNumber(-2.5e9), '-2.5 G');
  t.is(shortNumber(0.000123456), '0.0001235');
  t.is(shortNumber(0), '0');
});

test('units', (t) => {
  t.is(withUnit(1.5e6, 'bytes'), '1.5 MB');
  t.is(withUnit(12, 'bytes'), '12 B');
  t.is(withUnit(25_000, 'bytes/s'), '25 kB/s');
  t.is(withUnit(12, '/s'), '12/s');
  t.is(withUnit(12, 'µs'), '12 µs');
  t.is(withUnit(12), '12');
  t.is(withUnit(null, 'ms'), '–');
});
