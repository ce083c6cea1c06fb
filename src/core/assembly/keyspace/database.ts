/**
 * Keys of one database: look up, store, expire, delete. Every change to an entry passes here, and
 * tells a snapshot under way first (snapshot/snapshot.ts), so that it stays a moment's picture.
 *
 * Rule of expiry: a key whose time has come does not exist for readers. On a master, meeting it
 * deletes it and appends a DEL to the stream; a replica only hides it and waits for that DEL; in
 * the stream itself it exists until deleted.
 */
import { allocate, blockSize, release, roundUp } from '../allocator/slabs';
import { copy } from '../bytes';
import { releaseValue } from '../collections/discarded-values';
import { ROOT_SIZE } from '../collections/layout';
import { hash } from '../hash';
import {
  ENTRY_EXPIRY_SIZE,
  ENTRY_HAS_EXPIRY,
  ENTRY_HEADER,
  ENTRY_IS_OWN,
  ENTRY_KEY_LEN,
  ENTRY_TYPE_MASK,
  EVENT_EXPIRED,
  EVENT_MISS,
  EVENT_NEW,
  LAZY_EXPIRE,
  STAT_EXPIRED_KEYS,
  STAT_KEYSPACE_HITS,
  STAT_KEYSPACE_MISSES,
  TYPE_STREAM,
  TYPE_STRING,
} from '../layout';
import { beforeChange, snapshotEpoch } from '../snapshot/snapshot';
import { accessClock, applying, bump, followsMaster, now, table } from '../state';
import { appendRemoval } from '../stream/propagate';
import { touch } from './access';
import { awaited, noteReady } from './awaited';
import { noteEvent } from './events';
import {
  addForm,
  expireAt,
  hasExpiry,
  inlineLength,
  isString,
  keyLength,
  keyOf,
  setValueLength,
  storeEpoch,
  storeExpireAt,
  typeOf,
  valueOf,
  volatilePlace,
} from './entry';
import { find, foundPlace, insert, placeOf, remove } from './table';
import { SLOW_BYTES, noteSlow } from '../slow';
import { closeStripe, isStripeOpen, openEntry, openStripe } from './versions';
import { addVolatile, markOwn, removeVolatile, reserveVolatile, updateVolatile } from './volatile';

/** In place of an expiry. */
export const NO_EXPIRY: i64 = i64.MIN_VALUE;
export const KEEP_EXPIRY: i64 = i64.MIN_VALUE + 1;

const EXPIRY_BITS: u8 = <u8>(ENTRY_HAS_EXPIRY | ENTRY_IS_OWN);

/** The hash of the key looked up last, so that a command hashes its key once. */
let lastHash: u64 = 0;
/** A key whose hash is known before it is looked up, and the hash. */
let knownKey: usize = 0;
let knownHash: u64 = 0;

/** Say a key's hash in advance: by its address, so for as long as its bytes stay there. */
export function rememberHash(key: usize, hashed: u64): void {
  knownKey = key;
  knownHash = hashed;
}

/** What stands in the input changes. */
export function forgetHash(): void {
  knownKey = 0;
}

/** @returns the entry, expired or not; 0: none. @inline */
export function peek(key: usize, length: u32): usize {
  lastHash = key === knownKey ? knownHash : hash(key, length);
  return find(table, key, length, lastHash);
}

/** Look up for a command that reads the value: counts a hit or miss, notes the access. */
export function lookupRead(key: usize, length: u32): usize {
  const entry = lookupUntouched(key, length);
  if (entry !== 0) touch(entry);
  return entry;
}

/** Look up for a command that reads about the key: counts a hit or miss. */
export function lookupUntouched(key: usize, length: u32): usize {
  const entry = lookupQuietly(key, length);
  if (entry === 0) noteEvent(EVENT_MISS, key, length);
  bump(entry === 0 ? STAT_KEYSPACE_MISSES : STAT_KEYSPACE_HITS);
  return entry;
}

/**
 * Look up for a command that writes. Even a replica, if clients may write to it, deletes then.
 *
 * @inline
 */
export function lookupWrite(key: usize, length: u32): usize {
  const entry = peek(key, length);
  if (entry === 0 || !isExpired(entry)) return entry;
  expireNow(entry);
  return 0;
}

/** Look up without counting or noting the access. */
export function lookupQuietly(key: usize, length: u32): usize {
  const entry = peek(key, length);
  if (entry === 0 || !isExpired(entry)) return entry;
  if (!followsMaster()) expireNow(entry);
  return 0;
}

/** An expiry was just given: by the master, or by a client that may write to this replica. */
function noteOwner(entry: usize): void {
  markOwn(table, entry, followsMaster() && !applying);
}

export function isExpired(entry: usize): bool {
  return hasExpiry(entry) && !applying && now > expireAt(entry);
}

/**
 * Delete an entry whose time has come, and tell the replicas. As in Redis, DIRTY does not count it:
 * it counts what commands change.
 */
export function expireNow(entry: usize): void {
  noteEvent(EVENT_EXPIRED, keyOf(entry), keyLength(entry));
  appendRemoval(keyOf(entry), keyLength(entry), LAZY_EXPIRE);
  deleteEntry(entry, placeOf(table, entry));
  bump(STAT_EXPIRED_KEYS);
}

/** Delete the entry that the last lookup found. */
export function deleteFound(entry: usize): void {
  assert(load<u32>(foundPlace) === <u32>entry, 'another key was looked up since');
  deleteEntry(entry, foundPlace);
}

/** Delete the entry that stands at a place of the current table. */
export function deleteEntry(entry: usize, place: usize): void {
  beforeChange(table, entry);
  if (awaited !== 0 && typeOf(entry) === TYPE_STREAM) {
    noteReady(hash(keyOf(entry), keyLength(entry)), keyOf(entry), keyLength(entry));
  }
  if (hasExpiry(entry)) removeVolatile(table, volatilePlace(entry));
  openEntry(table.lowMask, entry);
  remove(table, place);
  if (!isString(entry)) releaseValue(typeOf(entry), valueOf(entry));
  release(entry);
}

/** The root of a collection that something else takes the place of. */
const REPLACED: usize = memory.data(16);

/**
 * Store a string, whether or not the key exists.
 *
 * @param at - expiry in Unix ms, NO_EXPIRY or KEEP_EXPIRY.
 * @returns false: memory is exhausted, nothing has changed.
 */
export function setString(key: usize, keySize: u32, value: usize, size: u32, at: i64): bool {
  return setFound(peek(key, keySize), key, keySize, value, size, at);
}

/**
 * setString() after a lookup of the same key: `found` is what peek() or a lookup returned.
 *
 * @param form - ENTRY_IS_RAW or ENTRY_IS_TEXT, if the string is not what its bytes say; or another
 * type,
 *   whose root the value then is.
 * @inline
 */
export function setFound(
  found: usize,
  key: usize,
  keySize: u32,
  value: usize,
  size: u32,
  at: i64,
  form: u32 = 0,
): bool {
  if (found === 0) {
    const made = create(key, keySize, form & ENTRY_TYPE_MASK, value, size, at);
    if (made !== 0) addForm(made, form);
    closeStripe();
    return made !== 0;
  }
  beforeChange(table, found);
  const isGiven = at > KEEP_EXPIRY;
  if (at === KEEP_EXPIRY) at = hasExpiry(found) ? expireAt(found) : NO_EXPIRY;
  const wanted =
    <u32>ENTRY_HEADER + keySize + size + (at === NO_EXPIRY ? 0 : <u32>ENTRY_EXPIRY_SIZE);
  openStripe(table.lowMask, lastHash);
  const type = typeOf(found);
  if (type !== TYPE_STRING) memory.copy(REPLACED, valueOf(found), ROOT_SIZE);
  const entry = reshape(found, wanted, at, false);
  if (entry === 0) {
    closeStripe();
    return false;
  }
  store<u8>(entry, (load<u8>(entry) & EXPIRY_BITS) | <u8>form);
  if (isGiven) noteOwner(entry);
  setValueLength(entry, size);
  copy(valueOf(entry), value, size);
  closeStripe();
  if (type !== TYPE_STRING) releaseValue(type, REPLACED);
  if (awaited !== 0 && (type === TYPE_STREAM || typeOf(entry) !== TYPE_STRING)) {
    noteReady(lastHash, key, keySize);
  }
  touch(entry);
  return true;
}

/**
 * Give a key an expiry, another one, or none (NO_EXPIRY).
 *
 * @returns false: memory is exhausted, nothing has changed.
 */
export function changeExpiry(found: usize, at: i64): bool {
  beforeChange(table, found);
  const extra = at === NO_EXPIRY ? 0 : <u32>ENTRY_EXPIRY_SIZE;
  const wanted = <u32>ENTRY_HEADER + extra + keyLength(found) + inlineLength(found);
  openEntry(table.lowMask, found);
  const entry = reshape(found, wanted, at, true);
  if (entry !== 0 && at !== NO_EXPIRY) noteOwner(entry);
  closeStripe();
  return entry !== 0;
}

/**
 * Make an entry of a key that is not in the table; lastHash is the key's, whose stripe is left
 * open.
 *
 * @param value - where the string's bytes, or the root, are; 0: they are zeros.
 * @returns 0: memory is exhausted.
 */
export function create(
  key: usize,
  keySize: u32,
  type: u32,
  value: usize,
  size: u32,
  at: i64,
): usize {
  const isVolatile = at > KEEP_EXPIRY;
  const header = <u32>ENTRY_HEADER + (isVolatile ? <u32>ENTRY_EXPIRY_SIZE : 0);
  if (isVolatile && !reserveVolatile(table)) return 0;
  const entry = allocate(header + keySize + size);
  if (entry === 0) return 0;
  store<u32>(entry, type | (isVolatile ? ENTRY_HAS_EXPIRY : 0) | accessClock);
  store<u32>(entry, keySize, ENTRY_KEY_LEN);
  setValueLength(entry, size);
  storeEpoch(entry, snapshotEpoch);
  copy(entry + header, key, keySize);
  if (value !== 0) copy(entry + header + keySize, value, size);
  else memory.fill(entry + header + keySize, 0, size);
  // From its insertion on other threads may read it.
  if (isVolatile) storeExpireAt(entry, at);
  if (!insert(table, entry, lastHash)) {
    release(entry);
    return 0;
  }
  if (isVolatile) {
    addVolatile(table, entry);
    noteOwner(entry);
  }
  noteEvent(EVENT_NEW, key, keySize);
  if (awaited !== 0 && type !== TYPE_STRING) noteReady(lastHash, key, keySize);
  return entry;
}

/**
 * Give an entry room for `wanted` bytes and the expiry `at` (or none), moving it if it must.
 * The key stays; the value stays if `keepValue`, and is undefined otherwise.
 *
 * @returns the entry where it now is; 0: memory is exhausted, nothing has changed.
 */
export function reshape(entry: usize, wanted: u32, at: i64, keepValue: bool): usize {
  if (CHECKED) assert(isStripeOpen(), 'reshaped with its stripe closed');
  const wasVolatile = hasExpiry(entry);
  const isVolatile = at !== NO_EXPIRY;
  const present = blockSize(entry);
  let target = entry;
  // A block much too large is given back: a key once long must not hold its memory for ever.
  if (wanted > present || (present > 128 && roundUp(wanted) < present >> 1)) {
    target = allocate(wanted);
    if (target === 0) {
      if (wanted > present) return 0;
      target = entry;
    }
  }
  if (isVolatile && !wasVolatile && !reserveVolatile(table)) {
    if (target !== entry) release(target);
    return 0;
  }
  if (target === entry && wasVolatile === isVolatile) {
    if (isVolatile) {
      storeExpireAt(entry, at);
      updateVolatile(table, entry);
    }
    return entry;
  }
  const place: usize = target === entry ? 0 : placeOf(table, entry);
  if (wasVolatile && !isVolatile) removeVolatile(table, volatilePlace(entry));
  const header = <u32>ENTRY_HEADER + (isVolatile ? <u32>ENTRY_EXPIRY_SIZE : 0);
  const body = keyLength(entry) + (keepValue ? inlineLength(entry) : 0);
  const from = keyOf(entry);
  const volatileAt = wasVolatile ? volatilePlace(entry) : 0;
  if (body > SLOW_BYTES) noteSlow();
  memory.copy(target + header, from, body);
  if (target !== entry) {
    v128.store(target, v128.load(entry));
    store<u32>(place, <u32>target);
    release(entry);
  }
  if (isVolatile) {
    store<u8>(target, load<u8>(target) | <u8>ENTRY_HAS_EXPIRY);
    storeExpireAt(target, at);
    if (wasVolatile) {
      store<u32>(target, volatileAt, 24);
      updateVolatile(table, target);
    } else addVolatile(table, target);
  } else store<u8>(target, load<u8>(target) & ~EXPIRY_BITS);
  return target;
}
