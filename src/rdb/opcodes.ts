/**
 * The numbers of the RDB format: version 10, as Redis 7.0 writes and reads it, and what later
 * versions and Valkey have besides, as far as it is read here.
 *
 * @see redis/redis 7.0 src/rdb.h; valkey-io/valkey 9.0 src/rdb.h
 */
export const RDB_VERSION = 10;
/** The newest of Redis' that is read; what a version beyond may hold is not known. */
export const NEWEST_READ_VERSION = 12;
/** Valkey's own, whose files begin with another word since. */
export const VALKEY_VERSION = 80;
export const MAGIC = 'REDIS';
export const VALKEY_MAGIC = 'VALKEY';

/** Who migrates which slots of a cluster. */
export const OPCODE_SLOT_IMPORT = 243;
/** How many keys a slot of a cluster has: a hint. */
export const OPCODE_SLOT_INFO = 244;
export const OPCODE_FUNCTION2 = 245;
export const OPCODE_FUNCTION_PRE_GA = 246;
export const OPCODE_MODULE_AUX = 247;
export const OPCODE_IDLE = 248;
export const OPCODE_FREQ = 249;
export const OPCODE_AUX = 250;
export const OPCODE_RESIZEDB = 251;
export const OPCODE_EXPIRETIME_MS = 252;
export const OPCODE_EXPIRETIME = 253;
export const OPCODE_SELECTDB = 254;
export const OPCODE_EOF = 255;

export const TYPE_STRING = 0;
export const TYPE_LIST = 1;
export const TYPE_SET = 2;
export const TYPE_ZSET = 3;
export const TYPE_HASH = 4;
export const TYPE_ZSET_2 = 5;
export const TYPE_LIST_QUICKLIST = 14;
export const TYPE_STREAM_LISTPACKS = 15;
export const TYPE_LIST_QUICKLIST_2 = 18;
export const TYPE_STREAM_LISTPACKS_2 = 19;

/** A string itself, a zipmap, ziplists, an intset, listpacks. */
export const TYPES_OF_ONE_STRING: ReadonlySet<number> = new Set([
  TYPE_STRING,
  9,
  10,
  11,
  12,
  13,
  16,
  17,
]);

/** What the other type bytes hold, for messages about what is not supported. */
export const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'list',
  2: 'set',
  3: 'sorted set',
  4: 'hash',
  5: 'sorted set (binary scores)',
  6: 'module value (pre-release)',
  7: 'module value',
  9: 'hash (zipmap)',
  10: 'list (ziplist)',
  11: 'set (intset)',
  12: 'sorted set (ziplist)',
  13: 'hash (ziplist)',
  14: 'list (quicklist)',
  15: 'stream',
  16: 'hash (listpack)',
  17: 'sorted set (listpack)',
  18: 'list (quicklist of listpacks)',
  19: 'stream (version 2)',
  20: 'set (listpack)',
  21: 'stream (version 3)',
  22: 'hash with expiring fields',
  23: 'hash with expiring fields (pre-release)',
  24: 'hash with expiring fields',
  25: 'hash with expiring fields (listpack)',
};

/** What a module's value is made of, up to `MODULE_EOF`. */
export const MODULE_EOF = 0;
export const MODULE_SIGNED = 1;
export const MODULE_UNSIGNED = 2;
export const MODULE_FLOAT = 3;
export const MODULE_DOUBLE = 4;
export const MODULE_STRING = 5;

/** A length's first byte: its top two bits choose the form. */
export const LENGTH_6_BIT = 0;
export const LENGTH_14_BIT = 1;
export const LENGTH_32_BIT = 0x80;
export const LENGTH_64_BIT = 0x81;
/** Top bits 3: not a length but a specially encoded string; the low six bits say which. */
export const ENCODING_INT8 = 0;
export const ENCODING_INT16 = 1;
export const ENCODING_INT32 = 2;
export const ENCODING_LZF = 3;
