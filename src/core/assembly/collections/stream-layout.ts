/**
 * The part of the byte map (../layout.ts) that is about streams: what the host reads of them.
 */

/** A stream: ids are u64 ms, u64 sequence. */
export const LAST_ID = 0;
/** Of the first entry; 0-0: there is none. */
export const FIRST_ID = 16;
/** The greatest that XDEL has deleted. */
export const DELETED_ID = 32;
/** u64 each. Entries that were ever added; entries. */
export const ADDED = 48;
export const LENGTH = 56;
/** u32 each. The map of nodes; the list of groups, 0: none. */
export const NODES = 64;
export const GROUPS = 68;
/** u32. The id of the snapshot's hold (snapshot/held.ts), which may be over; 0: none. */
export const HOLD = 72;
export const STREAM_BYTES = 76;

/**
 * A group, and a consumer: u32 length of its name, u32 map of what is pending. A list of them: u32
 * how many, then their addresses.
 */
export const PENDING = 4;
/**
 * A group's last delivered id; i64 entries read, -1: unknown; u32 list of consumers, 0: none; its
 * name.
 */
export const GROUP_LAST = 8;
export const GROUP_READ = 24;
export const GROUP_CONSUMERS = 32;
export const GROUP_NAME = 36;
/** A consumer: i64 Unix ms it was last seen; its name. */
export const CONSUMER_SEEN = 8;
export const CONSUMER_NAME = 16;

/**
 * What is pending in a group, behind the id: i64 Unix ms of its last delivery, u64 deliveries, u32
 * consumer.
 */
export const DELIVERED_AT = 16;
export const DELIVERIES = 24;
export const OWNER = 32;
