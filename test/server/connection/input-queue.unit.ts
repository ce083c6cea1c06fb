import test from 'ava';
import { alignmentOf } from '../../../src/base/alignment.js';
import { InputQueue } from '../../../src/server/connection/input-queue.js';
import { encodeCommand } from '../../../src/resp/encode-command.js';

const MAX_BULK_BYTES = 1_000_000;

test('a command of many long arguments is looked at when it has begun and when it is whole', (t) => {
  const args = Array.from({ length: 300 }, (_, index) => String(index).repeat(300));
  const command = encodeCommand(args);
  const queue = new InputQueue();
  const looks: number[] = [];
  for (let at = 0; at < command.length; at += 100) {
    queue.push(command.subarray(at, at + 100));
    if (!queue.isWorthParsing(MAX_BULK_BYTES)) continue;
    looks.push(queue.bytes);
    if (queue.bytes < command.length) queue.awaitMore(queue.bytes + 1);
  }
  t.deepEqual(looks, [100, command.length]);
  t.is(queue.need, command.length);
});

test('what was found out about a command is forgotten with it', (t) => {
  const queue = new InputQueue();
  queue.push(Buffer.from('*2\r\n$4\r\nECHO\r\n$9\r\n'));
  queue.awaitMore(queue.bytes + 1);
  t.false(queue.isWorthParsing(MAX_BULK_BYTES));
  queue.push(Buffer.from('123456789\r\nPING\r\n'));
  t.true(queue.isWorthParsing(MAX_BULK_BYTES));
  t.is(queue.need, 29);
  queue.drop(29);
  t.is(queue.need, 0);
  t.true(queue.isWorthParsing(MAX_BULK_BYTES));
  queue.awaitMore(7);
  t.false(queue.isWorthParsing(MAX_BULK_BYTES));
  queue.unshift(Buffer.from('GET k\r\n'));
  t.true(queue.isWorthParsing(MAX_BULK_BYTES));
});

test('kept chunks are aligned with where they go, however long those before them are', (t) => {
  const queue = new InputQueue();
  const lent = Buffer.alloc(100);
  for (const [start, length] of [
    [3, 11],
    [0, 20],
    [0, 1],
    [5, 64],
  ] as const) {
    queue.push(lent.subarray(start, start + length).fill(length));
    queue.keepLast();
  }
  queue.drop(2);
  const base = 4096 + queue.alignment;
  const whole = Buffer.alloc(queue.bytes);
  const write = (at: number, bytes: Uint8Array): void => {
    t.is(at & 7, alignmentOf(bytes));
    whole.set(bytes, at - base);
  };
  queue.copyTo({ write }, base, queue.bytes);
  t.deepEqual([...whole], [11, 20, 1, 64].flatMap((n) => Array<number>(n).fill(n)).slice(2));
});
