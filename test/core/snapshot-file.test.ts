/** What snapshots for files have besides: compressed strings, and what eviction goes by. */
import * as fc from 'fast-check';
import test from 'ava';
import { MAXMEMORY_POLICY, POLICY_LFU, POLICY_LRU } from '../../src/core/assembly/layout.js';
import { Keyspace } from '../../src/keyspace/keyspace.js';
import { RdbDecoder, type RdbEntry } from '../../src/rdb/decode.js';
import { encodeRdb } from '../../src/rdb/encode.js';
import { snapshotSlice } from '../support/snapshot-slice.js';
import { Bench } from './fixtures/bench.js';

const EMPTY = Buffer.alloc(0);
const info = { createdAtSeconds: 1, usedMemoryBytes: 1, replication: null };

function snapshot(bench: Bench, compresses: boolean): Buffer {
  bench.core.snapshots.begin(compresses);
  const slices: Buffer[] = [];
  for (let isLast = false; !isLast;) {
    const slice = snapshotSlice(bench.core, 65_536);
    slices.push(slice.bytes);
    isLast = slice.isLast;
  }
  bench.core.snapshots.end();
  return Buffer.concat(slices);
}

/** As TypeScript reads it, which has decompression of its own. */
function decoded(body: Buffer): Map<string, Pick<RdbEntry, 'idleSeconds' | 'frequency' | 'value'>> {
  const entries = new Map();
  const decoder = new RdbDecoder(
    {
      entry({ key, value, idleSeconds, frequency }) {
        entries.set(key.toString('latin1'), {
          value: Buffer.from(value ?? ''),
          idleSeconds,
          frequency,
        });
      },
    },
    { checksum: true },
  );
  for (const chunk of encodeRdb(info, [body], true)) decoder.push(chunk);
  decoder.end();
  return entries;
}

function loaded(body: Buffer, policy = 0): Bench {
  const bench = new Bench();
  bench.core.writeU32(MAXMEMORY_POLICY, policy);
  bench.core.loader.setDb(0);
  const { consumed } = bench.core.loader.run(body);
  if (consumed !== body.length) throw new Error(`${consumed} of ${body.length}`);
  return bench;
}

/** Fields of two hashes, a quarter of them in the one that stays small. */
const FIELDS = Array.from({ length: 400 }, (_, n) => ({
  key: n < 100 ? 'small' : 'large',
  name: `field:${n}`,
  text: 'lorem ipsum '.repeat(n % 9),
}));

test('strings are compressed where that saves four bytes, and come back as they were', (t) => {
  const words = fc.array(fc.constantFrom('a', 'bc', 'x'.repeat(300), '\0\r\n', 'lorem ipsum '), {
    maxLength: 60,
  });
  const strings = fc.oneof(
    words.map((parts) => Buffer.from(parts.join(''), 'latin1')),
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(fc.uint8Array({ minLength: 1, maxLength: 3 }), fc.nat(20_000))
      .map(([unit, length]) => Buffer.alloc(length, unit)),
  );
  fc.assert(
    fc.property(fc.array(strings, { maxLength: 8 }), (values) => {
      const bench = new Bench();
      values.forEach((value, i) => bench.run([Buffer.from('SET'), Buffer.from(`${i}`), value]));
      const [plain, packed] = [snapshot(bench, false), snapshot(bench, true)];
      const decodedValues = decoded(packed);
      const back = new Keyspace(loaded(packed).core).db(0);
      return (
        packed.length <= plain.length &&
        values.every((value, i) => {
          const key = `${i}`;
          return (
            value.equals(decodedValues.get(key)?.value ?? EMPTY) &&
            value.equals(back.peekString(key)!)
          );
        })
      );
    }),
    { numRuns: 60 },
  );
  const long = new Bench();
  long.run(['SET', 'k', 'v'.repeat(1_000_000)]);
  t.true(snapshot(long, true).length < 15_000);
  const hashes = new Bench();
  for (const { key, name, text } of FIELDS) hashes.run(['HSET', key, name, text]);
  const file = snapshot(hashes, true);
  t.true(file.length < snapshot(hashes, false).length / 2);
  const read = loaded(file);
  for (const { key, name } of FIELDS) {
    t.is(read.run(['HGET', key, name]), hashes.run(['HGET', key, name]));
  }
  const short = new Bench();
  short.run(['SET', 'k', 'v'.repeat(20)]);
  t.deepEqual(snapshot(short, true), snapshot(short, false));
});

test('under LRU the idle time is kept, under LFU the frequency, else neither', (t) => {
  const bench = new Bench();
  bench.run('SET a 1');
  bench.pass(50_000);
  bench.run('SET b 1');
  t.is(decoded(snapshot(bench, false)).get('a')?.idleSeconds, null);
  bench.core.writeU32(MAXMEMORY_POLICY, POLICY_LRU);
  const lru = snapshot(bench, false);
  t.is(decoded(lru).get('a')?.idleSeconds, 50);
  t.is(decoded(lru).get('b')?.idleSeconds, 0);
  t.is(new Keyspace(loaded(lru, POLICY_LRU).core).db(0).access.idleSeconds('a'), 50);

  const often = new Bench();
  often.core.writeU32(MAXMEMORY_POLICY, POLICY_LFU);
  often.run('SET a 1');
  new Keyspace(often.core).db(0).access.setFrequency('a', 77);
  const lfu = snapshot(often, false);
  t.is(decoded(lfu).get('a')?.frequency, 77);
  t.is(new Keyspace(loaded(lfu, POLICY_LFU).core).db(0).access.frequency('a'), 77);
  // Another policy counts in another way: what is said of a use has no meaning there.
  t.is(new Keyspace(loaded(lfu, POLICY_LRU).core).db(0).access.idleSeconds('a'), 0);
});
