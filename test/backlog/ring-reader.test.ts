import { Worker } from 'node:worker_threads';
import test from 'ava';
import { RingReader } from '../../src/backlog/ring-reader.js';
import { HEAD } from '../../src/core/assembly/layout.js';
import { RingWriter, byteAt, createMemory } from './ring-writer.js';

const BASE = 0x20000;

function ring(
  size: number,
  head = 0,
): { writer: RingWriter; reader: RingReader; into: Uint8Array } {
  const memory = createMemory();
  return {
    writer: new RingWriter(memory, BASE, size, head),
    reader: new RingReader(memory),
    into: new Uint8Array(1000),
  };
}

/** The test stream's bytes after `cursor`. */
const stream = (cursor: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => byteAt(cursor + i + 1));

test('a reader copies what was published, across the end of the ring, and then finds nothing', (t) => {
  const { writer, reader, into } = ring(100);
  t.deepEqual(reader.read(0, 0, into), { state: 'empty' });
  writer.publish(80);
  t.deepEqual(reader.read(0, 0, into), { state: 'copied', bytes: 80 });
  writer.publish(70);
  t.deepEqual(reader.read(80, 0, into), { state: 'copied', bytes: 70 });
  t.deepEqual(into.subarray(0, 70), stream(80, 70));
  t.deepEqual(reader.read(150, 0, into), { state: 'empty' });
});

test('a copy is bounded by the room for it', (t) => {
  const { writer, reader } = ring(100);
  writer.publish(50);
  const into = new Uint8Array(7);
  t.deepEqual(reader.read(10, 0, into), { state: 'copied', bytes: 7 });
  t.deepEqual(into, stream(10, 7));
});

test('the oldest byte there is can be read, the one before it is lapped', (t) => {
  const { writer, reader, into } = ring(100);
  writer.publish(100);
  writer.publish(30);
  t.is(reader.read(30, 0, into).state, 'copied');
  t.is(reader.read(29, 0, into).state, 'lapped');
});

test('bytes that the writer has announced to overwrite are lapped before it does', (t) => {
  const { writer, reader, into } = ring(100);
  writer.publish(100);
  writer.reserve(10);
  t.is(reader.read(10, 0, into).state, 'copied');
  t.is(reader.read(9, 0, into).state, 'lapped');
});

test('bytes before the beginning of the history are not there', (t) => {
  const { writer, reader, into } = ring(100, 5000);
  writer.publish(10);
  t.is(reader.histStart(), 5000);
  t.is(reader.read(5000, 0, into).state, 'copied');
  t.is(reader.read(4999, 0, into).state, 'lapped');
});

test('a cursor beyond the head belongs to another history', (t) => {
  const { writer, reader, into } = ring(100);
  writer.publish(10);
  t.is(reader.read(11, 0, into).state, 'lapped');
});

test('the fence bit does not change the offset', (t) => {
  const { writer, reader, into } = ring(100);
  writer.publish(10);
  t.false(reader.isFenced());
  Atomics.or(writer.longs, HEAD >> 3, -(2n ** 63n));
  t.true(reader.isFenced());
  t.is(reader.head(), 10);
  t.deepEqual(reader.read(0, 0, into), { state: 'copied', bytes: 10 });
});

test('a ring on the move is left alone; afterwards it is found where it is', (t) => {
  const { writer, reader, into } = ring(100);
  writer.publish(150);
  writer.bumpGeneration();
  t.is(reader.read(100, 0, into).state, 'moved');
  writer.bumpGeneration();
  writer.move(BASE + 4096, 300);
  t.deepEqual(reader.read(100, 0, into), { state: 'copied', bytes: 50 });
  t.deepEqual(into.subarray(0, 50), stream(100, 50));
});

test('memory that grew after the reader was made is found', (t) => {
  const { writer, reader, into } = ring(100);
  const base = writer.memory.buffer.byteLength;
  writer.memory.grow(1);
  writer.move(base, 200);
  writer.publish(60);
  t.deepEqual(reader.read(0, 0, into), { state: 'copied', bytes: 60 });
  t.deepEqual(into.subarray(0, 60), stream(0, 60));
});

test('another history is noticed before its bytes are', (t) => {
  const { writer, reader, into } = ring(100);
  writer.publish(10);
  writer.bumpHistory();
  t.is(reader.read(0, 0, into).state, 'other-history');
  t.is(reader.read(10, 0, into).state, 'other-history');
  t.is(reader.read(0, reader.history(), into).state, 'copied');
});

test('while a real thread writes, laps and moves, every byte accepted is the right one', async (t) => {
  const memory = createMemory();
  const control = new Int32Array(new SharedArrayBuffer(4));
  const totalBytes = 1_500_000;
  const worker = new Worker(new URL('./ring-writer.worker.js', import.meta.url), {
    workerData: { memory, control, totalBytes },
  });
  const reader = new RingReader(memory);
  const into = new Uint8Array(1500);
  let cursor = 0;
  const seen = { copied: 0, empty: 0, lapped: 0, moved: 0, 'other-history': 0 };
  let wrong = 0;
  while (cursor < totalBytes) {
    // The writer has set up nothing yet, or stopped: do not starve it of the processor.
    if (!reader.isReady()) {
      await new Promise(setImmediate);
      continue;
    }
    const result = reader.read(cursor, 0, into);
    seen[result.state] += 1;
    if (result.state === 'copied') {
      for (let i = 0; i < result.bytes; i++) {
        if (into[i] !== byteAt(cursor + i + 1)) wrong += 1;
      }
      cursor += result.bytes;
    } else if (result.state === 'lapped') cursor = reader.head();
    else if (seen.empty % 64 === 0) await new Promise(setImmediate);
    Atomics.store(control, 0, cursor);
    Atomics.notify(control, 0);
  }
  await worker.terminate();
  t.is(wrong, 0);
  t.true(seen.copied > 100, JSON.stringify(seen));
  t.true(seen.lapped > 0, JSON.stringify(seen));
});
