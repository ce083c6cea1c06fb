/**
 * Reading strings straight from a node's memory, from any thread: no message, no lock.
 *
 * The owner's half is core/assembly/keyspace/versions.ts. A reader
 *
 *   1. loads STRUCTURE and the version of the key's stripe; odd ones are changing: again;
 *   2. walks table, directory, segment, chain of buckets, entry, and copies the value;
 *   3. loads both words again. If neither has changed, neither has anything that was looked at.
 *
 * Between 1 and 3 anything may be garbage: a pointer leads anywhere, a length is any number. So every
 * load is bounded by the typed arrays (beyond their ends they give undefined, which becomes 0 or differs from all),
 * every loop by a constant, and a long value is copied only after a look at the versions. What was
 * copied is void until 3 has found nothing.
 *
 * A reader writes nothing into the memory: neither access clocks nor counters of hits, which are the
 * owner's to change without locks. (What eviction then knows of such reads: cluster/touches.ts.) It
 * decides about expiry by its own clock, by Redis' rule: a key lives up to its last ms. It is
 * bounded: after TRIES changes in its way, or in the memory of a thread that died in the midst of one,
 * it says BUSY, and its caller goes to another node.
 *
 * The check must not be carried out before the copy; see backlog/ring-reader.ts for how that is seen to.
 *
 * Each key is read as of one moment; two keys are of two moments, and a transaction can be seen half
 * done. What is read may not have been published yet: a fence that comes at that moment voids it.
 */
import {
  BUCKET_BITS,
  BUCKET_ENTRIES,
  BUCKET_NEXT,
  BUCKET_PLACES,
  ENTRY_EXPIRE_AT,
  ENTRY_EXPIRY_SIZE,
  ENTRY_HAS_EXPIRY,
  ENTRY_HEADER,
  ENTRY_KEY_LEN,
  ENTRY_TYPE_MASK,
  ENTRY_VALUE_LEN,
  HEAD,
  MEMORY_PAGES,
  READERS_SEEN,
  SEED_HIGH,
  SEED_LOW,
  SEGMENT_BITS,
  STRIPES,
  STRUCTURE,
  TABLE_BUCKETS,
  TABLE_DIRECTORY,
  TABLE_LOW_MASK,
  TABLE_SIZE,
  TABLES,
  TYPE_STRING,
  VERSIONS,
  WHOLE,
} from '../core/assembly/layout.js';
import { hashed, keyHash } from '../core/key-hash.js';
import type { SharedMemory } from '../core/memory-view.js';
import type { SharedKey } from './shared-key.js';

/** What a read came to. */
export const FOUND = 1;
export const MISSING = 0;
/** Whoever changes the key did not finish in time, or ever. */
export const BUSY = -1;
/** The node keeps no versions yet, or its keyspace is being replaced. */
export const UNREADABLE = -2;
/** The key holds no string. */
export const WRONG_TYPE = -3;
/** Within a try only: garbage was met. */
const TORN = -4;

/** A change takes well under a µs; so many tries take some 20. */
const TRIES = 1000;
/** Of a chain; ten buckets of one hash are unheard of. */
const MAX_CHAIN = 64;
/** Longer values are worth a look at the versions before they are copied. */
const LONG = 1024;
const POOL_BYTES = 64 * 1024;
/** Longer values get a buffer of their own. */
const MAX_POOLED = 8 * 1024;
const TWO_32 = 2 ** 32;

export class SharedReader {
  readonly memory: SharedMemory;
  /** Of the key found: Unix ms, 0: it has no expiry. */
  expireAt = 0;
  /** Of the value found: bytes. */
  length = 0;
  #words: Int32Array;
  #bytes: Uint8Array;
  /** How many the arrays show. */
  #pages: number;
  readonly #barrier = new Int32Array(1);
  #pool = Buffer.allocUnsafeSlow(POOL_BYTES);
  #poolWords = new Int32Array(this.#pool.buffer);
  /** Pool bytes that have been given away. */
  #used = 0;
  /** Where the value is in `#held`, which is the pool or a buffer of its own. */
  #at = 0;
  #held = this.#pool;

  constructor(memory: SharedMemory) {
    this.memory = memory;
    this.#words = new Int32Array(memory.buffer);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#pages = this.#bytes.length >>> 16;
  }

  /** Whether the node's core keeps versions, and its keyspace is a whole one. */
  get isReadable(): boolean {
    const words = this.#words;
    return words[WHOLE >>> 2] === 1 && Atomics.load(words, READERS_SEEN >>> 2) === 1;
  }

  /** Whether the node may publish nothing any more: another one is master in its place. */
  get isFenced(): boolean {
    return Atomics.load(this.#words, (HEAD >>> 2) + 1) < 0;
  }

  /** The replication offset: bytes published by a master, applied by a replica. */
  get head(): number {
    const high = Atomics.load(this.#words, (HEAD >>> 2) + 1) & 0x7fffffff;
    return high * TWO_32 + (Atomics.load(this.#words, HEAD >>> 2) >>> 0);
  }

  /**
   * Look a key up.
   *
   * @param wantsValue - copy the value, to be had with takeBuffer() or text() until the next read.
   * @param clock - Unix ms; asked if the key has an expiry.
   */
  read(key: SharedKey, db: number, wantsValue: boolean, clock: () => number): number {
    let words = this.#words;
    keyHash(key.words, key.length, words[SEED_LOW >>> 2]!, words[SEED_HIGH >>> 2]!);
    const { low, high } = hashed;
    const table = (words[TABLES >>> 2]! + db * TABLE_SIZE) >>> 2;
    for (let tries = 0; tries < TRIES; tries++) {
      if (words[MEMORY_PAGES >>> 2]! > this.#pages) words = this.#renew();
      if (!this.isReadable) return UNREADABLE;
      const structure = Atomics.load(words, STRUCTURE >>> 2);
      if ((structure & 1) !== 0) continue;
      const mask = words[table + (TABLE_LOW_MASK >>> 2)]! & (STRIPES - 1);
      const stripe = (VERSIONS >>> 2) + (low & mask);
      const version = Atomics.load(words, stripe);
      if ((version & 1) !== 0) continue;
      let outcome = this.#find(key, table, low, high);
      if (outcome === FOUND && wantsValue) {
        if (this.length > LONG && Atomics.load(words, stripe) !== version) continue;
        if (!this.#copy()) outcome = TORN;
      }
      Atomics.exchange(this.#barrier, 0, 1);
      const isWhole =
        Atomics.load(words, stripe) === version &&
        Atomics.load(words, STRUCTURE >>> 2) === structure &&
        // Or else true pointers may have led beyond the arrays.
        words[MEMORY_PAGES >>> 2]! <= this.#pages;
      if (!isWhole || outcome === TORN) continue;
      if (outcome === FOUND && this.expireAt !== 0 && clock() > this.expireAt) return MISSING;
      return outcome;
    }
    return BUSY;
  }

  /** The value found, as a buffer of the caller's: copied once, when it was read. */
  takeBuffer(): Buffer {
    const end = this.#at + this.length;
    if (this.#held === this.#pool) this.#used = end;
    return this.#held.subarray(this.#at, end);
  }

  /** The value found, as UTF-8. */
  text(): string {
    return this.#held.toString('utf8', this.#at, this.#at + this.length);
  }

  /** The memory has grown. Other threads' views may lag behind for a moment. */
  #renew(): Int32Array {
    this.#words = new Int32Array(this.memory.buffer);
    this.#bytes = new Uint8Array(this.memory.buffer);
    this.#pages = this.#bytes.length >>> 16;
    return this.#words;
  }

  /** Where the value found begins. */
  #valueAt = 0;

  #find(key: SharedKey, table: number, low: number, high: number): number {
    const words = this.#words;
    const directory = words[table + (TABLE_DIRECTORY >>> 2)]!;
    if (directory === 0) return MISSING;
    const lowMask = words[table + (TABLE_LOW_MASK >>> 2)]!;
    const buckets = words[table + (TABLE_BUCKETS >>> 2)]!;
    const wide = low & ((lowMask << 1) | 1);
    const index = wide >>> 0 < buckets >>> 0 ? wide >>> 0 : (low & lowMask) >>> 0;
    const segment = words[(directory >>> 2) + (index >>> SEGMENT_BITS)]!;
    let bucket = (segment >>> 2) + ((index & ((1 << SEGMENT_BITS) - 1)) << (BUCKET_BITS - 2));
    const tag = high >>> 24 || 1;
    for (let links = 0; links < MAX_CHAIN; links++) {
      for (let place = 0; place < BUCKET_PLACES; place += 4) {
        const tags = words[bucket + (place >>> 2)]!;
        for (let i = 0; i < 4; i++) {
          if (((tags >>> (i << 3)) & 0xff) !== tag) continue;
          const entry = words[bucket + (BUCKET_ENTRIES >>> 2) + place + i]!;
          if (this.#holds(entry >>> 2, key)) return this.#open(entry >>> 2, key);
        }
      }
      const next = words[bucket + (BUCKET_NEXT >>> 2)]!;
      if (next === 0) return MISSING;
      bucket = next >>> 2;
    }
    return TORN;
  }

  /** @param entry - its word's index. */
  #holds(entry: number, key: SharedKey): boolean {
    const words = this.#words;
    const { length } = key;
    if (words[entry + (ENTRY_KEY_LEN >>> 2)] !== length) return false;
    const at = entry + (headerBytes(words[entry]!) >>> 2);
    const whole = length >>> 2;
    for (let i = 0; i < whole; i++) if (words[at + i] !== key.words[i]) return false;
    const rest = (length & 3) << 3;
    return rest === 0 || ((words[at + whole]! ^ key.words[whole]!) & ((1 << rest) - 1)) === 0;
  }

  #open(entry: number, key: SharedKey): number {
    const words = this.#words;
    const head = words[entry]!;
    if ((head & ENTRY_TYPE_MASK) !== TYPE_STRING) return WRONG_TYPE;
    this.length = words[entry + (ENTRY_VALUE_LEN >>> 2)]! >>> 0;
    this.#valueAt = entry * 4 + headerBytes(head) + key.length;
    const expiry = entry + (ENTRY_EXPIRE_AT >>> 2);
    // 1970 is long ago: 0 may stand for never.
    this.expireAt =
      (head & ENTRY_HAS_EXPIRY) === 0
        ? 0
        : words[expiry + 1]! * TWO_32 + (words[expiry]! >>> 0) || -1;
    return FOUND;
  }

  /** Copy the value behind what has been given away. @returns false: it is beyond the memory. */
  #copy(): boolean {
    const { length } = this;
    const from = this.#valueAt;
    if (from + length > this.#bytes.length) return false;
    if (length > MAX_POOLED) {
      this.#held = Buffer.allocUnsafeSlow(length);
      this.#at = 0;
      this.#held.set(this.#bytes.subarray(from, from + length));
      return true;
    }
    // At the same place within a word, so that words can be copied, and a few bytes around the value.
    let at = ((this.#used + 3) & ~3) + (from & 3);
    if (at + length + 4 > POOL_BYTES) {
      this.#pool = Buffer.allocUnsafeSlow(POOL_BYTES);
      this.#poolWords = new Int32Array(this.#pool.buffer);
      at = from & 3;
      this.#used = 0;
    }
    this.#held = this.#pool;
    this.#at = at;
    const source = this.#words;
    const target = this.#poolWords;
    const first = from >>> 2;
    const count = ((from + length + 3) >>> 2) - first;
    const to = at >>> 2;
    for (let i = 0; i < count; i++) target[to + i] = source[first + i]!;
    return true;
  }
}

function headerBytes(head: number): number {
  return (head & ENTRY_HAS_EXPIRY) === 0 ? ENTRY_HEADER : ENTRY_HEADER + ENTRY_EXPIRY_SIZE;
}
