import test from 'ava';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { TransactionEdge } from '../../src/replication/transaction-edge.js';

const stream = (...commands: string[]): Buffer =>
  Buffer.concat(commands.map((text) => encodeCommand(text.split(' '))));

test('a stream without transactions is applied as it comes', (t) => {
  const bytes = stream('SET a 1', 'SET b 2');
  const edge = new TransactionEdge();
  for (let length = 1; length <= bytes.length; length++) {
    t.is(edge.applicable(bytes.subarray(0, length)), length);
  }
});

test('from MULTI on nothing is applied before EXEC is there, wherever the bytes are cut', (t) => {
  const before = stream('SET a 1');
  const transaction = stream('MULTI', 'SET b 2', 'INCR c', 'EXEC');
  const after = stream('SET d 3');
  const all = Buffer.concat([before, transaction, after]);
  for (let first = 1; first < all.length; first++) {
    const edge = new TransactionEdge();
    let applied = 0;
    for (const end of [first, all.length]) {
      const pending = all.subarray(applied, end);
      const count = edge.applicable(pending);
      // The core applies whole commands only; a transaction's inside is never part of them.
      const inside = applied + count - before.length;
      const multi = stream('MULTI').length;
      const isInside = inside >= multi && inside < transaction.length;
      t.false(isInside && end >= before.length + multi, `cut at ${first}: ${count} bytes`);
      if (count < pending.length) applied += count;
      else applied = Math.min(end, wholeBelow(all, end));
    }
    t.is(applied, all.length);
  }
});

/** The last command's end at or before `end`. */
function wholeBelow(bytes: Buffer, end: number): number {
  let at = 0;
  for (const text of ['SET a 1', 'MULTI', 'SET b 2', 'INCR c', 'EXEC', 'SET d 3']) {
    const next = at + stream(text).length;
    if (next > end || next > bytes.length) return at;
    at = next;
  }
  return at;
}

test('a value that looks like MULTI opens nothing', (t) => {
  const bytes = stream('SET MULTI MULTI', 'SET a 1');
  t.is(new TransactionEdge().applicable(bytes), bytes.length);
});

test('a long transaction is looked at once, not once a piece', (t) => {
  const edge = new TransactionEdge();
  const commands = Array.from({ length: 200 }, (_, i) => `SET key:${i} value`);
  const bytes = stream('MULTI', ...commands, 'EXEC', 'PING');
  for (let length = 20; length < bytes.length - stream('EXEC', 'PING').length; length += 97) {
    t.is(edge.applicable(bytes.subarray(0, length)), 0);
  }
  t.is(edge.applicable(bytes), bytes.length);
});
