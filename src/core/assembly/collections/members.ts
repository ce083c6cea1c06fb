/**
 * The index nested: what a large hash, set or sorted set finds its elements by. The rules are those
 * of a database's index (keyspace/table.ts): linear hashing over chains of buckets, one split or
 * merge at most for one element more or less, SCAN's cursor over the leaves. Two things differ. No
 * other thread looks in here but under its key's version; and small ones are many, so they begin
 * with one bucket (members-index.ts).
 *
 * An *item* is a block of its own: u32 key length, what its type keeps beside it, the key, what its
 * type keeps behind that.
 */
import { allocate, blockSize, release } from '../allocator/slabs';
import { copy, equal } from '../bytes';
import { isHeld, releaseHeld } from '../snapshot/held';
import { hash, randomBelow } from '../hash';
import {
  compact,
  cursorAfter,
  ENTRIES,
  isPlaceTaken,
  NEXT,
  tagOf,
  TAGS_MASK,
  usedMask,
  usedPlaces,
} from '../keyspace/chain';
import {
  bucketAt,
  countItem,
  indexOf,
  MAX_LOAD,
  merge,
  MIN_LOAD,
  overflowOf,
  putCounted,
  split,
} from './members-index';
import { Members } from './members-layout';

/** The hash of what findItem() looked for last, and where it found it. */
let lastHash: u64 = 0;
let foundPlace: usize = 0;

export function membersCount(block: usize): u32 {
  return changetype<Members>(block).count;
}

/** @returns the item with this key; 0: there is none. */
export function findItem(block: usize, key: usize, length: u32): usize {
  const members = changetype<Members>(block);
  lastHash = hash(key, length);
  const header = members.header;
  const tags = i8x16.splat(<i8>tagOf(lastHash));
  let bucket = bucketAt(members, indexOf(members, lastHash));
  do {
    let matches = i8x16.bitmask(i8x16.eq(v128.load(bucket), tags)) & TAGS_MASK;
    while (matches !== 0) {
      const place = bucket + ENTRIES + ((<usize>ctz(matches)) << 2);
      const item = <usize>load<u32>(place);
      if (load<u32>(item) === length && equal(item + header, key, length)) {
        foundPlace = place;
        return item;
      }
      matches &= matches - 1;
    }
    bucket = load<u32>(bucket, NEXT);
  } while (bucket !== 0);
  return 0;
}

/**
 * Make an item for the key that findItem() has just not found.
 *
 * @param more - bytes behind the key; they, and those between length and key, are the caller's to
 * set.
 * @returns 0: memory is exhausted, nothing has changed.
 */
export function addItem(block: usize, key: usize, length: u32, more: u32): usize {
  const members = changetype<Members>(block);
  const size = <u64>members.header + length + more;
  if (size > 0xf0000000) return 0;
  const item = allocate(<u32>size);
  if (item === 0) return 0;
  store<u32>(item, length);
  copy(item + members.header, key, length);
  if (members.count + 1 > members.buckets * MAX_LOAD) split(members);
  if (!putCounted(members, bucketAt(members, indexOf(members, lastHash)), item, tagOf(lastHash))) {
    release(item);
    return 0;
  }
  countItem(members);
  members.bytes += blockSize(item);
  return item;
}

/** Take out the item that findItem() has just found. */
export function removeItem(block: usize, item: usize): void {
  const members = changetype<Members>(block);
  const place = foundPlace;
  assert(
    load<u32>(place) === <u32>item && isPlaceTaken(place),
    'another member was looked up since',
  );
  const bucket = place & ~63;
  store<u8>(bucket + ((place - bucket - ENTRIES) >> 2), 0);
  if (load<u32>(bucket, NEXT) !== 0) {
    const before = overflowOf(bucket);
    compact(bucket);
    members.overflow -= before - overflowOf(bucket);
  }
  members.count--;
  members.bytes -= blockSize(item);
  releaseHeld(members.hold, item);
  if (members.count < members.buckets * MIN_LOAD && members.buckets > 1) merge(members);
}

/**
 * Give the item that findItem() has just found room for `more` bytes behind its key, moving it if
 * it must: they are then undefined, all before them stays.
 *
 * @returns the item; 0: memory is exhausted, nothing has changed.
 */
export function resizeItem(block: usize, item: usize, more: u32): usize {
  const members = changetype<Members>(block);
  const keep = members.header + load<u32>(item);
  const size = <u64>keep + more;
  const present = blockSize(item);
  // A block is kept unless it is too small, or more than twice as large as needed.
  const held = isHeld(members.hold);
  if (!held && size <= <u64>present && (present <= 128 || size << 1 >= <u64>present)) return item;
  if (size > 0xf0000000) return 0;
  const target = allocate(<u32>size);
  if (target === 0) return size <= <u64>present && !held ? item : 0;
  memory.copy(target, item, keep);
  assert(load<u32>(foundPlace) === <u32>item, 'another member was looked up since');
  store<u32>(foundPlace, <u32>target);
  members.bytes += blockSize(target) - present;
  releaseHeld(members.hold, item);
  return target;
}

/**
 * An item that is about to change, apart from its key: itself, or, where a snapshot holds it, a
 * copy that replaceItem() is to put in its place.
 *
 * @returns 0: memory is exhausted.
 */
export function itemToChange(block: usize, item: usize): usize {
  if (!isHeld(changetype<Members>(block).hold)) return item;
  const target = allocate(blockSize(item));
  if (target !== 0) memory.copy(target, item, blockSize(item));
  return target;
}

/** Put a copy of the item that findItem() has just found in its place. */
export function replaceItem(block: usize, item: usize, target: usize): void {
  const members = changetype<Members>(block);
  assert(load<u32>(foundPlace) === <u32>item, 'another member was looked up since');
  store<u32>(foundPlace, <u32>target);
  members.bytes += blockSize(target) - blockSize(item);
  releaseHeld(members.hold, item);
}

export function itemKey(block: usize, item: usize): usize {
  return item + changetype<Members>(block).header;
}

/** What stands behind an item's key. */
export function itemTail(block: usize, item: usize): usize {
  return item + changetype<Members>(block).header + load<u32>(item);
}

/** Begin to walk the chain at which a cursor stands, with nextItem(). */
export function openItems(block: usize, cursor: u32): void {
  const members = changetype<Members>(block);
  walkBucket = bucketAt(members, indexOf(members, cursor));
  walkMask = usedMask(walkBucket);
}

let walkBucket: usize = 0;
let walkMask: i32 = 0;

/** @returns the chain's items, one call each; 0 ends. The index must not change meanwhile. */
export function nextItem(): usize {
  while (walkMask === 0) {
    walkBucket = load<u32>(walkBucket, NEXT);
    if (walkBucket === 0) return 0;
    walkMask = usedMask(walkBucket);
  }
  const at = <usize>ctz(walkMask);
  walkMask &= walkMask - 1;
  return load<u32>(walkBucket + ENTRIES + (at << 2));
}

/** @returns the next chain's cursor; 0: all have been walked. 0 begins. */
export function nextItems(block: usize, cursor: u32): u32 {
  const members = changetype<Members>(block);
  return cursorAfter(members.lowMask, members.buckets, cursor);
}

/** Chains longer than that, which chance does not make, give each of their items less often. */
const MAX_CHAIN: u32 = 32;

/**
 * An item drawn at random, all alike: a place of some chain, drawn again if nothing stands there.
 * There must be some.
 */
export function drawItem(block: usize): usize {
  const members = changetype<Members>(block);
  while (true) {
    let bucket = bucketAt(members, randomBelow(members.buckets));
    let left = randomBelow(max(MAX_CHAIN, usedPlaces(bucket)));
    do {
      let used = usedMask(bucket);
      const here = <u32>popcnt(used);
      if (left < here) {
        while (left-- !== 0) used &= used - 1;
        return load<u32>(bucket + ENTRIES + ((<usize>ctz(used)) << 2));
      }
      left -= here;
      bucket = load<u32>(bucket, NEXT);
    } while (bucket !== 0);
  }
}
