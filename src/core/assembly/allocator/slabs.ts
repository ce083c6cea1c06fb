/**
 * Memory for everything in the heap: blocks of some 85 size classes cut from slabs, and larger
 * blocks as runs of pages.
 *
 * Rule: classes are 8 bytes apart up to 128 bytes, then eight to every doubling up to 8 KiB. Those
 * are cut from slabs of a page, and so are those up to half of one. Up to 224 KiB it is what
 * several pages divide into, or whole pages, whichever is less: a block is rarely more than a sixth
 * larger than asked for. A slab whose last block is freed goes back to the pages, so memory that
 * one size no longer needs serves every other.
 *
 * Blocks are 8-byte aligned; those whose class is a multiple of 64 bytes are aligned to 64.
 */
import { USED_MEMORY, USED_PEAK } from '../layout';
import {
  bindRun,
  extendRun,
  giveRun,
  giveSlab,
  initPages,
  nextUsedPage,
  page,
  PAGE_BITS,
  PAGE_SIZE,
  pageOf,
  STATE_LARGE,
  STATE_SLAB,
  STATE_SPARSE,
  takeRun,
} from './pages';
import { SLOW_BYTES, noteSlow } from '../slow';

export const CLASSES: u32 = 87;
/** From this class on slabs have several pages. */
const FIRST_WIDE: u32 = 71;
/** The largest block that comes from a slab of one page: two to it. */
const MAX_SMALL: u32 = 32768;
/** The largest that comes from any slab. */
const MAX_WIDE: u32 = 229376;

/**
 * Pages of a wide slab, and how many blocks they are cut into, from the smallest class to the
 * largest.
 */
const WIDE: usize = memory.data<u8>([
  5, 9, 3, 5, 2, 3, 3, 4, 4, 5, 7, 8, 10, 9, 5, 4, 4, 3, 3, 2, 5, 3, 7, 4, 9, 4, 5, 2, 8, 3, 7, 2,
]);

/** Bytes of a class's blocks (u32 each), blocks in a slab (u16), first slab with room (u16). */
const BLOCK_SIZE: usize = memory.data(87 * 4);
const CAPACITY: usize = memory.data(87 * 2);
const PARTIAL: usize = memory.data(87 * 2);

export function initAllocator(): void {
  initPages();
  for (let sizeClass: u32 = 1; sizeClass < FIRST_WIDE; sizeClass++) {
    let size: u32;
    if (sizeClass <= 16) size = sizeClass << 3;
    else if (sizeClass <= 64) {
      const step = sizeClass - 17;
      size = (9 + (step & 7)) << (4 + (step >> 3));
    } else {
      // Seven, six, five… blocks to a page: what doublings would leave half empty.
      const blocks: u32 = sizeClass === 70 ? 2 : 72 - sizeClass;
      size = (PAGE_SIZE / blocks) & ~7;
    }
    setClass(sizeClass, size, PAGE_SIZE / size);
  }
  for (let sizeClass = FIRST_WIDE; sizeClass < CLASSES; sizeClass++) {
    const blocks: u32 = load<u8>(WIDE + ((sizeClass - FIRST_WIDE) << 1), 1);
    setClass(sizeClass, ((pagesOf(sizeClass) << PAGE_BITS) / blocks) & ~63, blocks);
  }
}

function setClass(sizeClass: u32, size: u32, blocks: u32): void {
  store<u32>(BLOCK_SIZE + (sizeClass << 2), size);
  store<u16>(CAPACITY + (sizeClass << 1), <u16>blocks);
}

/** @returns how many pages a slab of the class has. */
function pagesOf(sizeClass: u32): u32 {
  return sizeClass < FIRST_WIDE ? 1 : load<u8>(WIDE + ((sizeClass - FIRST_WIDE) << 1));
}

/** @returns the wide class for a size, or 0: whole pages are as good, or better. */
function wideClassOf(size: u32): u32 {
  if (size > MAX_WIDE) return 0;
  let sizeClass = FIRST_WIDE;
  while (blockBytes(sizeClass) < size) sizeClass++;
  return blockBytes(sizeClass) < pagesFor(size) << PAGE_BITS ? sizeClass : 0;
}

/** @returns how many whole pages hold so many bytes. */
function pagesFor(size: u32): u32 {
  return (size >> PAGE_BITS) + <u32>((size & (PAGE_SIZE - 1)) !== 0);
}

/** @returns the class of a size, or 0: whole pages. */
function classOf(size: u32): u32 {
  if (size <= 128) return size === 0 ? 1 : (size + 7) >> 3;
  if (size <= 8192) {
    const below = size - 1;
    const top = 31 - clz(below);
    return 17 + ((top - 7) << 3) + ((below >> (top - 3)) & 7);
  }
  if (size > MAX_SMALL) return wideClassOf(size);
  let sizeClass: u32 = 65;
  while (load<u32>(BLOCK_SIZE + (sizeClass << 2)) < size) sizeClass++;
  return sizeClass;
}

/** @returns a block of at least `size` bytes, contents undefined; 0: memory is exhausted. */
export function allocate(size: u32): usize {
  const sizeClass = classOf(size);
  if (sizeClass === 0) return allocateLarge(size);
  let number: u32 = load<u16>(PARTIAL + (sizeClass << 1));
  if (number === 0) {
    number = newSlab(sizeClass);
    // Where there are no pages for a wide slab there may be enough for the block.
    if (number === 0) return size > MAX_SMALL ? allocateLarge(size) : 0;
  }
  const slab = page(number);
  const bytes = blockBytes(sizeClass);
  let block: usize = slab.length;
  if (block !== 0) {
    if (CHECKED) assert(load<u32>(block, 4) === RELEASED, 'written to after its release');
    slab.length = load<u32>(block);
  } else {
    block = ((<usize>number) << PAGE_BITS) + <usize>slab.carved * bytes;
    slab.carved++;
  }
  slab.used++;
  if (slab.used === load<u16>(CAPACITY + (sizeClass << 1))) unlinkSlab(number, sizeClass);
  count(<i64>bytes);
  return block;
}

/** Give a block back. */
export function release(block: usize): void {
  const number = pageOf(block);
  const slab = page(number);
  if (slab.state === STATE_LARGE) {
    assert((block & (PAGE_SIZE - 1)) === 0, 'no block begins here');
    noteLarge(slab.length);
    count(-((<i64>slab.length) << PAGE_BITS));
    giveRun(number, slab.length);
    return;
  }
  if (slab.state === STATE_SPARSE) {
    releaseSparse(number, block);
    return;
  }
  assert(slab.state === STATE_SLAB, 'no block is here');
  checkLive(number, block);
  const sizeClass: u32 = slab.sizeClass;
  const wasFull = slab.used === load<u16>(CAPACITY + (sizeClass << 1));
  store<u32>(block, slab.length);
  slab.length = <u32>block;
  slab.used--;
  count(-(<i64>load<u32>(BLOCK_SIZE + (sizeClass << 2))));
  if (wasFull) linkSlab(number, sizeClass);
  // The last slab with room stays, so that one key that comes and goes does not cost a page each
  // time.
  else if (slab.used === 0 && (slab.next !== 0 || slab.previous !== 0 || sizeClass >= FIRST_WIDE)) {
    unlinkSlab(number, sizeClass);
    giveSlab(number);
  }
}

/** Give a block of a slab that is being emptied back. */
function releaseSparse(number: u32, block: usize): void {
  const slab = page(number);
  checkLive(number, block);
  store<u32>(block, slab.length);
  slab.length = <u32>block;
  slab.used--;
  count(-(<i64>blockBytes(slab.sizeClass)));
  if (slab.used === 0) giveSlab(number);
}

/** In the debug build: what a released block has behind the link to the next. */
const RELEASED: u32 = 0xdeadb10c;

/** A block of a slab is about to be released: it must be one, and in use. @inline */
function checkLive(number: u32, block: usize): void {
  assert(page(number).used !== 0, 'a block released twice');
  if (CHECKED) checkReleased(number, block);
}

function checkReleased(number: u32, block: usize): void {
  const slab = page(number);
  const bytes = blockBytes(slab.sizeClass);
  const start = (<usize>number) << PAGE_BITS;
  assert((block - start) % bytes === 0, 'no block begins here');
  assert((block - start) / bytes < slab.carved, 'a block released that was never handed out');
  if (load<u32>(block, 4) === RELEASED) {
    // Or it holds these bytes by chance.
    for (let free: usize = slab.length; free !== 0; free = load<u32>(free))
      assert(free !== block, 'a block released twice');
  }
  // Whoever reads on after the release finds no key there.
  memory.fill(block, 0xdb, bytes);
  store<u32>(block, RELEASED, 4);
}

export function blockBytes(sizeClass: u32): u32 {
  return load<u32>(BLOCK_SIZE + (sizeClass << 2));
}

export function capacityOf(sizeClass: u32): u32 {
  return load<u16>(CAPACITY + (sizeClass << 1));
}

/** @returns the bytes a block can hold, at least those asked for. */
export function blockSize(block: usize): u32 {
  const owner = page(pageOf(block));
  if (owner.state === STATE_LARGE) return owner.length << PAGE_BITS;
  return load<u32>(BLOCK_SIZE + ((<usize>owner.sizeClass) << 2));
}

/** @returns the bytes that a block allocated for `size` would have. */
export function roundUp(size: u32): u32 {
  const sizeClass = classOf(size);
  return sizeClass === 0 ? pagesFor(size) << PAGE_BITS : blockBytes(sizeClass);
}

/**
 * Move a block's first `keep` bytes to one of at least `size` bytes, in place where that can be.
 *
 * @returns the block, which may have moved; 0: memory is exhausted and the old one stands.
 */
export function reallocate(block: usize, keep: u32, size: u32): usize {
  const present = blockSize(block);
  if (size <= present) return block;
  const number = pageOf(block);
  const owner = page(number);
  if (owner.state === STATE_LARGE) {
    const length = owner.length;
    const pages = pagesFor(size);
    if (extendRun(number, length, pages)) {
      noteLarge(pages - length);
      owner.length = pages;
      count((<i64>(pages - length)) << PAGE_BITS);
      return block;
    }
  }
  const moved = allocate(size);
  if (moved === 0) return 0;
  memory.copy(moved, block, keep);
  release(block);
  return moved;
}

function allocateLarge(size: u32): usize {
  const pages = pagesFor(size);
  const number = takePages(pages);
  if (number === 0) return 0;
  noteLarge(pages);
  const first = page(number);
  first.state = STATE_LARGE;
  first.length = pages;
  count((<i64>pages) << PAGE_BITS);
  return (<usize>number) << PAGE_BITS;
}

function noteLarge(pages: u32): void {
  if (pages > SLOW_BYTES >> PAGE_BITS) noteSlow();
}

/** Take pages; if there are none, take first what empty slabs hold. */
function takePages(count: u32): u32 {
  const number = takeRun(count);
  if (number !== 0) return number;
  for (let sizeClass: u32 = 1; sizeClass < CLASSES; sizeClass++) {
    const first: u32 = load<u16>(PARTIAL + (sizeClass << 1));
    // An empty slab is kept only where it is the one with room.
    if (first === 0 || page(first).used !== 0) continue;
    unlinkSlab(first, sizeClass);
    giveSlab(first);
  }
  return takeRun(count);
}

let hasSparse: bool = false;

/** Whether there are slabs that are being emptied (sparse.ts). */
export function noteSparse(whether: bool): void {
  hasSparse = whether;
}

/** Make ordinary slabs of those that are marked. */
export function keepSparse(): void {
  if (!hasSparse) return;
  hasSparse = false;
  for (let number = nextUsedPage(0); number !== 0; number = nextUsedPage(number)) {
    const slab = page(number);
    if (slab.state !== STATE_SPARSE) continue;
    slab.state = STATE_SLAB;
    linkSlab(number, slab.sizeClass);
  }
}

function newSlab(sizeClass: u32): u32 {
  const number = takePages(pagesOf(sizeClass));
  if (number === 0) {
    // There may be room in slabs that are being emptied: better there than nowhere.
    keepSparse();
    return load<u16>(PARTIAL + (sizeClass << 1));
  }
  const slab = page(number);
  slab.state = STATE_SLAB;
  slab.sizeClass = <u8>sizeClass;
  bindRun(number, pagesOf(sizeClass));
  slab.length = 0;
  slab.used = 0;
  slab.carved = 0;
  linkSlab(number, sizeClass);
  return number;
}

function linkSlab(number: u32, sizeClass: u32): void {
  const first: u32 = load<u16>(PARTIAL + (sizeClass << 1));
  const slab = page(number);
  slab.previous = 0;
  slab.next = <u16>first;
  if (first !== 0) page(first).previous = <u16>number;
  store<u16>(PARTIAL + (sizeClass << 1), <u16>number);
}

export function unlinkSlab(number: u32, sizeClass: u32): void {
  const slab = page(number);
  if (slab.next !== 0) page(slab.next).previous = slab.previous;
  if (slab.previous !== 0) page(slab.previous).next = slab.next;
  else store<u16>(PARTIAL + (sizeClass << 1), slab.next);
}

function count(bytes: i64): void {
  const used = load<i64>(USED_MEMORY) + bytes;
  store<i64>(USED_MEMORY, used);
  if (used > load<i64>(USED_PEAK)) store<i64>(USED_PEAK, used);
}
