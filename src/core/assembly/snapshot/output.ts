/**
 * The bytes that a snapshot puts out: RDB opcodes and strings, in a buffer that grows
 * (SNAPSHOT_PTR, SNAPSHOT_LEN). The host takes it away when it is long enough, and gives it back
 * once whoever reads it, in other threads too, has done so. Strings are plain: no LZF, no integer
 * encoding.
 */
import { allocate, blockSize, reallocate, release } from '../allocator/slabs';
import { copy } from '../bytes';
import { SNAPSHOT_LEN, SNAPSHOT_PTR, TYPE_STRING } from '../layout';
import { tableOf } from '../state';
import { expireAt, hasExpiry, keyLength, keyOf, valueLength, valueOf } from '../keyspace/entry';

const SELECTDB: u8 = 0xfe;
const RESIZEDB: u8 = 0xfb;
const EXPIRETIME_MS: u8 = 0xfc;

const MIN_ROOM: u32 = 65536;

let end: usize = 0;
/** The database that the output has selected; -1: none yet. */
let selected: i32 = -1;
/** Bytes of the buffers that the host has. */
let taken: u32 = 0;
/** What a new buffer has room for, if there is memory. */
let room: u32 = MIN_ROOM;

export function openOutput(): void {
  selected = -1;
  store<u32>(SNAPSHOT_LEN, 0);
}

export function closeOutput(): void {
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
  return buffer === 0 ? taken : taken + blockSize(buffer);
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

/** Write one string entry out. @returns false: memory is exhausted. */
export function outputEntry(entry: usize, database: i32): bool {
  const keySize = keyLength(entry);
  const size = valueLength(entry);
  if (!reserve(<u64>keySize + size + 60)) return false;
  if (selected !== database) {
    selected = database;
    byte(SELECTDB);
    lengthOf(database);
    // As far as one can know by now: who loads it makes room for so many keys.
    byte(RESIZEDB);
    lengthOf(tableOf(database).count);
    lengthOf(tableOf(database).volatileCount);
  }
  if (hasExpiry(entry)) {
    byte(EXPIRETIME_MS);
    store<i64>(end, expireAt(entry));
    end += 8;
  }
  byte(<u8>TYPE_STRING);
  bytes(keyOf(entry), keySize);
  bytes(valueOf(entry), size);
  store<u32>(SNAPSHOT_LEN, <u32>(end - load<u32>(SNAPSHOT_PTR)));
  return true;
}

/** Make room for so many bytes; sets `end` to where they go. */
function reserve(more: u64): bool {
  let buffer: usize = load<u32>(SNAPSHOT_PTR);
  const used = load<u32>(SNAPSHOT_LEN);
  const needed = more + used;
  if (needed > 0xffff0000) return false;
  if (buffer === 0) {
    buffer = allocate(max(<u32>needed, room));
    if (buffer === 0) buffer = allocate(<u32>needed);
  } else if (needed > blockSize(buffer)) {
    // Half as much again, so that many spills cost few copies; just enough if that is not to be
    // had.
    const roomy = reallocate(buffer, used, <u32>min<u64>(needed + (needed >> 1), 0xffff0000));
    buffer = roomy !== 0 ? roomy : reallocate(buffer, used, <u32>needed);
  }
  if (buffer === 0) return false;
  store<u32>(SNAPSHOT_PTR, <u32>buffer);
  end = buffer + used;
  return true;
}

function byte(value: u8): void {
  store<u8>(end++, value);
}

function bytes(at: usize, length: u32): void {
  lengthOf(length);
  copy(end, at, length);
  end += length;
}

/** RDB's length: 6 bits, 14 bits, or 32 bits big-endian. */
function lengthOf(length: u32): void {
  if (length < 64) byte(<u8>length);
  else if (length < 16384) {
    byte(<u8>(0x40 | (length >> 8)));
    byte(<u8>length);
  } else {
    byte(0x80);
    store<u32>(end, bswap<u32>(length));
    end += 4;
  }
}
