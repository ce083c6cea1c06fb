/**
 * What a snapshot holds of large collections that are still to be written out: of each the
 * addresses of its blocks as they were, and the blocks that have left the collection since.
 *
 * Rule: a collection that is held has the hold's id (an index of members in its header, a list in
 * its nodes). Who would change or free one of its blocks meanwhile makes another in its place and
 * gives the old one here (keepBlock); elements that have come since may be given too. A stream's
 * nodes are changed where they stand, after a copy has been kept (keepCopy). Where there is no
 * memory for that, or too much is kept, the collection is written out to its end at once.
 */
import { allocate, blockSize, release } from '../allocator/slabs';
import { copy } from '../bytes';

@unmanaged
export class Hold {
  /** In the order in which they are written out. */
  next: usize;
  id: u32;
  type: u32;
  database: i32;
  /** What precedes the value in RDB. */
  head: usize;
  headLength: u32;
  /** Four bytes for each address, eight for a list's node, HELD_NODE for a stream's. */
  addresses: usize;
  count: u32;
  written: u32;
  /** Whether the output has begun. */
  isBegun: bool;
  /** Blocks kept, in pages: u32 the page before, u32 how many, addresses. */
  pages: usize;
  /** Bytes of the blocks that are kept, and how many they may be. */
  kept: u32;
  limit: u32;
  /** What follows the blocks in RDB; 0: nothing does. */
  tail: usize;
  tailLength: u32;
  tailWritten: u32;
}

/** A stream's node: u64 ms, u64 sequence, u32 listpack, 4 bytes unused. */
export const HELD_NODE: usize = 24;
export const HELD_PACK: usize = 16;

const PAGE_BYTES: u32 = 16384;
const PAGE_HEADER: u32 = 8;
const PAGE_ROOM: u32 = (PAGE_BYTES - PAGE_HEADER) >> 2;

let first: usize = 0;
let last: usize = 0;
let newest: u32 = 0;
/** Bytes of all that is kept, which goes again with the snapshot. */
let bytes: u64 = 0;

/** Writes a hold out to its end. */
let finish: (id: u32) => void = ignore;

function ignore(_id: u32): void {}

/** @param writeOut - called where a block cannot be kept; afterwards the hold is over. */
export function finishHoldsWith(writeOut: (id: u32) => void): void {
  finish = writeOut;
}

/** Write a hold out to its end at once: it is over then. */
export function finishHold(id: u32): void {
  finish(id);
}

/** The one whose turn it is; 0: none. */
export function firstHold(): usize {
  return first;
}

export function heldBytes(): u64 {
  return bytes;
}

/** @returns a hold that is last in turn, its blocks given by the caller; 0: memory is exhausted. */
export function addHold(type: u32, database: i32, addresses: usize, count: u32, limit: u32): usize {
  const block = allocate(offsetof<Hold>());
  if (block === 0) return 0;
  memory.fill(block, 0, offsetof<Hold>());
  const hold = changetype<Hold>(block);
  hold.id = ++newest;
  hold.type = type;
  hold.database = database;
  hold.addresses = addresses;
  hold.count = count;
  hold.limit = limit;
  if (first === 0) first = block;
  else changetype<Hold>(last).next = block;
  last = block;
  bytes += blockSize(addresses) + blockSize(block);
  return block;
}

/** @param id - 0: no hold's. */
export function isHeld(id: u32): bool {
  return id !== 0 && first !== 0 && holdOf(id) !== 0;
}

function holdOf(id: u32): usize {
  let block = first;
  while (block !== 0 && changetype<Hold>(block).id !== id) block = changetype<Hold>(block).next;
  return block;
}

/** Free a block, or keep it for as long as it is held. */
export function releaseHeld(id: u32, block: usize): void {
  const held: usize = id === 0 || first === 0 ? 0 : holdOf(id);
  if (held === 0) release(block);
  else keepBlock(held, block);
}

/** @param length - of a tail that is in a block; 0: it has none. */
export function addTail(block: usize, tail: usize, length: u32): void {
  changetype<Hold>(block).tail = tail;
  changetype<Hold>(block).tailLength = length;
  bytes += blockSize(tail);
}

function keepBlock(held: usize, block: usize): void {
  const hold = changetype<Hold>(held);
  const size = blockSize(block);
  let page = hold.pages;
  const isFull = page === 0 || load<u32>(page, 4) === PAGE_ROOM;
  if (isFull && hold.kept < hold.limit) {
    page = allocate(PAGE_BYTES);
    if (page !== 0) {
      store<u32>(page, <u32>hold.pages);
      store<u32>(page, 0, 4);
      hold.pages = page;
      bytes += blockSize(page);
    }
  }
  if (page === 0 || load<u32>(page, 4) === PAGE_ROOM || hold.kept >= hold.limit) {
    finishHold(hold.id);
    release(block);
    return;
  }
  const count = load<u32>(page, 4);
  store<u32>(page + PAGE_HEADER + ((<usize>count) << 2), <u32>block);
  store<u32>(page, count + 1, 4);
  hold.kept += size;
  bytes += size;
}

/**
 * A stream's node is about to change where it stands.
 *
 * @param place - which of the hold's nodes it is.
 * @param length - bytes that are in use of its block.
 */
export function keepCopy(id: u32, place: u32, length: u32): void {
  const held = holdOf(id);
  if (place < changetype<Hold>(held).written) return;
  const at = changetype<Hold>(held).addresses + <usize>place * HELD_NODE + HELD_PACK;
  const kept = allocate(length);
  if (kept === 0) {
    finishHold(id);
    return;
  }
  copy(kept, load<u32>(at), length);
  keepBlock(held, kept);
  if (isHeld(id)) store<u32>(at, <u32>kept);
}

/** Take back the one that was added last, before anything is held. */
export function takeHoldBack(): void {
  let before: usize = 0;
  let block = first;
  while (block !== last) {
    before = block;
    block = changetype<Hold>(block).next;
  }
  if (before === 0) first = 0;
  else changetype<Hold>(before).next = 0;
  last = before;
  const hold = changetype<Hold>(block);
  bytes -= blockSize(hold.addresses) + blockSize(block);
  if (hold.head !== 0) release(hold.head);
  release(block);
}

/** The first one is written out, or given up: free what it kept. */
export function dropHold(): void {
  const block = first;
  const hold = changetype<Hold>(block);
  first = hold.next;
  if (first === 0) last = 0;
  bytes -= blockSize(hold.addresses) + blockSize(block) + hold.kept;
  let page = hold.pages;
  while (page !== 0) {
    const before: usize = load<u32>(page);
    for (let i: u32 = load<u32>(page, 4); i !== 0; i--) {
      release(load<u32>(page + PAGE_HEADER + ((<usize>(i - 1)) << 2)));
    }
    bytes -= blockSize(page);
    release(page);
    page = before;
  }
  release(hold.addresses);
  if (hold.head !== 0) release(hold.head);
  if (hold.tail !== 0) {
    bytes -= blockSize(hold.tail);
    release(hold.tail);
  }
  release(block);
}
