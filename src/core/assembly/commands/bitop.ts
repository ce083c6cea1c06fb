/**
 * `BITOP AND | OR | XOR | NOT destkey key [key …]`: combine strings bit by bit.
 *
 * Rule: what a string lacks of the longest one's length is zeros. The result is put together apart,
 * since the destination may be one of the sources; an empty one deletes the destination.
 *
 * @see redis/redis 7.0.15 src/bitops.c, bitopCommand()
 */
import { allocate, release } from '../allocator/slabs';
import {
  deleteFound,
  lookupQuietly,
  lookupRead,
  lookupWrite,
  NO_EXPIRY,
  setFound,
} from '../keyspace/database';
import { isString, valueLength, valueOf } from '../keyspace/entry';
import { ENTRY_IS_RAW } from '../layout';
import { arg, argc, argLength, argWord } from '../protocol/arguments';
import { replyError, replyInteger } from '../protocol/reply';
import { addDirty } from '../state';
import { propagateVerbatim } from './effects';
import { outOfMemory, syntaxError, wrongType } from './errors';
import { AND, NOT, OR, XOR } from './words';

export function bitop(): void {
  const operation = argWord(1);
  if (operation !== AND && operation !== OR && operation !== XOR && operation !== NOT) {
    syntaxError();
    return;
  }
  if (operation === NOT && argc !== 4) {
    replyError('-ERR BITOP NOT must be called with a single source key.');
    return;
  }
  let longest: u32 = 0;
  for (let i: u32 = 3; i < argc; i++) {
    const entry = lookupRead(arg(i), argLength(i));
    if (entry === 0) continue;
    if (!isString(entry)) {
      wrongType();
      return;
    }
    longest = max(longest, valueLength(entry));
  }
  if (longest === 0) {
    storeNothing();
    return;
  }
  const result = allocate(longest);
  if (result === 0) {
    outOfMemory();
    return;
  }
  begin(result, longest);
  if (operation === NOT) invert(result, longest);
  else for (let i: u32 = 4; i < argc; i++) combine(operation, result, longest, i);
  storeResult(result, longest);
  release(result);
}

function storeNothing(): void {
  const found = lookupWrite(arg(2), argLength(2));
  if (found !== 0) {
    deleteFound(found);
    addDirty(1);
    propagateVerbatim();
  }
  replyInteger(0);
}

function storeResult(result: usize, length: u32): void {
  const key = arg(2);
  const keySize = argLength(2);
  const found = lookupWrite(key, keySize);
  if (!setFound(found, key, keySize, result, length, NO_EXPIRY, ENTRY_IS_RAW)) {
    outOfMemory();
    return;
  }
  addDirty(1);
  propagateVerbatim();
  replyInteger(length);
}

/** The result begins as the first source, with zeros behind it. */
function begin(result: usize, length: u32): void {
  const entry = lookupQuietly(arg(3), argLength(3));
  const size = entry === 0 ? 0 : valueLength(entry);
  if (size !== 0) memory.copy(result, valueOf(entry), size);
  memory.fill(result + size, 0, length - size);
}

function invert(result: usize, length: u32): void {
  let at = result;
  const end = result + length;
  for (; end - at >= 16; at += 16) v128.store(at, v128.not(v128.load(at)));
  for (; at < end; at++) store<u8>(at, ~load<u8>(at));
}

/** Combine the result with a source, 16 bytes at a time. */
function combine(operation: u64, result: usize, length: u32, source: u32): void {
  const entry = lookupQuietly(arg(source), argLength(source));
  const size = entry === 0 ? 0 : valueLength(entry);
  let from: usize = entry === 0 ? 0 : valueOf(entry);
  let at = result;
  const end = result + size;
  for (; end - at >= 16; at += 16, from += 16) {
    const a = v128.load(at);
    const b = v128.load(from);
    if (operation === AND) v128.store(at, v128.and(a, b));
    else v128.store(at, operation === OR ? v128.or(a, b) : v128.xor(a, b));
  }
  for (; at < end; at++, from++) {
    const a = load<u8>(at);
    const b = load<u8>(from);
    if (operation === AND) store<u8>(at, a & b);
    else store<u8>(at, operation === OR ? a | b : a ^ b);
  }
  if (operation === AND) memory.fill(at, 0, length - size);
}
