/**
 * Loading string keys from RDB straight into the keyspace.
 *
 * Rule: CONSUMED only ever stands between keys, so whatever stops the loading (an opcode that is
 * not the core's, the input's end, an expiry before another type) the host takes over, or calls
 * again with more, from there. Lengths come from strangers: nothing is allocated or read beyond
 * the bytes that are there, but for a compressed string, whose announced size is bounded.
 *
 * Keys of a large keyspace are in no cache, so those of the next entries are hashed and their
 * buckets touched side by side before the first of them is loaded (commands/window.ts has the
 * reasons). That takes half the time off a million keys.
 *
 * @see redis/redis 7.0.15 src/rdb.c, rdbLoadRioWithLoadingCtx(), rdbGenericLoadStringObject()
 */
import { allocate, release } from '../allocator/slabs';
import { writeSigned } from '../bytes';
import { hash } from '../hash';
import { forgetHash, lookupWrite, NO_EXPIRY, rememberHash, setFound } from '../keyspace/database';
import {
  CONSUMED,
  FLAG_APPLY,
  FLAG_CHECK_ONLY,
  FLAG_REPLICA,
  LOAD_CORRUPT,
  LOAD_DB,
  LOAD_EXPIRED,
  LOAD_MORE,
  LOAD_OTHER,
  LOAD_OUT_OF_MEMORY,
  NEED,
} from '../layout';
import { silenceEvents } from '../keyspace/events';
import { fetchHome } from '../keyspace/fetch';
import { reserveBuckets } from '../keyspace/table';
import { begin, databases, now, table, useDatabase } from '../state';
import { appendLeftOut } from '../stream/propagate';
import { decompress } from './lzf';

const OPCODE_IDLE: u8 = 0xf8;
const OPCODE_FREQ: u8 = 0xf9;
const OPCODE_RESIZEDB: u8 = 0xfb;
const OPCODE_EXPIRETIME_MS: u8 = 0xfc;
const OPCODE_EXPIRETIME: u8 = 0xfd;
const OPCODE_SELECTDB: u8 = 0xfe;
const TYPE_STRING_RDB: u8 = 0;

/** Redis' limit on any string, and on what a compressed one may announce. */
const MAX_STRING: u64 = 512 * 1024 * 1024;

let at: usize = 0;
let end: usize = 0;
/** Set when reading stopped: one of LOAD_*. */
let stop: i32 = 0;
/** After running out of input: bytes from the key's beginning that are known to be needed. */
let wanted: u64 = 0;
let begun: usize = 0;

/**
 * Load keys until something stops it.
 *
 * @param flags - FLAG_REPLICA or FLAG_APPLY: expired keys are kept, the master will delete them.
 * Else they
 *   are left out, and replicas told so.
 *   FLAG_CHECK_ONLY: nothing is stored.
 */
export function loadEntries(input: usize, length: u32, flags: u32): i32 {
  // Loading is not writing: nothing goes to the stream, but what is left out.
  begin(flags | FLAG_APPLY, load<i32>(LOAD_DB));
  at = input;
  end = input + length;
  checksOnly = (flags & FLAG_CHECK_ONLY) !== 0;
  keepsExpired = (flags & (FLAG_REPLICA | FLAG_APPLY)) !== 0;
  silenceEvents(true);
  do loadPlain();
  while (loadOne());
  silenceEvents(false);
  forgetHash();
  store<u32>(CONSUMED, <u32>(begun - input));
  store<u32>(NEED, stop === LOAD_MORE ? <u32>min<u64>(wanted, 0xffffffff) : 0);
  return stop;
}

/** Whether keys are loaded whose time has come. */
let keepsExpired: bool = false;
let checksOnly: bool = false;

/** How many entries are fetched side by side. */
const AHEAD: u32 = 16;
/**
 * Of each:
 *
 *   +0 u32 its end  +4 u32 address of the key  +8 u32 its length  +12 u32 address of the value
 *   +16 u32 its length  +24 i64 expiry  +32 u64 the key's hash
 */
const FETCHED: usize = memory.data(16 * 40);
const FETCHED_SIZE: usize = 40;
/** Not to be optimised away, that is all. */
let touched: u32 = 0;

/**
 * Load what comes next as long as it is strings that are not compressed and lie wholly in the
 * input, as nearly all do. At anything else loadOne() goes on, and says what is wrong with it, if
 * anything.
 */
function loadPlain(): void {
  while (true) {
    const count = fetchPlain();
    for (let i: u32 = 0; i < count; i++) {
      const slot = FETCHED + <usize>i * FETCHED_SIZE;
      const key: usize = load<u32>(slot, 4);
      rememberHash(key, load<u64>(slot, 32));
      const value: usize = load<u32>(slot, 12);
      const size = load<u32>(slot, 16);
      // Left to loadOne(), which will find no memory either.
      if (!storeLoaded(key, load<u32>(slot, 8), value, size, load<i64>(slot, 24))) return;
      at = load<u32>(slot);
    }
    if (count < AHEAD) return;
  }
}

/** Find the next plain strings, and fetch their buckets. @returns how many there are. */
function fetchPlain(): u32 {
  let from = at;
  let count: u32 = 0;
  let sum: u32 = 0;
  while (count < AHEAD && from + 12 < end) {
    let expiry = NO_EXPIRY;
    if (load<u8>(from) === OPCODE_EXPIRETIME_MS) {
      expiry = readExpiry(from + 1);
      from += 9;
    }
    if (load<u8>(from++) !== TYPE_STRING_RDB) break;
    const keySize = plainLength(from);
    const key = from + (keySize < 64 ? 1 : 2);
    // One comparison for both: what is not plain is longer than anything.
    if (keySize > <u32>(end - from) || key + keySize + 5 > end) break;
    from = key + keySize;
    const size = plainLength(from);
    const value = from + (size < 64 ? 1 : 2);
    if (size > <u32>(end - from) || value + size > end) break;
    from = value + size;
    const slot = FETCHED + <usize>count * FETCHED_SIZE;
    store<u32>(slot, <u32>from);
    store<u32>(slot, <u32>key, 4);
    store<u32>(slot, keySize, 8);
    store<u32>(slot, <u32>value, 12);
    store<u32>(slot, size, 16);
    store<i64>(slot, expiry, 24);
    store<u64>(slot, hash(key, keySize), 32);
    count++;
  }
  // In a loop of their own they are all under way at once.
  for (let i: u32 = 0; i < count; i++) {
    sum += fetchHome(table, load<u64>(FETCHED + <usize>i * FETCHED_SIZE, 32));
  }
  touched = sum;
  return count;
}

/** @returns a length of one or two bytes; of any other kind, more than there can be. */
function plainLength(from: usize): u32 {
  const first = <u32>load<u8>(from);
  if (first < 64) return first;
  return first < 128 ? ((first & 63) << 8) | load<u8>(from, 1) : 0xffffffff;
}

/** Load a key, or follow a SELECTDB or RESIZEDB. @returns false: `stop` says why not. */
function loadOne(): bool {
  begun = at;
  let expiry = NO_EXPIRY;
  while (true) {
    if (!has(1)) return false;
    const opcode = load<u8>(at++);
    if (opcode === TYPE_STRING_RDB) return loadString(expiry);
    if (opcode === OPCODE_EXPIRETIME_MS) {
      if (!has(8)) return false;
      expiry = readExpiry(at);
      at += 8;
    } else if (opcode === OPCODE_EXPIRETIME) {
      if (!has(4)) return false;
      expiry = <i64>load<i32>(at) * 1000;
      at += 4;
    } else if (opcode === OPCODE_IDLE) {
      if (!readLength()) return false;
      if (isEncoded) return fail(LOAD_CORRUPT);
    } else if (opcode === OPCODE_FREQ) {
      if (!has(1)) return false;
      at++;
    } else return at - begun === 1 ? loadDatabase(opcode) : fail(LOAD_OTHER);
  }
}

function loadDatabase(opcode: u8): bool {
  if (opcode === OPCODE_SELECTDB) {
    if (!readLength()) return false;
    if (isEncoded || length >= <u64>databases) return fail(LOAD_CORRUPT);
    useDatabase(<i32>length);
    store<i32>(LOAD_DB, <i32>length);
    return true;
  }
  if (opcode !== OPCODE_RESIZEDB) return fail(LOAD_OTHER);
  if (!readLength()) return false;
  const keys = length;
  if (!readLength()) return false;
  if (!checksOnly) reserveBuckets(table, keys);
  return true;
}

const KEY_TEXT: usize = memory.data(24);
const VALUE_TEXT: usize = memory.data(24);

function loadString(expiry: i64): bool {
  if (!readString(KEY_TEXT)) return false;
  const key = text;
  const keySize = textLength;
  const keyBlock = textBlock;
  if (!readString(VALUE_TEXT)) {
    if (keyBlock !== 0) release(keyBlock);
    return false;
  }
  forgetHash();
  const isStored = storeLoaded(key, keySize, text, textLength, expiry);
  if (keyBlock !== 0) release(keyBlock);
  if (textBlock !== 0) release(textBlock);
  return isStored ? true : fail(LOAD_OUT_OF_MEMORY);
}

/** @returns false: memory is exhausted. */
function storeLoaded(key: usize, keySize: u32, value: usize, size: u32, expiry: i64): bool {
  if (checksOnly) return true;
  if (expiry !== NO_EXPIRY && !keepsExpired && expiry < now) {
    store<u32>(LOAD_EXPIRED, load<u32>(LOAD_EXPIRED) + 1);
    appendLeftOut(key, keySize);
    return true;
  }
  return setFound(lookupWrite(key, keySize), key, keySize, value, size, expiry);
}

/** An expiry that means none has a meaning here, and is in the past like its neighbours. */
function readExpiry(from: usize): i64 {
  return max(load<i64>(from), NO_EXPIRY + 2);
}

/** What readString() read; textBlock: to be released, or 0. */
let text: usize = 0;
let textLength: u32 = 0;
let textBlock: usize = 0;

/** @param digits - where an integer's text can be put: 24 bytes. */
function readString(digits: usize): bool {
  textBlock = 0;
  if (!readLength()) return false;
  if (!isEncoded) {
    if (length > MAX_STRING) return fail(LOAD_CORRUPT);
    if (!has(<u32>length)) return false;
    text = at;
    textLength = <u32>length;
    at += textLength;
    return true;
  }
  if (length === 3) return readCompressed();
  if (length > 2) return fail(LOAD_CORRUPT);
  const size = (<u32>1) << (<u32>length);
  if (!has(size)) return false;
  let value: i64;
  if (size === 1) value = load<i8>(at);
  else if (size === 2) value = load<i16>(at);
  else value = load<i32>(at);
  at += size;
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
  if (!decompress(at, <u32>packed, block, size)) {
    release(block);
    return fail(LOAD_CORRUPT);
  }
  at += <u32>packed;
  text = block;
  textLength = size;
  textBlock = block;
  return true;
}

let length: u64 = 0;
/** The length is not one but the number of a special encoding. */
let isEncoded: bool = false;

function readLength(): bool {
  isEncoded = false;
  if (!has(1)) return false;
  const first = <u32>load<u8>(at);
  const kind = first >> 6;
  if (kind === 0 || kind === 3) {
    length = first & 63;
    isEncoded = kind === 3;
    at++;
    return true;
  }
  if (kind === 1) {
    if (!has(2)) return false;
    length = ((first & 63) << 8) | load<u8>(at + 1);
    at += 2;
    return true;
  }
  if (first === 0x80) {
    if (!has(5)) return false;
    length = bswap<u32>(load<u32>(at + 1));
    at += 5;
    return true;
  }
  if (first !== 0x81) return fail(LOAD_CORRUPT);
  if (!has(9)) return false;
  length = bswap<u64>(load<u64>(at + 1));
  at += 9;
  return true;
}

function has(bytes: u32): bool {
  if (<u64>(end - at) >= <u64>bytes) return true;
  wanted = <u64>(at - begun) + bytes;
  return fail(LOAD_MORE);
}

function fail(why: i32): bool {
  stop = why;
  return false;
}
