/** Defragmentation and lazy freeing: memory comes back, and nobody sees it move. */
import test from 'ava';
import * as fc from 'fast-check';
import { Prng } from '../../src/base/prng.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { Bench } from './fixtures/bench.js';
import { snapshotSlice } from '../support/snapshot-slice.js';

const PAGE = 65_536;

/** Run many commands, a hundred to a request. */
function bulk(bench: Bench, commands: readonly string[][]): void {
  for (let i = 0; i < commands.length; i += 100) {
    bench.feed(Buffer.concat(commands.slice(i, i + 100).map((args) => encodeCommand(args))));
  }
}

function fill(bench: Bench, name: string, count: number, size: number, more: string[] = []): void {
  const value = 'x'.repeat(size);
  bulk(
    bench,
    Array.from({ length: count }, (_, i) => ['SET', `${name}:${i}`, value + i, ...more]),
  );
}

/** Delete nine of ten, drawn at random. @returns the numbers of those left. */
function thin(bench: Bench, name: string, count: number, seed: number): number[] {
  const random = new Prng(seed);
  const left: number[] = [];
  const gone: string[][] = [];
  for (let i = 0; i < count; i++) {
    if (random.below(10) === 0) left.push(i);
    else gone.push(['DEL', `${name}:${i}`]);
  }
  bulk(bench, gone);
  return left;
}

function defragment(bench: Bench, units = 500): void {
  bench.core.upkeep.beginDefrag();
  while (bench.core.upkeep.defrag(units));
}

test('100-byte values, nine of ten deleted, 130-byte ones: pages are reused', (t) => {
  const bench = new Bench();
  fill(bench, 'a', 20_000, 100, ['EX', '1000']);
  const left = thin(bench, 'a', 20_000, 3);
  const { slabs, slabsUsed } = bench.core.memoryUse();
  t.true(slabs > slabsUsed * 4, `${slabsUsed} of ${slabs} in use`);
  defragment(bench);
  const after = bench.core.memoryUse();
  t.is(after.slabsUsed, slabsUsed);
  // Each of the few classes in use ends in one slab that is not full.
  t.true(after.slabs < slabsUsed + 8 * PAGE, `${slabsUsed} of ${after.slabs} in use`);
  fill(bench, 'b', 18_000, 130);
  t.true(bench.core.memoryUse().resident < after.resident * 1.3);
  for (const i of left) t.is(bench.run(`STRLEN a:${i}`), `:${100 + `${i}`.length}\r\n`);
  // Their slots in the list of volatile keys know where they are.
  bench.pass(1_000_001);
  while (bench.core.upkeep.expire(0, 4000).hasMore);
  t.is(bench.core.exports.keyCount(0), 18_000);
  t.is(bench.core.exports.volatileCount(0), 0);
});

test('a snapshot under way while keys are moved is the picture of its moment', (t) => {
  const bench = new Bench();
  fill(bench, 'a', 10_000, 60);
  const left = thin(bench, 'a', 10_000, 4);
  const expected = new Map(left.map((i) => [`a:${i}`, `${'x'.repeat(60)}${i}`]));
  const { core } = bench;
  core.snapshots.begin();
  const parts: Buffer[] = [];
  core.upkeep.beginDefrag();
  let isMoving = true;
  for (let step = 0; ; step++) {
    const { bytes, isLast } = snapshotSlice(core, 3000);
    parts.push(bytes);
    if (isLast) break;
    if (isMoving) isMoving = core.upkeep.defrag(100);
    bench.run(['SET', `a:${left[(step * 7) % left.length]}`, `changed ${step}`]);
    bench.run(['DEL', `a:${left[(step * 11) % left.length]}`]);
    bench.run(['SET', `new:${step}`, 'v']);
  }
  core.snapshots.end();
  t.true(core.upkeep.defragCounts().hits > 100);
  const loaded = new Bench();
  loaded.core.loader.run(Buffer.concat(parts));
  t.is(loaded.core.exports.keyCount(0), expected.size);
  for (const [key, value] of expected) {
    t.is(loaded.run(['GET', key]), `$${value.length}\r\n${value}\r\n`);
  }
});

test('whatever is done between its slices, no key is lost or changed', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.array(fc.tuple(fc.nat(3), fc.nat(3000), fc.nat(500)), { minLength: 100, maxLength: 300 }),
      (seed, steps) => {
        const bench = new Bench();
        fill(bench, 'k', 3000, 90);
        const left = thin(bench, 'k', 3000, seed);
        const model = new Map(left.map((i) => [`k:${i}`, `${'x'.repeat(90)}${i}`]));
        bench.core.upkeep.beginDefrag();
        let isMoving = true;
        for (const [kind, key, size] of steps) {
          const name = `k:${key}`;
          if (kind === 0) {
            bench.run(['DEL', name]);
            model.delete(name);
          } else if (kind === 1) {
            bench.run(['SET', name, 'y'.repeat(size), 'EX', '50']);
            model.set(name, 'y'.repeat(size));
          } else if (kind === 2) {
            bench.run(['APPEND', name, 'z'.repeat(size)]);
            model.set(name, (model.get(name) ?? '') + 'z'.repeat(size));
          } else if (isMoving) isMoving = bench.core.upkeep.defrag(200);
          else {
            bench.core.upkeep.beginDefrag();
            isMoving = true;
          }
        }
        if (bench.core.exports.keyCount(0) !== model.size) return false;
        return [...model].every(
          ([key, value]) => bench.run(['GET', key]) === `$${value.length}\r\n${value}\r\n`,
        );
      },
    ),
    { numRuns: 15, seed: 2 },
  );
  t.pass();
});

test('where memory has ended, slabs being emptied still take what finds no other room', (t) => {
  const bench = new Bench({ backlogBytes: PAGE }, 80);
  fill(bench, 'a', 100_000, 100);
  const left = thin(bench, 'a', 100_000, 5);
  fill(bench, 'b', 100_000, 400); // Takes every page there is.
  bench.core.upkeep.beginDefrag();
  // More than the slabs that are kept have room for. A few may find none in the index.
  let stored = 0;
  for (let i = 0; i < 4000; i++) {
    stored += bench.run(`SET a:${100_000 + i} ${'x'.repeat(104)}`) === '+OK\r\n' ? 1 : 0;
  }
  t.true(stored > 3600, `${stored} stored`);
  defragment(bench);
  const kept = left.filter((i) => bench.run(`EXISTS a:${i}`) === ':1\r\n');
  t.true(kept.length > 1000);
});

test('a lazy flush empties at once, and its memory comes back in slices', (t) => {
  const bench = new Bench();
  const empty = bench.core.usedMemory();
  fill(bench, 'a', 20_000, 20, ['EX', '100']);
  bench.run('SET other v', 1);
  const full = bench.core.usedMemory();
  t.is(bench.core.exports.flushDatabase(0, 1), 20_000);
  t.is(bench.core.exports.keyCount(0), 0);
  t.is(bench.run('GET a:1'), '$-1\r\n');
  t.true(bench.core.usedMemory() >= full);
  fill(bench, 'b', 1000, 20);
  t.is(bench.core.exports.flushDatabase(0, 1), 1000);
  t.deepEqual(bench.core.upkeep.lazyFreed(), { pending: 21_000, freed: 0 });
  t.true(bench.core.upkeep.free(100));
  const { pending, freed } = bench.core.upkeep.lazyFreed();
  t.true(freed > 500 && freed < 2000 && pending === 21_000 - freed, `${freed} freed`);
  while (bench.core.upkeep.free(100));
  t.deepEqual(bench.core.upkeep.lazyFreed(), { pending: 0, freed: 21_000 });
  t.true(bench.core.usedMemory() - empty < 70_000, `${bench.core.usedMemory() - empty}`);
  t.is(bench.run('GET other', 1), '$1\r\nv\r\n');
});

test('a flush before a snapshot is not in it, however late its memory is freed', (t) => {
  const bench = new Bench();
  fill(bench, 'old', 2000, 20);
  bench.core.exports.flushDatabase(0, 1);
  bench.run('SET k v');
  bench.core.snapshots.begin();
  bench.core.upkeep.free(50);
  const { bytes, isLast } = snapshotSlice(bench.core, 1_000_000);
  t.true(isLast);
  bench.core.snapshots.end();
  while (bench.core.upkeep.free(50));
  const loaded = new Bench();
  loaded.core.loader.run(bytes);
  t.is(loaded.core.exports.keyCount(0), 1);
});
