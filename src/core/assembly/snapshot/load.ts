/**
 * Loading keys from RDB straight into the keyspace.
 *
 * Rule: CONSUMED stands between keys, or between two elements of a collection that goes on with the
 * next call (load-value.ts). So whatever stops the loading (an opcode that is not the core's, the
 * input's end) the host takes over, or calls again with more, from there.
 *
 * Keys of a large keyspace are in no cache, so those of the next entries are hashed and their
 * buckets touched side by side before the first of them is loaded (commands/window.ts has the
 * reasons). That takes half the time off a million keys.
 *
 * @see redis/redis 7.0.15 src/rdb.c, rdbLoadRioWithLoadingCtx(), rdbGenericLoadStringObject()
 */
import { release } from '../allocator/slabs';
import { releaseValue } from '../collections/discarded-values';
import { NO_TYPE, typeOfRdb } from '../collections/kinds';
import { ROOT_SIZE } from '../collections/layout';
import { LOAD_DONE, LOAD_STOPPED } from '../collections/load-status';
import { hash } from '../hash';
import {
  forgetHash,
  lookupQuietly,
  lookupWrite,
  NO_EXPIRY,
  rememberHash,
  setFound,
} from '../keyspace/database';
import {
  CONSUMED,
  FLAG_APPLY,
  FLAG_CHECK_ONLY,
  FLAG_INCOMING,
  FLAG_REPLICA,
  LOAD_CORRUPT,
  LOAD_DB,
  LOAD_EXPIRED,
  LOAD_KEYS,
  LOAD_MORE,
  LOAD_OTHER,
  LOAD_OUT_OF_MEMORY,
  NEED,
  TYPE_STRING,
} from '../layout';
import { setFrequency, setIdleSeconds } from '../keyspace/access';
import { silenceEvents } from '../keyspace/events';
import { fetchHome } from '../keyspace/fetch';
import { reserveBuckets } from '../keyspace/table';
import { begin, countsFrequency, databases, now, table, useDatabase } from '../state';
import { appendLeftOut } from '../stream/propagate';
import {
  dropLoaded,
  forgetLoaded,
  goOnLoading,
  isLoadingValue,
  loadedExpiry,
  loadedKey,
  loadedKeySize,
  loadedType,
  LOADED_ROOT,
  loadKeyAndValue,
} from './load-value';
import {
  beginReading,
  begun,
  dropText,
  fail,
  has,
  isEncoded,
  length,
  moveReader,
  openReader,
  readAt,
  readLength,
  readString,
  stopped,
  text,
  textBlock,
  textLength,
  wanted,
} from './reader';

const OPCODE_IDLE: u8 = 0xf8;
const OPCODE_FREQ: u8 = 0xf9;
const OPCODE_RESIZEDB: u8 = 0xfb;
const OPCODE_EXPIRETIME_MS: u8 = 0xfc;
const OPCODE_EXPIRETIME: u8 = 0xfd;
const OPCODE_SELECTDB: u8 = 0xfe;
const TYPE_STRING_RDB: u8 = 0;

/** The input's end. */
let end: usize = 0;

/**
 * Load keys until something stops it.
 *
 * @param flags - FLAG_REPLICA or FLAG_APPLY: expired keys are kept, the master will delete them.
 * Else they
 *   are left out, and replicas told so.
 *   FLAG_CHECK_ONLY: nothing is stored. FLAG_INCOMING: keys go into the incoming databases.
 */
export function loadEntries(input: usize, size: u32, flags: u32): i32 {
  // Loading is not writing: nothing goes to the stream, but what is left out.
  firstDatabase = (flags & FLAG_INCOMING) !== 0 ? databases : 0;
  begin(flags | FLAG_APPLY, firstDatabase + load<i32>(LOAD_DB));
  end = input + size;
  openReader(input, end);
  checksOnly = (flags & FLAG_CHECK_ONLY) !== 0;
  keepsExpired = (flags & (FLAG_REPLICA | FLAG_APPLY)) !== 0;
  silenceEvents(true);
  do if (!isLoadingValue()) loadPlain();
  while (loadOne());
  silenceEvents(false);
  forgetHash();
  store<u32>(CONSUMED, <u32>(begun - input));
  store<u32>(NEED, stopped === LOAD_MORE ? <u32>min<u64>(wanted, 0xffffffff) : 0);
  return stopped;
}

/** Whether keys are loaded whose time has come. */
let keepsExpired: bool = false;
let checksOnly: bool = false;
/** The one that SELECTDB's number 0 means. */
let firstDatabase: i32 = 0;

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
      if (!storeLoaded(key, load<u32>(slot, 8), value, size, load<i64>(slot, 24), TYPE_STRING))
        return;
      moveReader(load<u32>(slot));
    }
    if (count < AHEAD) return;
  }
}

/** Find the next plain strings, and fetch their buckets. @returns how many there are. */
function fetchPlain(): u32 {
  let from = readAt;
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

/** Load a key, or follow a SELECTDB or RESIZEDB. @returns false: `stopped` says why not. */
function loadOne(): bool {
  beginReading();
  if (isLoadingValue()) return storeValue(goOnLoading());
  let expiry = NO_EXPIRY;
  idleSeconds = -1;
  frequency = -1;
  while (true) {
    if (!has(1)) return false;
    const opcode = load<u8>(readAt);
    moveReader(readAt + 1);
    if (opcode === TYPE_STRING_RDB) return loadString(expiry);
    if (opcode === OPCODE_EXPIRETIME_MS) {
      if (!has(8)) return false;
      expiry = readExpiry(readAt);
      moveReader(readAt + 8);
    } else if (opcode === OPCODE_EXPIRETIME) {
      if (!has(4)) return false;
      expiry = <i64>load<i32>(readAt) * 1000;
      moveReader(readAt + 4);
    } else if (opcode === OPCODE_IDLE) {
      if (!readLength()) return false;
      if (isEncoded) return fail(LOAD_CORRUPT);
      idleSeconds = <i64>min<u64>(length, 0xffffff);
    } else if (opcode === OPCODE_FREQ) {
      if (!has(1)) return false;
      frequency = <i32>load<u8>(readAt);
      moveReader(readAt + 1);
    } else if (typeOfRdb(opcode) !== NO_TYPE) {
      return storeValue(loadKeyAndValue(opcode, expiry));
    } else return readAt - begun === 1 ? loadDatabase(opcode) : fail(LOAD_OTHER);
  }
}

/** Put a collection that is loaded under its key. @param status - LOAD_… */
function storeValue(status: i32): bool {
  if (status === LOAD_STOPPED) return false;
  if (status !== LOAD_DONE) {
    dropLoaded();
    return true;
  }
  forgetHash();
  const isStored = storeLoaded(
    loadedKey,
    loadedKeySize,
    LOADED_ROOT,
    ROOT_SIZE,
    loadedExpiry,
    loadedType,
  );
  if (!isStored) {
    dropLoaded();
    return fail(LOAD_OUT_OF_MEMORY);
  }
  restoreAccess(loadedKey, loadedKeySize);
  forgetLoaded();
  return true;
}

function loadDatabase(opcode: u8): bool {
  if (opcode === OPCODE_SELECTDB) {
    if (!readLength()) return false;
    if (isEncoded || length >= <u64>databases) return fail(LOAD_CORRUPT);
    useDatabase(firstDatabase + <i32>length);
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
  const isStored = storeLoaded(key, keySize, text, textLength, expiry, TYPE_STRING);
  if (isStored) restoreAccess(key, keySize);
  if (keyBlock !== 0) release(keyBlock);
  dropText();
  return isStored ? true : fail(LOAD_OUT_OF_MEMORY);
}

/** What was said of the key's last uses, if the policy counts them alike; -1: nothing. */
let idleSeconds: i64 = -1;
let frequency: i32 = -1;

/** @see redis/redis 7.0.15 src/object.c, objectSetLRUOrLFU() */
function restoreAccess(key: usize, keySize: u32): void {
  if (checksOnly || (countsFrequency ? frequency < 0 : idleSeconds < 0)) return;
  const entry = lookupQuietly(key, keySize);
  if (entry === 0) return; // It has expired.
  if (countsFrequency) setFrequency(entry, <u32>frequency);
  else setIdleSeconds(entry, <u32>idleSeconds);
}

/** @returns false: memory is exhausted. */
function storeLoaded(
  key: usize,
  keySize: u32,
  value: usize,
  size: u32,
  expiry: i64,
  type: u32,
): bool {
  if (checksOnly) return drop(type, value);
  if (expiry !== NO_EXPIRY && !keepsExpired && expiry < now) {
    store<u32>(LOAD_EXPIRED, load<u32>(LOAD_EXPIRED) + 1);
    appendLeftOut(key, keySize);
    return drop(type, value);
  }
  store<u32>(LOAD_KEYS, load<u32>(LOAD_KEYS) + 1);
  return setFound(lookupWrite(key, keySize), key, keySize, value, size, expiry, type);
}

/** A value is not kept. @returns true. */
function drop(type: u32, value: usize): bool {
  if (type !== TYPE_STRING) releaseValue(type, value);
  return true;
}

/** An expiry that means none has a meaning here, and is in the past like its neighbours. */
function readExpiry(from: usize): i64 {
  return max(load<i64>(from), NO_EXPIRY + 2);
}
