/** When a write counts as applied: offsets of memories, moved by hand. */
import test from 'ava';
import { HEAD, MAGIC, MAGIC_VALUE } from '../../../src/core/assembly/layout.js';
import { AppliedWatch } from '../../../src/lab/load/applied.js';

/** A node's memory, as far as its offset goes. */
function memoryAt(offset: number): { buffer: SharedArrayBuffer; moveTo(offset: number): void } {
  const buffer = new SharedArrayBuffer(65_536);
  new Uint32Array(buffer)[MAGIC / 4] = MAGIC_VALUE;
  const moveTo = (to: number): void => {
    new BigInt64Array(buffer, HEAD, 1)[0] = BigInt(to);
  };
  moveTo(offset);
  return { buffer, moveTo };
}

test('a batch is applied once the replica is where the master was when it was answered', (t) => {
  const master = memoryAt(100);
  const replicas = [memoryAt(50), memoryAt(99)];
  const seen: number[][] = [[], []];
  const watch = new AppliedWatch();
  watch.watch(
    master,
    replicas.map((memory, i) => ({ memory, record: (micros) => seen[i]!.push(micros) })),
  );
  t.false(watch.isPending);
  watch.answered(10);
  master.moveTo(200);
  watch.answered(11);
  watch.settle(12);
  t.deepEqual(seen, [[], []]);
  replicas[1]!.moveTo(100); // The limit: exactly there.
  watch.settle(13);
  t.deepEqual(seen, [[], [3000]]);
  replicas[0]!.moveTo(200);
  replicas[1]!.moveTo(199); // One short.
  watch.settle(14);
  t.deepEqual(seen, [[4000, 3000], [3000]]);
  t.true(watch.isPending);
  replicas[1]!.moveTo(200);
  watch.settle(15);
  t.false(watch.isPending);
});

test('another master: what waited is forgotten; no master: nothing is followed', (t) => {
  const seen: number[] = [];
  const replica = { memory: memoryAt(0), record: (micros: number) => seen.push(micros) };
  const watch = new AppliedWatch();
  watch.watch(memoryAt(5), [replica]);
  watch.answered(1);
  t.true(watch.isPending);
  watch.watch(memoryAt(5), [replica]);
  t.false(watch.isPending);
  watch.watch(null, [replica]);
  watch.answered(1);
  t.false(watch.isPending);
});

test('a replica that stands still ends the following, not the memory', (t) => {
  const watch = new AppliedWatch();
  const seen: number[] = [];
  const replica = memoryAt(0);
  watch.watch(memoryAt(1), [{ memory: replica, record: (micros) => seen.push(micros) }]);
  for (let i = 0; i < 20_000; i += 1) watch.answered(i);
  replica.moveTo(1);
  watch.settle(20_000);
  t.is(seen.length, 1 << 14);
  t.is(seen[0], 20_000_000);
});
