/** What a core's memory is used for. All figures are bytes. */
import {
  AREA_BYTES,
  HEAP_PAGES,
  HEAP_PAGES_EVER,
  HEAP_SLAB_BYTES,
  HEAP_SLABS,
  INDEX_BYTES,
  SNAPSHOT_BYTES,
  USED_MEMORY,
  USED_PEAK,
  VOLATILE_BYTES,
} from './assembly/layout.js';
import type { CoreExports } from './exports.js';
import type { MemoryView } from './memory-view.js';

const PAGE_BYTES = 65_536;

export interface CoreMemory {
  /** In live allocations: Redis' used_memory. A block counts as what its size class takes. */
  readonly used: number;
  readonly peak: number;
  /** Used by an empty core, its backlog aside. */
  readonly startup: number;
  /** The ring, and a larger one that it is being copied to. */
  readonly backlog: number;
  /** Pages that hold live allocations. */
  readonly active: number;
  /** Pages that ever did: memory given to WebAssembly never goes back. */
  readonly resident: number;
  /** Pages cut into small blocks, and what of them is live: what defragmentation can gain. */
  readonly slabs: number;
  readonly slabsUsed: number;
  /** The hash indexes of all databases. */
  readonly index: number;
  /** The lists of volatile keys. */
  readonly volatileKeys: number;
  /** Room for requests and scratch. */
  readonly areas: number;
  /** A snapshot's output, which does not count for `maxmemory`. */
  readonly snapshot: number;
}

export function memoryUse(
  core: MemoryView & { readonly exports: CoreExports },
  startup: number,
): CoreMemory {
  core.exports.measure();
  return {
    used: core.readI64(USED_MEMORY),
    peak: core.readI64(USED_PEAK),
    startup,
    backlog: core.exports.backlogMemory(),
    active: core.readU32(HEAP_PAGES) * PAGE_BYTES,
    resident: core.readU32(HEAP_PAGES_EVER) * PAGE_BYTES,
    slabs: core.readU32(HEAP_SLABS) * PAGE_BYTES,
    slabsUsed: core.readI64(HEAP_SLAB_BYTES),
    index: core.readI64(INDEX_BYTES),
    volatileKeys: core.readI64(VOLATILE_BYTES),
    areas: core.readI64(AREA_BYTES),
    snapshot: core.readI64(SNAPSHOT_BYTES),
  };
}
