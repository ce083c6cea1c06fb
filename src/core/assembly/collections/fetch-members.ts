/**
 * Bringing members of large collections into the cache ahead, as keyspace/fetch.ts does with keys.
 */
import { ENTRIES, TAGS_MASK, tagOf } from '../keyspace/chain';
import { typeOf, valueOf } from '../keyspace/entry';
import { find, Table } from '../keyspace/table';
import { TYPE_HASH, TYPE_SET, TYPE_ZSET } from '../layout';
import { ENCODING_SKIPLIST, ENCODING_TABLE } from './layout';
import { bucketAt, indexOf } from './members-index';
import { LARGE_INDEX, Members } from './members-layout';
import { rootBlock, rootEncoding } from './root';

/** @returns the index of members of the collection at a key; 0: there is none, or it is small. */
export function largeIndexAt(table: Table, key: usize, length: u32, hashed: u64): usize {
  const entry = find(table, key, length, hashed);
  if (entry === 0) return 0;
  const type = typeOf(entry);
  if (type !== TYPE_HASH && type !== TYPE_SET && type !== TYPE_ZSET) return 0;
  const root = valueOf(entry);
  const encoding = rootEncoding(root);
  if (encoding !== ENCODING_TABLE && encoding !== ENCODING_SKIPLIST) return 0;
  const block = rootBlock(root);
  return changetype<Members>(block).count < LARGE_INDEX ? 0 : block;
}

/** Bring a member's bucket into the cache. @returns a byte of it. @inline */
export function fetchMemberHome(block: usize, hashed: u64): u32 {
  const members = changetype<Members>(block);
  return load<u8>(bucketAt(members, indexOf(members, hashed)));
}

/**
 * Bring the item that a member most likely is into the cache, its bucket being there.
 *
 * @returns a byte of it.
 * @inline
 */
export function fetchMember(block: usize, hashed: u64): u32 {
  const members = changetype<Members>(block);
  const bucket = bucketAt(members, indexOf(members, hashed));
  const tags = i8x16.splat(<i8>tagOf(hashed));
  const matches = i8x16.bitmask(i8x16.eq(v128.load(bucket), tags)) & TAGS_MASK;
  return matches === 0 ? 0 : load<u8>(load<u32>(bucket + ENTRIES + ((<usize>ctz(matches)) << 2)));
}
