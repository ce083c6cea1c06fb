import test from 'ava';
import { BorrowedChunks, ChunkLoans } from '../../../src/replication/shared/chunk-loans.js';
import { createMemory } from '../../backlog/ring-writer.js';

function setUp() {
  const memory = createMemory();
  const freed: number[] = [];
  const loans = new ChunkLoans<string>(memory, (at) => freed.push(at));
  return { memory, freed, loans, borrowed: new BorrowedChunks(memory) };
}

test('a chunk is freed when all who borrowed it have returned it, and not before', (t) => {
  const { loans, freed, borrowed } = setUp();
  const place = loans.lend(1, 0x20000, 10, ['a', 'b']);
  loans.onReturned('a', 1);
  loans.onReturned('a', 1);
  loans.onReturned('b', 0); // Another chunk, that was never lent.
  t.deepEqual(freed, []);
  t.true(borrowed.isLent(place));
  loans.onReturned('b', 1);
  t.deepEqual(freed, [0x20000]);
  t.false(borrowed.isLent(place));
  t.true(loans.isEmpty);
});

test('who is forgotten holds nothing up, and finds its stamp gone', (t) => {
  const { loans, freed, borrowed } = setUp();
  const places = [3, 4, 5].map((chunk) => loans.lend(chunk, chunk * 0x1000, 10, ['a']));
  loans.forget('a');
  t.deepEqual(freed, [0x3000, 0x4000, 0x5000]);
  t.false(places.some((place) => borrowed.isLent(place)));
});

test('a slot that is lent again has another stamp', (t) => {
  const { loans, borrowed } = setUp();
  const before = loans.lend(2, 0x20000, 10, ['a']);
  loans.onReturned('a', 2);
  const after = loans.lend(10, 0x20000, 10, ['a']);
  t.is(before.slot, after.slot);
  t.false(borrowed.isLent(before));
  t.true(borrowed.isLent(after));
});

test('a borrower sees the bytes in place, and none outside the memory', (t) => {
  const { memory, loans, borrowed } = setUp();
  const bytes = new Uint8Array(memory.buffer);
  bytes.set([1, 2, 3], 0x20000);
  const place = loans.lend(0, 0x20000, 3, ['a']);
  t.deepEqual([...borrowed.view(place)!], [1, 2, 3]);
  t.is(borrowed.view({ ...place, at: bytes.length - 2 }), null);
  t.is(borrowed.view({ ...place, slot: 8 }), null);
});
