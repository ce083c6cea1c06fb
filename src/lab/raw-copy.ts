/**
 * The raw limit of propagation: how fast bytes go into a ring and out of it, with nothing parsed,
 * executed or answered. In: a memcpy into the ring and a publish; out: what a replica does to read.
 */
import { RingReader } from '../backlog/ring-reader.js';
import { Core } from '../core/core.js';

const RING_BYTES = 64 << 20;
const BATCH_BYTES = 1 << 20;

export interface RawCopy {
  /** Into the ring, by its owner. */
  readonly inBytesPerSecond: number;
  /** Out of the ring, by one reader. */
  readonly outBytesPerSecond: number;
}

/** @param batches - of 1 mb; at most as many as the ring holds are read at a time. */
export async function rawCopy(batches: number): Promise<RawCopy> {
  const core = new Core(await Core.compile(), Core.createMemory(), {
    databases: 1,
    backlogBytes: RING_BYTES,
    maxmemoryBytes: 0,
    seed: 1,
  });
  const reader = new RingReader(core.memory);
  const source = core.scratch(Buffer.alloc(BATCH_BYTES, 'x'));
  const into = new Uint8Array(new SharedArrayBuffer(BATCH_BYTES));
  core.setStreamDb(0); // Or the first batch would get a SELECT in front of it.
  let inMs = 0;
  let outMs = 0;
  // The first round touches every page for the first time: it does not count.
  for (let round = 0, left = batches; round === 0 || left > 0; round += 1) {
    const count = Math.min(RING_BYTES / BATCH_BYTES, Math.max(1, left));
    let cursor = core.head();
    const begin = performance.now();
    for (let i = 0; i < count; i += 1) {
      core.exports.appendCommand(0, source, BATCH_BYTES);
      core.publish();
    }
    const middle = performance.now();
    while (cursor < core.head()) {
      const read = reader.read(cursor, reader.history(), into);
      if (read.state !== 'copied') throw new Error(`the ring cannot be read: ${read.state}`);
      cursor += read.bytes;
    }
    if (round === 0) continue;
    inMs += middle - begin;
    outMs += performance.now() - middle;
    left -= count;
  }
  return {
    inBytesPerSecond: (batches * BATCH_BYTES * 1000) / inMs,
    outBytesPerSecond: (batches * BATCH_BYTES * 1000) / outMs,
  };
}
