/** Memory: what a key costs, that freed memory serves again, and what happens at the limits. */
import test from 'ava';
import { Prng } from '../../src/base/prng.js';
import { FLAG_APPLY, STATUS_OUT_OF_MEMORY } from '../../src/core/assembly/layout.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { Bench } from './fixtures/bench.js';

const OOM = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

/** Run many commands, in requests small enough not to need a larger input area. */
function bulk(bench: Bench, count: number, command: (i: number) => string[]): void {
  for (let i = 0; i < count; i += 100) {
    const batch = Array.from({ length: Math.min(100, count - i) }, (_, j) =>
      encodeCommand(command(i + j)),
    );
    bench.feed(Buffer.concat(batch));
  }
}

const key16 = (i: number): string => `key:${String(i).padStart(12, '0')}`;

test('a key of 16 bytes with 64 bytes of value takes at most 110 bytes, all told', (t) => {
  const bench = new Bench();
  const before = bench.core.usedMemory();
  bulk(bench, 200_000, (i) => ['SET', key16(i), 'v'.repeat(64)]);
  const perKey = (bench.core.usedMemory() - before) / 200_000;
  t.true(perKey <= 110, `${perKey} bytes`);
});

test('memory freed at one size serves another', (t) => {
  const bench = new Bench();
  bulk(bench, 40_000, (i) => ['SET', key16(i), 'v'.repeat(64)]);
  const used = bench.core.usedMemory();
  const size = bench.core.u8.length;
  for (const length of [100, 30, 200, 500, 64]) {
    bulk(bench, 40_000, (i) => ['DEL', key16(i)]);
    bulk(bench, Math.floor(40_000 / (1 + length / 64)), (i) => [
      'SET',
      key16(i),
      'v'.repeat(length),
    ]);
  }
  bulk(bench, 40_000, (i) => ['DEL', key16(i)]);
  bulk(bench, 40_000, (i) => ['SET', key16(i), 'v'.repeat(64)]);
  t.true(bench.core.usedMemory() <= used * 1.02, `${bench.core.usedMemory()} of ${used}`);
  t.true(bench.core.u8.length <= size * 1.2, `${bench.core.u8.length} of ${size}`);
});

test('deleting everything gives everything back', (t) => {
  const bench = new Bench();
  bench.feed('SET k v\r\nDEL k\r\n');
  const before = bench.core.usedMemory();
  bulk(bench, 50_000, (i) => ['SET', key16(i), 'v', 'EX', '100']);
  bulk(bench, 50_000, (i) => ['DEL', key16(i)]);
  // One chunk of volatile keys may stay.
  t.true(bench.core.usedMemory() - before <= 33_000, `${bench.core.usedMemory() - before}`);
  t.is(bench.core.exports.keyCount(0), 0);
});

test('values grow and shrink through all sizes without a trace', (t) => {
  const bench = new Bench();
  const lengths = [0, 1, 7, 8, 63, 64, 127, 128, 129, 255, 1000, 8191, 8193, 33_000, 200_000, 5];
  for (const length of [...lengths, ...lengths.toReversed()]) {
    const value = String.fromCharCode(97 + (length % 26)).repeat(length);
    bench.run(['SET', 'k', value]);
    bench.run(['SET', 'volatile', value, 'EX', '100']);
    bench.run(['APPEND', 'grown', value]);
    t.is(bench.run('GET k'), `$${length}\r\n${value}\r\n`);
    t.is(bench.run('GET volatile'), `$${length}\r\n${value}\r\n`);
  }
  const total = 2 * lengths.reduce((a, b) => a + b);
  t.is(bench.run('STRLEN grown'), `:${total}\r\n`);
  bench.run('DEL k volatile grown');
  const { used, startup, backlog } = bench.core.memoryUse();
  // The scratch area is as large as the last request but one; the index keeps its first segment.
  t.true(used - startup - backlog < 400_000, `${used - startup - backlog}`);
});

test('a long value takes at most a fifth more than it is long', (t) => {
  const bench = new Bench();
  for (let length = 33_000; length < 250_000; length = Math.floor(length * 1.013)) {
    bench.run(['SET', 'k', 'x'.repeat(length)]);
    const held = bench.core.usedMemory();
    bench.run('DEL k');
    const bytes = held - bench.core.usedMemory();
    t.true(bytes >= length && bytes <= length * 1.2, `${bytes} bytes for ${length}`);
  }
});

test('long values come and go in any order, and are moved, with what is in them', (t) => {
  const bench = new Bench();
  // So that the reply buffer does not grow from here on.
  bench.run(['SET', 'a', 'x'.repeat(1_000_000)]);
  bench.run('GET a');
  bench.run('SET a b');
  const before = bench.core.memoryUse();
  for (const seed of [1, 2]) {
    const random = new Prng(seed);
    const held = new Map<string, string>();
    for (let i = 0; i < 1000; i++) {
      const key = `k${random.below(150)}`;
      const value = String.fromCharCode(97 + (i % 26)).repeat(20_000 + random.below(260_000));
      const draw = random.below(10);
      if (draw < 5) {
        bench.run(['SET', key, value]);
        held.set(key, value);
      } else if (draw < 7) {
        bench.run(['APPEND', key, value.slice(0, 40_000)]);
        held.set(key, (held.get(key) ?? '') + value.slice(0, 40_000));
      } else {
        bench.run(['DEL', key]);
        held.delete(key);
      }
      if (i % 300 === 299) {
        bench.core.upkeep.beginDefrag();
        while (bench.core.upkeep.defrag(50));
      }
    }
    for (const [key, value] of held) {
      t.is(bench.run(['GET', key]), `$${value.length}\r\n${value}\r\n`);
    }
    t.is(bench.core.exports.keyCount(0), held.size + 1);
    for (const key of held.keys()) bench.run(['DEL', key]);
  }
  const { used, areas, active, slabs } = bench.core.memoryUse();
  t.is(used - areas, before.used - before.areas);
  t.true(active - before.active < 1_000_000, `${active - before.active} bytes of pages are kept`);
  // The two classes of 20,000 to 32,768 bytes keep a page each.
  t.true(slabs - before.slabs <= 2 * 65_536, `${slabs - before.slabs}`);
});

test('over maxmemory writes that take memory are refused, others are not', (t) => {
  const bench = new Bench();
  bench.run('PING');
  bulk(bench, 1000, (i) => ['SET', key16(i), 'v'.repeat(64)]);
  bench.core.setMaxmemory(bench.core.usedMemory() - 1);
  for (const command of [
    'SET k v',
    'INCR k',
    'APPEND k v',
    'MSET k v',
    'SETEX k 1 v',
    'GETSET k v',
  ]) {
    t.is(bench.run(command), OOM, command);
  }
  t.is(bench.run('GET none'), '$-1\r\n');
  t.is(bench.run(`EXPIRE ${key16(0)} 100`), ':1\r\n');
  t.deepEqual(bench.core.commandCounters(bench.core.idOf('set')), {
    calls: 1000,
    failed: 0,
    rejected: 1,
  });
  t.is(bench.raw(encodeCommand(['SET', 'k', 'v']), FLAG_APPLY).status, 0);
  bulk(bench, 500, (i) => ['DEL', key16(i)]);
  t.is(bench.run('SET k v'), '+OK\r\n');
});

test('where the memory ends writes are refused one by one, and nothing is torn', (t) => {
  const bench = new Bench({ backlogBytes: 65_536 }, 90);
  const { core } = bench;
  // Room for the largest request below, taken while there is some.
  bench.run(['GET', 'x'.repeat(600_000)]);
  bench.run(['SET', 'big', 'x'.repeat(50_000)]);
  const held = new Map<string, string>();
  let refusals = 0;
  for (let i = 0; i < 60_000; i++) {
    const key = `key:${i % 20_000}`;
    const value = 'v'.repeat((i * 7919) % 400);
    const args = i % 3 === 0 ? ['SET', key, value, 'PX', '1000'] : ['SET', key, value];
    const reply = bench.run(args);
    if (reply === '+OK\r\n') held.set(key, value);
    else {
      t.is(reply, OOM);
      refusals++;
    }
    if (i % 9 === 0 && bench.run(`DEL key:${i % 1000}`) === ':1\r\n')
      held.delete(`key:${i % 1000}`);
  }
  t.true(refusals > 1000 && held.size > 1000, `${refusals} refused, ${held.size} held`);
  t.is(core.u8.length, 90 * 65_536);
  t.is(core.exports.keyCount(0), held.size + 1);
  for (const [key, value] of held)
    t.is(bench.run(['GET', key]), `$${value.length}\r\n${value}\r\n`);
  t.is(bench.run(['APPEND', 'key:1', 'x'.repeat(500_000)]), OOM);
  t.is(bench.run(['MGET', ...Array.from({ length: 500 }, () => 'big')]), OOM);

  core.snapshots.begin();
  t.throws(() => core.snapshots.step(10_000_000), { message: /no memory/ });
  core.snapshots.end();

  bench.run('DEL big');
  for (const key of held.keys()) t.is(bench.run(['DEL', key]), ':1\r\n');
  t.is(core.exports.keyCount(0), 0);
  t.is(bench.run(['SET', 'k', 'x'.repeat(1_000_000)]), '+OK\r\n');
});

test('of an MSET that memory does not suffice for, replicas get what was done', (t) => {
  const bench = new Bench({}, 80);
  const pairs = Array.from({ length: 20 }, (_, i) => [`key:${i}`, 'x'.repeat(50_000)]);
  t.is(bench.run(['MSET', ...pairs.flat()]), OOM);
  const count = bench.core.exports.keyCount(0);
  t.true(count > 0 && count < 20, `${count} keys`);
  const done = pairs.slice(0, count).flat().join(' ');
  t.deepEqual(bench.streamed(), ['SELECT 0', `MSET ${done}`]);
});

test('a stream stops before the command that there is no memory for', (t) => {
  const bench = new Bench({ backlogBytes: 65_536 }, 52);
  const small = encodeCommand(['SET', 'a', '1']);
  const large = encodeCommand(['SET', 'b', 'x'.repeat(400_000)]);
  const { status } = bench.raw(Buffer.concat([small, large]), FLAG_APPLY);
  t.is(status, STATUS_OUT_OF_MEMORY);
  t.is(bench.core.consumed, small.length);
  t.is(bench.core.head(), small.length);
  t.is(bench.run('EXISTS a b'), ':1\r\n');
});

test('a request larger than the memory finds no place', (t) => {
  const bench = new Bench({ backlogBytes: 65_536 }, 40);
  t.is(bench.core.input(0xfff00000), 0);
  t.is(bench.core.input(3_000_000), 0);
  t.throws(() => bench.core.scratch(Buffer.alloc(3_000_000)), { message: /no memory/ });
  t.is(bench.run('PING'), '+PONG\r\n');
  t.throws(() => new Bench({ backlogBytes: 10_000_000 }, 40), { message: /no memory/ });
});
