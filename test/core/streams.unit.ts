/**
 * Streams in the core, on its debug build too: what is in them is what was put in, a snapshot is a
 * moment's picture, and all their memory is given back.
 */
import test from 'ava';
import { Prng } from '../../src/base/prng.js';
import { Keyspace } from '../../src/keyspace/keyspace.js';
import { idText } from '../../src/keyspace/stream-id.js';
import { ReplyParser } from '../../src/resp/parse.js';
import { plain } from '../support/resp-client.js';
import { snapshotSlice } from '../support/snapshot-slice.js';
import { Bench } from './fixtures/bench.js';

function value(reply: string): unknown {
  return plain(new ReplyParser().feed(Buffer.from(reply, 'latin1'))[0] ?? null);
}

const all = (bench: Bench): unknown => value(bench.run('XRANGE s - +'));

/** A stream of many nodes, of which groups have read most. */
function fill(bench: Bench, random: Prng, count: number): void {
  for (let i = 1; i <= count; i++) {
    const fields = random.chance(0.8) ? `a ${i} b ${'x'.repeat(i % 90)}y` : `c ${i}`;
    bench.run(`XADD s ${i}-${random.below(3) + 1} ${fields}`);
  }
  const stream = new Keyspace(bench.core).db(0).streams.change('s');
  for (const name of ['g', 'h']) {
    stream?.addGroup(Buffer.from(name), { ms: 0n, seq: 0n }, 0n);
    const group = stream?.group(Buffer.from(name)) ?? null;
    const consumers = ['b', 'a', 'c'].map((each) => group?.addConsumer(Buffer.from(each), 7));
    for (const id of stream?.items().ids ?? []) {
      const consumer = consumers[random.below(3)];
      if (consumer !== undefined) group?.assign(consumer, id, bench.nowMs, 1n);
    }
  }
}

/** What is pending in a group, in the order of ids; and with its consumers. */
function pending(bench: Bench): unknown {
  const stream = new Keyspace(bench.core).db(0).streams.read('s');
  return stream?.groups().map((group) => ({
    name: String(group.name),
    ids: [...group.pendingIds()].map(idText),
    consumers: group.consumers().map((consumer) => ({
      name: String(consumer.name),
      ids: [...consumer.pendingIds()].map(idText),
    })),
  }));
}

test('a stream has what was added, less what was deleted and trimmed', (t) => {
  const bench = new Bench();
  const random = new Prng(4);
  const expected: [string, string[]][] = [];
  bench.run('SET k v');
  const before = bench.core.usedMemory();
  for (let ms = 1; ms <= 3000; ms++) {
    const body = random.chance(0.7) ? ['a', String(ms), 'b', 'v'.repeat(ms % 50)] : ['z', '-7'];
    bench.run(['XADD', 's', `${ms}-1`, ...body]);
    expected.push([`${ms}-1`, body]);
    if (random.chance(0.3)) {
      const at = random.below(expected.length);
      const [[id] = ['']] = expected.splice(at, 1);
      bench.run(`XDEL s ${id} 99999`);
    }
    if (random.chance(0.01)) {
      const left = random.below(400);
      bench.run(`XTRIM s MAXLEN ${left}`);
      expected.splice(0, Math.max(0, expected.length - left));
    }
  }
  t.deepEqual(all(bench), expected);
  t.deepEqual(value(bench.run('XREVRANGE s + -')), expected.toReversed());
  t.is(value(bench.run('XLEN s')), expected.length);
  bench.run('DEL s');
  bench.core.upkeep.free(1e9);
  t.is(bench.core.usedMemory(), before);
});

test('a snapshot has a stream as it was, with its groups', (t) => {
  const bench = new Bench();
  fill(bench, new Prng(6), 700);
  const entries = all(bench);
  const groups = pending(bench);
  bench.core.snapshots.begin();
  bench.run('XDEL s 5-1 5-2 5-3 6-1');
  bench.run('XTRIM s MAXLEN 100');
  bench.run('XADD s * late 1');
  const db = new Keyspace(bench.core).db(0);
  const stream = db.streams.change('s');
  for (const group of stream?.groups() ?? []) stream?.removeGroup(group);
  const slices: Buffer[] = [];
  for (let isLast = false; !isLast;) {
    const slice = snapshotSlice(bench.core, 1000);
    slices.push(slice.bytes);
    ({ isLast } = slice);
  }
  bench.core.snapshots.end();
  const loaded = new Bench();
  loaded.core.loader.setDb(0);
  // In pieces, as a socket brings it.
  let left = Buffer.concat(slices);
  for (let size = 300; left.length > 0 && size < 1e6; size += 300) {
    const { consumed } = loaded.core.loader.run(left.subarray(0, size));
    left = left.subarray(consumed);
  }
  t.is(left.length, 0);
  t.deepEqual(all(loaded), entries);
  t.deepEqual(pending(loaded), groups);
});

test('copies are apart, and all memory comes back', (t) => {
  const bench = new Bench();
  const keyspace = new Keyspace(bench.core);
  fill(bench, new Prng(9), 600);
  keyspace.flushAll();
  bench.run('SET k v');
  const before = bench.core.usedMemory();
  fill(bench, new Prng(9), 600);
  const groups = pending(bench);
  keyspace.db(0).copy('s', 'copy');
  const copied = keyspace.db(0).streams.change('copy');
  const [group] = copied?.groups() ?? [];
  for (const id of [...(group?.pendingIds() ?? [])].slice(100, 400)) group?.acknowledge(id);
  for (const consumer of group?.consumers() ?? []) group?.removeConsumer(consumer);
  t.is(group?.pendingCount, 0);
  t.deepEqual(pending(bench), groups);
  keyspace.db(0).delete('s');
  keyspace.db(0).delete('copy');
  bench.core.upkeep.free(1e9);
  t.is(bench.core.usedMemory(), before);
});

test('a stream that memory ends under is whole, and goes', (t) => {
  const bench = new Bench({}, 80);
  let added = 0;
  let reply = '';
  while (!reply.startsWith('-OOM') && added < 1e6) {
    reply = bench.run(['XADD', 's', '*', 'field', 'v'.repeat(3000)]);
    added++;
  }
  t.true(reply.startsWith('-OOM'));
  t.is(value(bench.run('XLEN s')), added - 1);
  t.is(value(bench.run('XTRIM s MAXLEN 10')), added - 11);
  t.like(all(bench), { length: 10 });
  t.is(value(bench.run('DEL s')), 1);
});
