/**
 * Give nodes' memories back that nothing uses any more.
 *
 * A shared WebAssembly.Memory is freed when the garbage collector finds, in each thread that knew
 * it, that it is unreachable. But V8 does not count shared memory among what a thread keeps alive,
 * so gigabytes of it are no reason to collect: stopped clusters would pile up. So a thread that has
 * let go of much of it asks for a collection, once, and in a task of its own.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { SharedMemory } from '../base/shared-memory.js';
import { addressSpace } from './address-space.js';

/**
 * Below this a collection, some ms for each 100 MB of the user's own objects, is not worth it:
 * unless addresses are short, of which a memory holds GiBs however small it is.
 */
const WORTH_BYTES = 64 * 1024 * 1024;

/** A young generation of this size is what a thread begins with, and no reason to collect. */
const YOUNG_BYTES = 2 * 1024 * 1024;

/**
 * Have this thread's young generation small again, if work (its start, mostly) has made it large:
 * V8 makes it so in a major collection, where little is allocated. A node's heap, which holds no
 * data, takes some 10 ms for it.
 */
export async function shrinkHeap(): Promise<void> {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  if ((young?.physical_space_size ?? 0) > YOUNG_BYTES) await collectGarbage();
}

async function collectGarbage(): Promise<void> {
  await collector()?.({ type: 'major', execution: 'async' });
}

type Collect = (options: { type: 'major'; execution: 'async' }) => Promise<unknown>;

let releasedBytes = 0;

/**
 * Say that this thread has dropped its references to a memory.
 *
 * @returns resolves when a collection was made, or is not worth it yet.
 */
export async function releaseMemory(memory: SharedMemory | null): Promise<void> {
  releasedBytes += memory?.buffer.byteLength ?? 0;
  if (memory === null || (releasedBytes < WORTH_BYTES && addressSpace().limit === null)) return;
  releasedBytes = 0;
  await collectGarbage();
}

/** V8's own function, which Node hands out under a flag only; null: this V8 does not. */
function collector(): Collect | null {
  try {
    setFlagsFromString('--expose-gc');
    const gc: unknown = runInNewContext('globalThis.gc');
    // V8's extension: its options have been the same since V8 8.3.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return typeof gc === 'function' ? (gc as Collect) : null;
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}
