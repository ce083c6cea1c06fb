/**
 * Which slabs to empty, so that what is in use lies in as few of them as can be.
 *
 * Rule: of a class with n blocks in slabs that have room, the fullest slabs that together hold n
 * are kept, and the others are marked sparse. No block is taken from a sparse slab any more;
 * whoever owns a block that can be moved moves it (keyspace/defrag.ts), and a slab that is empty
 * goes back to the pages. What cannot be moved stays, and keepSparse() (slabs.ts) makes ordinary
 * slabs of the rest again.
 *
 * Fullness is told apart in sixteenths: two passes over the page table, no sorting.
 */
import { HEAP_SLAB_BYTES, HEAP_SLABS } from '../layout';
import { blockBytes, capacityOf, CLASSES, keepSparse, noteSparse, unlinkSlab } from './slabs';
import { nextUsedPage, page, pageOf, STATE_SLAB, STATE_SPARSE } from './pages';

const LEVELS: u32 = 16;
/** By class and level, u32: slabs with room; while marking, how many of them are to be kept. */
const SLABS: usize = memory.data(87 * 16 * 4);
/** By class, u32: blocks in use in slabs with room. */
const BLOCKS: usize = memory.data(87 * 4);

export function isSparse(block: usize): bool {
  return page(pageOf(block)).state === STATE_SPARSE;
}

/** Mark the slabs to be emptied. @returns how many there are. */
export function markSparse(): u32 {
  keepSparse();
  memory.fill(SLABS, 0, 87 * 16 * 4);
  memory.fill(BLOCKS, 0, 87 * 4);
  for (let number = nextUsedPage(0); number !== 0; number = nextUsedPage(number)) {
    if (!hasRoom(number)) continue;
    const slab = page(number);
    add(counterOf(slab.sizeClass, levelOf(number)), 1);
    add(BLOCKS + ((<usize>slab.sizeClass) << 2), slab.used);
  }
  for (let sizeClass: u32 = 1; sizeClass < CLASSES; sizeClass++) chooseKept(sizeClass);
  let marked: u32 = 0;
  for (let number = nextUsedPage(0); number !== 0; number = nextUsedPage(number)) {
    if (!hasRoom(number)) continue;
    const slab = page(number);
    const kept = counterOf(slab.sizeClass, levelOf(number));
    if (load<u32>(kept) !== 0) {
      add(kept, -1);
      continue;
    }
    unlinkSlab(number, slab.sizeClass);
    slab.state = STATE_SPARSE;
    marked++;
  }
  noteSparse(marked !== 0);
  return marked;
}

/**
 * Count the pages of slabs and the bytes in use in them: the registers HEAP_SLABS and
 * HEAP_SLAB_BYTES.
 */
export function measureSlabs(): void {
  let slabs: u32 = 0;
  let bytes: u64 = 0;
  for (let number = nextUsedPage(0); number !== 0; number = nextUsedPage(number)) {
    const slab = page(number);
    if (slab.state !== STATE_SLAB && slab.state !== STATE_SPARSE) continue;
    slabs += slab.span;
    bytes += <u64>slab.used * blockBytes(slab.sizeClass);
  }
  store<u32>(HEAP_SLABS, slabs);
  store<u64>(HEAP_SLAB_BYTES, bytes);
}

/** From the fullest level down, keep as many slabs as the class' blocks fill. */
function chooseKept(sizeClass: u32): void {
  const capacity = capacityOf(sizeClass);
  const blocks = load<u32>(BLOCKS + ((<usize>sizeClass) << 2));
  let wanted = (blocks + capacity - 1) / capacity;
  for (let level = LEVELS; level !== 0; level--) {
    const counter = counterOf(sizeClass, level - 1);
    const kept = min(wanted, load<u32>(counter));
    store<u32>(counter, kept);
    wanted -= kept;
  }
}

/**
 * Whether a page is a slab with blocks in use and room for more. An empty one is the list's spare.
 */
function hasRoom(number: u32): bool {
  const slab = page(number);
  return slab.state === STATE_SLAB && slab.used !== 0 && slab.used < capacityOf(slab.sizeClass);
}

function levelOf(number: u32): u32 {
  const slab = page(number);
  return (<u32>slab.used * LEVELS) / capacityOf(slab.sizeClass);
}

function counterOf(sizeClass: u32, level: u32): usize {
  return SLABS + ((<usize>(sizeClass * LEVELS + level)) << 2);
}

function add(counter: usize, amount: i32): void {
  store<u32>(counter, load<u32>(counter) + amount);
}
