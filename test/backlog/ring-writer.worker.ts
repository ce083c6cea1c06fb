/** The stress test's writer: batches of varying size as fast as it can, now and then a move. */
import { workerData } from 'node:worker_threads';
import { Prng } from '../../src/base/prng.js';
import { type GrowableMemory, RingWriter } from './ring-writer.js';

interface Task {
  readonly memory: GrowableMemory;
  /** [0]: bytes the reader has, for throttling. */
  readonly control: Int32Array;
  readonly totalBytes: number;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ring-reader.test.ts sends a Task.
const { memory, control, totalBytes } = workerData as Task;
const random = new Prng(7);
const writer = new RingWriter(memory, 0x20000, 4096);
while (writer.head < totalBytes) {
  // Half of the time stay within what the reader can follow, else risk lapping it.
  if (random.chance(0.5)) {
    for (let waits = 0; waits < 100; waits++) {
      const cursor = Atomics.load(control, 0);
      if (writer.head - cursor < 2048) break;
      Atomics.wait(control, 0, cursor, 10);
    }
  }
  // Now and then more than the ring holds: that laps a reader wherever it is.
  const length = random.chance(0.005) ? 9000 : 1 + random.below(700);
  writer.publish(Math.min(totalBytes - writer.head, length));
  if (random.chance(0.002)) {
    if (memory.buffer.byteLength < 60 * 65536) memory.grow(1);
    writer.move(memory.buffer.byteLength - 16384, 4096 + random.below(3) * 1024);
  }
}
