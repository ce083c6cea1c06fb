/** Long doubles: reading, adding and writing round as x86 and glibc do. */
import * as fc from 'fast-check';
import test from 'ava';
import {
  addLongDoubles,
  formatLongDouble,
  parseLongDouble,
} from '../../../src/commands/string/long-double.js';

function read(text: string): NonNullable<ReturnType<typeof parseLongDouble>> {
  const value = parseLongDouble(text);
  if (value === null) throw new Error(`no number: ${text}`);
  return value;
}

function sum(a: string, b: string): string {
  const value = addLongDoubles(read(a), read(b));
  if (value === null) return 'nan';
  return value.type === 'infinite' ? `${value.isNegative ? '-' : ''}inf` : formatLongDouble(value);
}

// The finite sums are what Redis 7.0.15 answers on x86-64; the others it refuses.
for (const [a, b, expected] of [
  ['3', '0.1', '3.1'],
  ['10.50', '0.1', '10.6'],
  ['0.1', '0.2', '0.3'],
  ['5.0e3', '200', '5200'],
  ['1', '-1', '0'],
  ['-0.000000000000000001', '0', '0'],
  ['9007199254740993', '0.5', '9007199254740993.5'],
  ['17179869184', '1.5', '17179869185.5'],
  ['0x1.8p1', '0X.8', '3.5'],
  ['18446744073709551615', '1', '18446744073709551616'],
  ['18446744073709551615', '2', '18446744073709551616'],
  ['1e30', '0', '1000000000000000000024696061952'],
  ['inf', '-inf', 'nan'],
  ['inf', '1', 'inf'],
  ['1', '-Infinity', '-inf'],
  ['1.18973149535723176502e4932', '1.18973149535723176502e4932', 'inf'],
] as const) {
  test(`${a} and ${b} are ${expected}`, (t) => {
    t.is(sum(a, b), expected);
  });
}

test('what is no number, too large, or too small, is refused', (t) => {
  for (const text of [
    '',
    ' 1',
    '1 ',
    '.',
    '-',
    '1e',
    '1e+',
    '0x',
    '0x1p',
    'nan',
    'infinit',
    '1_0',
    '1e4933',
    '1.8974e4932',
    '1e-4960',
    '1.8e-4951',
    `1e${'9'.repeat(400)}`,
    `1e-${'9'.repeat(400)}`,
    '1'.repeat(5120),
  ]) {
    t.is(parseLongDouble(text), null, text.slice(0, 20));
  }
  for (const text of ['1e4932', '1e-4950', '1.9e-4951', '0e99999', `0.${'0'.repeat(4940)}1`]) {
    t.not(parseLongDouble(text), null, text.slice(0, 20));
  }
});

test('integers of 64 bits are exact, whatever is added and taken away', (t) => {
  const integer = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });
  fc.assert(
    fc.property(integer, integer, (a, b) => {
      t.is(sum(String(a), String(b)), String(a + b));
    }),
  );
});

test('a decimal of 17 digits comes back as it was written', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99 }), fc.nat(999_999_999), (whole, fraction) => {
      const text = `${whole}.${String(fraction).padStart(9, '0')}1`;
      t.is(sum(text, '0'), text);
    }),
  );
});
