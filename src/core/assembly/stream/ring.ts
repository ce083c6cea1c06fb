/**
 * The backlog ring: the stream of writes, its publishing, resizing and starting afresh.
 *
 * Writer's algorithm (layout.ts has the words, src/backlog the readers): RESERVED is moved past
 * what will be written before a byte is, so a reader that sees RESERVED unchanged after copying
 * knows that its copy is whole. HEAD follows by compare-and-swap once a batch of commands is in.
 * If the swap fails, the fence has been set: the batch never happened for any other thread.
 *
 * A write longer than the ring leaves its last bytes, at the places where they belong.
 */
import { allocate, release } from '../allocator/slabs';
import {
  DIVERGED,
  FENCED_BY,
  HEAD,
  HIST_START,
  RESERVED,
  RING_BASE,
  RING_GENERATION,
  RING_SIZE,
  STAT_RING_BYTES,
  STREAM_DB,
} from '../layout';

const FENCE: i64 = i64.MIN_VALUE;

let base: usize = 0;
let size: u32 = 0;
/** Offset of the last byte written, of the last one published, and of the last one reserved. */
let tail: i64 = 0;
let published: i64 = 0;
let reserved: i64 = 0;
/** tail modulo size. */
let position: u32 = 0;

/** The ring that this one is being copied to; 0: none is. */
let moveBase: usize = 0;
let moveSize: u32 = 0;
/** What it has of the history: behind the first offset, up to the second. */
let moveFrom: i64 = 0;
let moveTo: i64 = 0;

/** @returns false: memory is exhausted. */
export function initRing(bytes: u32): bool {
  base = allocate(bytes);
  if (base === 0) return false;
  size = bytes;
  store<u32>(RING_BASE, <u32>base);
  store<u32>(RING_SIZE, size);
  store<i32>(STREAM_DB, -1);
  return true;
}

/** Write bytes behind the tail; unpublished until publish(). */
export function writeRing(from: usize, length: u32): void {
  if (CHECKED) assert(<i64>position === tail % size, 'the ring lost its position');
  tail += length;
  if (tail > reserved) {
    reserved = tail;
    // The plain stores below must not be seen before it. On x86 they are not; on ARM they could
    // pass an atomic store, but not an exchange (the compiler's validator refuses a fence).
    atomic.xchg<i64>(RESERVED, reserved);
  }
  store<u64>(STAT_RING_BYTES, load<u64>(STAT_RING_BYTES) + length);
  if (length > size) {
    const lost = length - size;
    position = <u32>((<u64>position + lost) % size);
    from += lost;
    length = size;
  }
  const untilEnd = size - position;
  if (length < untilEnd) {
    memory.copy(base + position, from, length);
    position += length;
    return;
  }
  memory.copy(base + position, from, untilEnd);
  memory.copy(base, from + untilEnd, length - untilEnd);
  position = length - untilEnd;
}

/** @returns the offset of the last byte written. */
export function ringTail(): i64 {
  return tail;
}

/**
 * Take bytes out again that are not published yet: `length` of them, behind the offset `from`.
 *
 * @returns false: the ring does not hold them any more.
 */
export function cutRing(from: i64, length: u32): bool {
  if (tail - from > <i64>size) return false;
  assert(from >= published && from + length <= tail, 'published bytes are to be cut');
  let at = from;
  while (at + length < tail) {
    const to = <u32>(at % size);
    const source = <u32>((at + length) % size);
    const count = <u32>min<i64>(tail - at - length, min<u32>(size - to, size - source));
    memory.copy(base + to, base + source, count);
    at += count;
  }
  tail -= length;
  position = <u32>(tail % size);
  return true;
}

/** Move HEAD to the tail. @returns false: fenced; what was pending is void. */
export function publishRing(): bool {
  if (tail === published) return true;
  assert(tail > published && reserved >= tail, 'the stream goes back');
  if (atomic.cmpxchg<i64>(HEAD, published, tail) === published) {
    published = tail;
    return true;
  }
  store<u32>(DIVERGED, 1);
  voidPending();
  return false;
}

/** Whether publishing is forbidden: what is not executed then has not to be undone. */
export function isRingFenced(): bool {
  return atomic.load<i64>(HEAD) < 0;
}

/** Forget what was written since the last publish; the old bytes that it overwrote are gone too. */
function voidPending(): void {
  tail = published;
  position = <u32>(tail % size);
  const oldest = reserved - size;
  if (oldest > atomic.load<i64>(HIST_START)) atomic.store<i64>(HIST_START, oldest);
}

/** Clear the fence. The owner's only; what was voided stays so. */
export function unfenceRing(): void {
  atomic.and<i64>(HEAD, ~FENCE);
  atomic.store<u32>(FENCED_BY, 0);
  store<u32>(DIVERGED, 0);
}

/**
 * Begin a history of which nothing is in the ring: the next byte is number `offset` + 1.
 * The generation moves, so that a reader of the old history notices even if offsets look alike.
 */
export function resetRing(offset: i64): void {
  abandonMove();
  atomic.add<u32>(RING_GENERATION, 1);
  tail = offset;
  published = offset;
  reserved = offset;
  position = <u32>(offset % size);
  atomic.store<i64>(HIST_START, offset);
  atomic.store<i64>(RESERVED, offset);
  // A fence set between the load and this is kept: only the offset's bits are exchanged.
  let seen = atomic.load<i64>(HEAD);
  while (atomic.cmpxchg<i64>(HEAD, seen, offset | (seen & FENCE)) !== seen) {
    seen = atomic.load<i64>(HEAD);
  }
  store<i32>(STREAM_DB, -1);
  atomic.add<u32>(RING_GENERATION, 1);
}

/**
 * Give the ring another size, keeping as much of the latest history as fits.
 *
 * @returns false: memory is exhausted, the ring stays as it is.
 */
export function resizeRing(bytes: u32): bool {
  if (moveSize !== bytes && !beginMove(bytes)) return false;
  endMove();
  return true;
}

/**
 * Bring the ring a step nearer to a larger size, so that no command waits until all of it is
 * copied: what has been published is copied ahead, beside what is written. With a size that it has
 * already, what was begun is given up.
 *
 * @param budget - bytes to be copied at most.
 * @returns bytes left to copy; 0: the ring has the size; -1: memory is exhausted.
 */
export function growRing(bytes: u32, budget: u32): i64 {
  if (bytes <= size) {
    abandonMove();
    return 0;
  }
  if (moveSize < bytes && !beginMove(bytes)) return -1;
  copyAhead(min(published, moveTo + budget));
  if (moveTo < tail) return tail - moveTo;
  endMove();
  return 0;
}

/** @returns bytes of memory for the ring, and for a larger one that it is being copied to. */
export function ringMemory(): u64 {
  return <u64>size + moveSize;
}

/** @returns false: memory is exhausted. */
function beginMove(bytes: u32): bool {
  abandonMove();
  moveBase = allocate(bytes);
  if (moveBase === 0) return false;
  moveSize = bytes;
  moveFrom = max(oldestByte(), tail - bytes);
  moveTo = moveFrom;
  return true;
}

function abandonMove(): void {
  if (moveBase !== 0) release(moveBase);
  moveBase = 0;
  moveSize = 0;
}

/** The offset from which on the ring has all. */
function oldestByte(): i64 {
  return max(atomic.load<i64>(HIST_START), reserved - size);
}

function copyAhead(end: i64): void {
  // What the ring has lost meanwhile is no loss of it: it keeps no more than that.
  const oldest = oldestByte();
  if (moveTo < oldest) {
    moveFrom = oldest;
    moveTo = oldest;
  }
  while (moveTo < end) {
    const from = <u32>(moveTo % size);
    const to = <u32>(moveTo % moveSize);
    const length = <u32>min<i64>(end - moveTo, min<u32>(size - from, moveSize - to));
    memory.copy(moveBase + to, base + from, length);
    moveTo += length;
  }
}

/** Copy the rest, and write there from now on. */
function endMove(): void {
  copyAhead(tail);
  const oldest = max(max(moveFrom, tail - moveSize), atomic.load<i64>(HIST_START));
  atomic.add<u32>(RING_GENERATION, 1);
  release(base);
  base = moveBase;
  size = moveSize;
  moveBase = 0;
  moveSize = 0;
  position = <u32>(tail % size);
  reserved = tail;
  atomic.store<i64>(RESERVED, reserved);
  atomic.store<i64>(HIST_START, oldest);
  store<u32>(RING_BASE, <u32>base);
  store<u32>(RING_SIZE, size);
  atomic.add<u32>(RING_GENERATION, 1);
}
