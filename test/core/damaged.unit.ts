/** A data set of every type, damaged anywhere: it is loaded or refused, and leaves nothing behind. */
import test from 'ava';
import { RingleaderError } from '../../src/base/errors.js';
import { Prng } from '../../src/base/prng.js';
import { Bench } from './fixtures/bench.js';
import { snapshotSlice } from '../support/snapshot-slice.js';

/** Damages tried; RINGLEADER_DAMAGES makes them more. */
const ROUNDS = Number(process.env['RINGLEADER_DAMAGES'] ?? 400);

function fill(bench: Bench): void {
  for (const size of [3, 300]) {
    for (let i = 0; i < size; i++) {
      bench.run(`HSET hash:${size} field:${i} ${i % 2 === 0 ? i : `value ${i}`}`.split(' ', 4));
      bench.run(`RPUSH list:${size} ${i % 2 === 0 ? i * 1000 : `element:${i}`}`);
      bench.run(`SADD set:${size} member:${i}`);
      bench.run(`SADD ints:${size} ${i * i * 100}`);
      bench.run(`ZADD zset:${size} ${i / 7} member:${i}`);
      bench.run(`XADD stream:${size} ${i + 1}-1 a ${i} b ${i % 3}`);
    }
  }
  bench.run(['SET', 'text', 'ab'.repeat(300)]);
  bench.run('SET number 12345 EX 100', 3);
  bench.run(['RPUSH', 'long', 'x'.repeat(20_000)]);
}

/** Bits flipped, a piece cut out or put in, or the end cut off. */
function damage(bytes: Buffer, random: Prng): Buffer {
  const at = random.below(bytes.length);
  switch (random.below(5)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(8))]);
    case 2:
      return Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(random.below(at + 1), at),
        bytes.subarray(at),
      ]);
    default: {
      const bad = Buffer.from(bytes);
      for (let flips = 1 + random.below(3); flips > 0; flips--) {
        bad[random.below(bad.length)]! ^= 1 << random.below(8);
      }
      return bad;
    }
  }
}

/** Load in slices, as far as it goes. */
function load(bench: Bench, bytes: Buffer, slice: number): void {
  const { core } = bench;
  core.loader.setDb(0);
  let done = 0;
  let end = slice;
  while (done < bytes.length) {
    const { consumed, neededBytes } = core.loader.runIncoming(bytes.subarray(done, end));
    done += consumed;
    if (consumed === 0 && neededBytes === 0) return; // Refused, or not the core's.
    if (end >= bytes.length && consumed === 0) return; // It ends early.
    end = Math.min(bytes.length, done + Math.max(slice, Math.min(neededBytes, 1 << 20)));
  }
}

const USES = [
  'HGETALL',
  'HLEN',
  'LLEN',
  'SMEMBERS',
  'SCARD',
  'XLEN',
  'ZCARD',
  'GET',
  'STRLEN',
  'HKEYS',
  'RPOP',
  'SPOP',
  'ZPOPMIN',
];

test('damage anywhere is found, or does no harm', (t) => {
  const source = new Bench();
  fill(source);
  source.core.snapshots.begin();
  const { bytes } = snapshotSlice(source.core, 1e7);
  source.core.snapshots.end();

  const bench = new Bench();
  bench.run('SET mine x');
  const settle = (): number => {
    while (bench.core.upkeep.free(10_000));
    return bench.core.usedMemory();
  };
  const random = new Prng(Number(process.env['RINGLEADER_SEED'] ?? 3));
  let before = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const bad = damage(bytes, random);
    bench.core.loader.openIncoming();
    try {
      load(bench, bad, 1 + random.below(5000));
    } catch (error) {
      if (!(error instanceof RingleaderError)) throw error;
    }
    bench.core.loader.setDb(0); // What it stopped in is dropped.
    t.is(bench.run('GET mine'), '$1\r\nx\r\n');
    if (round % 2 === 0) {
      bench.core.loader.swapIncoming();
      for (let db = 0; db < 4; db++) {
        for (const name of ['hash', 'list', 'set', 'ints', 'zset', 'stream']) {
          for (const size of [3, 300]) {
            for (const use of USES) {
              bench.core.run([use, `${name}:${size}`], 0, db); // However long the reply is.
              bench.core.takeReplies();
            }
          }
        }
      }
      bench.core.loader.openIncoming();
      bench.core.loader.swapIncoming(); // An empty one.
      bench.run('SET mine x');
    } else bench.core.loader.dropIncoming();
    const after = settle();
    if (round < 20) before = Math.max(before, after); // The areas for input have grown to their size.
    else t.is(after, before, `round ${round}`);
  }
});
