/**
 * Hashes and sets as values: against a model, in snapshots, cut anywhere, hostile, out of memory.
 */
import test from 'ava';
import { Prng } from '../../src/base/prng.js';
import {
  HASH_MAX_ENTRIES,
  HASH_MAX_VALUE,
  SET_MAX_INTSET,
} from '../../src/core/assembly/collections/layout.js';
import type { Core } from '../../src/core/core.js';
import { Keyspace } from '../../src/keyspace/keyspace.js';
import { Bench } from './fixtures/bench.js';

/** Encodings change at sizes that tests reach. */
function smallBench(): Bench {
  const bench = new Bench();
  bench.core.setLimit(HASH_MAX_ENTRIES, 8);
  bench.core.setLimit(HASH_MAX_VALUE, 10);
  bench.core.setLimit(SET_MAX_INTSET, 8);
  return bench;
}

/** A reply's bulk strings, without their lengths. */
function bulks(reply: string): string[] {
  return reply.split('\r\n').filter((line) => line !== '' && !/^[$*%~]/.test(line));
}

function hashOf(bench: Bench, key: string): string[] {
  const flat = bulks(bench.run(['HGETALL', key]));
  return flat
    .filter((_, i) => i % 2 === 0)
    .map((field, i) => `${field}=${flat[i * 2 + 1]}`)
    .toSorted();
}

function setOf(bench: Bench, key: string): string[] {
  return bulks(bench.run(['SMEMBERS', key])).toSorted();
}

/** Free what was put aside, all of it, and what pages of elements took. @returns used memory. */
function settle(bench: Bench): number {
  bench.run('SADD probe 1');
  new Keyspace(bench.core).db(0).values.elements(Buffer.from('probe'));
  bench.run('DEL probe');
  while (bench.core.upkeep.free(100));
  return bench.core.usedMemory();
}

const WORDS = ['a', 'b', '7', '-12', '300', '70000', '5000000000', 'x'.repeat(10), 'y'.repeat(11)];

function word(prng: Prng): string {
  return prng.below(3) === 0 ? `w${prng.below(30)}` : WORDS[prng.below(WORDS.length)]!;
}

test('hashes and sets answer as a Map and a Set would, in every encoding', (t) => {
  const bench = smallBench();
  bench.run('SET other value');
  const before = settle(bench);
  for (const seed of [1, 2, 3]) {
    const prng = new Prng(seed);
    const fields = new Map<string, string>();
    const members = new Set<string>();
    for (let step = 0; step < 600; step++) {
      const isGrowing = Math.floor(step / 100) % 2 === 0;
      const one = word(prng);
      if ((prng.below(3) !== 0) === isGrowing) {
        const value = word(prng);
        t.is(bench.run(['HSET', 'h', one, value]), `:${fields.has(one) ? 0 : 1}\r\n`);
        fields.set(one, value);
        t.is(bench.run(['SADD', 's', one]), `:${members.has(one) ? 0 : 1}\r\n`);
        members.add(one);
      } else {
        t.is(bench.run(['HDEL', 'h', one]), `:${fields.delete(one) ? 1 : 0}\r\n`);
        t.is(bench.run(['SREM', 's', one]), `:${members.delete(one) ? 1 : 0}\r\n`);
      }
      t.is(bench.run('HLEN h'), `:${fields.size}\r\n`);
      t.is(bench.run('SCARD s'), `:${members.size}\r\n`);
    }
    t.deepEqual(hashOf(bench, 'h'), [...fields].map((pair) => pair.join('=')).toSorted());
    t.deepEqual(setOf(bench, 's'), [...members].toSorted());
    bench.run('DEL h s');
    t.is(settle(bench), before, 'all memory comes back');
  }
});

test('a large one grows to any size, keeps every element, and is freed in slices', (t) => {
  const bench = new Bench();
  const before = settle(bench);
  for (let i = 0; i < 20_000; i++) {
    bench.run(['HSET', 'h', `field:${i}`, `value:${i}`]);
    bench.run(['SADD', 's', `member:${i}`]);
  }
  for (let i = 0; i < 20_000; i += 371) {
    t.is(bench.run(['HGET', 'h', `field:${i}`]), `$${`value:${i}`.length}\r\nvalue:${i}\r\n`);
    t.is(bench.run(['SISMEMBER', 's', `member:${i}`]), ':1\r\n');
  }
  const seen = new Set<string>();
  const { values } = new Keyspace(bench.core).db(0);
  let cursor = 0n;
  let calls = 0;
  do {
    const page = values.scan(Buffer.from('s'), 'set', cursor, 100, false)!;
    for (const member of page.elements) seen.add(member.toString());
    ({ cursor } = page);
    calls++;
    // What comes and goes meanwhile takes nothing away from the walk.
    bench.run(['SADD', 's', ...Array.from({ length: 50 }, (_, i) => `more:${calls}:${i}`)]);
    if (calls % 3 === 0)
      bench.run([
        'SREM',
        's',
        ...bulks(bench.run(['SRANDMEMBER', 's', '20'])).filter((member) =>
          member.startsWith('more'),
        ),
      ]);
  } while (cursor !== 0n);
  for (let i = 0; i < 20_000; i++) t.true(seen.has(`member:${i}`));
  for (let i = 0; i < 15_000; i++) bench.run(['HDEL', 'h', `field:${i}`]);
  t.is(hashOf(bench, 'h').length, 5000);
  const held = bench.core.usedMemory();
  bench.run('UNLINK h s');
  t.true(bench.core.usedMemory() > before + (held - before) / 2, 'the command frees little');
  t.deepEqual(bench.core.upkeep.lazyFreed(), { pending: 2, freed: 0 });
  t.is(settle(bench), before);
  t.deepEqual(bench.core.upkeep.lazyFreed(), { pending: 0, freed: 2 });
});

/** Keys of every encoding, with expiries among them. */
function fill(bench: Bench): void {
  bench.run('HSET small a 1 b two');
  bench.run(['HSET', 'wide', 'f', 'v'.repeat(100)]);
  for (let i = 0; i < 300; i++) {
    bench.run(['HSET', 'large', `f${i}`, i % 2 === 0 ? String(i * 1000) : `text ${i}`]);
    bench.run(['SADD', 'many', `m${i}`, String(i)]);
  }
  bench.run('SADD ints 1 -5 70000 5000000000');
  bench.run('SADD mixed 1 a');
  bench.run('PEXPIRE small 100000');
  bench.run('SET string value');
}

const KEYS = ['small', 'wide', 'large', 'many', 'ints', 'mixed'];

function contents(core: Core, id = 0): Record<string, unknown> {
  const db = new Keyspace(core).db(id);
  return Object.fromEntries(
    KEYS.map((key) => {
      const elements = db.values.elements(Buffer.from(key)).map(String).toSorted();
      return [key, [db.typeOf(key), db.encodingOf(key), db.expireAt(key), elements]];
    }),
  );
}

/** All bytes of a snapshot, something being done between its slices. */
function snapshot(bench: Bench, between: () => void = () => {}): Buffer {
  const { core } = bench;
  const parts: Buffer[] = [];
  core.snapshots.begin();
  for (let isLast = false; !isLast;) {
    const slice = core.snapshots.step(500);
    parts.push(core.copyOut(slice.at, slice.length));
    core.snapshots.give(slice.at);
    ({ isLast } = slice);
    if (!isLast) between();
  }
  core.snapshots.end();
  return Buffer.concat(parts);
}

test('a snapshot shows collections as they were when it began, whatever is done to them', (t) => {
  const bench = new Bench();
  fill(bench);
  for (let i = 0; i < 300; i++) bench.run(['HSET', `filler:${i}`, 'f', 'v'.repeat(40)]);
  const expected = contents(bench.core);
  const commands = [
    'HSET large f1 changed new field',
    'SREM many m1 m2',
    'HINCRBY small a 7',
    'SADD ints text',
    'RENAME_ wide elsewhere',
    'DEL mixed',
    'SADD mixed other',
    'SPOP many 100',
    'HDEL large f2 f3',
    'SUNIONSTORE ints many mixed',
    'SET small string',
    'SMOVE many mixed m5',
    'DEL large',
  ];
  const keyspace = new Keyspace(bench.core);
  let next = 0;
  const bytes = snapshot(bench, () => {
    const command = commands[next++ % commands.length]!;
    if (!command.startsWith('RENAME_')) bench.run(command);
    else if (keyspace.db(0).exists('wide')) keyspace.db(0).rename('wide', 'elsewhere');
  });
  t.true(next > commands.length);
  const loaded = new Bench();
  loaded.core.loader.setDb(0);
  t.is(loaded.core.loader.run(bytes).consumed, bytes.length);
  t.deepEqual(contents(loaded.core), expected);
});

test('a value cut anywhere goes on with the next bytes, each read once', (t) => {
  const source = new Bench();
  fill(source);
  const expected = contents(source.core);
  const bytes = snapshot(source);
  for (const size of [1, 3, 17, 64, 1000]) {
    const { core } = new Bench();
    core.loader.setDb(0);
    let held = Buffer.alloc(0);
    let needed = 1;
    let handed = 0;
    for (let at = 0; at < bytes.length; at += size) {
      held = Buffer.concat([held, bytes.subarray(at, at + size)]);
      if (held.length < needed) continue;
      handed += held.length;
      const { consumed, neededBytes } = core.loader.run(held);
      held = held.subarray(consumed);
      needed = Math.max(neededBytes, held.length + 1);
    }
    t.is(held.length, 0);
    t.true(handed < bytes.length * 6 + 20_000, `${handed} bytes in pieces of ${size}`);
    t.deepEqual(contents(core), expected, `pieces of ${size}`);
  }
});

test('a load that is given up half-way leaves nothing behind', (t) => {
  const source = new Bench();
  fill(source);
  const bytes = snapshot(source);
  const bench = new Bench();
  bench.core.loader.run(bytes);
  bench.core.exports.flushDatabase(0, 0);
  const before = settle(bench);
  for (let length = 1; length < bytes.length; length += 211) {
    bench.core.loader.setDb(0);
    bench.core.loader.run(bytes.subarray(0, length));
    bench.core.loader.setDb(0);
    bench.core.exports.flushDatabase(0, 0);
    t.is(settle(bench), before, `${length} bytes`);
  }
});

/** Values as older versions and strangers write them: the type, then RDB's bytes. */
const PAYLOADS: Readonly<Record<string, string>> = {
  pairs: '04 02 01 61 01 62 c0 05 01 76',
  listpack: '10 12 12000000 0400 81 61 02 81 62 02 05 01 81 76 02 ff',
  intset: '0b 0e 02000000 03000000 ffff 0100 0700',
  members: '02 03 01 61 c0 07 01 62',
  ziplist: '0d 16 16000000 12000000 0400 00 01 61 03 01 62 03 f6 02 01 76 ff',
  zipmap: '09 0c 02 01 61 01 00 62 01 63 01 00 64 ff',
};

function payload(name: string): Buffer {
  return Buffer.from(PAYLOADS[name]!.replaceAll(' ', ''), 'hex');
}

test('values are restored from every encoding, old ones too', (t) => {
  const { values } = new Keyspace(new Bench().core).db(0);
  const restored = (name: string): string[] | null =>
    values.restore(Buffer.from(name), payload(name), null)
      ? values.elements(Buffer.from(name)).map(String)
      : null;
  t.deepEqual(restored('pairs'), ['a', 'b', '5', 'v']);
  t.deepEqual(restored('listpack'), ['a', 'b', '5', 'v']);
  t.deepEqual(restored('intset'), ['-1', '1', '7']);
  t.deepEqual(restored('members')?.toSorted(), ['7', 'a', 'b']);
  t.deepEqual(restored('ziplist'), ['a', 'b', '5', 'v']);
  t.deepEqual(restored('zipmap'), ['a', 'b', 'c', 'd']);
});

test('hostile values are refused or whole, and leave nothing behind', (t) => {
  const bench = new Bench();
  const { values } = new Keyspace(bench.core).db(0);
  const key = Buffer.from('k');
  values.restore(key, payload('pairs'), null);
  bench.run('DEL k');
  const before = settle(bench);
  let refused = 0;
  const attempt = (bytes: Buffer): void => {
    if (values.restore(key, bytes, null)) {
      t.true(values.elements(key).length > 0);
      bench.run(['HSET', 'k', 'more', 'x'.repeat(100)]);
      bench.run(['SADD', 'k', 'more']);
      bench.run('DEL k');
    } else refused++;
    t.is(settle(bench), before, bytes.toString('hex'));
  };
  for (const name of Object.keys(PAYLOADS)) {
    const good = payload(name);
    for (let at = 0; at < good.length; at++) {
      attempt(Buffer.from(good.subarray(0, at)));
      for (const bits of [1, 2, 0x10, 0x80, 0xff]) {
        const bad = Buffer.from(good);
        bad[at]! ^= bits;
        attempt(bad);
      }
    }
  }
  for (const twice of [
    '04 02 01 61 01 62 01 61 01 76', // A field twice.
    '02 02 01 61 01 61',
    '10 0e 0e000000 0300 81 61 02 05 01 06 01 ff', // A field without a value.
    '10 0f 0f000000 0400 05 01 06 01 05 01 07 01 ff',
    '10 07 07000000 0000 ff', // Nothing in it.
    '04 00',
    '02 00',
    '0b 08 02000000 00000000',
    '04 81 7fffffffffffffff 01 61', // More than there can be.
  ]) {
    t.false(values.restore(key, Buffer.from(twice.replaceAll(' ', ''), 'hex'), null), twice);
    t.is(settle(bench), before);
  }
  t.true(refused > 300, `${refused}`);
});

/** Fields that only this call has, with long values. */
function pairs(call: number): string[] {
  return Array.from({ length: 400 }, (_, at) => [`${call}:${at}`, 'v'.repeat(300)]).flat();
}

test('memory that ends within a command leaves what was done, and a core that goes on', (t) => {
  const bench = new Bench({ backlogBytes: 1 << 20 }, 90);
  let replies = '';
  let from = 0;
  for (let i = 0; i < 200 && !replies.includes('OOM'); i++) {
    from = bench.core.head();
    replies = bench.run(['HSET', `h${i % 7}`, ...pairs(i)]);
  }
  t.regex(replies, /^-OOM/);
  const first = bench.streamed(from)[0];
  if (first !== undefined) {
    const [, key = '', ...done] = first.split(' ');
    t.true(done.length > 0 && done.length < 800 && done.length % 2 === 0);
    t.is(bench.run(`HEXISTS ${key} ${done.at(-2)}`), ':1\r\n');
  }
  for (let i = 0; i < 7; i++) {
    const count = Number(bench.run(`HLEN h${i}`).slice(1));
    t.is(hashOf(bench, `h${i}`).length, count);
    t.is(bench.run(`DEL h${i}`), `:${count === 0 ? 0 : 1}\r\n`);
    settle(bench);
  }
  t.is(bench.run('HSET h f v'), ':1\r\n');
});

test('a copy is one’s own, a moved one is not copied, what is replaced is freed', (t) => {
  const bench = new Bench();
  const keyspace = new Keyspace(bench.core);
  const db = keyspace.db(0);
  const used: number[] = [];
  for (let round = 0; round < 2; round++) {
    fill(bench);
    const expected = contents(bench.core);
    for (const key of KEYS) db.copy(key, key, 1);
    t.deepEqual(contents(bench.core, 1), expected);
    for (const key of KEYS) db.delete(key);
    t.deepEqual(contents(bench.core, 1), expected);
    for (const key of KEYS) keyspace.db(1).rename(key, key, 0);
    t.deepEqual(contents(bench.core), expected);
    for (const key of KEYS) db.rename(key, 'one');
    t.is(db.size(), 2);
    bench.run('SET one string');
    bench.run('DEL one string');
    used.push(settle(bench));
  }
  t.is(used[1], used[0]);
});

test('draws at random are of all elements alike, and of no other', (t) => {
  const bench = new Bench();
  for (let i = 0; i < 200; i++) bench.run(['SADD', 's', `m${i}`]);
  const counts = new Map<string, number>();
  const drawn = bulks(bench.run('SRANDMEMBER s -40000'));
  for (const member of drawn) counts.set(member, (counts.get(member) ?? 0) + 1);
  t.is(counts.size, 200);
  // 200 on average; six standard deviations.
  for (const [member, count] of counts) t.true(count > 115 && count < 285, `${member}: ${count}`);
  for (const wanted of [1, 10, 60, 150, 199, 200, 500]) {
    const some = bulks(bench.run(`SRANDMEMBER s ${wanted}`));
    t.is(new Set(some).size, Math.min(wanted, 200));
  }
  const from = bench.core.head();
  const taken = bulks(bench.run('SPOP s 150'));
  t.is(new Set(taken).size, 150);
  t.is(bench.run('SCARD s'), ':50\r\n');
  const stream = bench.streamed(from);
  t.is(stream.length, 152);
  t.deepEqual(stream.slice(1, -1).toSorted(), taken.map((member) => `SREM s ${member}`).toSorted());
  t.deepEqual([stream[0], stream.at(-1)], ['MULTI', 'EXEC']);
});
