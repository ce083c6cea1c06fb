/**
 * SETBIT, GETBIT, BITCOUNT, BITPOS: strings as arrays of bits. Bit 0 is the highest of the first
 * byte.
 *
 * @see redis/redis 7.0.15 src/bitops.c
 */
import { parsed, parseSigned } from '../bytes';
import { closeStripe } from '../keyspace/versions';
import { lookupRead, lookupWrite } from '../keyspace/database';
import { extendString } from '../keyspace/in-place';
import { isString, valueLength, valueOf } from '../keyspace/entry';
import { PROTO_MAX_BULK } from '../layout';
import { arg, argc, argLength, argWord } from '../protocol/arguments';
import { replyError, replyInteger } from '../protocol/reply';
import { noteBytes } from '../slow';
import { addDirty, applying } from '../state';
import { propagateVerbatim } from './effects';
import { notAnInteger, outOfMemory, syntaxError, wrongType } from './errors';
import {
  clampRange,
  first,
  isReversed,
  last,
  readFirst,
  readLast,
  readRange,
  wholeRange,
} from './ranges';
import { BIT, BYTE } from './words';

/** What readBitOffset() read. */
let bitOffset: u64 = 0;

/** Read argument 2. @returns false: it is none that a string can have; the error is written. */
function readBitOffset(): bool {
  if (parseSigned(arg(2), argLength(2)) && parsed >= 0) {
    bitOffset = parsed;
    if (applying || bitOffset >> 3 < load<u32>(PROTO_MAX_BULK)) return true;
  }
  replyError('-ERR bit offset is not an integer or out of range');
  return false;
}

export function setbit(): void {
  if (!readBitOffset()) return;
  if (!parseSigned(arg(3), argLength(3)) || <u64>parsed > 1) {
    replyError('-ERR bit is not an integer or out of range');
    return;
  }
  const bit = <u32>parsed;
  const found = lookupWrite(arg(1), argLength(1));
  if (found !== 0 && !isString(found)) {
    wrongType();
    return;
  }
  const before: u64 = found === 0 ? 0 : valueLength(found);
  const entry = extendString(found, arg(1), argLength(1), (bitOffset >> 3) + 1);
  if (entry === 0) {
    outOfMemory();
    return;
  }
  const at = valueOf(entry) + <usize>(bitOffset >> 3);
  const shift = 7 - (<u32>bitOffset & 7);
  const byte = <u32>load<u8>(at);
  const old = (byte >> shift) & 1;
  // What changes nothing goes to no replica.
  if (old !== bit || bitOffset >> 3 >= before) {
    store<u8>(at, (byte & ~(1 << shift)) | (bit << shift));
    addDirty(1);
    propagateVerbatim();
  }
  closeStripe();
  replyInteger(old);
}

export function getbit(): void {
  if (!readBitOffset()) return;
  const entry = lookupRead(arg(1), argLength(1));
  if (entry === 0) replyInteger(0);
  else if (!isString(entry)) wrongType();
  else if (bitOffset >> 3 >= valueLength(entry)) replyInteger(0);
  else {
    const byte = load<u8>(valueOf(entry) + <usize>(bitOffset >> 3));
    replyInteger((byte >> (7 - (<u8>bitOffset & 7))) & 1);
  }
}

/** `BITCOUNT key [start end [BYTE | BIT]]`. A key that is missing has no bits, whatever follows. */
export function bitcount(): void {
  const entry = lookupRead(arg(1), argLength(1));
  if (entry === 0) {
    replyInteger(0);
    return;
  }
  if (!isString(entry)) {
    wrongType();
    return;
  }
  const size: i64 = valueLength(entry);
  if (argc === 2) {
    replyInteger(popcount(valueOf(entry), <u32>size));
    return;
  }
  if (argc !== 4 && argc !== 5) {
    syntaxError();
    return;
  }
  if (!readRange(2)) return;
  // Redis answers this one before it looks at the unit.
  if (isReversed()) {
    replyInteger(0);
    return;
  }
  if (argc === 5 && !isUnit(4)) return;
  const isBits = argc === 5 && argWord(4) === BIT;
  clampRange(isBits ? size << 3 : size);
  if (first > last) replyInteger(0);
  else if (isBits) replyInteger(popcountBits(valueOf(entry), first, last));
  else replyInteger(popcount(valueOf(entry) + <usize>first, <u32>(last - first + 1)));
}

/** Whether an argument is BIT or BYTE. @returns false: it is not; the error is written. */
function isUnit(index: u32): bool {
  const unit = argWord(index);
  if (unit === BIT || unit === BYTE) return true;
  syntaxError();
  return false;
}

function popcountBits(at: usize, from: i64, to: i64): i64 {
  const begin = <usize>(from >> 3);
  const end = <usize>(to >> 3);
  const before = <u32>load<u8>(at + begin) >> (8 - <u32>(from & 7));
  const after = <u32>load<u8>(at + end) & ((1 << (7 - <u32>(to & 7))) - 1);
  return popcount(at + begin, <u32>(end - begin + 1)) - popcnt(before) - popcnt(after);
}

/** Vectors whose bits, at most 8 a byte, can be added up in bytes: 31 × 8 = 248. */
const ROUND: u32 = 31;

/** Count the bits set, 16 bytes at a time. */
function popcount(at: usize, length: u32): i64 {
  noteBytes(length);
  let count: i64 = 0;
  let vectors = length >> 4;
  while (vectors !== 0) {
    const round = min(vectors, ROUND);
    vectors -= round;
    let sums = i8x16.splat(0);
    for (const end = at + ((<usize>round) << 4); at < end; at += 16) {
      sums = i8x16.add(sums, i8x16.popcnt(v128.load(at)));
    }
    const wide = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(sums));
    count += i32x4.extract_lane(wide, 0) + i32x4.extract_lane(wide, 1);
    count += i32x4.extract_lane(wide, 2) + i32x4.extract_lane(wide, 3);
  }
  for (const end = at + (length & 15); at < end; at++) count += popcnt(<u32>load<u8>(at));
  return count;
}

/** `BITPOS key bit [start [end [BYTE | BIT]]]`. A missing key is an endless row of zeros. */
export function bitpos(): void {
  if (!parseSigned(arg(2), argLength(2))) {
    notAnInteger();
    return;
  }
  if (<u64>parsed > 1) {
    replyError('-ERR The bit argument must be 1 or 0.');
    return;
  }
  const bit = <u32>parsed;
  const entry = lookupRead(arg(1), argLength(1));
  if (entry === 0) {
    replyInteger(bit === 1 ? -1 : 0);
    return;
  }
  if (!isString(entry)) {
    wrongType();
    return;
  }
  if (argc > 6) {
    syntaxError();
    return;
  }
  const size: i64 = valueLength(entry);
  wholeRange();
  if (argc > 3 && !readFirst(3)) return;
  if (argc === 6 && !isUnit(5)) return;
  if (argc > 4 && !readLast(4)) return;
  const isBits = argc === 6 && argWord(5) === BIT;
  clampRange(isBits ? size << 3 : size);
  if (first > last) {
    replyInteger(-1);
    return;
  }
  const from = isBits ? first : first << 3;
  const to = isBits ? last : (last << 3) | 7;
  const found = findBit(valueOf(entry), from, to, bit);
  // Behind a string whose end the command does not name follow zeros.
  replyInteger(found < 0 && bit === 0 && argc < 5 ? size << 3 : found);
}

/** @returns the first bit of that value in from…to, counted from `at`; -1: none. */
function findBit(at: usize, from: i64, to: i64, bit: u32): i64 {
  const other: u32 = bit === 1 ? 0 : 0xff;
  const others = i8x16.splat(<i8>other);
  const end = at + <usize>(to >> 3);
  noteBytes((to - from) >> 3);
  let byte = at + <usize>(from >> 3);
  let wanted = (load<u8>(byte) ^ other) & (0xff >> <u32>(from & 7));
  while (wanted === 0) {
    if (byte++ === end) return -1;
    while (end - byte >= 16 && !v128.any_true(v128.xor(v128.load(byte), others))) byte += 16;
    wanted = load<u8>(byte) ^ other;
  }
  const found = ((<i64>(byte - at)) << 3) + clz(wanted) - 24;
  return found <= to ? found : -1;
}
