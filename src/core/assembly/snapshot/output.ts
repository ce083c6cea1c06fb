/**
 * The bytes that a snapshot puts out: RDB opcodes and values, in a buffer that grows
 * (SNAPSHOT_PTR, SNAPSHOT_LEN). The host takes it away when it is long enough, and gives it back
 * once whoever reads it, in other threads too, has done so. Strings are plain, without integer
 * encoding; for a file they are compressed, if that makes them shorter. What eviction goes by is
 * put out under a policy that needs it.
 */
import { blockSize, release } from '../allocator/slabs';
import { rdbTypeOf, saveValue } from '../collections/kinds';
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
  writeU64,
  writtenBlock,
  writtenLength,
} from './writer';

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
export function outputBytes(): u32 {
  const buffer: usize = load<u32>(SNAPSHOT_PTR);
  const held = taken + compressionBytes();
  return buffer === 0 ? held : held + blockSize(buffer);
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

/** Write one entry out, with its expiry and its database. @returns false: memory is exhausted. */
export function outputEntry(entry: usize, database: i32): bool {
  const before = load<u32>(SNAPSHOT_LEN);
  openWriter(load<u32>(SNAPSHOT_PTR), before, room, compresses);
  if (selected !== database) {
    selected = database;
    writeByte(SELECTDB);
    writeLength(database);
    // As far as one can know by now: who loads it makes room for so many keys.
    writeByte(RESIZEDB);
    writeLength(tableOf(database).count);
    writeLength(tableOf(database).volatileCount);
  }
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
  const isPlain = type === TYPE_STRING;
  writeByte(isPlain ? <u8>TYPE_STRING : rdbTypeOf(type, valueOf(entry)));
  writePlain(keyOf(entry), keyLength(entry));
  if (isPlain) writePlain(valueOf(entry), valueLength(entry));
  else saveValue(type, valueOf(entry));
  const isWhole = closeWriter();
  store<u32>(SNAPSHOT_PTR, <u32>writtenBlock);
  store<u32>(SNAPSHOT_LEN, isWhole ? writtenLength : before);
  return isWhole;
}
