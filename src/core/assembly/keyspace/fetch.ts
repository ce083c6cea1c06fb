/**
 * Bringing what a lookup will need into the cache, for many keys side by side: a cache miss is most
 * of what a lookup costs, and the processor can have some sixteen under way, if none waits for
 * another.
 */
import { ENTRIES, NEXT, TAGS_MASK, tagOf, usedMask } from './chain';
import { bucketAt, indexOf, Table } from './table';

/**
 * Bring a key's bucket, and the entry that it most likely is, into the cache: no branch here
 * depends on the bytes of an entry, so that the processor can run ahead to the next key.
 *
 * @returns bytes of it, so that the loads are made.
 * @inline
 */
export function fetch(table: Table, hashed: u64): u32 {
  if (table.count === 0) return 0;
  const bucket = bucketAt(table, indexOf(table, hashed));
  const tags = i8x16.splat(<i8>tagOf(hashed));
  const matches = i8x16.bitmask(i8x16.eq(v128.load(bucket), tags)) & TAGS_MASK;
  if (matches === 0) {
    // It may be in the chain; the next of that at least.
    const next: usize = load<u32>(bucket, NEXT);
    return next === 0 ? 0 : <u32>load<u8>(next);
  }
  const entry = <usize>load<u32>(bucket + ENTRIES + ((<usize>ctz(matches)) << 2));
  // The header's line and the next; the memory's last page is never given out, so both are there.
  return <u32>load<u8>(entry) + <u32>load<u8>(entry + 64);
}

/**
 * Bring a key's bucket into the cache: the first half of fetch(). With the halves in loops of their
 * own more of them are under way at once.
 *
 * @returns a byte of it.
 * @inline
 */
export function fetchHome(table: Table, hashed: u64): u32 {
  return table.count === 0 ? 0 : <u32>load<u8>(bucketAt(table, indexOf(table, hashed)));
}

/**
 * Bring the entries of a bucket into the cache, side by side as fetch() does. @returns bytes of
 * them.
 */
export function fetchBucket(table: Table, index: u32): u32 {
  const bucket = bucketAt(table, index);
  let sum: u32 = 0;
  for (let used = usedMask(bucket); used !== 0; used &= used - 1) {
    const entry = <usize>load<u32>(bucket + ENTRIES + ((<usize>ctz(used)) << 2));
    sum += <u32>load<u8>(entry) + <u32>load<u8>(entry + 64);
  }
  return sum;
}
