/** The fence: how a node keeps another from publishing (layout.ts, HEAD). */
import type { SharedMemory } from '../base/shared-memory.js';
import { FENCED_BY, HEAD } from '../core/assembly/layout.js';

/** No actor's index. */
const NONE = -1;
const FENCE_BIT = -(2n ** 63n);

/**
 * Fence another node's memory, from any thread: nothing is published on it after this. Of several
 * that do so the first one's name stays there: it has taken over, and the others see that.
 *
 * @param byIndex - the fencing actor's index.
 * @param inPlaceOf - whose name may be replaced.
 * @returns the offset of the last byte published.
 */
export function fence(memory: SharedMemory, byIndex: number, inPlaceOf = NONE): number {
  const words = new Uint32Array(memory.buffer);
  Atomics.compareExchange(words, FENCED_BY >>> 2, inPlaceOf + 1, byIndex + 1);
  const head = Atomics.or(new BigInt64Array(memory.buffer), HEAD >>> 3, FENCE_BIT);
  return Number(BigInt.asUintN(63, head));
}
