/**
 * Reading RDB: lengths and strings out of untrusted bytes.
 *
 * Rule: nothing is read beyond the bytes that are there, and nothing allocated by what they
 * announce but for a compressed string, whose announced size is bounded. What stops the reading is
 * `stopped`: LOAD_MORE with `wanted`, or a fault. Who reads several things in a row reads them
 * again from the first when more has come, so nothing may be changed before the last is there.
 *
 * @see redis/redis 7.0.15 src/rdb.c, rdbLoadLenByRef(), rdbGenericLoadStringObject()
 */
import { allocate, release } from '../allocator/slabs';
import { writeSigned } from '../bytes';
import { LOAD_CORRUPT, LOAD_MORE, LOAD_OUT_OF_MEMORY } from '../layout';
import { decompress } from './lzf';

/** Redis' limit on any string, and on what a compressed one may announce. */
const MAX_STRING: u64 = 512 * 1024 * 1024;

/** What is read next. */
export let readAt: usize = 0;
let readEnd: usize = 0;
/** Where what is being read began: what `wanted` is counted from. */
export let begun: usize = 0;
/** Set when reading stopped: one of LOAD_*. */
export let stopped: i32 = 0;
/** After running out of input: bytes from the beginning that are known to be needed. */
export let wanted: u64 = 0;

export function openReader(at: usize, end: usize): void {
  readAt = at;
  readEnd = end;
  begun = at;
}

/** A key, or an element of a large value, begins. */
export function beginReading(): void {
  begun = readAt;
}

/** Read on from elsewhere. */
export function moveReader(at: usize): void {
  readAt = at;
}

/** @returns false: so many bytes are not there. */
export function has(bytes: u32): bool {
  if (<u64>(readEnd - readAt) >= <u64>bytes) return true;
  wanted = <u64>(readAt - begun) + bytes;
  return fail(LOAD_MORE);
}

/** @returns false. */
export function fail(why: i32): bool {
  stopped = why;
  return false;
}

/** What readLength() read. */
export let length: u64 = 0;
/** The length is not one but the number of a special encoding. */
export let isEncoded: bool = false;

export function readLength(): bool {
  isEncoded = false;
  if (!has(1)) return false;
  const first = <u32>load<u8>(readAt);
  const kind = first >> 6;
  if (kind === 0 || kind === 3) {
    length = first & 63;
    isEncoded = kind === 3;
    readAt++;
    return true;
  }
  if (kind === 1) {
    if (!has(2)) return false;
    length = ((first & 63) << 8) | load<u8>(readAt + 1);
    readAt += 2;
    return true;
  }
  if (first === 0x80) {
    if (!has(5)) return false;
    length = bswap<u32>(load<u32>(readAt + 1));
    readAt += 5;
    return true;
  }
  if (first !== 0x81) return fail(LOAD_CORRUPT);
  if (!has(9)) return false;
  length = bswap<u64>(load<u64>(readAt + 1));
  readAt += 9;
  return true;
}

/** Read a length that is to be a count. */
export function readCount(): bool {
  return readLength() && (isEncoded ? fail(LOAD_CORRUPT) : true);
}

/** What readString() read; textBlock: a block of exactly that, to be released or taken; or 0. */
export let text: usize = 0;
export let textLength: u32 = 0;
export let textBlock: usize = 0;

/** @param digits - where an integer's text can be put: 24 bytes. */
export function readString(digits: usize): bool {
  textBlock = 0;
  if (!readLength()) return false;
  if (!isEncoded) {
    if (length > MAX_STRING) return fail(LOAD_CORRUPT);
    if (!has(<u32>length)) return false;
    text = readAt;
    textLength = <u32>length;
    readAt += textLength;
    return true;
  }
  if (length === 3) return readCompressed();
  if (length > 2) return fail(LOAD_CORRUPT);
  const size = (<u32>1) << (<u32>length);
  if (!has(size)) return false;
  let value: i64;
  if (size === 1) value = load<i8>(readAt);
  else if (size === 2) value = load<i16>(readAt);
  else value = load<i32>(readAt);
  readAt += size;
  text = digits;
  textLength = <u32>(writeSigned(digits, value) - digits);
  return true;
}

function readCompressed(): bool {
  if (!readLength()) return false;
  const packed = length;
  if (isEncoded || packed > MAX_STRING) return fail(LOAD_CORRUPT);
  if (!readLength()) return false;
  // LZF's best is 264 bytes from three: whatever announces more than that is no LZF.
  if (isEncoded || length > MAX_STRING || length > packed * 88 + 88) return fail(LOAD_CORRUPT);
  const size = <u32>length;
  if (!has(<u32>packed)) return false;
  const block = allocate(size);
  if (block === 0) return fail(LOAD_OUT_OF_MEMORY);
  if (!decompress(readAt, <u32>packed, block, size)) {
    release(block);
    return fail(LOAD_CORRUPT);
  }
  readAt += <u32>packed;
  text = block;
  textLength = size;
  textBlock = block;
  return true;
}

/** The text that was read is not needed any more. */
export function dropText(): void {
  if (textBlock === 0) return;
  release(textBlock);
  textBlock = 0;
}

/**
 * Take the text over as a block of one's own.
 *
 * @returns 0: memory is exhausted.
 */
export function takeText(): usize {
  if (textBlock !== 0) {
    const taken = textBlock;
    textBlock = 0;
    return taken;
  }
  const block = allocate(textLength);
  if (block !== 0) memory.copy(block, text, textLength);
  return block;
}
