/** Large collections in a snapshot: written in slices, and as they were at its beginning. */
import * as fc from 'fast-check';
import test from 'ava';
import { Keyspace } from '../../src/keyspace/keyspace.js';
import { snapshotSlice } from '../support/snapshot-slice.js';
import { Bench } from './fixtures/bench.js';

const SIZE = 3000;
const FILLER = 'x'.repeat(110);
const TYPES = ['hash', 'list', 'set', 'stream', 'zset'] as const;
const GROUP = Buffer.from('group');

function element(i: number): string {
  return `${i}:${FILLER}`;
}

/** One key of each type, all of them large, and some small ones. */
function filled(): Bench {
  const bench = new Bench();
  for (let i = 0; i < SIZE; i++) {
    bench.run(['HSET', 'hash', `f${i}`, element(i)]);
    bench.run([i % 3 === 0 ? 'LPUSH' : 'RPUSH', 'list', element(i)]);
    bench.run(['SADD', 'set', element(i)]);
    bench.run(['ZADD', 'zset', String(i % 100), element(i)]);
    bench.run(['XADD', 'stream', `${i + 1}-1`, 'field', element(i)]);
    if (i % 10 === 0) bench.run(['SET', `key:${i}`, element(i)], i % 3);
  }
  const stream = new Keyspace(bench.core).db(0).streams.change('stream')!;
  stream.addGroup(GROUP, { ms: 0n, seq: 0n }, 0n);
  const group = stream.group(GROUP)!;
  const consumer = group.addConsumer(Buffer.from('consumer'), 7);
  for (let i = 1; i <= SIZE; i += 3) group.assign(consumer, { ms: BigInt(i), seq: 1n }, 9, 1n);
  return bench;
}

/** The ids that are pending in the stream's group, and with its consumer. */
function pending(bench: Bench): string[] {
  const group = new Keyspace(bench.core).db(0).streams.read('stream')?.group(GROUP);
  const holders = [group, ...(group?.consumers() ?? [])];
  return holders.map((holder) => [...(holder?.pendingIds() ?? [])].map(({ ms }) => ms).join());
}

function lines(reply: string): string[] {
  return reply.split('\r\n').filter((line) => !line.startsWith('$'));
}

/** All that the large keys hold, in an order of its own for what has none. */
function picture(bench: Bench): string[] {
  return [
    ...['hash', 'moved'].flatMap((key) => {
      const words = lines(bench.run(['HGETALL', key])).slice(1);
      return words.map((word, i) => (i % 2 === 0 ? `${word}=${words[i + 1]}` : '')).toSorted();
    }),
    ...lines(bench.run('LRANGE list 0 -1')),
    bench.run('SCARD set'),
    ...Array.from({ length: SIZE }, (_, i) => bench.run(['SISMEMBER', 'set', element(i)])),
    ...lines(bench.run('ZRANGE zset 0 -1 WITHSCORES')),
    ...lines(bench.run('XRANGE stream - +')),
    ...pending(bench),
    ...Array.from({ length: SIZE / 10 }, (_, i) =>
      bench.run(['GET', `key:${i * 10}`], (i * 10) % 3),
    ),
  ];
}

function loaded(bytes: Buffer): Bench {
  const bench = new Bench();
  bench.core.loader.setDb(0);
  const { consumed } = bench.core.loader.run(bytes);
  if (consumed !== bytes.length) throw new Error(`${consumed} of ${bytes.length} bytes are read`);
  return bench;
}

/** Step to the end. @returns what came. */
function rest(bench: Bench, size: number): Buffer[] {
  const slices: Buffer[] = [];
  for (let isLast = false; !isLast;) {
    const slice = snapshotSlice(bench.core, size);
    slices.push(slice.bytes);
    isLast = slice.isLast;
  }
  bench.core.snapshots.end();
  return slices;
}

test('no slice is much longer than what was asked for', (t) => {
  const bench = filled();
  const expected = picture(bench);
  bench.core.snapshots.begin();
  const slices = rest(bench, 20_000);
  t.true(
    slices.every(({ length }) => length < 40_000),
    slices.map(({ length }) => length).join(' '),
  );
  t.deepEqual(picture(loaded(Buffer.concat(slices))), expected);
});

/** Changes as commands make them; `n` says where. */
function change(bench: Bench, [kind, n]: readonly [number, number]): void {
  const some = element(n);
  const commands: readonly (readonly string[])[] = [
    ['HSET', 'hash', `f${n}`, 'short'],
    ['HSET', 'hash', `f${n}`, some.repeat(3)],
    ['HSET', 'hash', `new${n}`, some],
    ['HDEL', 'hash', `f${n}`, `new${n}`],
    ['RPUSH', 'list', some],
    ['LPUSH', 'list', some, some],
    ['LPOP', 'list', String(1 + (n % 90))],
    ['RPOP', 'list', String(1 + (n % 40))],
    ['LSET', 'list', String(n % 50), some],
    ['LINSERT', 'list', 'BEFORE', some, 'inserted'],
    ['LREM', 'list', '0', some],
    ['LTRIM', 'list', '5', '-9'],
    ['SADD', 'set', `${some}!`],
    ['SREM', 'set', some],
    ['SPOP', 'set'],
    ['ZADD', 'zset', String(n % 7), some],
    ['ZINCRBY', 'zset', '0.5', some],
    ['ZREM', 'zset', some],
    ['ZPOPMIN', 'zset', String(n % 20)],
    ['XADD', 'stream', '*', 'field', some],
    ['XADD', 'stream', '*', 'other', some.repeat(4)],
    ['XDEL', 'stream', `${n}-1`, `${(n * 7) % SIZE}-1`],
    ['XTRIM', 'stream', 'MAXLEN', '~', String(SIZE - (n % 500))],
    ['XTRIM', 'stream', 'MINID', String(n % 700)],
    ['XACK', 'stream', 'group', `${n - (n % 3) + 1}-1`],
    ['SET', `key:${n - (n % 10)}`, 'other'],
    ['DEL', `key:${n - (n % 10)}`],
    ['DEL', TYPES[n % 5]!],
    ['SET', TYPES[n % 5]!, 'a string'],
    ['EXPIRE', TYPES[n % 5]!, '100'],
  ];
  const command = commands[kind];
  if (command !== undefined) bench.feed(encode(command));
  else if (kind === commands.length) bench.core.exports.flushDatabase(0, n % 2);
  else {
    bench.core.upkeep.free(1 + (n % 200));
    if (n % 3 === 0) bench.core.exports.swapDatabases(0, 1 + (n % 2));
  }
}

function encode(args: readonly string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`;
}

/** @returns the memory that is in use without any key. */
function emptied(core: Bench['core']): number {
  for (let db = 0; db < 3; db++) core.exports.flushDatabase(db, 0);
  while (core.upkeep.free(1000));
  return core.usedMemory();
}

test('large collections are as they were at the beginning, whatever is done to them', (t) => {
  const changes = fc.array(
    fc.tuple(
      fc.oneof({ weight: 20, arbitrary: fc.nat(26) }, { weight: 1, arbitrary: fc.nat(31) }),
      fc.nat(SIZE - 1),
    ),
    { minLength: 50, maxLength: 300 },
  );
  const original = filled();
  const expected = picture(original);
  original.core.snapshots.begin();
  const template = Buffer.concat(rest(original, 1e6));
  const control = loaded(template);
  const leftOver = ({ core }: Bench): number => emptied(core) - emptied(control.core);
  fc.assert(
    fc.property(changes, fc.integer({ min: 1, max: 60_000 }), fc.nat(30), (all, size, pause) => {
      const bench = loaded(template);
      const { core } = bench;
      core.snapshots.begin();
      const slices: Buffer[] = [];
      let isLast = false;
      for (const [i, each] of all.entries()) {
        change(bench, each);
        if (isLast || i % (pause + 1) !== 0) continue;
        const slice = snapshotSlice(core, size);
        slices.push(slice.bytes);
        isLast = slice.isLast;
      }
      if (isLast) core.snapshots.end();
      else slices.push(...rest(bench, size));
      t.deepEqual(picture(loaded(Buffer.concat(slices))), expected);
      // All that was kept is free again.
      t.true(leftOver(bench) < 100_000, `${leftOver(bench)}`);
    }),
    { numRuns: 30 },
  );
});

test('a snapshot that is given up lets go of what it held', (t) => {
  const bench = filled();
  const { core } = bench;
  core.snapshots.begin();
  snapshotSlice(core, 1000);
  for (const type of TYPES) bench.run(['DEL', type]);
  while (core.upkeep.free(1000));
  const kept = core.usedMemory();
  core.snapshots.end();
  t.true(core.usedMemory() < kept - 5 * SIZE * 100, `${kept} became ${core.usedMemory()}`);
});

test('where there is no memory to keep what changes, a collection is written out at once', (t) => {
  const bench = filled();
  const expected = picture(bench);
  const { core } = bench;
  core.snapshots.begin();
  // More than the hash has bytes.
  for (let i = 0; i < 12_000; i++) bench.run(['HSET', 'hash', 'f1', `${FILLER}${i}`]);
  const slices = rest(bench, 10_000);
  t.true(slices.some(({ length }) => length > 200_000));
  t.deepEqual(picture(loaded(Buffer.concat(slices))), expected);
});
