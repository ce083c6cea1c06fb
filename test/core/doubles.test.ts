/** Doubles in the core: read as strtod() reads them, written as `%.17g` writes them. */
import test from 'ava';
import * as fc from 'fast-check';
import { core as inCore } from '../../src/commands/facts.js';
import type { CommandSpec } from '../../src/commands/spec.js';
import { ownCore } from './fixtures/own-build.js';

const CODE = `
import { double, isExclusive, readBound, readDouble } from '../double-parse';
import { replyDouble } from '../protocol/reply';
export function readnumber(): void {
  if (readDouble(arg(1), argLength(1))) replyBits(); else replyNull();
}
export function readend(): void {
  if (!readBound(arg(1), argLength(1))) replyNull();
  else {
    replyArray(2);
    replyInteger(<i64>isExclusive);
    replyBits();
  }
}
export function shownumber(): void { replyDouble(reinterpret<f64>(load<u64>(arg(1)))); }
function replyBits(): void {
  store<f64>(BITS, double);
  replyBulk(BITS, 8);
}
const BITS: usize = memory.data(16);
`;

const specs = ['readnumber', 'readend', 'shownumber'].map((name): CommandSpec => ({
  name,
  group: 'string',
  since: '1.0.0',
  summary: '',
  complexity: '',
  arity: 2,
  flags: [],
  acl: [],
  run: inCore('strings', name),
}));
const makeCore = await ownCore(specs, { 'commands/strings.ts': CODE }, 'debug');
const core = makeCore();

function run(command: string, arg: Buffer, flags = 0): Buffer {
  core.run([command, arg], flags, 0);
  return core.takeReplies();
}

/** @returns null: it is none. */
function read(given: string, command = 'readnumber'): number | null {
  const reply = run(command, Buffer.from(given, 'latin1'));
  return reply.toString() === '$-1\r\n'
    ? null
    : reply.subarray(0, -2).readDoubleLE(reply.length - 10);
}

function shown(value: number, flags = 0): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return run('shownumber', bytes, flags).toString();
}

function text(value: number): string {
  return shown(value).split('\r\n')[1] ?? '';
}

/** `%.17g` by the exact expansion: a fraction of two integers. */
function expected(value: number): string {
  if (Object.is(value, -0)) return '-0';
  if (value < 0) return `-${expected(-value)}`;
  if (value === 0 || value === Infinity) return value === 0 ? '0' : 'inf';
  let above = 1n;
  let below = 1n;
  let odd = value;
  while (odd % 1 !== 0) {
    odd *= 2;
    below *= 2n;
  }
  above = BigInt(odd);
  let power = Math.floor(Math.log10(value)) + 1;
  /** With 17 digits, if `at` is its power of ten; cut off, or rounded to even. */
  const scaled = (at: number, rounds: boolean): bigint => {
    const places = 16 - at;
    const top = places >= 0 ? above * 10n ** BigInt(places) : above;
    const bottom = places >= 0 ? below : below * 10n ** BigInt(-places);
    const whole = top / bottom;
    if (!rounds) return whole;
    const twice = (top % bottom) * 2n;
    return twice > bottom || (twice === bottom && whole % 2n === 1n) ? whole + 1n : whole;
  };
  while (scaled(power, false) < 10n ** 16n) power--;
  let digits = scaled(power, true).toString();
  if (digits.length > 17) digits = scaled(++power, true).toString();
  const short = digits.replace(/0+$/, '');
  if (power < -4 || power > 16) {
    const sign = power < 0 ? '-' : '+';
    const tail = short.length > 1 ? `.${short.slice(1)}` : '';
    return `${short[0] ?? ''}${tail}e${sign}${`${Math.abs(power)}`.padStart(2, '0')}`;
  }
  if (power < 0) return `0.${'0'.repeat(-power - 1)}${short}`;
  const whole = digits.slice(0, power + 1);
  const rest = short.slice(power + 1);
  return rest === '' ? whole : `${whole}.${rest}`;
}

/** Any bit pattern, and what people write. */
const anyDouble = fc.oneof(
  fc.double({ noNaN: true }),
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
  fc.tuple(fc.integer(), fc.integer({ min: 0, max: 6 })).map(([n, places]) => n / 10 ** places),
);

test('a double is shown with 17 digits', (t) => {
  const known: readonly (readonly [number, string])[] = [
    [0, '0'],
    [-0, '-0'],
    [3, '3'],
    [-17, '-17'],
    [3.14, '3.1400000000000001'],
    [0.1, '0.10000000000000001'],
    [-0.5, '-0.5'],
    [1e16, '10000000000000000'],
    [99_999_999_999_999_984, '99999999999999984'],
    [1e17, '1e+17'],
    [1.5e300, '1.5000000000000001e+300'],
    [0.0001, '0.0001'],
    [0.000_01, '1.0000000000000001e-05'],
    [0.000_001, '9.9999999999999995e-07'],
    [5e-324, '4.9406564584124654e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    // A tie, which goes to the even digit; toPrecision() says …13e-8.
    [2 ** -25, '2.9802322387695312e-08'],
    [3 * 2 ** -25, '8.9406967163085938e-08'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
  ];
  for (const [value, is] of known) {
    t.is(text(value), is);
    t.is(expected(value), is);
  }
  t.is(shown(2.5), '$3\r\n2.5\r\n');
  t.is(shown(123_456_789_012), '$12\r\n123456789012\r\n');
  t.is(shown(2.5, 1), ',2.5\r\n');
  t.is(shown(-Infinity, 1), ',-inf\r\n');
});

test('every double is shown as its exact expansion says, ties among them', (t) => {
  fc.assert(
    fc.property(anyDouble, (value) => text(value) === expected(value)),
    { numRuns: 3000 },
  );
  for (let power = -40; power < 0; power++) {
    for (const odd of [1, 3, 5, 7, 12_345, 2 ** 52 + 1, 2 ** 53 - 1]) {
      t.is(text(odd * 2 ** power), expected(odd * 2 ** power));
    }
  }
  t.pass();
});

test('what is shown is read as the same double', (t) => {
  fc.assert(
    fc.property(anyDouble, (value) => Object.is(read(text(value)), value)),
    { numRuns: 3000 },
  );
  t.pass();
});

/** Whether decimal text is read as JavaScript reads it, but for what is too large or too small. */
function isRead(given: string): boolean {
  const value = Number(given);
  const isZero = !/[1-9]/.test(given.split('e')[0] ?? '');
  const isLost = !isZero && (value === 0 || !Number.isFinite(value));
  return Object.is(read(given), isLost ? null : value);
}

/** An end of a range, with a `(` if it is exclusive. */
function end(given: string): string | null {
  const value = read(given, 'readend');
  if (value === null) return null;
  const reply = run('readend', Buffer.from(given, 'latin1')).toString('latin1');
  return `${reply.startsWith('*2\r\n:1') ? '(' : ''}${value}`;
}

test('decimals are read as the nearest double, however many digits', (t) => {
  const digits = fc.stringMatching(/^\d{1,25}$/);
  const decimal = fc
    .tuple(
      fc.constantFrom('', '-', '+'),
      digits,
      fc.option(digits),
      fc.option(fc.integer({ min: -340, max: 330 })),
    )
    .map(([sign, whole, part, power]) =>
      [sign, whole, part === null ? '' : `.${part}`, power === null ? '' : `e${power}`].join(''),
    );
  fc.assert(fc.property(decimal, isRead), { numRuns: 5000 });
  t.pass();
});

test('a score is what strtod() reads as a whole', (t) => {
  const good: readonly (readonly [string, number])[] = [
    ['1.', 1],
    ['.5', 0.5],
    ['+5', 5],
    ['-0', -0],
    ['1e3', 1000],
    ['1E-3', 0.001],
    ['0e99999999999', 0],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
    ['+INF', Infinity],
    ['0x10', 16],
    ['-0X1.8p1', -3],
    ['0x.8', 0.5],
    ['0x1p-1074', 5e-324],
    ['0x1.8p-1075', 5e-324],
    ['0x1p-1022', 2 ** -1022],
    ['0x1.fffffffffffffp1023', Number.MAX_VALUE],
    ['0x1.00000000000008p0', 1],
    ['0x1.000000000000081p0', 1 + 2 ** -52],
    ['5e-324', 5e-324],
    ['1e308', 1e308],
  ];
  for (const [given, value] of good) t.is(read(given), value, given);
  const bad = [
    '',
    ' 1',
    '1 ',
    'nan',
    '-nan',
    'NaN(1)',
    '1x',
    '.',
    '+',
    '-',
    'e5',
    '1e',
    '1e+',
    '0x',
  ];
  bad.push('0x.', '1..2', '--1', 'in', 'infi', 'infinite', '1\0', '1e309', '-1e999', '1e-400');
  bad.push('0x1p1024', '0x1p-1076', '0x1p', '1,5', '1_0', '\u00e9nf');
  for (const given of bad) t.is(read(given), null, given);
});

test('an end of a range may be exclusive, too large, cut by a NUL, or nothing', (t) => {
  t.is(end('1.5'), '1.5');
  t.is(end('(1.5'), '(1.5');
  t.is(end('(inf'), '(Infinity');
  t.is(end('  2'), '2');
  t.is(end('1e999'), 'Infinity');
  t.is(end('1\0abc'), '1');
  t.is(end(''), '0');
  t.is(end('('), '(0');
  t.is(end('nan'), null);
  t.is(end('((1'), null);
  t.is(end('1 '), null);
  t.is(end(' '), null);
});
