/**
 * How the index of a large collection (members.ts) lies in memory, grows, shrinks, is copied and
 * freed.
 *
 *   +0  u32 the segment, or the directory of segments  +4 u32 room in it; 0: there is none
 *   +8  u32 buckets  +12 u32 lowMask  +16 u32 items
 *   +20 u32 bytes of an item before its key  +24 u32 bytes of all items' blocks
 *   +28 u32 buckets that the first segment has room for  +32 u32 overflow buckets
 *   +36 u32 the id of the snapshot's hold (snapshot/held.ts), which may be over; 0: none
 *
 * The first segment grows from one bucket to 512, each time to twice as many; then there is a
 * directory of segments.
 */
import { allocate, blockSize, reallocate, release } from '../allocator/slabs';
import { hash } from '../hash';
import {
  BUCKET_SIZE,
  ENTRIES,
  NEXT,
  pour,
  put,
  releaseOverflow,
  reservePlaces,
  tagOf,
  TAGS_MASK,
  tighten,
  usedMask,
  usedPlaces,
} from '../keyspace/chain';
import { SEGMENT_BITS } from '../layout';
import { releaseHeld } from '../snapshot/held';
import { LARGE_INDEX, Members } from './members-layout';

const SEGMENT_BUCKETS: u32 = 1 << SEGMENT_BITS;
export const MAX_LOAD: u32 = 6;
export const MIN_LOAD: u32 = 3;

/** Whether there has been a large index since the core began. */
export let hasLargeIndex: bool = false;

/** An index has got one item more. @inline */
export function countItem(members: Members): void {
  if (++members.count === LARGE_INDEX) hasLargeIndex = true;
}

/**
 * @param header - bytes of an item before its key, its length included.
 * @returns 0: memory is exhausted.
 */
export function newMembers(header: u32): usize {
  const block = allocate(offsetof<Members>());
  if (block === 0) return 0;
  const segment = allocate(BUCKET_SIZE);
  if (segment === 0) {
    release(block);
    return 0;
  }
  memory.fill(segment, 0, BUCKET_SIZE);
  memory.fill(block, 0, offsetof<Members>());
  const members = changetype<Members>(block);
  members.segments = segment;
  members.buckets = 1;
  members.firstRoom = 1;
  members.header = header;
  return block;
}

/** Bytes of all of it. */
export function membersBytes(block: usize): u64 {
  const members = changetype<Members>(block);
  const buckets = members.directoryRoom === 0 ? members.firstRoom : roundSegments(members.buckets);
  const directory: u32 = members.directoryRoom === 0 ? 0 : blockSize(members.segments);
  const index = <u64>(buckets + members.overflow) * BUCKET_SIZE;
  return index + directory + members.bytes + blockSize(block);
}

function roundSegments(buckets: u32): u32 {
  return (buckets + SEGMENT_BUCKETS - 1) & ~(SEGMENT_BUCKETS - 1);
}

/** A copy with items of its own. @returns 0: memory is exhausted. */
export function copyMembers(block: usize): usize {
  const members = changetype<Members>(block);
  const target = newMembers(members.header);
  if (target === 0) return 0;
  const copied = changetype<Members>(target);
  for (let index: u32 = 0; index < members.buckets; index++) {
    let bucket = bucketAt(members, index);
    do {
      for (let used = usedMask(bucket); used !== 0; used &= used - 1) {
        const item: usize = load<u32>(bucket + ENTRIES + ((<usize>ctz(used)) << 2));
        if (!copyItem(copied, item)) {
          freeMembers(target, u32.MAX_VALUE);
          return 0;
        }
      }
      bucket = load<u32>(bucket, NEXT);
    } while (bucket !== 0);
  }
  return target;
}

function copyItem(members: Members, item: usize): bool {
  const size = blockSize(item);
  const target = allocate(size);
  if (target === 0) return false;
  memory.copy(target, item, size);
  const hashed = hashOf(members, item);
  if (members.count + 1 > members.buckets * MAX_LOAD) split(members);
  if (!putCounted(members, bucketAt(members, indexOf(members, hashed)), target, tagOf(hashed))) {
    release(target);
    return false;
  }
  countItem(members);
  members.bytes += size;
  return true;
}

/**
 * Free some of it, from the last chain on; nothing else may be done with it any more.
 *
 * @param budget - items.
 * @returns what is left of it; 0: there may be more to free.
 */
export function freeMembers(block: usize, budget: u32): u32 {
  const members = changetype<Members>(block);
  while (members.buckets !== 0) {
    if (budget === 0) return 0;
    const freed = freeChain(members, --members.buckets) + 1;
    budget = budget > freed ? budget - freed : 0;
    if (members.directoryRoom === 0 || (members.buckets & (SEGMENT_BUCKETS - 1)) !== 0) continue;
    release(segmentAt(members, members.buckets >> SEGMENT_BITS));
  }
  release(members.segments);
  release(block);
  return max(budget, 1);
}

/** The index is held: its items stay as they are. @see snapshot/held.ts */
export function holdMembers(block: usize, id: u32): void {
  changetype<Members>(block).hold = id;
}

/** Write down where all items are. @param to - four bytes for each. */
export function noteItems(block: usize, to: usize): void {
  const members = changetype<Members>(block);
  for (let index: u32 = 0; index < members.buckets; index++) {
    let bucket = bucketAt(members, index);
    do {
      for (let used = usedMask(bucket); used !== 0; used &= used - 1) {
        store<u32>(to, load<u32>(bucket + ENTRIES + ((<usize>ctz(used)) << 2)));
        to += 4;
      }
      bucket = load<u32>(bucket, NEXT);
    } while (bucket !== 0);
  }
}

function freeChain(members: Members, index: u32): u32 {
  const first = bucketAt(members, index);
  let freed: u32 = 0;
  let bucket = first;
  do {
    for (let used = usedMask(bucket); used !== 0; used &= used - 1) {
      releaseHeld(members.hold, load<u32>(bucket + ENTRIES + ((<usize>ctz(used)) << 2)));
      freed++;
    }
    const next: usize = load<u32>(bucket, NEXT);
    if (bucket !== first) releaseOverflow(bucket);
    bucket = next;
  } while (bucket !== 0);
  return freed;
}

function hashOf(members: Members, item: usize): u64 {
  return hash(item + members.header, load<u32>(item));
}

function segmentAt(members: Members, number: u32): usize {
  return load<u32>(members.segments + ((<usize>number) << 2));
}

export function bucketAt(members: Members, index: u32): usize {
  if (members.directoryRoom === 0) return members.segments + ((<usize>index) << 6);
  const segment = segmentAt(members, index >> SEGMENT_BITS);
  return segment + ((<usize>(index & (SEGMENT_BUCKETS - 1))) << 6);
}

export function indexOf(members: Members, hashed: u64): u32 {
  const low = members.lowMask;
  const index = <u32>hashed & ((low << 1) | 1);
  return index < members.buckets ? index : index & low;
}

export function overflowOf(bucket: usize): u32 {
  let count: u32 = 0;
  for (let next: usize = load<u32>(bucket, NEXT); next !== 0; next = load<u32>(next, NEXT)) count++;
  return count;
}

export function putCounted(members: Members, bucket: usize, item: usize, tag: u8): bool {
  const isChained = load<u32>(bucket, NEXT) !== 0 || usedMask(bucket) === TAGS_MASK;
  const before = isChained ? overflowOf(bucket) : 0;
  if (!put(bucket, item, tag)) return false;
  if (isChained) members.overflow += overflowOf(bucket) - before;
  return true;
}

/** Make room for bucket n. @returns false: there is no memory. */
function reserveBucket(members: Members, index: u32): bool {
  if (index < members.firstRoom) return true;
  if (index < SEGMENT_BUCKETS) {
    const room = index << 1;
    const segment = reallocate(members.segments, index << 6, room << 6);
    if (segment === 0) return false;
    memory.fill(segment + ((<usize>index) << 6), 0, (<usize>(room - index)) << 6);
    members.segments = segment;
    members.firstRoom = room;
    return true;
  }
  if ((index & (SEGMENT_BUCKETS - 1)) !== 0) return true;
  return addSegment(members, index >> SEGMENT_BITS);
}

function addSegment(members: Members, number: u32): bool {
  const room = members.directoryRoom;
  if (room === 0) {
    const directory = allocate(64);
    if (directory === 0) return false;
    store<u32>(directory, <u32>members.segments);
    members.segments = directory;
    members.directoryRoom = 16;
  } else if (number === room) {
    const directory = reallocate(members.segments, room << 2, room << 3);
    if (directory === 0) return false;
    members.segments = directory;
    members.directoryRoom = room << 1;
  }
  const segment = allocate(SEGMENT_BUCKETS * BUCKET_SIZE);
  if (segment === 0) {
    if (number === 1) dropDirectory(members);
    return false;
  }
  memory.fill(segment, 0, SEGMENT_BUCKETS * BUCKET_SIZE);
  store<u32>(members.segments + ((<usize>number) << 2), <u32>segment);
  return true;
}

function dropDirectory(members: Members): void {
  const directory = members.segments;
  members.segments = load<u32>(directory);
  members.directoryRoom = 0;
  release(directory);
}

/** The last bucket is gone: what held it may be. */
function releaseBucket(members: Members, index: u32): void {
  if (index >= SEGMENT_BUCKETS) {
    if ((index & (SEGMENT_BUCKETS - 1)) !== 0) return;
    release(segmentAt(members, index >> SEGMENT_BITS));
    if (index === SEGMENT_BUCKETS) dropDirectory(members);
    return;
  }
  const room = members.firstRoom >> 1;
  if (index > room >> 1 || room === 0) return;
  const segment = allocate(room << 6);
  if (segment === 0) return;
  memory.copy(segment, members.segments, (<usize>room) << 6);
  release(members.segments);
  members.segments = segment;
  members.firstRoom = room;
}

/** Add bucket n and share bucket n - 2^k's items between the two. Without memory: not now. */
export function split(members: Members): void {
  const index = members.buckets;
  if (!reserveBucket(members, index)) return;
  const source = bucketAt(members, index - members.lowMask - 1);
  const target = bucketAt(members, index);
  const before = overflowOf(source);
  if (share(members, source, target)) {
    tighten(source);
    members.buckets = index + 1;
    if (members.buckets === (members.lowMask + 1) << 1)
      members.lowMask = (members.lowMask << 1) | 1;
    members.overflow += overflowOf(source) + overflowOf(target) - before;
    return;
  }
  pour(target, source);
  members.overflow += overflowOf(source) - before;
  releaseBucket(members, index);
}

function share(members: Members, source: usize, target: usize): bool {
  const bit: u64 = members.lowMask + 1;
  let bucket = source;
  do {
    for (let used = usedMask(bucket); used !== 0; used &= used - 1) {
      const place = <usize>ctz(used);
      const item: usize = load<u32>(bucket + ENTRIES + (place << 2));
      if ((hashOf(members, item) & bit) === 0) continue;
      if (!put(target, item, load<u8>(bucket + place))) return false;
      store<u8>(bucket + place, 0);
    }
    bucket = load<u32>(bucket, NEXT);
  } while (bucket !== 0);
  return true;
}

/** Take the last bucket away: its items belong to the bucket that it was split from. */
export function merge(members: Members): void {
  const index = members.buckets - 1;
  const low = index === members.lowMask ? members.lowMask >> 1 : members.lowMask;
  const target = bucketAt(members, index - low - 1);
  const source = bucketAt(members, index);
  const before = overflowOf(source) + overflowOf(target);
  const isMerged = reservePlaces(target, usedPlaces(source));
  if (isMerged) {
    pour(source, target);
    members.lowMask = low;
    members.buckets = index;
  }
  members.overflow += overflowOf(target) + overflowOf(source) - before;
  if (isMerged) releaseBucket(members, index);
}
