/**
 * The memory of a table's index: how much there is of it, exchanging it for another table's, moving
 * it out of sparse slabs, freeing it. Buckets lie in segments of the directory, and in overflow
 * blocks of their own (table.ts).
 */
import { allocate, blockSize, release } from '../allocator/slabs';
import { isSparse } from '../allocator/sparse';
import { hash } from '../hash';
import { SEGMENT_BITS } from '../layout';
import { keyLength, keyOf } from './entry';
import { BUCKET_SIZE, NEXT, releaseOverflow, usedPlaces } from './chain';
import { bucketAt, indexOf, SEGMENT_BUCKETS, Table } from './table';
import { closeStripe, closeStructure, openStripe, openStructure } from './versions';

/** Exchange the contents of two databases, each of which stays where it is. */
export function swapTables(one: Table, other: Table): void {
  const size = offsetof<Table>();
  const first = one.id;
  const second = other.id;
  openStructure();
  memory.copy(SWAP, changetype<usize>(one), size);
  memory.copy(changetype<usize>(one), changetype<usize>(other), size);
  memory.copy(changetype<usize>(other), SWAP, size);
  one.id = first;
  other.id = second;
  closeStructure();
}

/** Room for one Table. */
const SWAP: usize = memory.data(128);

/**
 * Free a chain's overflow buckets, and with a segment's last chain the segment. Its entries must be
 * gone; chains are freed from the first to the last.
 */
export function releaseChain(table: Table, index: u32): void {
  let overflow: usize = load<u32>(bucketAt(table, index), NEXT);
  while (overflow !== 0) {
    const next = load<u32>(overflow, NEXT);
    releaseOverflow(overflow);
    overflow = next;
  }
  const isLast = index + 1 === table.buckets || (~index & (SEGMENT_BUCKETS - 1)) === 0;
  if (isLast) release(load<u32>(table.directory + ((<usize>(index >> SEGMENT_BITS)) << 2)));
}

/** Free the directory of a table whose chains are freed. */
export function releaseDirectory(table: Table): void {
  if (table.directory !== 0) release(table.directory);
  table.directory = 0;
  table.buckets = 0;
  table.count = 0;
}

/** Bytes of a table's index, its overflow buckets aside. */
export function indexBytes(table: Table): u64 {
  if (table.directory === 0) return 0;
  const segments = (table.buckets + SEGMENT_BUCKETS - 1) >> SEGMENT_BITS;
  return blockSize(table.directory) + <u64>segments * (SEGMENT_BUCKETS * BUCKET_SIZE);
}

/** @returns bytes of the buckets in an entry's chain, divided by the entries in it. */
export function chainShare(table: Table, entry: usize): u32 {
  const hashed = hash(keyOf(entry), keyLength(entry));
  let bucket = bucketAt(table, indexOf(table, hashed));
  const entries = usedPlaces(bucket);
  let bytes: u32 = 0;
  do {
    bytes += BUCKET_SIZE;
    bucket = load<u32>(bucket, NEXT);
  } while (bucket !== 0);
  return (bytes + entries - 1) / entries;
}

/**
 * Move a chain's buckets out of sparse slabs: the overflow ones, and the first with its segment.
 */
export function moveBuckets(table: Table, index: u32): void {
  moveSegment(table.directory + ((<usize>(index >> SEGMENT_BITS)) << 2));
  let before = bucketAt(table, index);
  let bucket: usize = load<u32>(before, NEXT);
  while (bucket !== 0) {
    if (isSparse(bucket)) {
      const target = allocate(BUCKET_SIZE);
      if (target === 0) return;
      memory.copy(target, bucket, BUCKET_SIZE);
      openStripe(table.lowMask, index);
      store<u32>(before, <u32>target, NEXT);
      closeStripe();
      release(bucket);
      bucket = target;
    }
    before = bucket;
    bucket = load<u32>(bucket, NEXT);
  }
}

function moveSegment(slot: usize): void {
  const segment: usize = load<u32>(slot);
  if (!isSparse(segment)) return;
  const target = allocate(SEGMENT_BUCKETS * BUCKET_SIZE);
  if (target === 0) return;
  memory.copy(target, segment, SEGMENT_BUCKETS * BUCKET_SIZE);
  openStructure();
  store<u32>(slot, <u32>target);
  closeStructure();
  release(segment);
}
