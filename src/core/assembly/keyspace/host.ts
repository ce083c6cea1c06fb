/**
 * What the host does with the keyspace, for the commands that are its own. Keys and values are in
 * the memory already; a database is given with the flags that decide about expired keys.
 */
import { allocate, blockSize, reallocate, release } from '../allocator/slabs';
import { measurePages } from '../allocator/pages';
import { valueBytes } from '../collections/kinds';
import { measureSlabs } from '../allocator/sparse';
import {
  AREA_BYTES,
  INDEX_BYTES,
  ROOM,
  SCAN_LEN,
  SCAN_PTR,
  SNAPSHOT_BYTES,
  TABLE_SIZE,
  VOLATILE_BYTES,
} from '../layout';
import { outputBytes } from '../snapshot/output';
import { flushTable } from '../snapshot/snapshot';
import { begin, databases, initState, isLimited, now, table, tableOf } from '../state';
import { flushRun } from '../stream/propagate';
import { frequencyOf } from './access';
import {
  deleteFound,
  KEEP_EXPIRY,
  lookupQuietly,
  lookupRead,
  lookupWrite,
  NO_EXPIRY,
  setFound,
} from './database';
import { copyEntry, moveEntry } from './copy';
import { expireAt, hasExpiry, isString, typeOf, valueOf } from './entry';
import { extendString } from './in-place';
import { evictToLimit } from './evict';
import { drawOne } from './sample';
import { overflowBytes } from './chain';
import { cursorBucket, nextCursor, nextInChain, NO_SNAPSHOT, openChain, Table } from './table';
import { chainShare, indexBytes, swapTables } from './table-memory';
import { closeStripe } from './versions';
import { VOLATILE_SLOT, volatileBytes, volatileEntry } from './volatile';

/** Bytes behind an area that may be read, never written. */
const SLACK: u32 = 64;
/** Requests, which must stay while a command handed to the host runs; and everything else. */
let inputBlock: usize = 0;
let scratchBlock: usize = 0;

/** What an area is at least; a full memory still takes a DEL. */
const MIN_AREA: u32 = 65536;

/** @returns false: memory is exhausted. */
export function initAreas(): bool {
  inputBlock = allocate(MIN_AREA);
  scratchBlock = allocate(MIN_AREA);
  return inputBlock !== 0 && scratchBlock !== 0;
}

/** @returns where so many bytes of requests can be put; 0: memory is exhausted. */
export function inputArea(length: u32): usize {
  if (fits(inputBlock, length)) return inputBlock;
  inputBlock = replace(inputBlock, length);
  return fits(inputBlock, length) ? inputBlock : 0;
}

/** @returns where so many bytes of keys, values or encoded commands can be put; 0: no memory. */
export function scratchArea(length: u32): usize {
  if (fits(scratchBlock, length)) return scratchBlock;
  scratchBlock = replace(scratchBlock, length);
  return fits(scratchBlock, length) ? scratchBlock : 0;
}

/** Whether a block holds so many bytes, and is not far too large for them. */
function fits(block: usize, length: u32): bool {
  const present: u64 = blockSize(block);
  const size = <u64>length + SLACK;
  return size <= present && present <= max<u64>(size << 1, 1 << 20);
}

/** Another block; contents are lost. Without memory for it the smallest, which was just freed. */
function replace(block: usize, length: u32): usize {
  release(block);
  const larger: usize = length > 0xfff00000 ? 0 : allocate(max<u32>(length + SLACK, MIN_AREA));
  return larger !== 0 ? larger : allocate(MIN_AREA);
}

export function initDatabases(count: i32): bool {
  assert(offsetof<Table>() === TABLE_SIZE, 'readers take a table for another size');
  // Each has an incoming one.
  const all = count << 1;
  const tables = allocate(<u32>all * offsetof<Table>());
  if (tables === 0) return false;
  memory.fill(tables, 0, <usize>all * offsetof<Table>());
  initState(tables, count);
  for (let id = 0; id < all; id++) {
    tableOf(id).id = id;
    tableOf(id).snapshotId = NO_SNAPSHOT;
  }
  return true;
}

/** How the host gives an expiry: a mode, and the time for AT. */
const EXPIRY_NONE: i32 = 0;
const EXPIRY_KEEP: i32 = 1;

export function expiryOf(mode: i32, at: i64): i64 {
  if (mode === EXPIRY_NONE) return NO_EXPIRY;
  return mode === EXPIRY_KEEP ? KEEP_EXPIRY : max(at, KEEP_EXPIRY + 1);
}

/** Look up as a reading command does (`isRead`), or without counting and noting the access. */
export function lookup(database: i32, flags: u32, key: usize, length: u32, isRead: bool): usize {
  begin(flags, database);
  return isRead ? lookupRead(key, length) : lookupQuietly(key, length);
}

/**
 * @param form - as setFound() takes it.
 * @returns false: memory is exhausted.
 */
export function putString(
  database: i32,
  flags: u32,
  key: usize,
  keySize: u32,
  value: usize,
  size: u32,
  mode: i32,
  at: i64,
  form: u32,
): bool {
  begin(flags, database);
  const found = lookupWrite(key, keySize);
  return setFound(found, key, keySize, value, size, expiryOf(mode, at), form);
}

/**
 * Make the string at a key ready to be changed in place, up to byte `size`; closeString() ends it.
 *
 * @returns its entry; 0: memory is exhausted. The key must not hold another type.
 */
export function openString(database: i32, flags: u32, key: usize, keySize: u32, size: u32): usize {
  begin(flags, database);
  return extendString(lookupWrite(key, keySize), key, keySize, size);
}

/** The string that openString() gave has been changed. */
export function closeString(): void {
  closeStripe();
}

/** @returns whether there was such a key. Tells the replicas nothing: the host's command does. */
export function deleteKey(database: i32, flags: u32, key: usize, length: u32): bool {
  begin(flags, database);
  const entry = lookupWrite(key, length);
  if (entry === 0) return false;
  deleteFound(entry);
  return true;
}

/**
 * Move a key to another name or database, replacing what is there. The two must differ.
 *
 * @returns 1; 0: no such key; -1: memory is exhausted, nothing has changed.
 */
export function moveKey(
  from: i32,
  flags: u32,
  key: usize,
  length: u32,
  to: i32,
  toKey: usize,
  toLength: u32,
): i32 {
  begin(flags, from);
  const entry = lookupWrite(key, length);
  if (entry === 0) return 0;
  return moveEntry(entry, to, toKey, toLength) ? 1 : -1;
}

/**
 * Copy a string to another name or database, replacing what is there. The two must differ.
 *
 * @returns 1; 0: no such key; -1: memory is exhausted, nothing has changed.
 */
export function copyKey(
  from: i32,
  flags: u32,
  key: usize,
  length: u32,
  to: i32,
  toKey: usize,
  toLength: u32,
): i32 {
  begin(flags, from);
  const entry = lookupQuietly(key, length);
  if (entry === 0) return 0;
  return copyEntry(entry, to, toKey, toLength) ? 1 : -1;
}

/** Exchange two databases' contents, in constant time. */
export function swapDatabases(one: i32, other: i32): void {
  swapTables(tableOf(one), tableOf(other));
}

/**
 * @returns bytes that a key takes: its blocks, its share of its chain of buckets, its volatile
 * slot.
 */
export function footprint(database: i32, entry: usize): u32 {
  const own = tableOf(database);
  const listed: u32 = hasExpiry(entry) ? VOLATILE_SLOT : 0;
  const value = isString(entry) ? 0 : valueBytes(typeOf(entry), valueOf(entry));
  return <u32>value + blockSize(entry) + chainShare(own, entry) + listed;
}

const MAX_SCAN: u32 = 16384;

/**
 * Visit buckets until `wanted` entries have been seen; SCAN_PTR holds them, expired ones included,
 * until the keyspace changes.
 *
 * @returns the cursor to go on with; 0: done.
 */
export function scan(database: i32, cursor: u32, wanted: u32): u32 {
  begin(0, database);
  let found: usize = load<u32>(SCAN_PTR);
  let room: u32 = found === 0 ? 0 : blockSize(found) >> 2;
  let count: u32 = 0;
  const limit = min(wanted, MAX_SCAN);
  if (table.count === 0) cursor = 0;
  else {
    do {
      openChain(table, cursorBucket(table, cursor));
      for (let entry = nextInChain(); entry !== 0; entry = nextInChain()) {
        if (count === room) {
          const more = found === 0 ? allocate(4096) : reallocate(found, count << 2, count << 3);
          if (more === 0) break;
          found = more;
          room = blockSize(found) >> 2;
        }
        store<u32>(found + ((<usize>count) << 2), <u32>entry);
        count++;
      }
      cursor = nextCursor(table, cursor);
    } while (cursor !== 0 && count < limit);
  }
  store<u32>(SCAN_PTR, <u32>found);
  store<u32>(SCAN_LEN, count);
  return cursor;
}

/** @returns the entry of a key drawn at random, expired or not; 0: the database is empty. */
export function randomEntry(database: i32): usize {
  begin(0, database);
  return table.count === 0 ? 0 : drawOne(table);
}

export function keyCount(database: i32): u32 {
  return tableOf(database).count;
}

/** @returns how many buckets the index has, overflow buckets aside. */
export function bucketCount(database: i32): u32 {
  return tableOf(database).buckets;
}

export function volatileCount(database: i32): u32 {
  return tableOf(database).volatileCount;
}

/** @returns of these, those whose expiry clients of this node gave while it was a replica. */
export function ownExpiryCount(database: i32): u32 {
  return tableOf(database).ownCount;
}

/** @returns ms, averaged over up to 64 volatile keys spread over the list; 0: there are none. */
export function averageTtl(database: i32): f64 {
  begin(0, database);
  const count = table.volatileCount;
  const samples = min<u32>(count, 64);
  let sum: f64 = 0;
  for (let i: u32 = 0; i < samples; i++) {
    const place = <u32>((<u64>i * count) / samples);
    sum += <f64>max<i64>(0, expireAt(volatileEntry(table, place)) - now);
  }
  return samples === 0 ? 0 : sum / samples;
}

/**
 * Delete all keys of a database.
 *
 * @param isLazy - their memory is freed by freeDiscarded() afterwards.
 * @returns how many there were.
 */
export function flushDatabase(database: i32, isLazy: bool): u32 {
  const count = tableOf(database).count;
  flushTable(tableOf(database), isLazy);
  return count;
}

/** @returns how often a key is used, as OBJECT FREQ says; -1: no such key. */
export function frequency(database: i32, flags: u32, key: usize, length: u32): i32 {
  begin(flags, database);
  const entry = lookupQuietly(key, length);
  return entry === 0 ? -1 : <i32>frequencyOf(entry);
}

/** Evict as before a command of the host's. What goes to the replicas is not published yet. */
export function keepLimit(flags: u32): i32 {
  begin(flags, 0);
  const outcome = isLimited ? evictToLimit() : ROOM;
  flushRun();
  return outcome;
}

/** Take stock of the heap: the registers HEAP_PAGES to SNAPSHOT_BYTES. Looks at every page once. */
export function measure(): void {
  measurePages();
  measureSlabs();
  let indexes = overflowBytes();
  let volatiles: u64 = 0;
  for (let id = 0; id < databases << 1; id++) {
    indexes += indexBytes(tableOf(id));
    volatiles += volatileBytes(tableOf(id));
  }
  store<u64>(INDEX_BYTES, indexes);
  store<u64>(VOLATILE_BYTES, volatiles);
  store<u64>(SNAPSHOT_BYTES, outputBytes());
  store<u64>(AREA_BYTES, <u64>blockSize(inputBlock) + blockSize(scratchBlock));
}
