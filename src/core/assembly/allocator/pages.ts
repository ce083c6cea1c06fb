/**
 * The heap's pages: runs of 64 KiB, from which slabs (slabs.ts) and large blocks are cut.
 *
 * Rule: a free run is never next to another free run, and both its edges know its length, so a
 * freed run merges with its neighbours in constant time. Free runs hang in lists by the power of
 * two of their length; a request takes the first that fits, and the rest of the run goes back.
 *
 * The page table has 16 bytes for each of wasm32's 65536 pages, so that a block's kind and size
 * follow from its address and no block carries a header. The memory's last page is never handed
 * out: code may read a few bytes past a block's end without leaving the memory.
 *
 *   +0  u16 next page in the list  +2 u16 previous one   (page numbers, 0: none)
 *   +4  u32 free run: its length; large block: its length; slab: its first free block
 *   +8  u16 slab: blocks in use    +10 u16 slab: blocks ever handed out
 *   +12 u8 state                   +13 u8 slab: its size class
 *   +14 u8 slab: its pages
 *
 * Of a slab's pages but the first, whose entry it has: +4 u32 that one's number, +12 u8 state.
 */

import { HEAP_PAGES, HEAP_PAGES_EVER, MEMORY_PAGES } from '../layout';

export const PAGE_BITS: u32 = 16;
export const PAGE_SIZE: u32 = 65536;

export const PAGE_TABLE: usize = 0x40000;
const FIRST_PAGE: u32 = 0x1c;

/** Neither the first nor the last page of a free run: in use, or in a run's middle. */
const STATE_OTHER: u8 = 0;
const STATE_FREE: u8 = 1;
export const STATE_LARGE: u8 = 2;
export const STATE_SLAB: u8 = 3;
/** A slab that is being emptied (sparse.ts): no block is taken from it. */
export const STATE_SPARSE: u8 = 4;
/** A page of a slab, not its first. */
export const STATE_INSIDE: u8 = 5;

/** Heads of the lists of free runs: list i holds runs of 2^i to 2^(i+1)-1 pages. */
const LISTS: usize = memory.data(17 * 2);

/** One past the last page that may be handed out. */
let endPage: u32 = FIRST_PAGE;
/** One past the last page that ever was: what is below stays resident, for memory never shrinks. */
let everUsed: u32 = FIRST_PAGE;

@unmanaged
export class Page {
  next: u16;
  previous: u16;
  length: u32;
  used: u16;
  carved: u16;
  state: u8;
  sizeClass: u8;
  span: u8;
}

export function page(number: u32): Page {
  return changetype<Page>(PAGE_TABLE + ((<usize>number) << 4));
}

/** The page whose entry tells of a block: the first of its slab, or of its run. */
export function pageOf(block: usize): u32 {
  const number = <u32>(block >> PAGE_BITS);
  return page(number).state === STATE_INSIDE ? page(number).length : number;
}

/** Make a slab of a run: its pages' entries tell where the first is. */
export function bindRun(number: u32, count: u32): void {
  page(number).span = <u8>count;
  for (let inside = number + 1; inside < number + count; inside++) {
    page(inside).state = STATE_INSIDE;
    page(inside).length = number;
  }
}

/** Give a slab's run back. */
export function giveSlab(number: u32): void {
  const count: u32 = page(number).span;
  for (let inside = number + 1; inside < number + count; inside++) page(inside).state = STATE_OTHER;
  giveRun(number, count);
}

/** Take over the memory as it is at init(). */
export function initPages(): void {
  const end = <u32>memory.size() - 1;
  store<u32>(MEMORY_PAGES, end + 1);
  endPage = end;
  if (end > FIRST_PAGE) insertRun(FIRST_PAGE, end - FIRST_PAGE);
}

/**
 * @param count - pages.
 * @returns the first page's number; 0: the memory cannot grow any more.
 */
export function takeRun(count: u32): u32 {
  let number = findRun(count);
  if (number === 0) {
    if (!growHeap(count)) return 0;
    number = findRun(count);
    if (number === 0) return 0;
  }
  const length = page(number).length;
  removeRun(number, length);
  if (length > count) insertRun(number + count, length - count);
  everUsed = max(everUsed, number + count);
  return number;
}

/** Give pages back; they merge with free neighbours. */
export function giveRun(number: u32, count: u32): void {
  assert(page(number).state !== STATE_FREE, 'pages given back twice');
  let first = number;
  let length = count;
  const after = number + count;
  if (after < endPage && page(after).state === STATE_FREE) {
    const more = page(after).length;
    removeRun(after, more);
    length += more;
  }
  if (first > FIRST_PAGE && page(first - 1).state === STATE_FREE) {
    const more = page(first - 1).length;
    first -= more;
    removeRun(first, more);
    length += more;
  }
  insertRun(first, length);
}

/**
 * Make a run longer where it stands, if the pages behind it are free.
 *
 * @returns whether it now has `count` pages.
 */
export function extendRun(number: u32, length: u32, count: u32): bool {
  const after = number + length;
  if (after >= endPage || page(after).state !== STATE_FREE) return false;
  const more = page(after).length;
  if (length + more < count) return false;
  removeRun(after, more);
  if (length + more > count) insertRun(number + count, length + more - count);
  everUsed = max(everUsed, number + count);
  return true;
}

/** @returns the first page in use behind `number`; 0: there is none. Begin with 0. */
export function nextUsedPage(number: u32): u32 {
  let at = number === 0 ? FIRST_PAGE : number + lengthOf(number);
  while (at < endPage && page(at).state === STATE_FREE) at += page(at).length;
  return at < endPage ? at : 0;
}

function lengthOf(number: u32): u32 {
  return page(number).state === STATE_LARGE ? page(number).length : <u32>page(number).span;
}

/** Count the pages: the registers HEAP_PAGES and HEAP_PAGES_EVER. */
export function measurePages(): void {
  let used: u32 = 0;
  for (let at = nextUsedPage(0); at !== 0; at = nextUsedPage(at)) used += lengthOf(at);
  store<u32>(HEAP_PAGES, used);
  store<u32>(HEAP_PAGES_EVER, everUsed);
}

function listOf(length: u32): u32 {
  return 31 - clz(length);
}

function head(list: u32): u32 {
  return load<u16>(LISTS + ((<usize>list) << 1));
}

function findRun(count: u32): u32 {
  const own = listOf(count);
  let number = head(own);
  while (number !== 0) {
    if (page(number).length >= count) return number;
    number = page(number).next;
  }
  for (let list = own + 1; list < 17; list++) {
    number = head(list);
    if (number !== 0) return number;
  }
  return 0;
}

function insertRun(number: u32, length: u32): void {
  const list = listOf(length);
  const next = head(list);
  const first = page(number);
  first.state = STATE_FREE;
  first.length = length;
  first.previous = 0;
  first.next = <u16>next;
  if (next !== 0) page(next).previous = <u16>number;
  store<u16>(LISTS + ((<usize>list) << 1), <u16>number);
  const last = page(number + length - 1);
  last.state = STATE_FREE;
  last.length = length;
}

function removeRun(number: u32, length: u32): void {
  const first = page(number);
  const next = first.next;
  const previous = first.previous;
  if (next !== 0) page(next).previous = previous;
  if (previous !== 0) page(previous).next = next;
  else store<u16>(LISTS + ((<usize>listOf(length)) << 1), next);
  first.state = STATE_OTHER;
  page(number + length - 1).state = STATE_OTHER;
}

/**
 * Grow the memory by at least so many pages. More is asked for than needed, because every growth
 * of a shared memory interrupts all threads that have it; less is taken where more is not to be
 * had.
 */
function growHeap(count: u32): bool {
  const size = <u32>memory.size();
  const room: u32 = 65536 - size;
  if (count > room) return false;
  let more = max<u32>(count, min<u32>(1024, max<u32>(16, size >> 3)));
  if (more > room) more = room;
  if (memory.grow(more) < 0) {
    more = count;
    if (memory.grow(more) < 0) return false;
  }
  const start = endPage;
  endPage = size + more - 1;
  store<u32>(MEMORY_PAGES, endPage + 1);
  giveRun(start, endPage - start);
  return true;
}
