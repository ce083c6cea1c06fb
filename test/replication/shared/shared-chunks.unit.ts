import test from 'ava';
import { ChunkReader, SharedChunks } from '../../../src/replication/shared/shared-chunks.js';
import { createMemory } from '../../backlog/ring-writer.js';

function setUp() {
  const memory = createMemory();
  const freed: number[] = [];
  const chunks = new SharedChunks<string>(memory, (at) => freed.push(at));
  return { memory, freed, chunks, reader: new ChunkReader(memory) };
}

test('a chunk is freed when all who read it have said so, and not before', (t) => {
  const { chunks, freed, reader } = setUp();
  const place = chunks.share(1, 0x20000, 10, ['a', 'b']);
  chunks.onReturned('a', 1);
  chunks.onReturned('a', 1);
  chunks.onReturned('b', 0); // Another chunk, that was never shared.
  t.deepEqual(freed, []);
  t.true(reader.isShared(place));
  chunks.onReturned('b', 1);
  t.deepEqual(freed, [0x20000]);
  t.false(reader.isShared(place));
  t.true(chunks.isEmpty);
});

test('who has read a chunk has read those before it', (t) => {
  const { chunks, freed } = setUp();
  for (const chunk of [3, 4, 5]) chunks.share(chunk, chunk * 0x1000, 10, ['a']);
  chunks.onReturned('a', 4);
  t.deepEqual(freed, [0x3000, 0x4000]);
});

test('who is forgotten holds nothing up, and finds its stamp gone', (t) => {
  const { chunks, freed, reader } = setUp();
  const places = [3, 4, 5].map((chunk) => chunks.share(chunk, chunk * 0x1000, 10, ['a']));
  chunks.forget('a');
  t.deepEqual(freed, [0x3000, 0x4000, 0x5000]);
  t.false(places.some((place) => reader.isShared(place)));
});

test('a slot that is lent again has another stamp', (t) => {
  const { chunks, reader } = setUp();
  const before = chunks.share(2, 0x20000, 10, ['a']);
  chunks.onReturned('a', 2);
  const after = chunks.share(10, 0x20000, 10, ['a']);
  t.is(before.slot, after.slot);
  t.false(reader.isShared(before));
  t.true(reader.isShared(after));
});

test('a reader sees the bytes in place, and none outside the memory', (t) => {
  const { memory, chunks, reader } = setUp();
  const bytes = new Uint8Array(memory.buffer);
  bytes.set([1, 2, 3], 0x20000);
  const place = chunks.share(0, 0x20000, 3, ['a']);
  t.deepEqual([...reader.view(place)!], [1, 2, 3]);
  t.is(reader.view({ ...place, at: bytes.length - 2 }), null);
  t.is(reader.view({ ...place, slot: 8 }), null);
});
