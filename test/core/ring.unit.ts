/**
 * The backlog ring: what a reader finds in it after wraps, oversized writes, resizing and a fence.
 */
import test from 'ava';
import {
  FLAG_APPLY,
  HEAD,
  HIST_START,
  RESERVED,
  RING_GENERATION,
  STATUS_COMMAND,
  STATUS_DONE,
  STATUS_FENCED,
} from '../../src/core/assembly/layout.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { Bench, ringBytes } from './fixtures/bench.js';
import { fence } from '../../src/backlog/fence.js';

const SELECT = encodeCommand(['SELECT', '0']);

/** The whole stream that `commands` should make, in one database. */
function expected(commands: readonly string[][]): Buffer {
  return Buffer.concat([SELECT, ...commands.map((command) => encodeCommand(command))]);
}

test('the latest bytes are in the ring at their places, however often it wraps', (t) => {
  const bench = new Bench({ backlogBytes: 1000 });
  const commands = Array.from({ length: 500 }, (_, i) => ['SET', `key:${i}`, 'v'.repeat(i % 37)]);
  const whole = expected(commands);
  for (let i = 0; i < commands.length; i += 7) {
    bench.feed(Buffer.concat(commands.slice(i, i + 7).map((command) => encodeCommand(command))));
    const head = bench.core.head();
    const from = Math.max(0, head - 1000);
    t.deepEqual(ringBytes(bench.core, from), whole.subarray(from, head));
    t.is(bench.core.readI64(RESERVED), head);
  }
  t.is(bench.core.head(), whole.length);
  t.is(bench.core.firstOffset(), whole.length - 1000);
});

test('of a write longer than the ring its last bytes stay', (t) => {
  const bench = new Bench({ backlogBytes: 1000 });
  const commands = [
    ['SET', 'small', 'v'],
    ['SET', 'big', Array.from({ length: 900 }, (_, i) => i).join(',')],
    ['SET', 'small', 'w'],
  ];
  for (const command of commands) bench.run(command);
  const whole = expected(commands);
  t.is(bench.core.head(), whole.length);
  t.is(bench.core.firstOffset(), whole.length - 1000);
  t.deepEqual(ringBytes(bench.core, whole.length - 1000), whole.subarray(whole.length - 1000));
});

test('a rewritten command longer than the ring, too', (t) => {
  const bench = new Bench({ backlogBytes: 100 });
  bench.run(['SETEX', 'k', '1', 'x'.repeat(5000)]);
  const head = bench.core.head();
  const tail = ringBytes(bench.core, head - 100).toString();
  t.regex(tail, /^x+\r\n\$4\r\nPXAT\r\n\$13\r\n\d{13}\r\n$/);
});

test('resizing keeps the latest history that fits', (t) => {
  for (const bytes of [100, 333, 1000, 1001, 5000]) {
    const bench = new Bench({ backlogBytes: 1000 });
    const commands = Array.from({ length: 60 }, (_, i) => ['SET', `key:${i}`, 'value']);
    for (const command of commands.slice(0, 50)) bench.run(command);
    const generation = bench.core.readU32(RING_GENERATION);
    t.true(bench.core.resizeRing(bytes));
    t.is(bench.core.readU32(RING_GENERATION), generation + 2);
    const first = bench.core.head() - Math.min(bytes, 1000);
    t.is(bench.core.firstOffset(), first);
    for (const command of commands.slice(50)) bench.run(command);
    const from = Math.max(first, bench.core.head() - bytes);
    t.is(bench.core.firstOffset(), from);
    t.deepEqual(ringBytes(bench.core, from), expected(commands).subarray(from));
  }
});

test('a ring that grows in steps keeps what it has, however much is written meanwhile', (t) => {
  for (const [bytes, budget, between] of [
    [2000, 1, 1],
    [2000, 100, 3],
    [1001, 30, 1],
    [5000, 10_000, 0],
    [3000, 20, 9],
  ] as const) {
    const bench = new Bench({ backlogBytes: 1000 });
    const commands: string[][] = [];
    const write = (count: number): void => {
      for (let i = 0; i < count; i++) {
        const command = ['SET', `key:${commands.length}`, 'v'.repeat(commands.length % 30)];
        commands.push(command);
        bench.run(command);
      }
    };
    write(70);
    const generation = bench.core.readU32(RING_GENERATION);
    for (let steps = 0; steps < 40; steps++) {
      const left = bench.core.growRing(bytes, budget);
      const first = bench.core.firstOffset();
      t.deepEqual(ringBytes(bench.core, first), expected(commands).subarray(first));
      if (left === 0) break;
      t.true(left > 0);
      t.is(bench.core.ringSize, 1000);
      write(between);
    }
    // Slower than it is written to, it never gets there: whoever needs it has the rest copied.
    const kept = bench.core.firstOffset();
    t.true(bench.core.resizeRing(bytes));
    t.is(bench.core.ringSize, bytes);
    t.is(bench.core.readU32(RING_GENERATION), generation + (budget === 10_000 ? 4 : 2));
    t.is(bench.core.firstOffset(), kept);
    write(100);
    const from = Math.max(kept, bench.core.head() - bytes);
    t.is(bench.core.firstOffset(), from);
    t.deepEqual(ringBytes(bench.core, from), expected(commands).subarray(from));
  }
});

test('growing is given up for another size, for another history, and where memory ends', (t) => {
  const bench = new Bench({ backlogBytes: 1000 });
  for (let i = 0; i < 60; i++) bench.run(['SET', `key:${i}`, 'value']);
  const used = bench.core.usedMemory();
  t.true(bench.core.growRing(100_000, 10) > 0);
  t.true(bench.core.usedMemory() > used);
  t.is(bench.core.exports.backlogMemory(), 101_000);
  t.is(bench.core.growRing(1000, 10), 0);
  t.is(bench.core.usedMemory(), used);
  t.is(bench.core.exports.backlogMemory(), 1000);
  t.true(bench.core.growRing(100_000, 10) > 0);
  t.true(bench.core.resizeRing(2000));
  t.is(bench.core.ringSize, 2000);
  t.true(bench.core.growRing(100_000, 10) > 0);
  bench.core.resetHistory(7);
  t.is(bench.core.growRing(2000, 10), 0);
  bench.run('SET k v');
  t.deepEqual(bench.streamed(7), ['SELECT 0', 'SET k v']);
  t.is(bench.core.growRing(2 ** 32 - 1, 10), -1);
  t.is(bench.core.ringSize, 2000);
});

test('a new history begins at its offset with nothing in the ring', (t) => {
  const bench = new Bench({ backlogBytes: 1000 });
  bench.run('SET k v');
  const generation = bench.core.readU32(RING_GENERATION);
  bench.core.resetHistory(5_000_000_123);
  t.is(bench.core.readU32(RING_GENERATION), generation + 2);
  t.is(bench.core.head(), 5_000_000_123);
  t.is(bench.core.firstOffset(), 5_000_000_123);
  bench.run('SET k w');
  t.deepEqual(bench.streamed(5_000_000_123), ['SELECT 0', 'SET k w']);
});

test('the host appends its own commands and publishes them', (t) => {
  const bench = new Bench();
  bench.core.append(2, ['RPUSH', 'l', Buffer.from([0, 255])]);
  t.is(bench.core.head(), 0);
  t.true(bench.core.publish());
  bench.core.append(2, ['RPUSH', 'l', 'b']);
  bench.core.publish();
  t.deepEqual(bench.streamed(), ['SELECT 2', 'RPUSH l \0\xff', 'RPUSH l b']);
});

test('after the fence nothing is published, and what was is final', (t) => {
  const bench = new Bench();
  const { core } = bench;
  bench.run('SET k v');
  const head = core.head();
  t.is(fence(core.memory, 5), head);
  t.true(core.isFenced());
  t.is(core.fencedBy(), 6);
  t.is(core.head(), head);
  // Found at the beginning of a call, it costs nothing: not executed, so not diverged.
  t.is(bench.raw('GET k\r\n').status, STATUS_FENCED);
  t.is(bench.raw('SET k lost\r\n').status, STATUS_FENCED);
  t.is(core.consumed, 0);
  t.false(core.diverged);
  t.is(core.head(), head);
  core.append(0, ['SET', 'k', 'lost too']);
  t.false(core.publish());
  t.true(core.diverged);
  t.true(core.readI64(RESERVED) > head);
  t.is(fence(core.memory, 6), head);

  core.unfence();
  t.false(core.isFenced());
  t.false(core.diverged);
  t.is(core.fencedBy(), 0);
  bench.run('SET k w');
  t.deepEqual(bench.streamed(head), ['SET k w']);
});

test('bytes that a voided batch overwrote are no history any more', (t) => {
  const bench = new Bench({ backlogBytes: 1000 });
  for (let i = 0; i < 100; i++) bench.run(`SET key:${i} value`);
  const head = bench.core.head();
  fence(bench.core.memory, 0);
  bench.core.append(0, ['SET', 'k', 'x'.repeat(200)]);
  t.false(bench.core.publish());
  bench.core.unfence();
  t.is(bench.core.head(), head);
  const voided = bench.core.readI64(RESERVED) - head;
  t.true(voided > 200);
  t.is(bench.core.readI64(HIST_START), head - 1000 + voided);
});

test('HEAD is the fence and the offset in one word', (t) => {
  const bench = new Bench();
  bench.core.resetHistory(2 ** 40 + 3);
  fence(bench.core.memory, 1);
  const word = new BigInt64Array(bench.core.memory.buffer)[HEAD / 8];
  t.is(word, -(2n ** 63n) + 2n ** 40n + 3n);
  bench.core.resetHistory(7);
  t.true(bench.core.isFenced());
  t.is(bench.core.head(), 7);
});

test('a followed stream is appended as it came and executed silently', (t) => {
  const master = new Bench();
  const replica = new Bench();
  for (const command of ['SET a 1', 'SET b 2 EX 100', 'INCR a', 'DEL b', 'MSET c 1 d 2']) {
    master.run(command, 4);
  }
  master.core.append(4, ['PFADD', 'l', 'x']);
  master.core.publish();
  master.run('SET e 5', 1);
  const stream = ringBytes(master.core, 0);

  // In pieces of 10 bytes, each continuing after what the last call consumed.
  let done = 0;
  const handed: string[] = [];
  for (let have = 10; done < stream.length; have += 10) {
    const part = stream.subarray(done, Math.min(have, stream.length));
    const { status, replies } = replica.raw(part, FLAG_APPLY);
    t.is(replies, '');
    done += replica.core.consumed;
    t.is(replica.core.head(), done);
    if (status === STATUS_COMMAND) handed.push(replica.core.args().join(' '));
    else t.is(status, STATUS_DONE);
  }
  t.deepEqual(handed, ['PFADD l x']);
  t.deepEqual(ringBytes(replica.core, 0), stream);
  t.is(replica.core.streamDb, 1);
  t.is(replica.run('MGET a b c d', 4), '*4\r\n$1\r\n2\r\n$-1\r\n$1\r\n1\r\n$1\r\n2\r\n');
  t.is(replica.run('GET e', 1), '$1\r\n5\r\n');

  // Promoted, it goes on in the same history.
  replica.run('SET f 6', 1);
  t.deepEqual(replica.streamed(stream.length), ['SET f 6']);
});

test('a stream that cannot be stored stops before the command', (t) => {
  const bench = new Bench();
  const select = encodeCommand(['SELECT', '99']);
  t.is(bench.raw(select, FLAG_APPLY).status, STATUS_DONE);
  t.is(bench.core.streamDb, -1);
});
