/** Eviction: which keys go, when, and what the replicas and the refused clients hear of it. */
import test from 'ava';
import * as fc from 'fast-check';
import {
  EVENT_EVICTED,
  FLAG_APPLY,
  FLAG_KEEP_ALL,
  FLAG_REPLICA,
  LAZY_EVICTION,
  LAZY_EXPIRE,
  NO_ROOM,
  POLICY_ALLKEYS,
  POLICY_LFU,
  POLICY_LRU,
  POLICY_RANDOM,
  POLICY_TTL,
  ROOM,
  ROOM_PENDING,
} from '../../src/core/assembly/layout.js';
import type { EvictionRules } from '../../src/core/upkeep.js';
import { Bench, resp } from './fixtures/bench.js';

const OOM = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

const POLICIES = {
  'allkeys-lru': POLICY_LRU | POLICY_ALLKEYS,
  'allkeys-lfu': POLICY_LFU | POLICY_ALLKEYS,
  'allkeys-random': POLICY_RANDOM | POLICY_ALLKEYS,
  'volatile-lru': POLICY_LRU,
  'volatile-lfu': POLICY_LFU,
  'volatile-random': POLICY_RANDOM,
  'volatile-ttl': POLICY_TTL,
};

function evicting(policy: number, rules: Partial<EvictionRules> = {}, seed = 7): Bench {
  const bench = new Bench({ seed });
  bench.core.upkeep.setRules({
    policy,
    samples: 5,
    budget: 500,
    lfuLogFactor: 10,
    lfuDecayTime: 1,
    lazyFree: 0,
    replicaEvicts: false,
    ...rules,
  });
  bench.run('PING');
  return bench;
}

/** Leave so much room, bytes. */
function limit(bench: Bench, room: number): number {
  const bytes = bench.core.usedMemory() + room;
  bench.core.setMaxmemory(bytes);
  return bytes;
}

function keys(bench: Bench, db = 0): number {
  return bench.core.exports.keyCount(db);
}

for (const [name, policy] of Object.entries(POLICIES)) {
  test(`${name}: the limit holds, and only keys that may go do`, (t) => {
    const bench = evicting(policy);
    for (let i = 0; i < 500; i++) {
      bench.run(`SET plain:${i} v`);
      bench.run(`SET volatile:${i} v EX 10000`);
    }
    const bytes = limit(bench, 20_000);
    for (let i = 0; i < 5000; i++) {
      t.is(bench.run(`SET new:${i} v EX 10000`), '+OK\r\n');
      // One command more than fits is over it, and the next makes room first.
      if (bench.core.usedMemory() > bytes + 200) t.fail(`${bench.core.usedMemory()} of ${bytes}`);
    }
    t.true(bench.core.counters().evictedKeys > 4000);
    let plain = 0;
    for (let i = 0; i < 500; i++) plain += bench.run(`EXISTS plain:${i}`) === ':1\r\n' ? 1 : 0;
    if (policy & POLICY_ALLKEYS) t.true(plain < 500);
    else t.is(plain, 500);
  });
}

test('without keys that may go, and under noeviction, commands that take memory are refused', (t) => {
  for (const policy of [POLICY_LRU, POLICY_LFU, POLICY_RANDOM, POLICY_TTL, 0]) {
    const bench = evicting(policy);
    for (let i = 0; i < 100; i++) bench.run(`SET key:${i} v`);
    limit(bench, -1);
    t.is(bench.run('SET k v'), OOM);
    t.is(bench.core.upkeep.keepLimit(0), NO_ROOM);
    t.is(bench.run('GET key:1'), '$1\r\nv\r\n');
    t.is(bench.run('DEL key:1 key:2'), ':2\r\n');
    t.is(bench.run('SET k v'), '+OK\r\n');
    t.is(bench.core.counters().evictedKeys, 0);
  }
});

test('LRU: what was used long ago goes first', (t) => {
  const bench = evicting(POLICY_LRU | POLICY_ALLKEYS, { samples: 10 });
  for (let i = 0; i < 2000; i++) {
    bench.run(`SET key:${i} v`);
    if (i % 10 === 0) bench.pass(1000);
  }
  // The oldest are read again, but for the next thousand.
  for (let i = 0; i < 500; i++) bench.run(`GET key:${i}`);
  limit(bench, 0);
  bench.core.upkeep.setHostMemory(500 * 48);
  while (bench.core.upkeep.keepLimit(0) === ROOM_PENDING);
  const left = (from: number, to: number): number => {
    let count = 0;
    for (let i = from; i < to; i++) count += bench.run(`EXISTS key:${i}`) === ':1\r\n' ? 1 : 0;
    return count;
  };
  bench.core.setMaxmemory(0);
  t.true(left(0, 500) > 490, `${left(0, 500)} of those read lately`);
  t.true(left(1500, 2000) > 490, `${left(1500, 2000)} of the newest`);
  t.true(left(500, 1000) < 150, `${left(500, 1000)} of the oldest`);
});

test('TTL: what ends soonest goes first', (t) => {
  const bench = evicting(POLICY_TTL, { samples: 10 });
  for (let i = 0; i < 1000; i++) bench.run(`SET key:${i} v EX ${1000 + i}`);
  limit(bench, -1);
  bench.core.upkeep.setHostMemory(300 * 48);
  while (bench.core.upkeep.keepLimit(0) === ROOM_PENDING);
  bench.core.setMaxmemory(0);
  let early = 0;
  let late = 0;
  for (let i = 0; i < 500; i++) {
    early += bench.run(`EXISTS key:${i}`) === ':1\r\n' ? 1 : 0;
    late += bench.run(`EXISTS key:${500 + i}`) === ':1\r\n' ? 1 : 0;
  }
  t.true(late >= 499, `${late}`);
  t.true(early < 300, `${early}`);
});

test('LFU: a frequency grows ever more slowly, falls with time, and decides', (t) => {
  const bench = evicting(POLICY_LFU | POLICY_ALLKEYS);
  const frequency = (key: string): number => {
    const at = bench.core.scratch(Buffer.from(key));
    return bench.core.exports.frequency(0, 0, at, key.length);
  };
  bench.run('SET k v');
  t.is(frequency('k'), 5);
  t.is(frequency('none'), -1);
  bench.run('GET k');
  t.is(frequency('k'), 6); // Certain up to there.
  for (let i = 0; i < 1000; i++) bench.run('GET k');
  const busy = frequency('k');
  t.true(busy > 14 && busy < 26, `${busy} after a thousand uses`); // Redis: about 18.
  for (const command of ['TYPE k', 'TTL k', 'EXISTS k']) {
    for (let i = 0; i < 100; i++) bench.run(command);
  }
  t.is(frequency('k'), busy);
  bench.pass(59_999 - (bench.nowMs % 60_000));
  t.is(frequency('k'), busy);
  bench.pass(1);
  t.is(frequency('k'), busy - 1);
  bench.pass(60_000 * 3);
  t.is(frequency('k'), busy - 4);
  bench.pass(60_000 * 300);
  t.is(frequency('k'), 0);
  bench.pass(60_000 * (65_536 - 304)); // Round the clock: as if it had just been used.
  t.is(frequency('k'), busy);

  for (let i = 0; i < 300; i++) bench.run(`SET seldom:${i} v`);
  for (let i = 0; i < 100; i++) {
    bench.run(`SET often:${i} v`);
    for (let use = 0; use < 20; use++) bench.run(`GET often:${i}`);
  }
  limit(bench, 0);
  bench.core.upkeep.setHostMemory(150 * 40);
  while (bench.core.upkeep.keepLimit(0) === ROOM_PENDING);
  bench.core.setMaxmemory(0);
  let often = 0;
  for (let i = 0; i < 100; i++) often += bench.run(`EXISTS often:${i}`) === ':1\r\n' ? 1 : 0;
  t.is(often, 100);
});

test('a frequency never falls where lfu-decay-time is 0, and always rises where the factor is', (t) => {
  const bench = evicting(POLICY_LFU, { lfuDecayTime: 0, lfuLogFactor: 0 });
  const frequency = (): number => {
    const at = bench.core.scratch(Buffer.from('k'));
    return bench.core.exports.frequency(0, 0, at, 1);
  };
  bench.run('SET k v');
  for (let i = 0; i < 300; i++) bench.run('GET k');
  t.is(frequency(), 255);
  bench.pass(60_000 * 1000);
  t.is(frequency(), 255);
});

test('a frequency goes with a key to its other name or database, and the move is a use', (t) => {
  const bench = evicting(POLICY_LFU, { lfuLogFactor: 0 });
  const frequency = (db = 0): number => {
    const at = bench.core.scratch(Buffer.from('to'));
    return bench.core.exports.frequency(db, 0, at, 2);
  };
  bench.run('SET k v');
  for (let i = 0; i < 20; i++) bench.run('GET k');
  t.is(bench.run('RENAME k to'), '+OK\r\n');
  t.is(frequency(), 26);
  bench.run('HSET k f v');
  t.is(bench.run('RENAME k to'), '+OK\r\n');
  t.is(frequency(), 6);
  const at = bench.core.scratch(Buffer.from('toto'));
  t.is(bench.core.exports.moveKey(0, 0, at, 2, 3, at + 2, 2), 1);
  t.is(frequency(3), 7);
});

test('evictions go to the stream before the command that caused them, in their databases', (t) => {
  for (const [lazyFree, name] of [
    [0, 'DEL'],
    [LAZY_EVICTION, 'UNLINK'],
    [LAZY_EXPIRE, 'DEL'],
  ] as const) {
    const bench = evicting(POLICY_LRU | POLICY_ALLKEYS, { lazyFree });
    bench.run('SET a v', 1);
    bench.pass(10_000);
    bench.run('SET b v', 0);
    limit(bench, -1);
    const head = bench.core.head();
    t.is(bench.run('SET c v', 0), '+OK\r\n');
    t.deepEqual(bench.streamed(head), ['SELECT 1', `${name} a`, 'SELECT 0', 'SET c v']);
  }
});

test('a command that reads evicts as well; one that the host vouches for does not', (t) => {
  const bench = evicting(POLICY_LRU | POLICY_ALLKEYS);
  for (let i = 0; i < 10; i++) bench.run(`SET key:${i} v`);
  limit(bench, -1);
  bench.run('SET k v', 0, FLAG_KEEP_ALL);
  t.is(bench.core.counters().evictedKeys, 0);
  bench.run('PING');
  t.is(bench.core.counters().evictedKeys, 2);
});

test('what is noted of keys that go makes no more of them go', (t) => {
  const bench = evicting(POLICY_RANDOM | POLICY_ALLKEYS, { budget: 100_000 });
  bench.core.setNotedEvents(EVENT_EVICTED);
  for (let i = 0; i < 300; i++) bench.run(`SET ${i}${'x'.repeat(1000)} v`);
  limit(bench, -40_000);
  bench.run('PING');
  t.true(keys(bench) > 240 && keys(bench) < 270, String(keys(bench)));
  t.is(bench.core.takeEvents().length, 300 - keys(bench));
  bench.run('PING');
  t.true(keys(bench) > 240, 'nor what they leave behind');
});

test('a replica evicts only if it is told to, silently, and refuses its master nothing', (t) => {
  const bench = evicting(POLICY_LRU | POLICY_ALLKEYS);
  const two = Buffer.concat([resp('SET a v'), resp('SET b v')]);
  bench.raw(two, FLAG_APPLY);
  limit(bench, -1);
  t.is(bench.run('SET c v', 0, FLAG_REPLICA), '+OK\r\n');
  t.is(keys(bench), 3);
  const strict = evicting(POLICY_LRU | POLICY_ALLKEYS, { replicaEvicts: true });
  strict.raw(two, FLAG_APPLY);
  strict.core.setMaxmemory(1);
  const head = strict.core.head();
  strict.raw(resp('SET c v'), FLAG_APPLY);
  t.is(keys(strict), 1);
  t.deepEqual(strict.streamed(head), ['SET c v']);
});

test('in front of one command only so many keys go; the rest goes later', (t) => {
  const bench = evicting(POLICY_RANDOM | POLICY_ALLKEYS, { budget: 16 });
  for (let i = 0; i < 1000; i++) bench.run(`SET key:${i} v`);
  bench.core.setMaxmemory(bench.core.usedMemory() - 20_000);
  const before = keys(bench);
  t.is(bench.run('SET k v'), '+OK\r\n');
  t.is(keys(bench), before - 16 + 1);
  t.true(bench.core.upkeep.isEvictionPending);
  bench.pass(250);
  let slices = 0;
  while (bench.core.upkeep.keepLimit(0) === ROOM_PENDING) slices++;
  t.true(slices > 10, `${slices} slices`);
  t.false(bench.core.upkeep.isEvictionPending);
  t.deepEqual(bench.core.upkeep.exceeded(bench.nowMs), { currentMs: 0, totalMs: 250 });
});

test('what the host holds for clients counts, a snapshot under way does not', (t) => {
  const bench = evicting(POLICY_RANDOM | POLICY_ALLKEYS, { budget: 100_000 });
  for (let i = 0; i < 5000; i++) bench.run(`SET key:${i} ${'v'.repeat(50)}`);
  limit(bench, 1000);
  bench.core.snapshots.begin();
  for (let i = 0; i < 2000; i++) bench.run(`SET key:${i} ${'w'.repeat(50)}`);
  t.true(bench.core.memoryUse().snapshot > 100_000);
  t.is(bench.core.counters().evictedKeys, 0);
  bench.core.upkeep.setHostMemory(10_000);
  bench.run('PING');
  const { evictedKeys } = bench.core.counters();
  t.true(evictedKeys > 50 && evictedKeys < 200, `${evictedKeys}`);
  bench.core.snapshots.end();
});

test('flushed memory that waits to be freed is freed before any key goes', (t) => {
  const bench = evicting(POLICY_RANDOM | POLICY_ALLKEYS, { budget: 100_000 });
  for (let i = 0; i < 1000; i++) bench.run(`SET old:${i} v`);
  bench.core.exports.flushDatabase(0, 1);
  bench.run('SET k v');
  limit(bench, -100);
  t.is(bench.core.upkeep.keepLimit(0), ROOM);
  t.is(keys(bench), 1);
  t.is(bench.core.counters().evictedKeys, 0);
});

test('whatever is evicted, a replica of the stream holds the same', (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(POLICIES)),
      fc.integer({ min: 0, max: 2 ** 31 }),
      fc.array(fc.tuple(fc.nat(400), fc.nat(300), fc.nat(3), fc.nat(2)), {
        minLength: 200,
        maxLength: 600,
      }),
      (policy, seed, steps) => {
        const master = evicting(policy, { budget: 50 }, seed);
        limit(master, 60_000);
        for (const [key, size, kind, db] of steps) {
          master.pass(50);
          if (kind === 0) master.run(`GET key:${key}`, db);
          else if (kind === 1) master.run(['SET', `key:${key}`, 'v'.repeat(size)], db);
          else master.run(['SET', `key:${key}`, 'v'.repeat(size), 'EX', `${10 + key}`], db);
        }
        const replica = new Bench();
        replica.core.setNow(master.nowMs);
        replica.raw(Buffer.from(master.stream(), 'latin1'), FLAG_APPLY);
        for (let db = 0; db < 3; db++) {
          if (keys(replica, db) !== keys(master, db)) return false;
          for (let key = 0; key <= 400; key++) {
            const mine = master.run(`GET key:${key}`, db, FLAG_KEEP_ALL);
            if (mine !== replica.run(`GET key:${key}`, db)) return false;
          }
        }
        return true;
      },
    ),
    { numRuns: 25, seed: 1 },
  );
  t.pass();
});
