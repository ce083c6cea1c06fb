import test from 'ava';
import type { SharedMemory } from '../../src/backlog/ring-reader.js';
import { encodeRdb } from '../../src/rdb/encode.js';
import { ChunkLoans } from '../../src/replication/chunk-loans.js';
import type { ReplicationEnvironment } from '../../src/replication/environment.js';
import { SnapshotReceiver } from '../../src/replication/snapshot-receiver.js';
import { createMemory } from '../backlog/ring-writer.js';
import { TestCore } from './test-core.js';

function receiver(
  isEmpty: boolean,
  memory: SharedMemory = createMemory(),
): { core: TestCore; receiver: SnapshotReceiver } {
  const core = new TestCore(65_536);
  core.databases[0]!.set('old', 'data');
  const env = {
    core,
    clock: { wallMs: () => 0, monotonicMs: () => 0 },
    isEmpty: () => core.isEmpty(),
    flushAll: () => core.flushAll(),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- All that a receiver looks at.
  const environment = env as unknown as ReplicationEnvironment;
  return { core, receiver: new SnapshotReceiver(environment, memory, isEmpty) };
}

/** A snapshot of one key, in chunks: header, body, end. */
function chunks(): Uint8Array[] {
  const source = new TestCore(65_536);
  source.databases[2]!.set('new', 'value');
  source.snapshotBegin();
  const replication = { replid: 'e'.repeat(40), offset: 1, streamDb: 9 };
  const info = { createdAtSeconds: 0, usedMemoryBytes: 0, replication };
  const { at, length } = source.snapshotStep(1e6);
  return [...encodeRdb(info, [source.u8.slice(at, at + length)], false)];
}

test('a node with data keeps it until the last chunk is there', (t) => {
  const { core, receiver: sync } = receiver(false);
  const [header, body, end] = chunks();
  t.is(sync.take(0, header!, false).state, 'receiving');
  t.is(sync.take(1, body!, false).state, 'receiving');
  t.deepEqual(core.contents(), ['0/old=data']);
  t.false(sync.isLoading);
  t.is(sync.take(2, end!, true).state, 'loading');
  t.is(sync.step().state, 'loading');
  t.true(sync.isLoading);
  t.is(sync.step().state, 'loading');
  t.deepEqual(sync.step(), { state: 'loaded', streamDb: 9 });
  t.deepEqual(core.contents(), ['2/new=value']);
});

test('a node without loads as chunks come', (t) => {
  const { core, receiver: sync } = receiver(true);
  const [header, body, end] = chunks();
  sync.take(0, header!, false);
  t.true(sync.isLoading);
  sync.take(1, body!, false);
  t.deepEqual(core.contents(), ['2/new=value']);
  t.deepEqual(sync.take(2, end!, true), { state: 'loaded', streamDb: 9 });
});

test('a chunk out of order, a bad one and an early end are failures', (t) => {
  const [header, body, end] = chunks();
  const { receiver: gap } = receiver(true);
  gap.take(0, header!, false);
  t.deepEqual(gap.take(2, end!, true), { state: 'failed', reason: 'a chunk was lost' });

  const { receiver: bad } = receiver(true);
  t.is(bad.take(0, Buffer.from('no RDB at all'), false).state, 'failed');

  const { receiver: early } = receiver(true);
  early.take(0, header!, false);
  t.deepEqual(early.take(1, body!, true), { state: 'failed', reason: 'the snapshot ends early' });
});

test('a chunk is read where it lies, and void if it was taken back meanwhile', (t) => {
  const master = new TestCore(65_536);
  const [header, body, end] = chunks();
  const freed: number[] = [];
  const loans = new ChunkLoans<string>(master.memory, (at) => freed.push(at));
  const at = master.input(body!.length);
  master.u8.set(body!, at);

  const { core, receiver: sync } = receiver(true, master.memory);
  sync.take(0, header!, false);
  t.is(sync.take(1, loans.lend(1, at, body!.length, ['replica']), false).state, 'receiving');
  t.deepEqual(core.contents(), ['2/new=value']);
  t.is(sync.take(2, end!, true).state, 'loaded');
  loans.onReturned('replica', 1);
  t.deepEqual(freed, [at]);

  for (const isEmpty of [true, false]) {
    const { receiver: late } = receiver(isEmpty, master.memory);
    late.take(0, header!, false);
    const place = loans.lend(9, at, body!.length, ['dropped']);
    loans.forget('dropped');
    const state = late.take(1, place, false);
    t.deepEqual(state, { state: 'failed', reason: 'the master took a chunk back' });
  }
});
