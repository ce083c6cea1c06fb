/**
 * The bytes of a large hash or set: its index of members (members-index.ts), and a hash's items
 * (hash.ts). Readers in other threads look through them too (../reader/fields.ts).
 */

@unmanaged
export class Members {
  segments: usize;
  directoryRoom: u32;
  buckets: u32;
  lowMask: u32;
  count: u32;
  header: u32;
  bytes: u32;
  firstRoom: u32;
  overflow: u32;
  hold: u32;
}

/** Bytes of a hash's item before the field: the field's length, and the value's. */
export const HASH_ITEM_HEADER: u32 = 8;
export const HASH_VALUE_LENGTH: usize = 4;

/**
 * So many members, and the index is fetched ahead (fetch-members.ts): smaller ones stay in a
 * processor's own cache, even if it has another node's beside them.
 */
export const LARGE_INDEX: u32 = 16384;
