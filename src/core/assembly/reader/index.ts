/**
 * Reading strings, and hashes' fields, from a node's memory, from any thread: no message, no lock.
 *
 * A module of its own (reader.wasm), instantiated over a memory that a core runs on in another
 * thread. It must leave no trace there: it has no data of its own, and writes nothing but its slot
 * (layout.ts), which the cluster has given to this one reader. The owner's half of what follows is
 * keyspace/versions.ts. A reader
 *
 *   1. loads STRUCTURE and the version of the key's stripe; odd ones are changing: again;
 *   2. walks table, directory, segment, chain of buckets, entry, and copies the value into its
 *      slot;
 *   3. loads both words again. If neither has changed, neither has anything that was looked at.
 *
 * Between 1 and 3 anything may be garbage: a pointer leads anywhere, a length is any number. So
 * every pointer is held against the memory's size, every loop is bounded, and what was copied is
 * void until 3 has found nothing. A value too long for the slot is copied by the host, between 1
 * and isStill().
 *
 * Access clocks and counters of hits are the owner's, who changes them without locks: they stay as
 * they are (what eviction then knows of such reads: src/cache/touches.ts). Expiry is the host's to
 * decide, by its own clock. All is bounded: after TRIES changes in the way, or in the memory of a
 * thread that died in the midst of one, the outcome is BUSY, and the host goes to another node.
 *
 * Each key is read as of one moment; two keys are of two moments, and a transaction can be seen
 * half done. What is read may not have been published yet: a fence that comes at that moment voids
 * it.
 */
import { copy, equal } from '../bytes';
import { hash, hashEnd, hashPiece, hashStart, seedHash } from '../hash';
import {
  expireAt,
  hasExpiry,
  headerSize,
  isString,
  keyLength,
  keyOf,
  typeOf,
  valueLength,
} from '../keyspace/entry';
import {
  BUCKET_BITS,
  BUCKET_ENTRIES,
  BUCKET_NEXT,
  BUCKET_PLACES,
  READ_BUSY,
  READ_FOUND,
  READ_MISSING,
  READ_UNREADABLE,
  READ_WRONG_TYPE,
  READERS_SEEN,
  SEED_HIGH,
  SEED_LOW,
  SEGMENT_BITS,
  SLOT_EXPIRE_AT,
  SLOT_KEY,
  SLOT_LENGTH,
  SLOT_MAX_VALUE,
  SLOT_STRIPE,
  SLOT_STRUCTURE,
  SLOT_VALUE,
  SLOT_VALUE_AT,
  SLOT_VERSION,
  STRIPES,
  STRUCTURE,
  TABLE_BUCKETS,
  TABLE_DIRECTORY,
  TABLE_LOW_MASK,
  TABLE_SIZE,
  TABLES,
  TYPE_HASH,
  VERSIONS,
  WHOLE,
} from '../layout';
import { isInside, TORN } from './bounds';
import { fieldValueAt, fieldValueLength, findField, packedBytes } from './fields';

/** A change takes well under a µs; so many tries take some 20. */
const TRIES: u32 = 1000;
/** Of a chain; ten buckets of one hash are unheard of. */
const MAX_CHAIN: u32 = 64;
/** Longer values are worth a look at the versions before they are copied. */
const LONG: u32 = 256;
let slot: usize = 0;

/** @param at - where the reader's slot is. The core must have been started. */
export function open(at: usize): void {
  slot = at;
  seedHash(load<u32>(SEED_LOW), load<u32>(SEED_HIGH));
}

/**
 * Look up the key in the slot.
 *
 * @param length - of the key, bytes; at most SLOT_MAX_KEY.
 * @param wantsValue - copy the value into the slot, if it is no longer than SLOT_MAX_VALUE; it must
 *   be a string. Else a key of any type is found, and its expiry.
 * @returns READ_*; if READ_FOUND, the slot has the value's length, its expiry, where it lies, and
 * the
 *   versions it is of.
 */
export function read(length: u32, database: u32, wantsValue: bool): i32 {
  return look(hash(slot + SLOT_KEY, length), length, length, 0, database, wantsValue);
}

/**
 * Look up a field of the hash at the key in the slot. The field is behind the key, from the next
 * multiple of eight bytes on; the two are no longer than SLOT_MAX_KEY.
 *
 * @returns as read(), of the field's value.
 */
export function readField(length: u32, fieldLength: u32, database: u32): i32 {
  const hashed = hash(slot + SLOT_KEY, length);
  const field = slot + SLOT_KEY + ((length + 7) & ~7);
  const table = <usize>load<u32>(TABLES) + <usize>(database * TABLE_SIZE);
  for (let tries: u32 = 0; tries < TRIES; tries++) {
    if (!begin(table, hashed)) {
      if (!isReadable()) return READ_UNREADABLE;
      continue;
    }
    const entry = find(table, hashed, length, length, 0);
    let outcome = entry === GARBAGE ? TORN : READ_MISSING;
    if (entry > GARBAGE) outcome = fieldOf(entry, length, field, fieldLength);
    if (isStill() && outcome !== TORN) return outcome;
  }
  return READ_BUSY;
}

/** @returns READ_*, or TORN. */
function fieldOf(entry: usize, keySize: u32, field: usize, length: u32): i32 {
  if (typeOf(entry) !== TYPE_HASH) return READ_WRONG_TYPE;
  const root = keyOf(entry) + keySize;
  const bytes = packedBytes(root);
  if (bytes !== 0 && !isStill()) return TORN;
  const outcome = findField(root, bytes, field, length, slot + SLOT_VALUE);
  if (outcome !== READ_FOUND) return outcome;
  const at = fieldValueAt;
  const size = fieldValueLength;
  store<u32>(slot, <u32>at, SLOT_VALUE_AT);
  store<u32>(slot, size, SLOT_LENGTH);
  store<i64>(slot, hasExpiry(entry) ? expireAt(entry) : i64.MAX_VALUE, SLOT_EXPIRE_AT);
  if (size > <u32>SLOT_MAX_VALUE || at === slot + SLOT_VALUE) return outcome;
  if (size > LONG && !isStill()) return TORN;
  copy(slot + SLOT_VALUE, at, size);
  return outcome;
}

function isReadable(): bool {
  return atomic.load<u32>(WHOLE) !== 0 && atomic.load<u32>(READERS_SEEN) !== 0;
}

/** Note the versions that what follows is of. @returns false: it changes, or cannot be read. */
function begin(table: usize, hashed: u64): bool {
  if (!isReadable()) return false;
  const structure = atomic.load<u32>(STRUCTURE);
  const stripe = <u32>hashed & load<u32>(table, TABLE_LOW_MASK) & (STRIPES - 1);
  const word: usize = <usize>VERSIONS + ((<usize>stripe) << 2);
  const version = atomic.load<u32>(word);
  store<u32>(slot, <u32>word, SLOT_STRIPE);
  store<u32>(slot, version, SLOT_VERSION);
  store<u32>(slot, structure, SLOT_STRUCTURE);
  return ((structure | version) & 1) === 0;
}

/** Of a key that is too long for the slot: of the pieces that have been through it. */
let hashState: u64 = 0;

/**
 * A key of `length` bytes follows, piece by piece: each is put in the slot, then addPiece() called.
 */
export function startKey(length: u32): void {
  hashState = hashStart(length);
}

/** All pieces but the last have SLOT_MAX_KEY bytes, a multiple of eight. */
export function addPiece(length: u32): void {
  hashState = hashPiece(hashState, slot + SLOT_KEY, length);
}

/**
 * As read(), for the key whose pieces were added, of which the last is in the slot. Only that is
 * compared here: the host compares the rest, whose end is where the value begins, and asks for the
 * next candidate if it differs.
 *
 * @param last - the last piece's length, bytes.
 * @param skip - how many candidates have been looked at in vain.
 */
export function readLong(length: u32, last: u32, skip: u32, database: u32, wantsValue: bool): i32 {
  return look(hashEnd(hashState), length, last, skip, database, wantsValue);
}

/** @inline */
function look(
  hashed: u64,
  length: u32,
  compared: u32,
  skip: u32,
  database: u32,
  wantsValue: bool,
): i32 {
  const table = <usize>load<u32>(TABLES) + <usize>(database * TABLE_SIZE);
  for (let tries: u32 = 0; tries < TRIES; tries++) {
    if (atomic.load<u32>(WHOLE) === 0 || atomic.load<u32>(READERS_SEEN) === 0) {
      return READ_UNREADABLE;
    }
    const structure = atomic.load<u32>(STRUCTURE);
    const stripe = <u32>hashed & load<u32>(table, TABLE_LOW_MASK) & (STRIPES - 1);
    const word: usize = <usize>VERSIONS + ((<usize>stripe) << 2);
    const version = atomic.load<u32>(word);
    if (((structure | version) & 1) !== 0) continue;
    let outcome = READ_MISSING;
    const entry = find(table, hashed, length, compared, skip);
    if (entry === GARBAGE) outcome = TORN;
    else if (entry !== 0) {
      const at = keyOf(entry) + length;
      store<u32>(slot, <u32>at, SLOT_VALUE_AT);
      store<u32>(slot, <u32>word, SLOT_STRIPE);
      store<u32>(slot, version, SLOT_VERSION);
      store<u32>(slot, structure, SLOT_STRUCTURE);
      if (wantsValue && !isString(entry)) outcome = READ_WRONG_TYPE;
      else {
        outcome = READ_FOUND;
        const size = valueLength(entry);
        store<u32>(slot, size, SLOT_LENGTH);
        store<i64>(slot, hasExpiry(entry) ? expireAt(entry) : i64.MAX_VALUE, SLOT_EXPIRE_AT);
        if (!isInside(at, size)) outcome = TORN;
        else if (wantsValue && size <= <u32>SLOT_MAX_VALUE) {
          if (size > LONG && !isStill()) continue;
          copy(slot + SLOT_VALUE, at, size);
        }
      }
    }
    if (unchanged(word, version, structure) && outcome !== TORN) return outcome;
  }
  return READ_BUSY;
}

/** Whether the value that read() found is still what it was, and what was copied of it is good. */
export function isStill(): bool {
  const word: usize = load<u32>(slot, SLOT_STRIPE);
  return unchanged(word, load<u32>(slot, SLOT_VERSION), load<u32>(slot, SLOT_STRUCTURE));
}

/**
 * Plain loads may be delayed past a later atomic one on some processors, but not past an exchange
 * that an atomic load follows: so a word of the reader's own is exchanged.
 */
function unchanged(word: usize, version: u32, structure: u32): bool {
  atomic.xchg<u32>(slot, 0, 0);
  return atomic.load<u32>(word) === version && atomic.load<u32>(STRUCTURE) === structure;
}

/** Not an entry's address. */
const GARBAGE: usize = 1;

/**
 * @param compared - how many of the key's last bytes are in the slot.
 * @param skip - how many that match to pass over.
 */
function find(table: usize, hashed: u64, length: u32, compared: u32, skip: u32): usize {
  const directory: usize = load<u32>(table, TABLE_DIRECTORY);
  if (directory === 0) return 0;
  const lowMask = load<u32>(table, TABLE_LOW_MASK);
  const wide = <u32>hashed & ((lowMask << 1) | 1);
  const index = wide < load<u32>(table, TABLE_BUCKETS) ? wide : wide & lowMask;
  const slotAt = directory + ((<usize>(index >> SEGMENT_BITS)) << 2);
  if (!isInside(slotAt, 4)) return GARBAGE;
  const segment: usize = load<u32>(slotAt);
  let bucket = segment + ((<usize>(index & ((1 << SEGMENT_BITS) - 1))) << BUCKET_BITS);
  const top = <u8>(hashed >> 56);
  const tags = i8x16.splat(<i8>(top === 0 ? 1 : top));
  for (let links: u32 = 0; links < MAX_CHAIN; links++) {
    if (!isInside(bucket, 64)) return GARBAGE;
    let matches = i8x16.bitmask(i8x16.eq(v128.load(bucket), tags)) & ((1 << BUCKET_PLACES) - 1);
    while (matches !== 0) {
      const entry = <usize>load<u32>(bucket + BUCKET_ENTRIES + ((<usize>ctz(matches)) << 2));
      if (!isInside(entry, 64)) return GARBAGE;
      if (keyLength(entry) === length) {
        if (!isInside(entry + headerSize(entry), length)) return GARBAGE;
        const end = keyOf(entry) + length;
        if (equal(end - compared, slot + SLOT_KEY, compared)) {
          if (skip === 0) return entry;
          skip -= 1;
        }
      }
      matches &= matches - 1;
    }
    bucket = load<u32>(bucket, BUCKET_NEXT);
    if (bucket === 0) return 0;
  }
  return GARBAGE;
}
