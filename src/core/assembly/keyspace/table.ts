/**
 * The hash index of one database: linear hashing over cache-line buckets.
 *
 * A bucket is 64 bytes: 12 one-byte tags, a link to an overflow bucket, 12 pointers to entries. A
 * lookup compares all tags at once and follows only pointers whose tag matches, so a hit costs two
 * cache misses and a miss one.
 *
 *   +0  12 × u8  tag: the hash's top byte (0 becomes 1); 0: the place is empty
 *   +12 u32      next overflow bucket of the same chain, 0: none
 *   +16 12 × u32 entry
 *
 * Rule of growth: with n buckets and 2^k <= n < 2^(k+1), a hash belongs to bucket h mod 2^(k+1)
 * if that is below n, else to h mod 2^k. Adding bucket n splits bucket n - 2^k and moves nothing
 * else; taking the last bucket away merges it back. One insertion splits at most one bucket, so no
 * command ever waits for a rehash, there is never a second table, and the load stays the same.
 *
 * The chains are thus the leaves of a binary trie over the hash's low bits, of two depths. SCAN's
 * cursor counts in reversed bits at the depth of the leaf it stands on: a leaf that was visited and
 * splits later leaves only visited halves behind, which is Redis' guarantee.
 *
 * Buckets lie in segments of 512, found through a directory, so that growth copies nothing.
 *
 * @see W. Litwin, "Linear hashing: a new tool for file and table addressing", VLDB 1980
 */
import { allocate, reallocate, release } from '../allocator/slabs';
import { equal } from '../bytes';
import { hash } from '../hash';
import { SEGMENT_BITS } from '../layout';
import {
  BUCKET_SIZE,
  compact,
  cursorAfter,
  ENTRIES,
  isPlaceTaken,
  NEXT,
  pour,
  put,
  reservePlaces,
  tagOf,
  TAGS_MASK,
  tighten,
  usedMask,
  usedPlaces,
} from './chain';
import { keyLength, keyOf } from './entry';
import { closeStripe, closeStructure, isStripeOpen, openStripe, openStructure } from './versions';

export const SEGMENT_BUCKETS: u32 = 1 << SEGMENT_BITS;
const MIN_BUCKETS: u32 = 16;
/**
 * Entries per bucket above which a bucket is added, and below which one is taken away. Buckets that
 * wait to be split have up to twice the load, and a key in an overflow bucket costs a third cache
 * miss, which cannot have been fetched ahead: at a load of nine that were 8 % of the keys.
 */
const MAX_LOAD: u32 = 6;
const MIN_LOAD: u32 = 3;

/** layout.ts has the places of those fields that other threads read. */
@unmanaged
export class Table {
  /** u32 pointers to segments, and how many the directory has room for; 0: nothing stored yet. */
  directory: usize;
  directoryRoom: u32;
  buckets: u32;
  /** 2^k - 1. */
  lowMask: u32;
  count: u32;
  /** The list of volatile keys (volatile.ts). */
  chunks: usize;
  chunksRoom: u32;
  volatileCount: u32;
  /** Of these, those whose expiry clients of a replica have given: no master will delete them. */
  ownCount: u32;
  expireCursor: u32;
  /** The database's number. */
  id: i32;
  /**
   * The number that the contents had when the last snapshot began: SWAPDB moves it with them.
   * NO_SNAPSHOT: they are in none.
   */
  snapshotId: i32;
}

export const NO_SNAPSHOT: i32 = -1;

/** Where find() found: address of the pointer within its bucket. */
export let foundPlace: usize = 0;

export function bucketAt(table: Table, index: u32): usize {
  const segment: usize = load<u32>(table.directory + ((<usize>(index >> SEGMENT_BITS)) << 2));
  return segment + ((<usize>(index & (SEGMENT_BUCKETS - 1))) << 6);
}

export function indexOf(table: Table, hashed: u64): u32 {
  const low = table.lowMask;
  const index = <u32>hashed & ((low << 1) | 1);
  return index < table.buckets ? index : index & low;
}

/** @returns the key's entry, its place in `foundPlace`; or 0. */
export function find(table: Table, key: usize, length: u32, hashed: u64): usize {
  if (table.count === 0) return 0;
  const tags = i8x16.splat(<i8>tagOf(hashed));
  let bucket = bucketAt(table, indexOf(table, hashed));
  do {
    let matches = i8x16.bitmask(i8x16.eq(v128.load(bucket), tags)) & TAGS_MASK;
    while (matches !== 0) {
      const place = bucket + ENTRIES + ((<usize>ctz(matches)) << 2);
      const entry = <usize>load<u32>(place);
      if (keyLength(entry) === length && equal(keyOf(entry), key, length)) {
        foundPlace = place;
        return entry;
      }
      matches &= matches - 1;
    }
    bucket = load<u32>(bucket, NEXT);
  } while (bucket !== 0);
  return 0;
}

/** @returns the entry of a key with that hash; 0: there is none. */
export function findHashed(table: Table, hashed: u64): usize {
  if (table.count === 0) return 0;
  openChain(table, indexOf(table, hashed));
  for (let entry = nextInChain(); entry !== 0; entry = nextInChain()) {
    if (hash(keyOf(entry), keyLength(entry)) === hashed) return entry;
  }
  return 0;
}

/** Find the place of an entry known to be in the table. */
export function placeOf(table: Table, entry: usize): usize {
  const hashed = hash(keyOf(entry), keyLength(entry));
  const found = find(table, keyOf(entry), keyLength(entry), hashed);
  assert(found === entry, 'an entry has no place');
  return foundPlace;
}

/**
 * Put an entry, complete as it is, into the table, which the key must not be in. Its stripe is left
 * open.
 *
 * @returns false: memory is exhausted.
 */
export function insert(table: Table, entry: usize, hashed: u64): bool {
  if (table.directory === 0 && !initTable(table)) return false;
  if (table.count + 1 > table.buckets * MAX_LOAD) split(table);
  openStripe(table.lowMask, hashed);
  if (!put(bucketAt(table, indexOf(table, hashed)), entry, tagOf(hashed))) {
    closeStripe();
    return false;
  }
  table.count++;
  return true;
}

/** Take the entry at a place, whose stripe is open and is closed here, out of the table. */
export function remove(table: Table, place: usize): void {
  const bucket = place & ~63;
  assert(table.count !== 0 && isPlaceTaken(place), 'nothing is there to be removed');
  if (CHECKED) assert(isStripeOpen(), 'removed with its stripe closed');
  store<u8>(bucket + ((place - bucket - ENTRIES) >> 2), 0);
  if (load<u32>(bucket, NEXT) !== 0) compact(bucket);
  closeStripe();
  table.count--;
  if (table.count < table.buckets * MIN_LOAD && table.buckets > MIN_BUCKETS) merge(table);
}

/**
 * @returns the chain's entries from `bucket` on, in places that are in use, one call each: 0 ends.
 */
export function nextInChain(): usize {
  while (chainMask === 0) {
    if (chainBucket === 0) return 0;
    chainBucket = load<u32>(chainBucket, NEXT);
    if (chainBucket === 0) return 0;
    chainMask = usedMask(chainBucket);
  }
  chainAt = <usize>ctz(chainMask);
  chainMask &= chainMask - 1;
  return load<u32>(chainPlace());
}

/** @returns the place of the entry that nextInChain() returned last. */
export function chainPlace(): usize {
  return chainBucket + ENTRIES + (chainAt << 2);
}

let chainBucket: usize = 0;
let chainAt: usize = 0;
let chainMask: i32 = 0;

/** Begin to walk bucket `index`'s chain with nextInChain(). The table must not change meanwhile. */
export function openChain(table: Table, index: u32): void {
  chainBucket = bucketAt(table, index);
  chainMask = usedMask(chainBucket);
}

/** @returns the bucket at which a scan's cursor stands. */
export function cursorBucket(table: Table, cursor: u32): u32 {
  return indexOf(table, cursor);
}

function initTable(table: Table): bool {
  const directory = allocate(64);
  if (directory === 0) return false;
  const segment = newSegment();
  if (segment === 0) {
    release(directory);
    return false;
  }
  store<u32>(directory, <u32>segment);
  openStructure();
  table.directory = directory;
  table.directoryRoom = 16;
  table.buckets = MIN_BUCKETS;
  table.lowMask = MIN_BUCKETS - 1;
  closeStructure();
  return true;
}

/**
 * Room is made for so many keys at once; beyond that, whatever untrusted bytes say, it grows.
 */
const MAX_RESERVED: u64 = 1 << 24;

/** Give an empty table the buckets that so many keys will take, as far as there is memory. */
export function reserveBuckets(table: Table, keys: u64): void {
  if (table.count !== 0 || keys === 0) return;
  if (table.directory === 0 && !initTable(table)) return;
  const wanted = <u32>(min(keys, MAX_RESERVED) / MAX_LOAD) + 1;
  openStructure();
  while (table.buckets < wanted) {
    const index = table.buckets;
    if ((index & (SEGMENT_BUCKETS - 1)) === 0 && !addSegment(table, index >> SEGMENT_BITS)) break;
    table.buckets = index + 1;
    if (table.buckets === (table.lowMask + 1) << 1) table.lowMask = (table.lowMask << 1) | 1;
  }
  closeStructure();
}

function newSegment(): usize {
  const segment = allocate(SEGMENT_BUCKETS * BUCKET_SIZE);
  if (segment !== 0) memory.fill(segment, 0, SEGMENT_BUCKETS * BUCKET_SIZE);
  return segment;
}

/** @returns the cursor of the next leaf; 0: the scan is over. */
export function nextCursor(table: Table, cursor: u32): u32 {
  return cursorAfter(table.lowMask, table.buckets, cursor);
}

/** Add bucket n and share bucket n - 2^k's entries between the two. Without memory: not now. */
function split(table: Table): void {
  const index = table.buckets;
  if ((index & (SEGMENT_BUCKETS - 1)) === 0 && !addSegment(table, index >> SEGMENT_BITS)) return;
  const source = bucketAt(table, index - table.lowMask - 1);
  const target = bucketAt(table, index);
  const bit: u64 = table.lowMask + 1;
  openStripe(table.lowMask, index);
  let bucket = source;
  do {
    let used = usedMask(bucket);
    while (used !== 0) {
      const place = <usize>ctz(used);
      used &= used - 1;
      const entry: usize = load<u32>(bucket + ENTRIES + (place << 2));
      if ((hash(keyOf(entry), keyLength(entry)) & bit) === 0) continue;
      // Without memory for an overflow bucket the whole split is undone by moving all back.
      if (!put(target, entry, load<u8>(bucket + place))) {
        pour(target, source);
        closeStripe();
        if ((index & (SEGMENT_BUCKETS - 1)) === 0) release(target);
        return;
      }
      store<u8>(bucket + place, 0);
    }
    bucket = load<u32>(bucket, NEXT);
  } while (bucket !== 0);
  tighten(source);
  table.buckets = index + 1;
  closeStripe();
  if (table.buckets === (table.lowMask + 1) << 1) {
    openStructure();
    table.lowMask = (table.lowMask << 1) | 1;
    closeStructure();
  }
}

/** Take the last bucket away: its entries belong to the bucket that it was split from. */
function merge(table: Table): void {
  const index = table.buckets - 1;
  const low = index === table.lowMask ? table.lowMask >> 1 : table.lowMask;
  const target = bucketAt(table, index - low - 1);
  const source = bucketAt(table, index);
  // Under the present mask the two may be of different stripes.
  const isStructural = low !== table.lowMask;
  if (isStructural) openStructure();
  openStripe(table.lowMask, index);
  const isMerged = reservePlaces(target, usedPlaces(source));
  if (isMerged) {
    pour(source, target);
    table.lowMask = low;
    table.buckets = index;
  }
  closeStripe();
  if (isStructural) closeStructure();
  if (!isMerged || (index & (SEGMENT_BUCKETS - 1)) !== 0) return;
  const slot = table.directory + ((<usize>(index >> SEGMENT_BITS)) << 2);
  release(load<u32>(slot));
}

function addSegment(table: Table, number: u32): bool {
  if (number === table.directoryRoom) {
    const room = number << 1;
    openStructure();
    const directory = reallocate(table.directory, number << 2, room << 2);
    if (directory !== 0) {
      table.directory = directory;
      table.directoryRoom = room;
    }
    closeStructure();
    if (directory === 0) return false;
  }
  const segment = newSegment();
  if (segment === 0) return false;
  store<u32>(table.directory + ((<usize>number) << 2), <u32>segment);
  return true;
}
