/**
 * The bytes that a snapshot puts out: RDB opcodes and values, in a buffer that grows
 * (SNAPSHOT_PTR, SNAPSHOT_LEN). The host takes it away when it is long enough, and gives it back
 * once whoever reads it, in other threads too, has done so. Strings are plain, without integer
 * encoding; for a file they are compressed, if that makes them shorter. What eviction goes by is
 * put out under a policy that needs it.
 */
import { blockSize, release } from '../allocator/slabs';
import { rdbTypeOf, saveValue } from '../collections/kinds';
import { saveTail } from '../collections/stream-save';
import { frequencyOf, idleSecondsOf } from '../keyspace/access';
import {
  MAXMEMORY_POLICY,
  POLICY_LFU,
  POLICY_LRU,
  SNAPSHOT_LEN,
  SNAPSHOT_PTR,
  TYPE_STRING,
} from '../layout';
import { tableOf } from '../state';
import {
  expireAt,
  hasExpiry,
  keyLength,
  keyOf,
  typeOf,
  valueLength,
  valueOf,
} from '../keyspace/entry';
import {
  closeWriter,
  openWriter,
  writeByte,
  writeLength,
  writePlain,
  writeRaw,
  writeU64,
  writtenBlock,
  writtenLength,
} from './writer';

import { addTail, Hold, heldBytes } from './held';
import { closeCompression, compressionBytes, openCompression } from './compress';

const IDLE: u8 = 0xf8;
const FREQ: u8 = 0xf9;
const SELECTDB: u8 = 0xfe;
const RESIZEDB: u8 = 0xfb;
const EXPIRETIME_MS: u8 = 0xfc;

const MIN_ROOM: u32 = 65536;

/** The database that the output has selected; -1: none yet. */
let selected: i32 = -1;
/** Bytes of the buffers that the host has. */
let taken: u32 = 0;
/** What a new buffer has room for, if there is memory. */
let room: u32 = MIN_ROOM;

/** Long strings are compressed. */
let compresses: bool = false;
/** One of POLICY_LRU and POLICY_LFU, or 0: nothing is kept of when a key was used. */
let policy: u32 = 0;

export function openOutput(withCompression: bool): void {
  selected = -1;
  compresses = withCompression && openCompression();
  policy = load<u32>(MAXMEMORY_POLICY) & (POLICY_LRU | POLICY_LFU);
  store<u32>(SNAPSHOT_LEN, 0);
}

export function closeOutput(): void {
  dropAside();
  closeCompression();
  const buffer: usize = load<u32>(SNAPSHOT_PTR);
  if (buffer !== 0) release(buffer);
  store<u32>(SNAPSHOT_PTR, 0);
  store<u32>(SNAPSHOT_LEN, 0);
}

export function outputLength(): u32 {
  return load<u32>(SNAPSHOT_LEN);
}

/** Bytes of all buffers: memory that goes again. */
export function outputBytes(): u64 {
  const buffer: usize = load<u32>(SNAPSHOT_PTR);
  let bytes = <u64>(taken + compressionBytes()) + heldBytes();
  if (asideBlock !== 0) bytes += blockSize(asideBlock);
  if (buffer !== 0) bytes += blockSize(buffer);
  return bytes;
}

/**
 * The next buffers are to hold slices of so many bytes, which end within an entry's length of it.
 */
export function expectSlices(bytes: u32): void {
  room = max(MIN_ROOM, bytes + (bytes >> 3));
}

/** The buffer (SNAPSHOT_PTR) is the caller's, until giveOutput(). */
export function takeOutput(): void {
  const buffer: usize = load<u32>(SNAPSHOT_PTR);
  if (buffer !== 0) taken += blockSize(buffer);
  store<u32>(SNAPSHOT_PTR, 0);
  store<u32>(SNAPSHOT_LEN, 0);
}

/** @param buffer - of takeOutput(); 0: there was none. */
export function giveOutput(buffer: usize): void {
  if (buffer === 0) return;
  taken -= blockSize(buffer);
  release(buffer);
}

/**
 * Write one entry out, with its expiry and its database; while a collection is half out, aside.
 *
 * @returns false: memory is exhausted.
 */
export function outputEntry(entry: usize, database: i32): bool {
  const before = openOut();
  writeDatabase(database);
  writeHead(entry);
  const type = typeOf(entry);
  if (type === TYPE_STRING) writePlain(valueOf(entry), valueLength(entry));
  else saveValue(type, valueOf(entry));
  return closeOut(before);
}

/** What is put out while a collection is half out: it follows behind it. */
let asideBlock: usize = 0;
let asideLength: u32 = 0;
let asideSelected: i32 = -1;
let isHalfOut: bool = false;

/** @returns how much there was. */
function openOut(): u32 {
  if (isHalfOut) openWriter(asideBlock, asideLength, MIN_ROOM, compresses);
  else openWriter(load<u32>(SNAPSHOT_PTR), load<u32>(SNAPSHOT_LEN), room, compresses);
  return isHalfOut ? asideLength : load<u32>(SNAPSHOT_LEN);
}

/** @returns whether all was written; else there is what was there before. */
function closeOut(before: u32): bool {
  const isWhole = closeWriter();
  const length = isWhole ? writtenLength : before;
  if (isHalfOut) {
    asideBlock = writtenBlock;
    asideLength = length;
  } else {
    store<u32>(SNAPSHOT_PTR, <u32>writtenBlock);
    store<u32>(SNAPSHOT_LEN, length);
  }
  return isWhole;
}

function writeDatabase(database: i32): void {
  if ((isHalfOut ? asideSelected : selected) === database) return;
  if (isHalfOut) asideSelected = database;
  else selected = database;
  writeByte(SELECTDB);
  writeLength(database);
  // As far as one can know by now: who loads it makes room for so many keys.
  writeByte(RESIZEDB);
  writeLength(tableOf(database).count);
  writeLength(tableOf(database).volatileCount);
}

/** What precedes an entry's value. */
function writeHead(entry: usize): void {
  if (hasExpiry(entry)) {
    writeByte(EXPIRETIME_MS);
    writeU64(expireAt(entry));
  }
  if (policy === POLICY_LRU) {
    writeByte(IDLE);
    writeLength(idleSecondsOf(entry));
  } else if (policy === POLICY_LFU) {
    writeByte(FREQ);
    writeByte(<u8>frequencyOf(entry));
  }
  const type = typeOf(entry);
  writeByte(type === TYPE_STRING ? <u8>TYPE_STRING : rdbTypeOf(type, valueOf(entry)));
  writePlain(keyOf(entry), keyLength(entry));
}

// ── Collections in slices (frozen.ts) ──────────────────────────────────────────────────────────

/** Keep what precedes an entry's value. @returns false: memory is exhausted. */
export function keepHead(entry: usize, hold: Hold): bool {
  openWriter(0, 0, 64, compresses);
  writeHead(entry);
  const isWhole = closeWriter();
  if (isWhole) {
    hold.head = writtenBlock;
    hold.headLength = writtenLength;
  } else if (writtenBlock !== 0) release(writtenBlock);
  return isWhole;
}

/** Keep what follows a stream's nodes. @returns false: memory is exhausted. */
export function keepTail(stream: usize, hold: usize): bool {
  openWriter(0, 0, 64, compresses);
  saveTail(stream);
  const isWhole = closeWriter();
  if (isWhole) addTail(hold, writtenBlock, writtenLength);
  else if (writtenBlock !== 0) release(writtenBlock);
  return isWhole;
}

/** Go on with the collection that is half out, or begin with one. */
export function openFrozen(): void {
  isHalfOut = false;
  frozenFrom = openOut();
}

let frozenFrom: u32 = 0;

export function beginFrozen(hold: Hold): void {
  writeDatabase(hold.database);
  writeRaw(hold.head, hold.headLength);
}

/** The collection's next slice is written. @returns false: memory is exhausted. */
export function pauseFrozen(): bool {
  const isWhole = closeOut(frozenFrom);
  isHalfOut = true;
  return isWhole;
}

/** The collection is out: what waited follows. @returns false: memory is exhausted. */
export function endFrozen(): bool {
  if (asideLength !== 0) {
    writeRaw(asideBlock, asideLength);
    selected = asideSelected;
  }
  dropAside();
  return closeOut(frozenFrom);
}

function dropAside(): void {
  if (asideBlock !== 0) release(asideBlock);
  asideBlock = 0;
  asideLength = 0;
  asideSelected = -1;
  isHalfOut = false;
}
