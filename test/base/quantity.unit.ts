/**
 * One grammar for durations, sizes and rates; and every place that reads one refuses the same
 * texts.
 */
import * as fc from 'fast-check';
import test from 'ava';
import {
  formatDuration,
  formatSize,
  parseDuration,
  parseRate,
  parseSize,
  readDuration,
  readRate,
  readSize,
} from '../../src/base/quantity.js';
import { parseTtl } from '../../src/cache/ttl.js';
import { duration } from '../../src/cli/duration.js';
import { parseOutages } from '../../src/lab/backlog/outages.js';
import { parseBurst } from '../../src/lab/backlog/synthetic.js';
import { parseValueSize } from '../../src/lab/load/spec.js';

test('durations have a unit, and may have a fraction', (t) => {
  const cases: readonly [string, number][] = [
    ['800ms', 800],
    ['0.5ms', 0.5],
    ['0s', 0],
    ['30s', 30_000],
    ['1.5 h', 5_400_000],
    ['2m', 120_000],
    ['7d', 604_800_000],
    ['1e3ms', 1000],
  ];
  for (const [text, ms] of cases) t.is(parseDuration(text), ms, text);
});

/** Texts that no place takes for a duration. */
const NO_DURATIONS = [
  '',
  '30',
  '-1s',
  's',
  '5 parsecs',
  '1,5s',
  '5M',
  '1h30m',
  '1e',
  'NaN',
  '5s/s',
];

test('what is no duration is refused everywhere, with the same rule and the text', (t) => {
  const places: readonly ((text: string) => unknown)[] = [
    (text) => readDuration('--for', text),
    (text) => duration(text),
    (text) => parseTtl(text),
    (text) => parseOutages('--outage', `exp:${/\d/.test(text) ? text : '1'}`),
    (text) => parseBurst('--burst', `5mb:${text}:1m`),
  ];
  for (const text of NO_DURATIONS) {
    t.is(parseDuration(text), null, text);
    for (const read of places) {
      t.throws(
        () => read(text),
        { message: /[Aa] duration is a number with ms, s, m, h or d/ },
        text,
      );
    }
  }
  t.throws(() => readDuration('--for', '30'), {
    code: 'CONFIG_INVALID',
    message:
      'cannot use --for: a duration is a number with ms, s, m, h or d, as 800ms, 5s or 1.5h; got "30"',
  });
});

test('limits are told as durations are written', (t) => {
  const limits = { least: 50, most: 3_600_000 };
  t.is(readDuration('--duration', '50ms', limits), 50);
  t.is(readDuration('--duration', '1h', limits), 3_600_000);
  for (const text of ['49ms', '61m', '0s']) {
    t.throws(() => readDuration('--duration', text, limits), {
      message: `cannot use --duration: from 50ms to 1h; got "${text}"`,
    });
  }
});

test('sizes as redis.conf has them: k is 1000, kb is 1024; bytes without a unit', (t) => {
  const cases: readonly [string, number][] = [
    ['100', 100],
    ['100b', 100],
    ['5k', 5000],
    ['5KB', 5120],
    ['1.5 gb', 1.5 * 2 ** 30],
    ['2m', 2e6],
    ['1TB', 2 ** 40],
    ['1.18e+09', 1.18e9],
  ];
  for (const [text, bytes] of cases) t.is(parseSize(text), bytes, text);
  t.deepEqual(parseValueSize('4kb'), { min: 4096, max: 4096 });
});

test('what is no size or rate is refused with the rule and the text', (t) => {
  for (const text of ['', '-5mb', '5 parsecs', 'mb', '1e', 'NaN', '5mb/s/s', '1,5mb', '0x10']) {
    const got = JSON.stringify(text);
    t.throws(() => readSize('--current', text), {
      code: 'CONFIG_INVALID',
      message: `cannot use --current: a size is a number of bytes, or one with kb, mb, gb or tb, as 64mb or 1.5gb; got ${got}`,
    });
    t.throws(() => readRate('--link', text), { message: /^cannot use --link: a rate is .*; got / });
    t.throws(() => parseValueSize(text), { message: /--size: a size is .*got/ });
  }
});

test('rates are bytes or bits a second, and say which', (t) => {
  t.is(parseRate('5mb/s'), 5 * 2 ** 20);
  t.is(parseRate('5MB'), 5 * 2 ** 20);
  t.is(parseRate('1gbit'), 125e6);
  t.is(parseRate('10mbit/s'), 1.25e6);
  t.is(parseRate('5b'), 5);
  t.is(parseRate('5'), null);
});

test('what is written is read back as the same', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (value) => {
      t.is(parseSize(formatSize(value)), value);
      t.is(parseDuration(formatDuration(value)), value);
    }),
  );
  t.is(formatSize(808 * 2 ** 20), '808mb');
  t.is(formatSize(1.5 * 2 ** 20), '1536kb');
  t.is(formatSize(0), '0');
  t.is(formatDuration(90_000), '90s');
  t.is(formatDuration(172_800_000), '2d');
  t.is(formatDuration(0), '0ms');
});
