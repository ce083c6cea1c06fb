/**
 * The part of the byte map (../layout.ts) that is about collections.
 */

/**
 * A collection's root, in the place of a string's bytes:
 *
 *   +0 u32 block  +4 u32 elements  +8 u32 encoding (ENCODING_*)  +12 u32 the type's own
 */
export const ROOT_SIZE = 16;
export const ROOT_COUNT = 4;
export const ROOT_ENCODING = 8;
export const ROOT_OWN = 12;

/** Redis' numbers of what a collection can be (object.h). */
export const ENCODING_TABLE = 2;
export const ENCODING_INTSET = 6;
export const ENCODING_SKIPLIST = 7;
export const ENCODING_QUICKLIST = 9;
export const ENCODING_STREAM = 10;
export const ENCODING_LISTPACK = 11;

/**
 * u32 each. Up to where collections are held as one block: so many elements, of so many bytes;
 * beyond, they are large structures (collections/). The host stores the directives here.
 */
export const HASH_MAX_ENTRIES = 0x1200;
export const HASH_MAX_VALUE = 0x1204;
export const SET_MAX_INTSET = 0x1208;
export const ZSET_MAX_ENTRIES = 0x120c;
export const ZSET_MAX_VALUE = 0x1210;
/** i32: elements of a list's node; negative: a class of bytes. */
export const LIST_MAX_SIZE = 0x1214;
/** u32 each; 0: no limit. */
export const STREAM_NODE_MAX_ENTRIES = 0x121c;
export const STREAM_NODE_MAX_BYTES = 0x1220;
/** u32. A list's element of so many bytes is a node by itself. */
export const LIST_PLAIN_BYTES = 0x1228;
/** Redis' 1 GiB; DEBUG QUICKLIST-PACKED-THRESHOLD says another. */
export const DEFAULT_PLAIN_BYTES = 0x40000000;

/**
 * u32 each. What dumpEntry() and readPage() wrote, until the next of them; and the cursor behind
 * it.
 */
export const PAGE_PTR = 0x11b0;
export const PAGE_LEN = 0x11b4;
export const PAGE_CURSOR = 0x11b8;
