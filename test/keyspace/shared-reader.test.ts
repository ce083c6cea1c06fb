/** Readers of shared memory see what the core has, as the core changes it; torn values never. */
import test from 'ava';
import * as fc from 'fast-check';
import {
  READ_BUSY as BUSY,
  READ_FOUND as FOUND,
  READ_MISSING as MISSING,
  READ_UNREADABLE as UNREADABLE,
  READ_WRONG_TYPE as WRONG_TYPE,
  READERS_SEEN,
  STRUCTURE,
  STRIPES,
  VERSIONS,
} from '../../src/core/assembly/layout.js';
import { Core } from '../../src/core/core.js';
import { NEVER, openToReaders, SharedReader } from '../../src/keyspace/shared-reader.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { Bench, START } from '../core/fixtures/bench.js';

const module = await Core.compileReader();

class Watched {
  readonly bench: Bench;
  readonly reader: SharedReader;

  constructor(bench = new Bench()) {
    this.bench = bench;
    openToReaders(bench.core.memory);
    bench.core.setWhole(true);
    bench.feed('PING\r\n');
    this.reader = new SharedReader(module, bench.core.memory, 3);
  }

  run(...args: (string | Uint8Array)[]): void {
    this.bench.feed(encodeCommand(args));
  }

  get(key: string | Uint8Array, db = 0): string | number {
    const outcome = this.reader.read(key, db, true, () => this.bench.nowMs);
    return outcome === FOUND ? this.reader.takeBuffer().toString('latin1') : outcome;
  }
}

/** Keys of one length and ending. */
function longKey(i: number): string {
  return `${String(i).padStart(8)}${'x'.repeat(2_000)}`;
}

test('a key that is too long for the slot is found, and told from those that end as it does', (t) => {
  const watched = new Watched();
  for (const length of [1_983, 1_984, 1_985, 1_992, 3_967, 3_968, 3_969, 300_001]) {
    const key = 'k'.repeat(length);
    t.is(watched.get(key), MISSING, String(length));
    watched.run('SET', key, String(length));
    t.is(watched.get(key), String(length));
    watched.run('SET', key, 'v'.repeat(length), 'PX', '1000');
    t.is(watched.get(key), 'v'.repeat(length));
    t.is(watched.reader.expireAt(), START + 1000);
    t.is(watched.get(`l${key.slice(1)}`), MISSING);
  }
  // So many in so few buckets that some differ in nothing that the reader looks at by itself.
  for (let i = 0; i < 1_500; i++) watched.run('SET', longKey(i), String(i));
  for (let i = 0; i < 1_500; i++) t.true(watched.get(longKey(i)) === String(i), String(i));
  for (let i = 1_500; i < 2_000; i++) t.true(watched.get(longKey(i)) === MISSING, String(i));
});

test('keys and values of every length and alphabet are read as they were written', (t) => {
  const watched = new Watched();
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array()), fc.uint8Array()),
        {
          maxLength: 60,
        },
      ),
      (pairs) => {
        const model = new Map<string, string>();
        for (const [key, value] of pairs) {
          watched.run('SET', key, value);
          model.set(Buffer.from(key).toString('hex'), Buffer.from(value).toString('latin1'));
        }
        for (const [key] of pairs) {
          t.is(watched.get(key), model.get(Buffer.from(key).toString('hex'))!);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a node is readable once its core keeps versions and its keyspace is whole', (t) => {
  const bench = new Bench();
  const reader = new SharedReader(module, bench.core.memory, 0);
  const read = (): number => reader.read('a', 0, true, () => START);
  bench.core.setWhole(true);
  bench.feed('SET a 1\r\n');
  t.is(read(), UNREADABLE, 'nobody has asked for versions');
  openToReaders(bench.core.memory);
  t.is(read(), UNREADABLE, 'the core has not been called since');
  bench.feed('PING\r\n');
  t.is(read(), FOUND);
  bench.core.setWhole(false);
  t.is(read(), UNREADABLE, 'a full sync is under way');
});

test('expiry is by the last ms, type and database are told apart', (t) => {
  const watched = new Watched();
  watched.run('SET', 'a', '1', 'PX', '100');
  watched.bench.pass(100);
  t.is(watched.get('a'), '1');
  t.is(watched.reader.expireAt(), START + 100);
  watched.bench.pass(1);
  t.is(watched.get('a'), MISSING);
  watched.run('SET', 'b', '2');
  t.is(watched.get('b'), '2');
  t.is(watched.reader.expireAt(), NEVER);
  t.is(watched.get('b', 1), MISSING);
  watched.bench.putHash('h');
  t.is(watched.get('h'), WRONG_TYPE);
  const look = (key: string): number => watched.reader.read(key, 0, false, () => START);
  t.is(look('h'), FOUND, 'no value is wanted');
  t.is(watched.reader.expireAt(), NEVER);
  const long = longKey(1);
  watched.bench.putHash(long);
  watched.run('PEXPIREAT', long, String(START + 1000));
  t.is(look(long), FOUND);
  t.is(watched.reader.expireAt(), START + 1000);
});

test('a table grows and shrinks through all its sizes, and every key is found at each', (t) => {
  const watched = new Watched();
  const count = 30_000;
  for (let i = 0; i < count; i++) {
    watched.run('SET', `k${i}`, `v${i}`);
    const back = (i * 7919) % (i + 1);
    if (watched.get(`k${back}`) !== `v${back}`) t.fail(`k${back} of ${i}`);
  }
  for (let i = 0; i < count; i++) {
    watched.run('DEL', `k${i}`);
    if (watched.get(`k${i}`) !== MISSING) t.fail(`k${i} is still there`);
    const next = i + 1 + ((i * 7919) % (count - i));
    if (next < count && watched.get(`k${next}`) !== `v${next}`) t.fail(`k${next} was lost`);
  }
  t.pass();
});

test('every kind of change leaves all versions even', (t) => {
  const watched = new Watched();
  const { core } = watched.bench;
  const words = new Uint32Array(core.memory.buffer);
  const odd = (): number => {
    let count = words[STRUCTURE >> 2]! & 1;
    for (let i = 0; i < STRIPES; i++) count += words[(VERSIONS >> 2) + i]! & 1;
    return count;
  };
  const changes = [
    'SET a 1',
    'SET a 2 EX 100',
    'SET a 3 KEEPTTL',
    'APPEND a 45',
    'SETRANGE a 10 x',
    'SETRANGE n 3 x',
    'SETBIT a 7 1',
    'SETBIT a 7 1',
    'SETBIT m 90 1',
    'INCR i',
    'INCRBY i 5',
    'MSET x 1 y 2 z 3',
    'GETSET x 9',
    'EXPIRE x 100',
    'PERSIST x',
    'GETEX y EX 100',
    'GETDEL y',
    'BITOP AND w x z',
    'SETNX x 1',
    'SETEX q 100 1',
    'PSETEX q 5 1',
    'DEL z',
    'UNLINK x',
    'EXPIRE a -1',
  ];
  for (const change of changes) {
    const before = words[STRUCTURE >> 2];
    watched.run(...change.split(' '));
    t.is(odd(), 0, change);
    t.true(words[STRUCTURE >> 2]! >= before!);
  }
  watched.bench.pass(1000);
  core.upkeep.expire(0, 1000);
  t.is(odd(), 0);
  for (let i = 0; i < 2000; i++) watched.run('SET', `k${i}`, 'x'.repeat(i % 300), 'EX', '1000');
  for (let i = 0; i < 2000; i++) if (i % 9 !== 0) watched.run('DEL', `k${i}`);
  core.upkeep.beginDefrag();
  while (core.upkeep.defrag(50)) t.is(odd(), 0);
  core.exports.swapDatabases(0, 1);
  t.is(watched.get('k9', 1), 'x'.repeat(9));
  t.is(watched.get('k9', 0), MISSING);
  core.exports.flushDatabase(1, 0);
  t.is(watched.get('k9', 1), MISSING);
  t.is(odd(), 0);
});

test('what a dead thread was changing is busy for ever, all else is read', (t) => {
  const watched = new Watched();
  for (let i = 0; i < 100; i++) watched.run('SET', `k${i}`, `v${i}`);
  const { core } = watched.bench;
  const at = core.scratch(Buffer.from('k42'));
  core.exports.openString(0, 0, at, 3, 3); // And its thread dies.
  t.is(watched.get('k42'), BUSY);
  const others = Array.from({ length: 100 }, (_, i) => watched.get(`k${i}`));
  t.true(others.filter((value) => value === BUSY).length < 20, 'those of its stripe alone');
  core.exports.closeString();
  t.is(watched.get('k42'), 'v42');
});

// In the debug build versions are always kept, for its assertions.
const testRelease = process.env['RINGLEADER_CORE'] === 'debug' ? test.skip : test;

testRelease('before anybody reads no version is touched', (t) => {
  const bench = new Bench();
  for (let i = 0; i < 1000; i++) bench.feed(encodeCommand(['SET', `k${i % 500}`, `v${i}`]));
  const words = new Uint32Array(bench.core.memory.buffer);
  t.is(words[READERS_SEEN >> 2], 0);
  t.true(words.subarray(VERSIONS >> 2, (VERSIONS >> 2) + STRIPES).every((word) => word === 0));
});
