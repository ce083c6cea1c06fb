/** A node's replication offset, read from its memory by another thread. */
import type { SharedMemory } from '../../base/shared-memory.js';
import { HEAD, MAGIC, MAGIC_VALUE } from '../../core/assembly/layout.js';

/** @returns bytes; 0 for a memory that no core has been started on yet. */
export function replicationOffset(memory: SharedMemory): number {
  const words = new Uint32Array(memory.buffer, 0, 8);
  if (Atomics.load(words, MAGIC / 4) !== MAGIC_VALUE) return 0;
  const head = Atomics.load(new BigInt64Array(memory.buffer, HEAD, 1), 0);
  return Number(BigInt.asUintN(63, head)); // Without the sign bit, which is the fence.
}
