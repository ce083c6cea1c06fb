/**
 * Writing RDB: opcodes, lengths and strings into a block that grows as it must.
 *
 * Rule: there is one writing at a time, from openWriter() to closeWriter(). When memory ends, what
 * follows is left out, and closeWriter() says so: no caller in between has to ask.
 *
 * @see redis/redis 7.0.15 src/rdb.c, rdbSaveLen(), rdbSaveRawString()
 */
import { allocate, blockSize, reallocate } from '../allocator/slabs';
import { compress } from './compress';
import { copy, parsed, parseSigned } from '../bytes';

const MAX_ROOM: u64 = 0xffff0000;

let start: usize = 0;
let end: usize = 0;
let limit: usize = 0;
let isBroken: bool = false;
/** Long strings are compressed, where that makes them shorter. */
let compresses: bool = false;

/** Shorter ones would not shrink, and of a longer one this much must be saved; both as in Redis. */
const LONGEST_PLAIN: u32 = 20;
const LEAST_SAVED: u32 = 4;
const LZF: u8 = 0xc3;
/** What precedes a compressed string: the encoding, and two lengths. */
const LZF_HEADER: u32 = 11;

/**
 * @param block - to go on in, `used` bytes being there already; 0: there is none yet.
 * @param room - bytes that a new one shall have, if there is memory.
 * @param withCompression - @see openCompression
 */
export function openWriter(
  block: usize,
  used: u32,
  room: u32,
  withCompression: bool = false,
): void {
  isBroken = false;
  compresses = withCompression;
  if (block === 0) block = allocate(room);
  start = block;
  end = block + used;
  limit = block === 0 ? 0 : block + blockSize(block);
}

/** The block, and how long what is in it; the block may be 0. */
export let writtenBlock: usize = 0;
export let writtenLength: u32 = 0;

/** @returns false: memory was exhausted; what was written before that is there. */
export function closeWriter(): bool {
  writtenBlock = start;
  writtenLength = <u32>(end - start);
  return !isBroken;
}

/** Bytes in the block so far. */
export function lengthSoFar(): u32 {
  return <u32>(end - start);
}

/** @returns whether so many bytes more can be written now. @inline */
function room(bytes: u32): bool {
  return end + bytes <= limit && !isBroken ? true : grow(bytes);
}

function grow(more: u32): bool {
  if (isBroken) return false;
  const used = <u32>(end - start);
  const needed = <u64>used + more;
  let block: usize = 0;
  if (needed <= MAX_ROOM) {
    // Half as much again, so that many writings cost few copies; just enough if that is not to be
    // had.
    const roomy = <u32>min<u64>(needed + (needed >> 1), MAX_ROOM);
    block = start === 0 ? allocate(roomy) : reallocate(start, used, roomy);
    if (block === 0)
      block = start === 0 ? allocate(<u32>needed) : reallocate(start, used, <u32>needed);
  }
  if (block === 0) {
    isBroken = true;
    return false;
  }
  start = block;
  end = block + used;
  limit = block + blockSize(block);
  return true;
}

export function writeByte(value: u8): void {
  if (room(1)) store<u8>(end++, value);
}

export function writeU32(value: u32): void {
  if (!room(4)) return;
  store<u32>(end, value);
  end += 4;
}

export function writeU64(value: u64): void {
  if (!room(8)) return;
  store<u64>(end, value);
  end += 8;
}

/** Bytes as they are, without their length. */
export function writeRaw(at: usize, length: u32): void {
  if (!room(length)) return;
  copy(end, at, length);
  end += length;
}

/** RDB's length: 6 bits, 14 bits, or 32 bits big-endian. */
export function writeLength(length: u32): void {
  if (!room(5)) return;
  if (length < 64) store<u8>(end++, <u8>length);
  else if (length < 16384) {
    store<u8>(end, <u8>(0x40 | (length >> 8)));
    store<u8>(end, <u8>length, 1);
    end += 2;
  } else {
    store<u8>(end, 0x80);
    store<u32>(end, bswap<u32>(length), 1);
    end += 5;
  }
}

/** The same of up to 64 bits. */
export function writeLength64(length: u64): void {
  if (length <= 0xffffffff) {
    writeLength(<u32>length);
    return;
  }
  writeByte(0x81);
  writeU64(bswap<u64>(length));
}

/** A string: its length and its bytes, whatever they are, or what they are compressed to. */
export function writePlain(at: usize, length: u32): void {
  if (compresses && length > LONGEST_PLAIN && writeCompressed(at, length)) return;
  writeLength(length);
  writeRaw(at, length);
}

/** A string in its shortest form but for compression: a small integer as such. */
export function writeString(at: usize, length: u32): void {
  if (length > 11 || !parseSigned(at, length) || parsed !== <i64>(<i32>parsed)) {
    writePlain(at, length);
    return;
  }
  if (!room(5)) return;
  if (parsed === <i64>(<i8>parsed)) {
    store<u8>(end, 0xc0);
    store<i8>(end, <i8>parsed, 1);
    end += 2;
  } else if (parsed === <i64>(<i16>parsed)) {
    store<u8>(end, 0xc1);
    store<i16>(end, <i16>parsed, 1);
    end += 3;
  } else {
    store<u8>(end, 0xc2);
    store<i32>(end, <i32>parsed, 1);
    end += 5;
  }
}

/** @returns false: nothing is written, since it would not be shorter, or memory is exhausted. */
function writeCompressed(at: usize, length: u32): bool {
  if (!room(length + LZF_HEADER)) return false;
  const packed = end + LZF_HEADER;
  const size = compress(at, length, packed, length - LEAST_SAVED);
  if (size === 0) return false;
  store<u8>(end++, LZF);
  writeLength(size);
  writeLength(length);
  memory.copy(end, packed, size);
  end += size;
  return true;
}
