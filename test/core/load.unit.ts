/** Loading RDB keys: every encoding of a string, every cut, and bytes that are no RDB. */
import * as fc from 'fast-check';
import test from 'ava';
import { FLAG_REPLICA } from '../../src/core/assembly/layout.js';
import { Bench, START } from './fixtures/bench.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** A key-value pair of type string whose value is given encoded. */
const pair = (key: string, value: Buffer): Buffer =>
  Buffer.concat([hex('00'), Buffer.from([key.length]), Buffer.from(key), value]);

const seconds = Buffer.alloc(4);
seconds.writeInt32LE(START / 1000 + 50);
const milliseconds = Buffer.alloc(8);
milliseconds.writeBigInt64LE(BigInt(START + 70));
const past = Buffer.alloc(8);
past.writeBigInt64LE(BigInt(START - 1));

const SAMPLE = Buffer.concat([
  hex('fe 00 fb 05 02'),
  pair('plain', hex('03 616263')),
  pair('empty', hex('00')),
  pair('int8', hex('c0 85')),
  pair('int16', hex('c1 0080')),
  pair('int32', hex('c2 ffffff7f')),
  pair('medium', Buffer.concat([hex('4064'), Buffer.alloc(100, 'm')])),
  pair('long', Buffer.concat([hex('80 00000050'), Buffer.alloc(80, 'l')])),
  pair('longest', Buffer.concat([hex('81 0000000000000050'), Buffer.alloc(80, 'L')])),
  // A literal run of "ab", then ten bytes copied from two back.
  pair('packed', hex('c3 06 0c 01 6162 e0 01 01')),
  hex('fd'),
  seconds,
  pair('seconds', hex('01 31')),
  hex('fc'),
  milliseconds,
  hex('f8 05 f9 07'),
  pair('millis', hex('01 32')),
  hex('fc'),
  past,
  pair('past', hex('01 33')),
  hex('fe 0f'),
  pair('int8', hex('01 34')),
]);

function load(bytes: Buffer, flags = FLAG_REPLICA): Bench {
  const bench = new Bench();
  const { consumed } = bench.core.loader.run(bytes, flags);
  if (consumed !== bytes.length) throw new Error(`stopped after ${consumed} of ${bytes.length}`);
  return bench;
}

test('every encoding of a string, expiries and databases', (t) => {
  const bench = load(SAMPLE);
  const value = (key: string, db = 0): string => bench.run(`GET ${key}`, db).split('\r\n')[1]!;
  t.is(value('plain'), 'abc');
  t.is(value('empty'), '');
  t.is(value('int8'), '-123');
  t.is(value('int16'), '-32768');
  t.is(value('int32'), '2147483647');
  t.is(value('medium'), 'm'.repeat(100));
  t.is(value('long'), 'l'.repeat(80));
  t.is(value('longest'), 'L'.repeat(80));
  t.is(value('packed'), 'ab'.repeat(6));
  t.is(bench.run('PTTL seconds'), ':50000\r\n');
  t.is(bench.run('PTTL millis'), ':70\r\n');
  t.is(value('int8', 15), '4');
  t.is(bench.core.loader.db, 15);
});

test('a replica keeps what has expired, a master leaves it out', (t) => {
  t.is(load(SAMPLE).core.exports.keyCount(0), 12);
  const master = load(SAMPLE, 0);
  t.is(master.core.exports.keyCount(0), 11);
  t.is(master.core.head(), 0);
});

test('cut anywhere, it stops between keys and says what it needs', (t) => {
  for (let cut = 0; cut < SAMPLE.length; cut++) {
    const { core } = new Bench();
    const first = core.loader.run(SAMPLE.subarray(0, cut));
    t.true(first.consumed <= cut);
    t.true(first.consumed + first.neededBytes <= SAMPLE.length, `cut at ${cut}`);
    t.true(first.neededBytes > cut - first.consumed);
    const rest = core.loader.run(SAMPLE.subarray(first.consumed));
    t.is(first.consumed + rest.consumed, SAMPLE.length);
    t.is(core.exports.keyCount(0), 12);
  }
});

test('it stops before what is not its own, expiry and all', (t) => {
  const { core } = new Bench();
  const key = pair('k', hex('01 31'));
  for (const other of ['ff', 'fa 01 61 01 62', 'fc 0000000000000000 06', 'f8 01 f9 01 06', 'f5']) {
    const result = core.loader.run(Buffer.concat([key, hex(other)]));
    t.deepEqual(result, { consumed: key.length, neededBytes: 0 }, other);
  }
});

test('bytes that are no RDB are refused', (t) => {
  for (const bad of [
    'fe 10', // A database that there is not.
    'fe c0 01',
    '00 01 6b 82 00000001 61', // No such length.
    '00 01 6b c4 00', // No such encoding.
    '00 c4',
    '00 01 6b 81 0000001000000000', // 64 GiB.
    '00 01 6b c3 02 80 10000000 0061', // More than LZF could have packed.
    '00 01 6b c3 04 04 03 61626364', // Fewer bytes than announced.
    '00 01 6b c3 03 03 00 61 20', // Ends within a reference.
    '00 01 6b c3 04 05 00 61 20 05', // Refers to before the beginning.
    '00 01 6b c3 02 0a 1f 61', // A literal run beyond the end.
    'f8 c0 01',
  ]) {
    const { core } = new Bench();
    t.throws(() => core.loader.run(hex(bad)), { message: /no RDB/ }, bad);
    t.is(core.exports.keyCount(0), 0);
  }
});

test('hostile bytes are refused or loaded, and the core goes on', (t) => {
  const bench = new Bench();
  const used = bench.core.usedMemory();
  const damage = fc.tuple(fc.nat(SAMPLE.length - 1), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      fc.array(damage, { minLength: 1, maxLength: 8 }),
      fc.uint8Array({ maxLength: 60 }),
      (damages, noise) => {
        const bytes = Buffer.concat([SAMPLE, noise]);
        for (const [at, value] of damages) bytes[at] = value;
        try {
          bench.core.loader.run(bytes);
          bench.core.loader.run(Buffer.from(noise));
        } catch (error) {
          t.regex(String(error), /no RDB|no memory/);
        }
        bench.core.loader.setDb(0);
      },
    ),
    { numRuns: 3000 },
  );
  for (let db = 0; db < 16; db++) bench.core.exports.flushDatabase(db, 0);
  t.true(bench.core.usedMemory() - used < 100_000, 'what was loaded is all that is kept');
});

test('a check reads everything, finds what is wrong, and stores nothing', (t) => {
  const bench = new Bench();
  t.is(bench.core.loader.check(SAMPLE).consumed, SAMPLE.length);
  t.is(bench.run('EXISTS plain empty int8'), ':0\r\n');
  const encoded = Buffer.concat([SAMPLE, pair('bad', hex('c3 03 05 01 6162'))]);
  t.is(bench.core.loader.check(encoded).consumed, SAMPLE.length);
  const bad = encoded.subarray(SAMPLE.length);
  t.throws(() => bench.core.loader.check(bad), { code: 'PROTOCOL_ERROR' });
});

test("the core's CRC-64 is that of the format, however the bytes are cut", (t) => {
  const { core } = new Bench();
  t.is(core.crc64(0n, Buffer.from('123456789')).toString(16), 'e9c6d914c4b8d9ca');
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => (i * 7) & 0xff));
  const whole = core.crc64(0n, bytes);
  for (const cut of [0, 1, 7, 8, 9, 500, 999]) {
    const first = core.crc64(0n, bytes.subarray(0, cut));
    t.is(core.crc64(first, bytes.subarray(cut)), whole);
  }
});
