/** Expiry on masters and replicas, and the active cycle. */
import test from 'ava';
import { FLAG_APPLY, FLAG_REPLICA } from '../../src/core/assembly/layout.js';
import { Bench, START, resp } from './fixtures/bench.js';

test('a replica hides an expired key and waits for the DEL', (t) => {
  const bench = new Bench();
  bench.raw(resp(`SET k v PXAT ${START + 10}`), FLAG_APPLY);
  bench.pass(11);
  const head = bench.core.head();
  t.is(bench.run('GET k', 0, FLAG_REPLICA), '$-1\r\n');
  t.is(bench.run('TTL k', 0, FLAG_REPLICA), ':-2\r\n');
  t.is(bench.core.exports.keyCount(0), 1);
  t.is(bench.core.head(), head);
  // In the stream it is there: APPEND goes on with the old value, as it did on the master.
  bench.raw(resp('APPEND k w'), FLAG_APPLY);
  bench.raw(resp('PERSIST k'), FLAG_APPLY);
  t.is(bench.run('GET k', 0, FLAG_REPLICA), '$2\r\nvw\r\n');
  bench.raw(resp('DEL k'), FLAG_APPLY);
  t.is(bench.core.exports.keyCount(0), 0);
});

test('a replica stores an expiry that has passed already', (t) => {
  const bench = new Bench();
  bench.raw(resp('SET k v'), FLAG_APPLY);
  bench.raw(resp('PEXPIREAT k 1'), FLAG_APPLY);
  t.is(bench.core.exports.keyCount(0), 1);
  t.is(bench.run('EXISTS k', 0, FLAG_REPLICA), ':0\r\n');
});

test('an expired key that is met is deleted, counted and put into the stream', (t) => {
  const bench = new Bench();
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) bench.run(`SET ${key} 5 PX 10`);
  bench.pass(11);
  const head = bench.core.head();
  t.is(bench.run('GET a'), '$-1\r\n');
  t.is(bench.run('DEL b'), ':0\r\n');
  t.is(bench.run('INCR c'), ':1\r\n');
  t.is(bench.run('SET d 1 XX'), '$-1\r\n');
  t.is(bench.run('EXISTS e e'), ':0\r\n');
  t.is(bench.run('PERSIST f'), ':0\r\n');
  t.deepEqual(bench.streamed(head), [
    'DEL a',
    'DEL b',
    'DEL c',
    'INCR c',
    'DEL d',
    'DEL e',
    'DEL f',
  ]);
  t.is(bench.core.counters().expiredKeys, 6);
});

test('the active cycle finds every expired key, and no other', (t) => {
  const bench = new Bench();
  for (let i = 0; i < 5000; i++) {
    bench.run(`SET key:${i} v PX ${i % 2 === 0 ? 1000 : 100_000}`, i % 3);
    if (i % 5 === 0) bench.run(`SET plain:${i} v`, i % 3);
  }
  bench.pass(1000);
  t.false(bench.core.upkeep.expire(0, 1e6).hasMore);
  t.is(bench.core.counters().expiredKeys, 0);
  bench.pass(1);
  const head = bench.core.head();
  let slices = 0;
  while (bench.core.upkeep.expire(0, 4000).hasMore) {
    t.true(bench.core.publish());
    slices++;
  }
  bench.core.publish();
  t.true(slices > 10, `${slices} slices`);
  t.is(bench.core.counters().expiredKeys, 2500);
  t.is(bench.streamed(head).filter((command) => command.startsWith('DEL')).length, 2500);
  const left = [0, 1, 2].map((db) => bench.core.exports.volatileCount(db));
  t.is(
    left.reduce((a, b) => a + b),
    2500,
  );
  bench.pass(100_000);
  while (bench.core.upkeep.expire(0, 4000).hasMore);
  t.is(bench.core.counters().expiredKeys, 5000);
  t.is(
    [0, 1, 2].map((db) => bench.core.exports.keyCount(db)).reduce((a, b) => a + b),
    1000,
  );
});

test('a replica expires nothing by itself', (t) => {
  const bench = new Bench();
  bench.raw(resp(`SET k v PXAT ${START + 10}`), FLAG_APPLY);
  bench.pass(1000);
  t.false(bench.core.upkeep.expire(FLAG_REPLICA, 1e6).hasMore);
  t.is(bench.core.exports.keyCount(0), 1);
});

test('a replica deletes what its own clients let expire, and says so to nobody', (t) => {
  const bench = new Bench();
  const own = (command: string) => bench.run(command, 0, FLAG_REPLICA);
  bench.raw(resp(`SET master v PXAT ${START + 10}`), FLAG_APPLY);
  bench.raw(resp(`SET counter 1 PXAT ${START + 10}`), FLAG_APPLY);
  for (const key of ['both', 'grown']) bench.raw(resp(`SET ${key} v`), FLAG_APPLY);
  t.is(own('SET new v PX 10'), '+OK\r\n');
  t.is(own('PEXPIRE both 10'), ':1\r\n');
  t.is(own('PEXPIRE grown 10'), ':1\r\n');
  t.is(own(`APPEND grown ${'x'.repeat(500)}`), ':501\r\n');
  t.is(bench.core.exports.ownExpiryCount(0), 3);
  // Changed here, but the expiry is the master's; and what was given here, the master gives anew.
  t.is(own('INCR counter'), ':2\r\n');
  bench.raw(resp(`PEXPIREAT both ${START + 10}`), FLAG_APPLY);
  t.is(bench.core.exports.ownExpiryCount(0), 2);
  const head = bench.core.head();
  bench.pass(11);
  t.false(bench.core.upkeep.expire(FLAG_REPLICA, 1e6).hasMore);
  t.is(bench.core.counters().expiredKeys, 2);
  t.is(bench.core.exports.keyCount(0), 3);
  t.is(bench.core.exports.ownExpiryCount(0), 0);
  t.is(bench.core.head(), head);
  bench.raw(resp('DEL master counter both'), FLAG_APPLY);
  t.is(bench.core.exports.keyCount(0), 0);
});

test('a key that loses its expiry, or is gone, is no longer one whose expiry was given here', (t) => {
  const bench = new Bench();
  const own = (command: string) => bench.run(command, 0, FLAG_REPLICA);
  const count = () => bench.core.exports.ownExpiryCount(0);
  for (const key of ['kept', 'plain', 'gone', 'renamed', 'flushed']) own(`SET ${key} v EX 10`);
  t.is(count(), 5);
  own('PERSIST kept');
  own('SET plain v');
  own('DEL gone');
  own('RENAME renamed moved');
  t.is(count(), 2);
  // What the master gives once more is the master's.
  own('EXPIRE kept 10');
  bench.raw(resp('EXPIRE kept 20'), FLAG_APPLY);
  t.is(count(), 2);
  bench.core.exports.flushDatabase(0, 0);
  t.is(count(), 0);
});

test('expiries of all sizes and signs are told apart', (t) => {
  const bench = new Bench();
  bench.run('SET far v PXAT 9223372036854775807');
  bench.run('SET near v');
  bench.run('SET past v');
  bench.raw(resp('PEXPIREAT past -9223372036854775808'), FLAG_APPLY);
  t.is(bench.run('PEXPIRETIME far'), ':9223372036854775807\r\n');
  t.is(bench.core.exports.volatileCount(0), 2);
  bench.core.upkeep.expire(0, 1e6);
  t.is(bench.run('EXISTS far near past'), ':2\r\n');
});
