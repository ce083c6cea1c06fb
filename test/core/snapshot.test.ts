/** Snapshots are a moment's picture whatever happens meanwhile, and load back to the same. */
import * as fc from 'fast-check';
import test from 'ava';
import { Bench } from './fixtures/bench.js';
import { snapshotSlice } from '../support/snapshot-slice.js';

/** `db/key value expiry`, sorted. */
type Picture = string[];

/** All of a bench's keys with values and expiries, by a way that changes nothing. */
function picture(bench: Bench, databases = 3): Picture {
  const all: Picture = [];
  for (let db = 0; db < databases; db++) {
    for (const key of keysOf(bench, db)) {
      const value = bench.run(['GET', key], db);
      all.push(JSON.stringify([db, key, value, bench.run(['PEXPIRETIME', key], db)]));
    }
  }
  return all.toSorted();
}

/** What one picture has and the other has not. */
function difference(a: Picture, b: Picture): string[] {
  return [...a.filter((line) => !b.includes(line)), ...b.filter((line) => !a.includes(line))];
}

function keysOf(bench: Bench, db: number): string[] {
  const { core } = bench;
  const keys: string[] = [];
  let cursor = 0;
  do {
    cursor = core.exports.scan(db, cursor, 100);
    for (let i = 0; i < core.readU32(0x105c); i++) {
      const entry = core.readU32(core.readU32(0x1058) + i * 4);
      const at = entry + ((core.readU32(entry) & 0x80) === 0 ? 16 : 28);
      keys.push(core.copyOut(at, core.readU32(entry + 4)).toString('latin1'));
    }
  } while (cursor !== 0);
  return keys;
}

function load(bytes: Buffer): Bench {
  const bench = new Bench();
  bench.core.loader.setDb(0);
  const { consumed, neededBytes } = bench.core.loader.run(bytes);
  if (consumed !== bytes.length || neededBytes > 1) throw new Error(`${consumed}, ${neededBytes}`);
  return bench;
}

test('what is loaded back is what was there', (t) => {
  const bench = new Bench();
  for (let i = 0; i < 3000; i++) {
    bench.run(`SET key:${i} ${'v'.repeat(i % 300)}`, i % 3);
    if (i % 4 === 0) bench.run(`EXPIRE key:${i} ${100 + i}`, i % 3);
  }
  bench.run(['SET', 'long', 'x'.repeat(20_000)]);
  bench.run(['SET', 'y'.repeat(20_000), '']);
  bench.core.snapshots.begin();
  const slices: Buffer[] = [];
  let isLast = false;
  while (!isLast) {
    const slice = snapshotSlice(bench.core, 10_000);
    slices.push(slice.bytes);
    isLast = slice.isLast;
  }
  bench.core.snapshots.end();
  t.true(slices.length > 10);
  t.deepEqual(picture(load(Buffer.concat(slices))), picture(bench));
});

const operation = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('set'), fc.nat(400), fc.nat(2), fc.nat(200)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('del'), fc.nat(400), fc.nat(2), fc.nat(1)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('append'), fc.nat(400), fc.nat(2), fc.nat(99)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('setrange'), fc.nat(400), fc.nat(2), fc.nat(99)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('setbit'), fc.nat(400), fc.nat(2), fc.nat(900)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('bitop'), fc.nat(400), fc.nat(2), fc.nat(400)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('expire'), fc.nat(400), fc.nat(2), fc.nat(9999)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('persist'), fc.nat(400), fc.nat(2), fc.nat(1)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('rename'), fc.nat(400), fc.nat(2), fc.nat(400)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('move'), fc.nat(400), fc.nat(2), fc.nat(400)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('pass'), fc.nat(500), fc.nat(2), fc.nat(1)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('burst'), fc.nat(400), fc.nat(2), fc.nat(300)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('swap'), fc.nat(2), fc.nat(2), fc.nat(1)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('copy'), fc.nat(400), fc.nat(2), fc.nat(400)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('flush'), fc.nat(1), fc.nat(2), fc.nat(1)) },
);

function perform(bench: Bench, [kind, n, db, m]: [string, number, number, number]): void {
  const key = `key:${n}`;
  if (kind === 'set') bench.run(['SET', key, 'v'.repeat(m)], db);
  else if (kind === 'del') bench.run(`DEL ${key}`, db);
  else if (kind === 'append') bench.run(['APPEND', key, 'w'.repeat(m)], db);
  else if (kind === 'setrange') bench.run(`SETRANGE ${key} ${m} xyz`, db);
  else if (kind === 'setbit') bench.run(`SETBIT ${key} ${m} 1`, db);
  else if (kind === 'bitop') bench.run(`BITOP XOR ${key} ${key} key:${m}`, db);
  else if (kind === 'expire') bench.run(`PEXPIRE ${key} ${m + 1}`, db);
  else if (kind === 'persist') bench.run(`PERSIST ${key}`, db);
  else if (kind === 'rename') bench.run(`RENAME ${key} key:${m}`, db);
  else if (kind === 'pass') {
    bench.pass(n);
    bench.core.upkeep.expire(0, 500);
  } else if (kind === 'burst') {
    for (let i = 0; i < m; i++) bench.run(`SET burst:${n}:${i} v`, db);
  } else if (kind === 'swap') bench.core.exports.swapDatabases(n, db);
  else if (kind === 'flush') bench.core.exports.flushDatabase(db, 0);
  else if (n !== m) {
    const to = `key:${m}`;
    const at = bench.core.scratch(Buffer.from(key + to));
    const place = [db, 0, at, key.length, (db + 1) % 3, at + key.length, to.length] as const;
    if (kind === 'copy') bench.core.exports.copyKey(...place);
    else bench.core.exports.moveKey(...place);
  }
}

test('a snapshot shows its beginning, whatever is done before its end', (t) => {
  const operations = fc.array(operation, { maxLength: 60 });
  fc.assert(
    fc.property(
      operations,
      operations,
      fc.integer({ min: 1, max: 3000 }),
      (before, during, size) => {
        const bench = new Bench();
        for (let i = 0; i < 300; i++) bench.run(`SET key:${i} ${i}`, i % 3);
        before.forEach((step) => perform(bench, step));
        // Of what is there now; keys that have expired unseen belong to it too.
        const expected = picture(load(wholeSnapshot(bench)));
        bench.core.snapshots.begin();
        const slices: Buffer[] = [];
        let isLast = false;
        for (const step of during) {
          perform(bench, step);
          if (!isLast) {
            const slice = snapshotSlice(bench.core, size);
            slices.push(slice.bytes);
            isLast = slice.isLast;
          }
        }
        while (!isLast) {
          const slice = snapshotSlice(bench.core, size);
          slices.push(slice.bytes);
          isLast = slice.isLast;
        }
        bench.core.snapshots.end();
        t.deepEqual(difference(picture(load(Buffer.concat(slices))), expected), []);
      },
    ),
    { numRuns: 150 },
  );
});

function wholeSnapshot(bench: Bench): Buffer {
  bench.core.snapshots.begin();
  const slices: Buffer[] = [];
  for (;;) {
    const { bytes, isLast } = snapshotSlice(bench.core, 1e6);
    slices.push(bytes);
    if (isLast) break;
  }
  bench.core.snapshots.end();
  return Buffer.concat(slices);
}

test('snapshots given up leave nothing behind, even after hundreds', (t) => {
  const bench = new Bench();
  for (let i = 0; i < 500; i++) bench.run(`SET key:${i} v`);
  const used = bench.core.usedMemory();
  for (let i = 0; i < 600; i++) {
    bench.core.snapshots.begin();
    snapshotSlice(bench.core, 100);
    bench.run(`SET key:${i % 500} w`);
    bench.core.snapshots.end();
  }
  t.is(bench.core.usedMemory(), used);
  t.deepEqual(picture(load(wholeSnapshot(bench))), picture(bench));
});

test('a flush during a snapshot empties at once, and its memory comes back', (t) => {
  const bench = new Bench();
  const empty = bench.core.usedMemory();
  for (let i = 0; i < 20_000; i++) bench.run(`SET key:${i} v EX 100`);
  const expected = picture(bench, 1);
  bench.core.snapshots.begin();
  const first = snapshotSlice(bench.core, 1000).bytes;
  t.is(bench.core.exports.flushDatabase(0, 0), 20_000);
  t.is(bench.core.exports.keyCount(0), 0);
  bench.run('SET key:1 new');
  bench.run('DEL key:1');
  const rest: Buffer[] = [];
  for (;;) {
    const { bytes, isLast } = snapshotSlice(bench.core, 50_000);
    rest.push(bytes);
    if (isLast) break;
  }
  bench.core.snapshots.end();
  t.deepEqual(picture(load(Buffer.concat([first, ...rest])), 1), expected);
  bench.core.exports.flushDatabase(0, 0);
  while (bench.core.upkeep.free(100)); // What was flushed while the snapshot ran.
  t.true(bench.core.usedMemory() - empty < 70_000, `${bench.core.usedMemory() - empty}`);
});

test('a data set that is loaded beside another takes its place, and a snapshot goes on', (t) => {
  const source = new Bench();
  for (let i = 0; i < 500; i++) source.run(`SET new:${i} ${i}`, i % 3);
  source.core.snapshots.begin();
  const { bytes } = snapshotSlice(source.core, 1e6);
  source.core.snapshots.end();

  const bench = new Bench();
  const { core } = bench;
  for (let i = 0; i < 2000; i++) bench.run(`SET old:${i} ${'v'.repeat(50)}`, i % 3);
  const old = picture(bench);
  const used = core.usedMemory();
  core.loader.openIncoming();
  core.loader.setDb(0);
  core.loader.runIncoming(bytes.subarray(0, 2000));
  core.loader.dropIncoming();
  while (core.upkeep.free(100));
  t.deepEqual(picture(bench), old);

  // One begins before the load, one amid it: neither has anything to do with it.
  for (const isEarly of [true, false]) {
    if (isEarly) core.snapshots.begin();
    core.loader.openIncoming();
    core.loader.setDb(0);
    const { consumed } = core.loader.runIncoming(bytes.subarray(0, 2000));
    if (!isEarly) core.snapshots.begin();
    core.loader.runIncoming(bytes.subarray(consumed));
    const before = picture(bench);
    const first = snapshotSlice(core, 5000).bytes;
    core.loader.swapIncoming();
    t.deepEqual(picture(bench), picture(source));
    bench.run('SET new:0 changed');
    bench.run('DEL new:3');
    const slices = [first];
    for (let isLast = false; !isLast;) {
      const slice = snapshotSlice(core, 5000);
      slices.push(slice.bytes);
      ({ isLast } = slice);
    }
    core.snapshots.end();
    t.deepEqual(difference(picture(load(Buffer.concat(slices))), before), []);
    while (core.upkeep.free(100));
    core.snapshots.begin(); // The next one has it all.
    const whole = snapshotSlice(core, 1e6).bytes;
    core.snapshots.end();
    t.deepEqual(difference(picture(load(whole)), picture(bench)), []);
  }
  t.true(core.usedMemory() < used);
});
