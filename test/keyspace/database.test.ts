/** A database as TypeScript commands see it. */
import test from 'ava';
import { Keyspace } from '../../src/keyspace/keyspace.js';
import { Bench } from '../core/fixtures/bench.js';
import { snapshotSlice } from '../support/snapshot-slice.js';

function setUp(): { bench: Bench; keyspace: Keyspace } {
  const bench = new Bench();
  return { bench, keyspace: new Keyspace(bench.core) };
}

test('strings, types and expiries', (t) => {
  const { bench, keyspace } = setUp();
  const db = keyspace.db(2);
  t.is(db.peekString('k'), null);
  t.is(db.typeOf('k'), 'none');
  db.setString('k', Buffer.from([0, 255]));
  t.deepEqual(db.peekString(Buffer.from('k')), Buffer.from([0, 255]));
  t.is(db.typeOf('k'), 'string');
  t.is(db.expireAt('k'), -1);
  t.is(db.expireAt('none'), -2);
  db.setString('k', 'v', { expireAtMs: bench.nowMs + 100 });
  db.setString('k', 'v', { keepTtl: true });
  t.is(db.expireAt('k'), bench.nowMs + 100);
  t.is(db.avgTtl(), 100);
  db.setString('k', 'w', { expireAtMs: bench.nowMs + 5 });
  t.is(db.size(), 1);
  t.is(db.expiresSize(), 1);
  t.true(db.delete('k'));
  t.false(db.delete('k'));
  t.is(db.size(), 0);
  t.throws(() => keyspace.db(16), { instanceOf: RangeError });
});

test('an expired key is deleted and told to replicas on a master, hidden on a replica', (t) => {
  const { bench, keyspace } = setUp();
  const db = keyspace.db(0);
  db.setString('k', 'v', { expireAtMs: bench.nowMs + 5 });
  bench.pass(6);
  keyspace.role.isReplica = true;
  t.false(db.exists('k'));
  t.is(db.size(), 1);
  keyspace.role.isApplying = true;
  t.true(db.exists('k'));
  keyspace.role.isApplying = false;
  keyspace.role.isReplica = false;
  t.is(db.peekString('k'), null);
  t.is(db.size(), 0);
  bench.core.publish();
  t.deepEqual(bench.streamed(), ['SELECT 0', 'DEL k']);
});

test('a key of another type is refused, and can be deleted and overwritten', (t) => {
  const { bench, keyspace } = setUp();
  const db = keyspace.db(0);
  for (const key of ['a', 'b', 'c']) bench.putHash(key);
  t.throws(() => db.peekString('a'), { message: /^WRONGTYPE/ });
  t.is(bench.run('TYPE a'), '+hash\r\n');
  t.regex(bench.run('GET a'), /^-WRONGTYPE Operation against a key holding the wrong kind/);
  t.regex(bench.run('INCR a'), /^-WRONGTYPE/);
  t.is(bench.run('MGET a'), '*1\r\n$-1\r\n');
  bench.run('SET a v');
  t.is(bench.run('GET a'), '$1\r\nv\r\n');
  t.true(db.delete('b'));
  t.is(db.flush(), 2);
});

test('renaming moves value and expiry and replaces the target', (t) => {
  const { bench, keyspace } = setUp();
  const db = keyspace.db(0);
  db.setString('a', 'x', { expireAtMs: bench.nowMs + 100 });
  db.setString('b', 'y'.repeat(1000));
  t.true(db.rename('a', 'b'));
  t.deepEqual(db.peekString('b'), Buffer.from('x'));
  t.is(db.expireAt('b'), bench.nowMs + 100);
  t.false(db.exists('a'));
  t.true(db.rename('b', 'b'));
  t.false(db.rename('none', 'b'));
  t.true(db.rename('b', 'b', 3));
  t.false(db.exists('b'));
  t.deepEqual(keyspace.db(3).peekString('b'), Buffer.from('x'));
  t.is(keyspace.flushAll(), 1);
});

test('scan and keys visit everything, random keys come from all over', (t) => {
  const { bench, keyspace } = setUp();
  const db = keyspace.db(1);
  t.is(db.keys.random(), null);
  const expected = Array.from({ length: 3000 }, (_, i) => `key:${i}`);
  for (const key of expected) db.setString(key, 'v');
  for (let i = 0; i < 100; i++) db.setString(`gone:${i}`, 'v', { expireAtMs: bench.nowMs + 1 });
  bench.pass(2);
  const seen: string[] = [];
  let cursor = 0n;
  let calls = 0;
  do {
    cursor = db.keys.scan(cursor, 100, (key) => seen.push(key.toString()));
    calls++;
  } while (cursor !== 0n);
  t.deepEqual(seen.toSorted(), expected.toSorted());
  t.true(calls >= 25 && calls <= 32, `${calls} calls`);
  t.is(db.size(), 3000);
  t.deepEqual([...db.keys.all()].map(String).toSorted(), expected.toSorted());
  t.is(db.keys.scan(0xffff_ffff_ffff_ffffn, 10, () => undefined) >= 0n, true);
  const drawn = new Set(Array.from({ length: 500 }, () => db.keys.random()!.toString()));
  t.true(drawn.size > 400, `${drawn.size} different keys of 500`);
});

test('the encoding follows how a string came to be', (t) => {
  const { bench, keyspace } = setUp();
  const db = keyspace.db(0);
  t.is(db.encodingOf('none'), null);
  bench.putHash('h');
  t.is(db.encodingOf('h'), 'listpack');
  for (const [value, encoding] of [
    ['0', 'int'],
    ['-1', 'int'],
    ['9223372036854775807', 'int'],
    ['-9223372036854775808', 'int'],
    ['9223372036854775808', 'embstr'],
    ['-9223372036854775809', 'embstr'],
    ['-0', 'embstr'],
    ['01', 'embstr'],
    [' 1', 'embstr'],
    ['', 'embstr'],
    ['x'.repeat(44), 'embstr'],
    ['x'.repeat(45), 'raw'],
  ] as const) {
    db.setString('k', value);
    t.is(db.encodingOf('k'), encoding, value);
  }
  bench.run('SET k 12');
  bench.run('APPEND fresh 3');
  t.is(db.encodingOf('fresh'), 'int');
  bench.run('EXPIRE k 100');
  bench.run('APPEND k 3');
  t.is(db.encodingOf('k'), 'raw');
  bench.run('PERSIST k');
  t.is(db.typeOf('k'), 'string');
  db.rename('k', 'l');
  t.is(db.encodingOf('l'), 'raw');
  t.true(db.rename('l', 'l', 3));
  t.is(keyspace.db(3).encodingOf('l'), 'raw');
  bench.run('INCR l', 3);
  t.is(keyspace.db(3).encodingOf('l'), 'int');
  bench.run('APPEND l 4', 3);
  bench.run('SET l 5', 3);
  t.is(keyspace.db(3).encodingOf('l'), 'int');
});

test('a string is read and changed where it stands', (t) => {
  const { bench, keyspace } = setUp();
  const db = keyspace.db(0);
  t.is(db.viewString('k'), null);
  const made = db.openString('k', 3);
  t.true(made.grew);
  made.bytes.set([1, 2, 3]);
  t.deepEqual(db.peekString('k'), Buffer.from([1, 2, 3]));
  t.is(db.encodingOf('k'), 'raw');
  db.setString('k', Buffer.from([1, 2, 3]), { expireAtMs: bench.nowMs + 100 });
  const longer = db.openString('k', 1000);
  t.true(longer.grew);
  t.is(longer.bytes.length, 1000);
  t.is(db.expireAt('k'), bench.nowMs + 100);
  const same = db.openString('k', 1);
  t.false(same.grew);
  same.bytes[999] = 9;
  t.is(db.viewString('k')?.[999], 9);
  t.is(db.viewString('k')?.[500], 0);
  bench.pass(101);
  t.deepEqual(db.openString('k', 1), { bytes: new Uint8Array(1), grew: true }, 'it had expired');
  t.is(db.expireAt('k'), -1);
  bench.putHash('h');
  t.throws(() => db.viewString('h'), { message: /^WRONGTYPE/ });
  t.throws(() => db.openString('h', 1), { message: /^WRONGTYPE/ });
  t.throws(() => db.openString('huge', 2 ** 32 - 1), { message: /^OOM/ });
  t.throws(() => db.openString('huge', 2 ** 32), { message: /^OOM/ });
  t.false(db.exists('huge'));
});

test('what is changed in place during a snapshot is in it as it was', (t) => {
  const { bench, keyspace } = setUp();
  const db = keyspace.db(0);
  db.setString('k', 'before');
  bench.core.snapshots.begin();
  db.openString('k', 1).bytes[0] = 0x42;
  const { bytes } = snapshotSlice(bench.core, 1e6);
  bench.core.snapshots.end();
  t.true(bytes.includes('before'));
  t.deepEqual(db.peekString('k'), Buffer.from('Before'));
});

test('text that reads like an integer can be marked as none', (t) => {
  const { keyspace } = setUp();
  const db = keyspace.db(0);
  db.setString('k', '5', { isText: true });
  t.is(db.encodingOf('k'), 'embstr');
  db.rename('k', 'l');
  t.is(db.encodingOf('l'), 'embstr');
  db.setString('l', '5', { keepTtl: true });
  t.is(db.encodingOf('l'), 'int');
});

test('a copy has the expiry and the encoding of its source, and a life of its own', (t) => {
  const { bench, keyspace } = setUp();
  const db = keyspace.db(0);
  db.setString('k', 'v', { expireAtMs: bench.nowMs + 50 });
  bench.run('APPEND k w');
  t.true(db.copy('k', 'other'));
  t.true(db.copy('k', 'k', 3));
  t.false(db.copy('none', 'other'));
  bench.run('SET k changed');
  t.is(String(db.peekString('other')), 'vw');
  t.is(db.encodingOf('other'), 'raw');
  t.is(db.expireAt('other'), bench.nowMs + 50);
  t.is(String(keyspace.db(3).peekString('k')), 'vw');
  t.is(keyspace.totalKeys(), 3);
  bench.putHash('h');
  t.true(db.copy('h', 'g'));
  bench.run('HSET h field changed');
  t.is(bench.run('HGET g field'), '$5\r\nvalue\r\n');
});

test('databases are exchanged with all that is in them', (t) => {
  const { bench, keyspace } = setUp();
  keyspace.db(1).setString('one', '1', { expireAtMs: bench.nowMs + 5 });
  keyspace.db(2).setString('two', '2');
  keyspace.swap(1, 2);
  keyspace.swap(3, 3);
  t.is(String(keyspace.db(2).peekString('one')), '1');
  t.is(String(keyspace.db(1).peekString('two')), '2');
  t.is(keyspace.db(1).expiresSize(), 0);
  bench.pass(10);
  bench.core.upkeep.expire(0, 1000);
  bench.core.publish();
  t.is(keyspace.db(2).size(), 0);
  t.deepEqual(bench.streamed(), ['SELECT 2', 'DEL one']);
});

test('the access clock tells how long a key was left alone', (t) => {
  const { bench, keyspace } = setUp();
  const db = keyspace.db(0);
  t.is(db.access.idleSeconds('k'), null);
  db.setString('k', 'v');
  bench.pass(7500);
  t.is(db.access.idleSeconds('k'), 7);
  t.is(String(db.peekString('k')), 'v');
  t.is(db.access.idleSeconds('k'), 7);
  t.true(db.access.touch('k'));
  t.false(db.access.touch('none'));
  t.is(db.access.idleSeconds('k'), 0);
  db.access.setIdleSeconds('k', 1000);
  t.is(db.access.idleSeconds('k'), 1000);
  t.true(db.access.touch('k'));
  t.is(db.access.idleSeconds('k'), 0);
});

test('a key takes its block, a share of the index, and a slot if it expires', (t) => {
  const { bench, keyspace } = setUp();
  const db = keyspace.db(0);
  t.is(db.memoryUsage('k'), null);
  db.setString('k', 'v'.repeat(1007));
  t.is(db.memoryUsage('k'), 1024 + 64); // Alone in its bucket.
  db.setString('e', 'v'.repeat(987), { expireAtMs: bench.nowMs + 50 });
  t.is(db.memoryUsage('e'), 1024 + 8 + (db.buckets() === 16 ? 64 : 0));
  for (let i = 0; i < 20_000; i++) db.setString(`key:${10_000 + i}`, 'v'.repeat(40));
  let sum = 0;
  for (const key of db.keys.all()) sum += db.memoryUsage(key) ?? 0;
  const used = bench.core.usedMemory() - bench.core.memoryUse().startup - bench.core.ringSize;
  t.true(sum > used * 0.95 && sum < used * 1.05, `${sum} of ${used}`);
});
