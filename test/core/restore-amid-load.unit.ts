/** RESTORE while a data set comes in, cut in the middle of a value of its type. */
import test from 'ava';
import { Keyspace } from '../../src/keyspace/keyspace.js';
import { snapshotSlice } from '../support/snapshot-slice.js';
import { Bench } from './fixtures/bench.js';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Commands that make one key of each type, each in an encoding that loads in steps. */
function make(bench: Bench, key: string, count: number): void {
  const hash = numbers(count).flatMap((i) => [`field${i}`, `${key} ${i}`.repeat(10)]);
  const list = numbers(count).map((i) => `${key} element ${i}`.repeat(20));
  bench.run(['HSET', `hash ${key}`, ...hash]);
  bench.run(['RPUSH', `list ${key}`, ...list]);
  bench.run(['SADD', `set ${key}`, ...list]);
  bench.run(['ZADD', `zset ${key}`, ...list.flatMap((member, i) => [`${i}.5`, member])]);
  const stream = `stream ${key}`;
  for (const i of numbers(count)) bench.run(['XADD', stream, `${i + 1}-0`, 'f', `${key} ${i}`]);
  const handle = new Keyspace(bench.core).db(0).streams.change(stream);
  for (const name of ['one', 'two']) {
    handle?.addGroup(Buffer.from(name), { ms: 0n, seq: 0n }, 0n);
    const group = handle?.group(Buffer.from(name)) ?? null;
    const consumers = ['a', 'b'].map((each) => group?.addConsumer(Buffer.from(each), 7));
    for (const [i, id] of (handle?.items().ids ?? []).entries()) {
      const consumer = consumers[i % 3];
      if (consumer !== undefined) group?.assign(consumer, id, bench.nowMs, 1n);
    }
  }
}

const TYPES = ['hash', 'list', 'set', 'zset', 'stream'];

/** Whatever DUMP says of each key. */
function dumps(bench: Bench, keys: readonly string[]): (string | undefined)[] {
  const { values } = new Keyspace(bench.core).db(0);
  return keys.map((key) => values.dump(Buffer.from(key), false)?.toString('hex'));
}

test('a value is restored amid the load of another of its type, and both are whole', (t) => {
  const source = new Bench();
  make(source, 'big', 200);
  make(source, 'small', 150);
  const big = TYPES.map((type) => `${type} big`);
  const expected = dumps(source, big);
  const { core } = source;
  const restored = TYPES.map((type) => {
    const key = Buffer.from(`${type} small`);
    return [key, new Keyspace(core).db(0).values.dump(key, false)!] as const;
  });
  for (const [key] of restored) source.run(['DEL', key]);
  core.snapshots.begin();
  const { bytes } = snapshotSlice(core, 1e7);
  core.snapshots.end();

  const bench = new Bench();
  const { loader } = bench.core;
  loader.openIncoming();
  loader.setDb(0);
  const { number } = loader;
  const { values } = new Keyspace(bench.core).db(0);
  let held = Buffer.alloc(0);
  for (let at = 0; at < bytes.length; at += 700) {
    held = Buffer.concat([held, bytes.subarray(at, at + 700)]);
    held = held.subarray(loader.runIncoming(held).consumed);
    for (const [key, payload] of restored) {
      t.true(values.restore(key, payload, null));
      t.false(values.restore(key, payload.subarray(0, -9), null)); // It is refused, and no more.
    }
  }
  t.is(loader.number, number, 'the load went on');
  const small = restored.map(([key]) => String(key));
  t.deepEqual(
    dumps(bench, small),
    restored.map(([, payload]) => payload.toString('hex')),
  );
  loader.swapIncoming();
  t.deepEqual(dumps(bench, big), expected);
});
