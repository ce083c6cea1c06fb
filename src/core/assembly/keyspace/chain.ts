/**
 * Chains of buckets: what the index of a database (table.ts) and that of a large collection
 * (collections/members.ts) are made of.
 *
 *   +0  12 × u8  tag: the hash's top byte (0 becomes 1); 0: the place is empty
 *   +12 u32      next overflow bucket of the same chain, 0: none
 *   +16 12 × u32 pointer
 *
 * What a pointer leads to, and how that is hashed, is the index's matter.
 */
import { allocate, release } from '../allocator/slabs';
import { BUCKET_ENTRIES, BUCKET_NEXT, BUCKET_PLACES } from '../layout';

const PLACES: u32 = BUCKET_PLACES;
export const TAGS_MASK: i32 = 0xfff;
export const NEXT: usize = BUCKET_NEXT;
export const ENTRIES: usize = BUCKET_ENTRIES;
export const BUCKET_SIZE: u32 = 64;

/** Of all indexes. */
let overflowBuckets: u32 = 0;

/** Bytes of all tables' overflow buckets. */
export function overflowBytes(): u64 {
  return <u64>overflowBuckets * BUCKET_SIZE;
}

export function tagOf(hashed: u64): u8 {
  const tag = <u8>(hashed >> 56);
  return tag === 0 ? 1 : tag;
}

export function usedMask(bucket: usize): i32 {
  return ~i8x16.bitmask(i8x16.eq(v128.load(bucket), i8x16.splat(0))) & TAGS_MASK;
}

/** Whether an entry stands at a place. @inline */
export function isPlaceTaken(place: usize): bool {
  const bucket = place & ~63;
  return load<u8>(bucket + ((place - bucket - ENTRIES) >> 2)) !== 0;
}

/**
 * A scan's cursor counts in reversed bits over the leaves of the trie that the chains are
 * (table.ts).
 *
 * @param low - 2^k - 1, with 2^k <= buckets < 2^(k+1).
 * @returns the cursor of the next leaf; 0: the scan is over.
 */
export function cursorAfter(low: u32, buckets: u32, cursor: u32): u32 {
  const high = (low << 1) | 1;
  // Both halves of a split leaf exist exactly if the upper one does.
  const mask = (cursor & low) + low + 1 < buckets ? high : low;
  return reverseBits(reverseBits(cursor | ~mask) + 1);
}

function reverseBits(word: u32): u32 {
  word = ((word >> 1) & 0x55555555) | ((word & 0x55555555) << 1);
  word = ((word >> 2) & 0x33333333) | ((word & 0x33333333) << 2);
  word = ((word >> 4) & 0x0f0f0f0f) | ((word & 0x0f0f0f0f) << 4);
  return bswap<u32>(word);
}

function newOverflow(): usize {
  const overflow = allocate(BUCKET_SIZE);
  if (overflow === 0) return 0;
  overflowBuckets++;
  memory.fill(overflow, 0, BUCKET_SIZE);
  return overflow;
}

export function releaseOverflow(overflow: usize): void {
  overflowBuckets--;
  release(overflow);
}

export function put(first: usize, entry: usize, tag: u8): bool {
  let bucket = first;
  let free = ~usedMask(bucket) & TAGS_MASK;
  while (free === 0) {
    const next: usize = load<u32>(bucket, NEXT);
    if (next === 0) {
      const overflow = newOverflow();
      if (overflow === 0) return false;
      store<u32>(bucket, <u32>overflow, NEXT);
      bucket = overflow;
      free = TAGS_MASK;
      break;
    }
    bucket = next;
    free = ~usedMask(bucket) & TAGS_MASK;
  }
  const place = <usize>ctz(free);
  store<u8>(bucket + place, tag);
  store<u32>(bucket + ENTRIES + (place << 2), <u32>entry);
  return true;
}

/**
 * Move an entry from the chain's end into the hole in `bucket`; drop the end if that empties it.
 */
export function compact(bucket: usize): void {
  let before = bucket;
  let last: usize = load<u32>(bucket, NEXT);
  while (load<u32>(last, NEXT) !== 0) {
    before = last;
    last = load<u32>(last, NEXT);
  }
  const used = usedMask(last);
  if (used !== 0) {
    const from = <usize>ctz(used);
    const to = <usize>ctz(~usedMask(bucket) & TAGS_MASK);
    store<u8>(bucket + to, load<u8>(last + from));
    store<u32>(bucket + ENTRIES + (to << 2), load<u32>(last + ENTRIES + (from << 2)));
    store<u8>(last + from, 0);
    if ((used & (used - 1)) !== 0) return;
  }
  store<u32>(before, 0, NEXT);
  releaseOverflow(last);
}

export function usedPlaces(bucket: usize): u32 {
  let used: u32 = 0;
  do {
    used += <u32>popcnt(usedMask(bucket));
    bucket = load<u32>(bucket, NEXT);
  } while (bucket !== 0);
  return used;
}

/** Lengthen a chain until it has so many free places. @returns false: memory is exhausted. */
export function reservePlaces(bucket: usize, needed: u32): bool {
  let free: u32 = PLACES - <u32>popcnt(usedMask(bucket));
  while (free < needed) {
    let next: usize = load<u32>(bucket, NEXT);
    if (next === 0) {
      next = newOverflow();
      if (next === 0) return false;
      store<u32>(bucket, <u32>next, NEXT);
    }
    bucket = next;
    free += PLACES - <u32>popcnt(usedMask(bucket));
  }
  return true;
}

/** Move every entry of one chain to another, which has room. */
export function pour(source: usize, target: usize): void {
  let bucket = source;
  do {
    let used = usedMask(bucket);
    while (used !== 0) {
      const place = <usize>ctz(used);
      used &= used - 1;
      const entry: usize = load<u32>(bucket + ENTRIES + (place << 2));
      put(target, entry, load<u8>(bucket + place));
      store<u8>(bucket + place, 0);
    }
    bucket = load<u32>(bucket, NEXT);
  } while (bucket !== 0);
  tighten(source);
}

/** Move what overflow buckets hold into free places before them, and free those left empty. */
export function tighten(first: usize): void {
  let before = first;
  let bucket: usize = load<u32>(first, NEXT);
  while (bucket !== 0) {
    let used = usedMask(bucket);
    while (used !== 0) {
      let free = 0;
      let home = first;
      while (home !== bucket) {
        free = ~usedMask(home) & TAGS_MASK;
        if (free !== 0) break;
        home = load<u32>(home, NEXT);
      }
      if (free === 0) break;
      const from = <usize>ctz(used);
      const to = <usize>ctz(free);
      used &= used - 1;
      store<u8>(home + to, load<u8>(bucket + from));
      store<u32>(home + ENTRIES + (to << 2), load<u32>(bucket + ENTRIES + (from << 2)));
      store<u8>(bucket + from, 0);
    }
    const next: usize = load<u32>(bucket, NEXT);
    if (usedMask(bucket) === 0) {
      store<u32>(before, <u32>next, NEXT);
      releaseOverflow(bucket);
    } else before = bucket;
    bucket = next;
  }
}
