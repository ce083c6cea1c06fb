/** The fence: how a node keeps another from publishing (layout.ts, HEAD). */
import type { SharedMemory } from '../base/shared-memory.js';
import { FENCED_BY, HEAD } from '../core/assembly/layout.js';

const FENCE_BIT = -(2n ** 63n);

/**
 * Fence another node's memory, from any thread: nothing is published on it after this.
 *
 * @param byIndex - the fencing actor's index.
 * @returns the offset of the last byte published.
 */
export function fence(memory: SharedMemory, byIndex: number): number {
  Atomics.store(new Uint32Array(memory.buffer), FENCED_BY >>> 2, byIndex + 1);
  const head = Atomics.or(new BigInt64Array(memory.buffer), HEAD >>> 3, FENCE_BIT);
  return Number(BigInt.asUintN(63, head));
}
