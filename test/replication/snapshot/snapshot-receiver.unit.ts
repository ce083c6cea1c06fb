import test from 'ava';
import { encodeRdb } from '../../../src/rdb/encode.js';
import type { ReplicationEnvironment } from '../../../src/replication/environment.js';
import { SnapshotReceiver, type Way } from '../../../src/replication/snapshot/snapshot-receiver.js';
import { compileCore, LoneCore } from '../lone-core.js';

test.before(compileCore);

function receiver(
  way: Way,
  isTrusted = true,
): { core: LoneCore; receiver: SnapshotReceiver; again: () => SnapshotReceiver } {
  const core = new LoneCore(65_536);
  core.set(0, 'old', 'data');
  const env = {
    core,
    clock: { wallMs: () => 0, monotonicMs: () => 0 },
    isEmpty: () => core.keyspace.totalKeys() === 0,
    flushAll: () => core.keyspace.flushAll(),
    swapIncoming: () => core.loader.swapIncoming(),
    freeSoon: () => {},
    config: { keyLoadDelayMicros: 0 },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- All that a receiver looks at.
  const environment = env as unknown as ReplicationEnvironment;
  const again = (): SnapshotReceiver => new SnapshotReceiver(environment, way, isTrusted);
  return { core, receiver: again(), again };
}

/** A snapshot of one key, in chunks: header, body, end. */
function chunks(): Uint8Array[] {
  const source = new LoneCore(65_536);
  source.set(2, 'new', 'value');
  source.snapshots.begin();
  const replication = { replid: 'e'.repeat(40), offset: 1, streamDb: 9 };
  const info = { createdAtSeconds: 0, usedMemoryBytes: 0, replication };
  const { at, length } = source.snapshots.step(1e6);
  return [...encodeRdb(info, [source.u8.slice(at, at + length)], false)];
}

test('a node with data keeps it until the last chunk is there', (t) => {
  const { core, receiver: sync } = receiver('kept');
  const [header, body, end] = chunks();
  t.is(sync.take(header!).state, 'receiving');
  t.is(sync.take(body!).state, 'receiving');
  t.deepEqual(core.contents(), ['0/old=data']);
  t.false(sync.hasEmptied);
  t.is(sync.take(end!).state, 'receiving');
  t.is(sync.end().state, 'loading');
  t.is(sync.step().state, 'loading');
  t.true(sync.hasEmptied);
  t.is(sync.step().state, 'loading');
  t.deepEqual(sync.step(), { state: 'loaded', streamDb: 9 });
  t.deepEqual(core.contents(), ['2/new=value']);
});

test('a node without loads as chunks come', (t) => {
  const { core, receiver: sync } = receiver('in-place');
  const [header, body, end] = chunks();
  sync.take(header!);
  t.true(sync.hasEmptied);
  sync.take(body!);
  t.deepEqual(core.contents(), ['2/new=value']);
  sync.take(end!);
  t.deepEqual(sync.end(), { state: 'loaded', streamDb: 9 });
});

test('beside the old data the new ones are loaded as they come, and then swapped in', (t) => {
  const [header, body, end] = chunks();
  const { core, receiver: sync } = receiver('beside', false);
  for (const bytes of [header!, body!, end!]) t.is(sync.take(bytes).state, 'receiving');
  t.deepEqual(core.contents(), ['0/old=data']);
  t.is(sync.end().state, 'complete');
  t.false(sync.hasEmptied);
  t.deepEqual(sync.swap(), { state: 'loaded', streamDb: 9 });
  t.deepEqual(core.contents(), ['2/new=value']);

  const { core: kept, receiver: cut, again } = receiver('beside', false);
  cut.take(header!);
  cut.take(body!);
  t.is(cut.abandon(), header!.length + body!.length);
  t.deepEqual(kept.contents(), ['0/old=data']);
  const empty = again(); // Nothing of the first is left beside.
  for (const bytes of [header!, end!]) empty.take(bytes);
  t.is(empty.end().state, 'complete');
  empty.swap();
  t.deepEqual(kept.contents(), []);
});

test('a load is given up when another has come between', (t) => {
  const [header, body] = chunks();
  for (const way of ['kept', 'beside'] as const) {
    const { core, receiver: sync } = receiver(way, false);
    sync.take(header!);
    core.loader.setDb(0);
    let state = sync.take(body!);
    if (way === 'kept') {
      sync.end();
      sync.step();
      core.loader.setDb(0);
      state = sync.step();
    }
    t.deepEqual(state, { state: 'failed', reason: 'another load came between' });
    t.deepEqual(core.contents(), ['0/old=data']);
  }
});

test('what comes over a socket is read once before anything is deleted', (t) => {
  const [header, body, end] = chunks();
  const { core, receiver: sync } = receiver('kept', false);
  for (const bytes of [header!, body!, end!]) sync.take(bytes);
  t.is(sync.end().state, 'loading');
  for (let piece = 0; piece < 3; piece++) {
    t.deepEqual(core.contents(), ['0/old=data']);
    t.is(sync.step().state, 'loading');
  }
  t.is(sync.step().state, 'loading');
  t.is(sync.step().state, 'loading');
  t.deepEqual(sync.step(), { state: 'loaded', streamDb: 9 });
  t.deepEqual(core.contents(), ['2/new=value']);

  const { core: kept, receiver: damaged } = receiver('kept', false);
  // Of a type that there is not, after the first key.
  for (const bytes of [header!, body!, Buffer.from('20016b0001', 'hex'), end!]) damaged.take(bytes);
  damaged.end();
  damaged.step();
  damaged.step();
  t.deepEqual(damaged.step(), {
    state: 'failed',
    reason: 'Corrupt RDB: unknown type 32',
  });
  t.deepEqual(kept.contents(), ['0/old=data']);
});

test('bytes that are no RDB and an early end are failures', (t) => {
  const [header, body] = chunks();
  const { receiver: bad } = receiver('in-place');
  t.is(bad.take(Buffer.from('no RDB at all')).state, 'failed');

  const { receiver: early } = receiver('in-place');
  early.take(header!);
  t.is(early.take(body!).state, 'receiving');
  t.deepEqual(early.end(), { state: 'failed', reason: 'the snapshot ends early' });
});
