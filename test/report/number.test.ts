/** Numbers for people, in the terminal and in the page alike. */
import { runInNewContext } from 'node:vm';
import test from 'ava';
import * as fc from 'fast-check';
import { shortNumber, withUnit } from '../../src/report/number.js';
import { PLOT_SCRIPT } from '../../src/report/plot-script.js';

test('three digits that count; k from 10,000 on', (t) => {
  t.is(shortNumber(9_999), '9999');
  t.is(shortNumber(10_000), '10 k');
  t.is(shortNumber(999_400), '999 k');
  t.is(shortNumber(999_999), '1 M');
  t.is(shortNumber(1_234_567), '1.23 M');
  t.is(shortNumber(-2.5e9), '-2.5 G');
  t.is(shortNumber(0.000123456), '0.000123');
  t.is(shortNumber(0), '0');
});

test('times in the unit that fits, whatever they are given in', (t) => {
  t.is(withUnit(1180, 'ms'), '1.18 s');
  t.is(withUnit(65_600, 'µs'), '65.6 ms');
  t.is(withUnit(0.0656, 's'), '65.6 ms');
  t.is(withUnit(999.9996, 'ms'), '1 s');
  t.is(withUnit(850, 'ns'), '850 ns');
  t.is(withUnit(0.4, 'ns'), '0.4 ns');
  t.is(withUnit(90, 's'), '90 s');
  t.is(withUnit(600, 's'), '10 min');
  t.is(withUnit(86_400 * 3, 's'), '3 d');
  t.is(withUnit(0, 'µs'), '0 s');
});

test('bytes as in redis.conf, one kind of mb', (t) => {
  t.is(withUnit(64 * 2 ** 20, 'bytes'), '64 mb');
  t.is(withUnit(1536, 'bytes'), '1.5 kb');
  t.is(withUnit(12, 'bytes'), '12 bytes');
  t.is(withUnit(25 * 1024, 'bytes/s'), '25 kb/s');
});

test('other units stand behind, nothing seen is a dash', (t) => {
  t.is(withUnit(12, '/s'), '12/s');
  t.is(withUnit(146_200, '/s'), '146 k/s');
  t.is(withUnit(12, '%'), '12 %');
  t.is(withUnit(12), '12');
  t.is(withUnit(null, 'ms'), '–');
});

test('the plots write them the same way', (t) => {
  const [, code] = /\/\/ format: as number\.ts(.*)\/\/ end of format/s.exec(PLOT_SCRIPT)!;
  const format: (value: number, unit: string) => string = runInNewContext(`${code}; format`);
  const units = ['', 'bytes', 'bytes/s', 'ns', 'µs', 'ms', 's', '/s', '%'];
  fc.assert(
    fc.property(
      fc.double({ min: -20, max: 20, noNaN: true }),
      fc.boolean(),
      fc.constantFrom(...units),
      (exponent, isNegative, unit) => {
        const value = (isNegative ? -1 : 1) * 10 ** exponent;
        t.is(format(value, unit), withUnit(value, unit));
      },
    ),
  );
  for (const unit of units) t.is(format(0, unit), withUnit(0, unit));
});
