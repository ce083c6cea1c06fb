/**
 * The byte map of a node's shared memory: the one place that both sides compile.
 *
 * The file is valid TypeScript and valid AssemblyScript (untyped integer constants only), so the
 * core, its host and every other thread that looks into the memory agree by construction.
 *
 * A node's memory is a shared WebAssembly.Memory created by the main thread. It outlives the
 * thread that owns it: that is what lets replicas drain a dead master. One thread, the owner,
 * runs the core on it. Others may touch only the words listed as shared below, with Atomics,
 * and copy ring bytes by the reader's protocol (src/backlog/ring-reader.ts).
 *
 *   0x0000  shared words          other threads read these, and write those marked (w)
 *   0x1000  registers             owner only: arguments and results of a core call
 *   0x2000  counters              owner writes, anyone may read (each a u64, monotonic)
 *   0x4000  version words         owner writes, readers of keys load (keyspace/versions.ts)
 *   0x10000 static data
 *   0x40000 page table            16 bytes per 64 KiB page of the heap (allocator/pages.ts)
 *   0x140000 readers' slots       4 KiB for each reader in another thread, given by the cluster
 *   0x1c0000 heap                 tables, entries, ring, buffers
 *
 * The ring's arithmetic, for writer and readers alike: the byte that follows offset `o` (that is,
 * byte number o + 1 of the stream) lies at RING_BASE + o % RING_SIZE. A reader whose cursor is `c`
 * copies what it wants of (c, HEAD], and may use it if afterwards RING_GENERATION is the same even
 * number, c >= RESERVED - RING_SIZE and c >= HIST_START.
 */

/** u32. Set last by init(); a memory without it is not a node's. */
export const MAGIC = 0x0;
export const MAGIC_VALUE = 0x524c4452;

/**
 * i64, atomic (w: fencers set the sign bit). The replication offset of the last published byte;
 * the sign bit is the fence. Offset and fence share one word on purpose: publishing is a
 * compare-and-swap from the owner's previous head, so a fence set at any moment before it makes it
 * fail, and one set after it sees the new offset. Two words would leave a gap between
 * "not fenced" and "published" in which an acknowledged write could be lost.
 */
export const HEAD = 0x8;

/**
 * i64, atomic. The ring may be overwritten up to this offset; stored before the bytes are. Never
 * below HEAD; above it while a batch is being written, or after a failed publish voided one.
 */
export const RESERVED = 0x10;

/** i64, atomic. Bytes at offsets (HIST_START, HEAD] have been written; older ones never were. */
export const HIST_START = 0x18;

/** u32 each. Where the ring lies and its size in bytes; valid while RING_GENERATION is even. */
export const RING_BASE = 0x20;
export const RING_SIZE = 0x24;

/**
 * u32, atomic. Odd while the ring is being moved or resized; a reader compares before and after.
 */
export const RING_GENERATION = 0x28;

/** u32, atomic (w). 1 + the index of the node that fenced this one; stored before the fence bit. */
export const FENCED_BY = 0x2c;

/**
 * 2 × u32, atomic (w). Bit i: the actor with index i is parked and wants a wake after a publish.
 */
export const PARKED = 0x30;

/**
 * i64, atomic. The owner wants an ack frame from replicas whose head reaches this; -1: from none.
 */
export const NOTIFY_AT = 0x38;

/** i64, atomic. Unix ms of the owner's last sign of life (every cron turn and every apply). */
export const HEARTBEAT = 0x40;

/**
 * u32, atomic. Counts the owner's replication ids: one more, before any byte is published, whenever
 * the bytes that follow belong to another history (promotion, a new master's id, a full sync). A
 * reader that finds another number than its handshake named must handshake again: the bytes at its
 * cursor may not be the continuation of what it has.
 */
export const HISTORY = 0x48;

/**
 * u32, atomic (w: 1, and never 0 again). Other threads read keys: the core must keep the versions.
 */
export const READERS = 0x4c;

/** u32, atomic. 1 from the call on that found READERS set: before, the versions mean nothing. */
export const READERS_SEEN = 0x50;

/**
 * u32, atomic; written by the host. 1 while the keyspace is whole: from a master's beginning, or a
 * replica's first full sync, on. 0 while a full sync replaces it: readers of keys must go
 * elsewhere.
 */
export const WHOLE = 0x54;

/**
 * u32 each, atomic; written by the host (src/replication/shared/lineage.ts). What the node would
 * tell who asks it to follow: whom it follows itself (0: nobody, it is a master; else 1 + that
 * node's index, or LINEAGE_ELSEWHERE), its replication ids, 40 characters each, and the first
 * offset that the second does not name (i64). LINEAGE_VERSION is odd while they change, and 0
 * before they are told.
 */
export const LINEAGE_VERSION = 0x58;
export const LINEAGE_MASTER = 0x5c;
export const LINEAGE_ELSEWHERE = 0xffffffff;
export const LINEAGE_SECOND_OFFSET = 0xa0;
export const LINEAGE_REPLID = 0xa8;
export const LINEAGE_REPLID2 = 0xd0;

/** u32, atomic. Odd while tables, directories or segments move; goes with VERSIONS. */
export const STRUCTURE = 0x80;

/** u32 each, constant. Where the tables of the databases lie, and how many there are. */
export const TABLES = 0x84;
export const DATABASES = 0x88;

/** u32 each, constant. The seed of the index's hash. */
export const SEED_LOW = 0x8c;
export const SEED_HIGH = 0x90;

/** u32 each, atomic. Stripe i is odd while a key whose hash is i under the mask changes. */
export const VERSIONS = 0x4000;
export const STRIPES = 2048;

// ── Readers' slots: each is written by the one reader that has it (reader/index.ts) ──────────────

export const SLOTS_BASE = 0x140000;
export const SLOT_SIZE = 4096;
export const SLOT_COUNT = 128;
/** u32 for the barrier, u32 length of the value found, u32 its address, i64 its expiry. */
export const SLOT_LENGTH = 4;
export const SLOT_VALUE_AT = 8;
/** Unix ms; the largest i64: it has none. */
export const SLOT_EXPIRE_AT = 16;
/** u32 each: the address of the key's version, what it was, and what STRUCTURE was. */
export const SLOT_STRIPE = 24;
export const SLOT_VERSION = 28;
export const SLOT_STRUCTURE = 32;
/** The key, up to so many bytes; and a copy of the value, likewise. */
export const SLOT_KEY = 64;
export const SLOT_MAX_KEY = 1984;
export const SLOT_VALUE = 2112;
export const SLOT_MAX_VALUE = 1920;

/** Results of the reader's read(). */
export const READ_MISSING = 0;
export const READ_FOUND = 1;
/** Whoever changes the key did not finish in time, or ever. */
export const READ_BUSY = 2;
/** The node keeps no versions yet, or its keyspace is being replaced. */
export const READ_UNREADABLE = 3;
/** A value was wanted, and the key holds another type. */
export const READ_WRONG_TYPE = 4;

// ── Table: a database's index, read by other threads (keyspace/table.ts) ────────────────────────

export const TABLE_SIZE = 48;
export const TABLE_DIRECTORY = 0;
export const TABLE_BUCKETS = 8;
export const TABLE_LOW_MASK = 12;
export const SEGMENT_BITS = 9;
export const BUCKET_BITS = 6;
export const BUCKET_PLACES = 12;
export const BUCKET_NEXT = 12;
export const BUCKET_ENTRIES = 16;

// ── Registers: written by the host before a call, or by the core as the call's results ──────────

/** i64. Unix ms; the core's only clock, stored by the host before each call. */
export const NOW = 0x1000;
/** u32. Bytes of the input the call has dealt with. */
export const CONSUMED = 0x1008;
/** u32. At least so many bytes, counted from CONSUMED, are needed to go on; 0: unknown. */
export const NEED = 0x100c;
/** u32 each. The replies written by the call. */
export const REPLY_PTR = 0x1010;
export const REPLY_LEN = 0x1014;
/**
 * u32 each. The argument table of a command handed to the host: argc pairs of (u32 ptr, u32 len).
 */
export const ARGC = 0x1018;
export const ARGV = 0x101c;
/** u32. Non-zero once a call changed data; the host clears it. Added up as Redis' `dirty`. */
export const DIRTY = 0x1024;
/** i64. `maxmemory` in bytes; 0: none (but for wasm32's 4 GiB). */
export const MAXMEMORY = 0x1028;
/** i64 each. Bytes in live allocations, and the highest that has been. */
export const USED_MEMORY = 0x1030;
export const USED_PEAK = 0x1038;
/** i32. The database that the ring's stream has selected; -1: the next write must emit SELECT. */
export const STREAM_DB = 0x1040;
/** u32. `proto-max-bulk-len`: the longest argument, and the longest string, in bytes. */
export const PROTO_MAX_BULK = 0x1044;
/** u32. Non-zero once a publish failed with bytes pending: the keyspace holds voided writes. */
export const DIVERGED = 0x1048;
/** u32 each. Bytes that stepSnapshot() and the writes since have put out, until takeOutput(). */
export const SNAPSHOT_PTR = 0x1050;
export const SNAPSHOT_LEN = 0x1054;
/** u32 each. The entries that scan() found: so many u32 pointers to entries. */
export const SCAN_PTR = 0x1058;
export const SCAN_LEN = 0x105c;
/** i32. The database that loadEntries() loads into; it follows SELECTDB. */
export const LOAD_DB = 0x1068;
/** u32. Expired keys that loadEntries() left out, since the memory's beginning. */
export const LOAD_EXPIRED = 0x106c;

/**
 * u32. Counts the loads that were begun, or broken off by a RESTORE in between: who loads in slices
 * stops when it is another than at the last one.
 */
export const LOAD_NUMBER = 0x10c4;

/** u32. Keys that snapshots have put out, since the memory's beginning. */
export const SNAPSHOT_KEYS = 0x10cc;

/** u32. Keys that loadEntries() has stored, since the memory's beginning. */
export const LOAD_KEYS = 0x10c8;

/** u32. The memory's size in 64 KiB pages: a host whose views are smaller must renew them. */
export const MEMORY_PAGES = 0x1070;

/**
 * u32. The core's number of the last command that the call ran, if it was a slow one (slow.ts):
 * its arguments are then in the table; else 0.
 */
export const SLOW_ID = 0x10c0;

/** u32. The core's number of the last command that the call ran or refused; 0: none. */
export const LAST_ID = 0x10d0;

// ── Eviction and upkeep: settings that the host stores, results that it reads ────────────────────

/** u32. POLICY_* bits; 0: noeviction. */
export const MAXMEMORY_POLICY = 0x1100;
/** u32. Keys drawn for each choice of one to evict. */
export const MAXMEMORY_SAMPLES = 0x1104;
/** u32. Units of work, one a key, that evictions in front of one command may take. */
export const EVICTION_BUDGET = 0x1108;
/** u32 each. How slowly a frequency grows; minutes in which it falls by one, 0: never. */
export const LFU_LOG_FACTOR = 0x110c;
export const LFU_DECAY_TIME = 0x1110;
/** u32. LAZY_* bits: what goes to replicas as UNLINK instead of DEL. */
export const LAZY_FREE = 0x1114;
/** u32. Non-zero: a replica keeps to `maxmemory` by itself. */
export const REPLICA_EVICTS = 0x1118;
/** u32. Non-zero: over the limit with more to evict; the host goes on with it soon. */
export const EVICTION_PENDING = 0x111c;
/** i64. Bytes that the host holds for clients: they count as used. */
export const HOST_MEMORY = 0x1120;
/** i64 each. Unix ms since when memory has been over the limit, 0: it is not; ms it was before. */
export const EXCEEDED_SINCE = 0x1128;
export const EXCEEDED_TOTAL = 0x1130;
/** u32. Volatile keys that the last activeExpire() looked at. */
export const EXPIRE_LOOKED = 0x1138;
/** u32. Keys of flushed tables whose memory has not been freed yet. */
export const LAZY_PENDING = 0x113c;
/** Results of measure(). u32 each: pages in use, ever used, and in slabs. */
export const HEAP_PAGES = 0x1140;
export const HEAP_PAGES_EVER = 0x1144;
export const HEAP_SLABS = 0x1148;
/** i64 each, bytes: live blocks of slabs; the indexes; the lists of volatile keys; the areas;
 * a snapshot's output. */
export const HEAP_SLAB_BYTES = 0x1150;
export const INDEX_BYTES = 0x1158;
export const VOLATILE_BYTES = 0x1160;
export const AREA_BYTES = 0x1168;
export const SNAPSHOT_BYTES = 0x1170;

/** Bits of MAXMEMORY_POLICY. */
export const POLICY_LRU = 1;
export const POLICY_LFU = 2;
export const POLICY_TTL = 4;
export const POLICY_RANDOM = 8;
/** Any key may go; without it only volatile ones. */
export const POLICY_ALLKEYS = 16;

/** Bits of LAZY_FREE. */
export const LAZY_EVICTION = 1;
export const LAZY_EXPIRE = 2;

/** u32. EVENT_* bits: which events of keys the core is to note for the host; 0: none. */
export const NOTED_EVENTS = 0x1180;
/**
 * u32 each. Events noted: u32 EVENT_*, u32 database, u32 key length, the key, and what aligns the
 * next to four bytes. The host stores 0 in the length.
 */
export const EVENTS_PTR = 0x1184;
export const EVENTS_LEN = 0x1188;

/**
 * u32[SNAPSHOT_SLOTS]. Stamps of the chunks of a snapshot that the owner shares with replicas in
 * the process; 0: the slot is free. @see src/replication/shared/shared-chunks.ts
 */
export const SNAPSHOT_STAMPS = 0x1190;
export const SNAPSHOT_SLOTS = 8;

/** u32 each. Awaited keys that are ready (keyspace/awaited.ts), as EVENTS; not all: READY_ALL. */
export const READY_PTR = 0x1f00;
export const READY_LEN = 0x1f04;
export const READY_ALL = 0x1f08;

/** A key's time had come; memory was over its limit; the key is new; a read did not find it. */
export const EVENT_EXPIRED = 1;
export const EVENT_EVICTED = 2;
export const EVENT_NEW = 4;
export const EVENT_MISS = 8;
/** XADD has added an entry; and has trimmed the stream. */
export const EVENT_XADD = 16;
export const EVENT_XTRIM = 32;
/** A key has got another name, and which. */
export const EVENT_RENAME_FROM = 64;
export const EVENT_RENAME_TO = 128;

// ── Counters: u64 each, monotonic but for the host's CONFIG RESETSTAT ───────────────────────────

/** Commands executed by the core. */
export const STAT_COMMANDS = 0x2000;
export const STAT_KEYSPACE_HITS = 0x2008;
export const STAT_KEYSPACE_MISSES = 0x2010;
/** Keys deleted because their time had come, by access or by the active cycle. */
export const STAT_EXPIRED_KEYS = 0x2018;
/** Error replies written by the core. */
export const STAT_ERROR_REPLIES = 0x2020;
/** Bytes appended to the ring. */
export const STAT_RING_BYTES = 0x2028;
/** Those of them whose code is WRONGTYPE, and OOM; the others are ERR. */
export const STAT_ERRORS_WRONGTYPE = 0x20e0;
export const STAT_ERRORS_OOM = 0x20e8;
/** Keys deleted because memory was over the limit. */
export const STAT_EVICTED_KEYS = 0x20c0;
/** Keys of flushed tables freed behind the clients' backs. */
export const STAT_LAZY_FREED = 0x20c8;
/** Entries that defragmentation moved, and those that it looked at and left. */
export const STAT_DEFRAG_HITS = 0x20d0;
export const STAT_DEFRAG_MISSES = 0x20d8;
/** Commands that the core may have, their numbers beginning with 1. */
export const MAX_COMMANDS = 256;
/** So many counters each, by command number: calls, calls that failed, calls refused unexecuted. */
export const STAT_CALLS = 0x2100;
export const STAT_FAILED = 0x2900;
export const STAT_REJECTED = 0x3100;
export const STATS_END = 0x3900;

// ── Entry: one allocation per key, read by the host as well ─────────────────────────────────────
//
//   +0  u8  type (TYPE_*); bit 7: has an expiry, bit 6: it has it from a client of a replica; of a
//           string, bit 4: was changed in place, bit 5: is text even where it reads like an integer
//           (what OBJECT ENCODING goes by)
//   +1  u24 access clock: Unix seconds, modulo 2^24; under an LFU policy u8 frequency, logarithmic,
//       then u16 minutes, modulo 2^16, of its last change (keyspace/access.ts)
//   +4  u32 key length
//   +8  u32 value length
//   +12 u8  epoch of the last snapshot that has, or need not have, this entry
//   +16 i64 expiry, Unix ms     } only if bit 7 is set
//   +24 u32 place in the list of volatile keys }
//   then the key's bytes, then a string's bytes, or a collection's root
//   (collections/layout.ts)

export const ENTRY_TYPE = 0;
export const ENTRY_KEY_LEN = 4;
export const ENTRY_VALUE_LEN = 8;
export const ENTRY_EPOCH = 12;
export const ENTRY_HEADER = 16;
export const ENTRY_EXPIRE_AT = 16;
export const ENTRY_VOLATILE_PLACE = 24;
/** What an expiry adds to the header. */
export const ENTRY_EXPIRY_SIZE = 12;
export const ENTRY_HAS_EXPIRY = 0x80;
export const ENTRY_IS_OWN = 0x40;
export const ENTRY_TYPE_MASK = 0x0f;
export const ENTRY_IS_RAW = 0x10;
export const ENTRY_IS_TEXT = 0x20;

/** Redis' numbers of types (object.h). */
export const TYPE_STRING = 0;
export const TYPE_LIST = 1;
export const TYPE_SET = 2;
export const TYPE_ZSET = 3;
export const TYPE_HASH = 4;
export const TYPE_STREAM = 6;

// ── Flags of execute() ──────────────────────────────────────────────────────────────────────────

/** The client speaks RESP3 (nulls are `_`). */
export const FLAG_RESP3 = 1;
/** Hand every command to the host unexecuted (MONITOR, unauthenticated, subscriber, paused…). */
export const FLAG_GATE_ALL = 2;
/** Hand commands that write to the host unexecuted (read-only replica, NOREPLICAS…). */
export const FLAG_GATE_WRITES = 4;
/** The input is a replication stream: no replies, no rewriting, no OOM, appended verbatim. */
export const FLAG_APPLY = 8;
/** With FLAG_APPLY: the commands come from the node's own disk, and are not appended. */
export const FLAG_LOAD = 512;
/**
 * This node is a replica: expired keys are hidden from readers but only the master deletes them.
 */
export const FLAG_REPLICA = 16;
/** CLIENT REPLY OFF/SKIP: execute, write no reply. */
export const FLAG_NO_REPLY = 32;
/** A transaction is running: what is appended is published with its EXEC, all at once. */
export const FLAG_DEFER_PUBLISH = 256;
/** The client has not authenticated: at most 10 arguments of at most 16384 bytes. */
export const FLAG_UNAUTHENTICATED = 64;
/**
 * Evict nothing, refuse nothing for want of memory: the host has seen to it, or clients are paused.
 */
export const FLAG_KEEP_ALL = 128;
/** For loadEntries() alone: store nothing, only see that it could be loaded. */
export const FLAG_CHECK_ONLY = 512;
/** For loadEntries() alone: load into the incoming databases, which serve no one. */
export const FLAG_INCOMING = 1024;

// ── Results of execute() ────────────────────────────────────────────────────────────────────────

/** All complete commands have run; what is left of the input is an incomplete command. */
export const STATUS_DONE = 0;
/** The command in the argument table is the host's (unknown to the core, or gated). */
export const STATUS_COMMAND = 1;
/** A protocol error; its reply is written; close after sending it. */
export const STATUS_PROTOCOL_ERROR = 2;
/**
 * The reply buffer is full, or a slow command has run: send the replies, then call again with the
 * rest.
 */
export const STATUS_REPLY_FULL = 3;
/** Publishing failed: the node is fenced. The replies of this call must not be sent. */
export const STATUS_FENCED = 4;
/** With FLAG_APPLY only: memory is exhausted, the stream cannot be followed any further. */
export const STATUS_OUT_OF_MEMORY = 5;

// ── Results of evictToLimit()
// ───────────────────────────────────────────────────────────────────────

/** Memory is within its limit, or there is no limit. */
export const ROOM = 0;
/** Over the limit, and eviction goes on later: commands may run. */
export const ROOM_PENDING = 1;
/** Over the limit, and nothing may be evicted. */
export const NO_ROOM = 2;

// ── Results of loadEntries() ────────────────────────────────────────────────────────────────────

/** The input ends within an entry; NEED says how many bytes, counted from CONSUMED, it takes. */
export const LOAD_MORE = 0;
/** At CONSUMED begins something that is not the core's to load: another type, AUX, EOF… */
export const LOAD_OTHER = 1;
/** The bytes are no RDB. */
export const LOAD_CORRUPT = 2;
export const LOAD_OUT_OF_MEMORY = 3;

// ── Results of stepSnapshot() ───────────────────────────────────────────────────────────────────

export const SNAPSHOT_DONE = 0;
export const SNAPSHOT_MORE = 1;
/** Memory was exhausted while an entry about to change had to be written: the snapshot is void. */
export const SNAPSHOT_FAILED = 2;
