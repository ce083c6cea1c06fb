/**
 * One thread's reader of one node's memory: the host of core/assembly/reader, which has the rules.
 *
 * A key goes into the reader's slot and a short value comes out of it, both below the memory's
 * initial size; only long values are copied from where they stand, through views that follow its
 * growth. A key that is too long for the slot goes through it in pieces, and is compared where it
 * stands.
 */
import type { SharedMemory } from '../base/shared-memory.js';
import {
  READERS,
  READ_BUSY,
  READ_FOUND,
  READ_MISSING,
  READ_WRONG_TYPE,
  READERS_SEEN,
  SLOT_EXPIRE_AT,
  SLOT_KEY,
  SLOT_LENGTH,
  SLOT_MAX_KEY,
  SLOT_MAX_VALUE,
  SLOT_SIZE,
  SLOT_VALUE,
  SLOT_VALUE_AT,
  SLOTS_BASE,
  WHOLE,
} from '../core/assembly/layout.js';

/**
 * The compiled reader, a WebAssembly.Module, which only the DOM's types have; the same for all
 * threads.
 */
export type ReaderModule = object;

interface ReaderExports {
  open(slot: number): void;
  read(length: number, database: number, wantsValue: number): number;
  readField(length: number, fieldLength: number, database: number): number;
  startKey(length: number): void;
  addPiece(length: number): void;
  readLong(length: number, last: number, skip: number, database: number, wants: number): number;
  isStill(): number;
}

/** What toString('utf8') does, without asking which encoding is meant. */
interface Utf8Sliceable {
  utf8Slice(start: number, end: number): string;
}

/** Of the last key found: `expireAt`, if it has no expiry. */
export const NEVER = Infinity;

/** The upper half of the largest i64. */
const FOREVER = 0x7fffffff;
const POOL_BYTES = 64 * 1024;
/** A longer value that changes so often while it is copied is given up. */
const TRIES = 100;
const TWO_32 = 2 ** 32;
/** The longest key whose characters are looked at one by one; beyond, the encoder is quicker. */
const SHORT_KEY = 64;
const encoder = new TextEncoder();
const NO_KEY = new Uint8Array(0);

/** Have a memory's core keep the versions that readers go by, from its next call on. */
export function openToReaders(memory: SharedMemory): void {
  Atomics.store(new Uint32Array(memory.buffer), READERS >>> 2, 1);
}

export class SharedReader {
  readonly memory: SharedMemory;
  /** Of the value found, bytes. */
  length = 0;
  readonly #exports: ReaderExports;
  /** The slot. */
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #slot: Buffer & Utf8Sliceable;
  /** All of the memory, as far as it is known. */
  #all: Uint8Array;
  #pool = Buffer.allocUnsafeSlow(POOL_BYTES);
  #poolWords = new Int32Array(this.#pool.buffer);
  /** Bytes of the pool that have been given away. */
  #used = 0;
  /** The value found, if it was too long for the slot. */
  #long: Buffer | null = null;
  /** The key looked for, if it was. */
  #longKey: Uint8Array = NO_KEY;

  /** @param slot - which of the memory's slots is this reader's alone. */
  constructor(module: ReaderModule, memory: SharedMemory, slot: number) {
    this.memory = memory;
    const instance = new WebAssembly.Instance<ReaderExports>(module, {
      env: { memory },
    });
    this.#exports = instance.exports;
    const at = SLOTS_BASE + slot * SLOT_SIZE;
    this.#words = new Int32Array(memory.buffer, at, SLOT_SIZE / 4);
    this.#bytes = new Uint8Array(memory.buffer, at, SLOT_SIZE);
    // All of Node's buffers have it; their types have not.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    this.#slot = Buffer.from(memory.buffer, at, SLOT_SIZE) as Buffer & Utf8Sliceable;
    this.#all = new Uint8Array(memory.buffer);
    this.#exports.open(at);
  }

  /**
   * Look a key up. What is found is had by takeBuffer(), text() and expireAt() until the next read.
   *
   * @param key - a string stands for its UTF-8 bytes.
   * @param clock - Unix ms; asked where the key has an expiry.
   * @returns READ_*.
   */
  read(key: string | Uint8Array, db: number, wantsValue: boolean, clock: () => number): number {
    const length = this.#putKey(key);
    for (let tries = 0; tries < TRIES; tries++) {
      const outcome =
        length <= SLOT_MAX_KEY
          ? this.#exports.read(length, db, wantsValue ? 1 : 0)
          : this.#readLongKey(db, wantsValue);
      if (outcome !== READ_FOUND) return outcome;
      if (this.#hasExpired(clock)) return READ_MISSING;
      this.length = this.#words[SLOT_LENGTH >>> 2]! >>> 0;
      this.#long = null;
      if (!wantsValue || this.length <= SLOT_MAX_VALUE || this.#copyLong()) return READ_FOUND;
    }
    return READ_BUSY;
  }

  /** Whether key and field are short enough for readField(). */
  static fits(key: string, field: string): boolean {
    if ((key.length + field.length) * 3 <= SLOT_MAX_KEY - 8) return true;
    return Buffer.byteLength(key) + Buffer.byteLength(field) <= SLOT_MAX_KEY - 8;
  }

  /**
   * Look a hash's field up: as read() does a key. Both must fit.
   *
   * @returns READ_*; READ_MISSING: there is no such key, or no such field.
   */
  readField(key: string, field: string, db: number, clock: () => number): number {
    for (let tries = 0; tries < TRIES; tries++) {
      const length = this.#putKey(key);
      const fieldLength = this.#putText(field, SLOT_KEY + ((length + 7) & ~7));
      const outcome = this.#exports.readField(length, fieldLength, db);
      if (outcome !== READ_FOUND) return outcome;
      if (this.#hasExpired(clock)) return READ_MISSING;
      this.length = this.#words[SLOT_LENGTH >>> 2]! >>> 0;
      this.#long = null;
      if (this.length <= SLOT_MAX_VALUE || this.#copyLong()) return READ_FOUND;
    }
    return READ_BUSY;
  }

  /** The key is the one that #putBytes() has taken. */
  #readLongKey(db: number, wantsValue: boolean): number {
    const key = this.#longKey;
    const last = key.length % SLOT_MAX_KEY || SLOT_MAX_KEY;
    let skip = 0;
    for (let tries = 0; tries < TRIES; tries++) {
      const outcome = this.#exports.readLong(key.length, last, skip, db, wantsValue ? 1 : 0);
      if (outcome !== READ_FOUND && outcome !== READ_WRONG_TYPE) return outcome;
      const isEqual = this.#isKeyBefore(this.#words[SLOT_VALUE_AT >>> 2]! >>> 0, key);
      // What has changed meanwhile says nothing.
      if (this.#exports.isStill() === 0) skip = 0;
      else if (isEqual) return outcome;
      else skip += 1;
    }
    return READ_BUSY;
  }

  /** Whether a key stands in the memory up to an address. */
  #isKeyBefore(end: number, key: Uint8Array): boolean {
    if (end > this.#all.length) this.#all = new Uint8Array(this.memory.buffer);
    if (end > this.#all.length) return false;
    return Buffer.compare(this.#all.subarray(end - key.length, end), key) === 0;
  }

  #hasExpired(clock: () => number): boolean {
    const high = this.#words[(SLOT_EXPIRE_AT >>> 2) + 1]!;
    return high !== FOREVER && clock() > this.expireAt();
  }

  /** @returns Unix ms up to which the key found lives, or NEVER. */
  expireAt(): number {
    const high = this.#words[(SLOT_EXPIRE_AT >>> 2) + 1]!;
    if (high === FOREVER) return NEVER;
    return high * TWO_32 + (this.#words[SLOT_EXPIRE_AT >>> 2]! >>> 0);
  }

  /** @returns the value found, as the caller's own. */
  takeBuffer(): Buffer {
    if (this.#long !== null) return this.#long;
    this.#toPool();
    const at = this.#used;
    const end = at + this.length;
    this.#used = (end + 7) & ~7;
    return this.#pool.subarray(at, end);
  }

  /** Copy the value from the slot to where the pool is free. */
  #toPool(): void {
    if (this.#used + this.length > POOL_BYTES) {
      this.#pool = Buffer.allocUnsafeSlow(POOL_BYTES);
      this.#poolWords = new Int32Array(this.#pool.buffer);
      this.#used = 0;
    }
    const from = this.#words;
    const to = this.#poolWords;
    const first = this.#used >>> 2;
    // Its last word may bring some bytes more, which lie before what is given away next.
    const count = (this.length + 3) >>> 2;
    for (let i = 0; i < count; i++) to[first + i] = from[(SLOT_VALUE >>> 2) + i]!;
  }

  /** @returns the value found, read as UTF-8. */
  text(): string {
    if (this.#long !== null) return this.#long.toString();
    return this.#slot.utf8Slice(SLOT_VALUE, SLOT_VALUE + this.length);
  }

  /**
   * Whether a node's core keeps versions, and its keyspace is a whole one.
   *
   * @param words - the beginning of its memory.
   */
  static isReadable(words: Int32Array): boolean {
    return Atomics.load(words, READERS_SEEN >>> 2) === 1 && Atomics.load(words, WHOLE >>> 2) === 1;
  }

  /** @returns the key's length in the slot, bytes. */
  #putKey(key: string | Uint8Array): number {
    if (typeof key !== 'string') return this.#putBytes(key);
    return this.#putShort(key, SLOT_KEY) ? key.length : this.#encode(key);
  }

  /** Put a text that fits at a place in the slot. @returns its length there, bytes. */
  #putText(text: string, at: number): number {
    if (this.#putShort(text, at)) return text.length;
    const bytes = encoder.encode(text);
    this.#bytes.set(bytes, at);
    return bytes.length;
  }

  /** @param at - a multiple of four. @returns false: it is long, or not of ASCII alone. */
  #putShort(text: string, at: number): boolean {
    const { length } = text;
    if (length > SHORT_KEY) return false;
    const words = this.#words;
    let word = 0;
    let seen = 0;
    let to = at >>> 2;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      seen |= code;
      word |= code << ((i & 3) << 3);
      if ((i & 3) === 3) {
        words[to] = word;
        to += 1;
        word = 0;
      }
    }
    words[to] = word;
    return seen <= 0x7f;
  }

  /** The encoder does not write to shared memory, so by way of a buffer. */
  #encode(key: string): number {
    return this.#putBytes(encoder.encode(key));
  }

  /** Of a key that is too long for it, the last piece stays in the slot. */
  #putBytes(bytes: Uint8Array): number {
    if (bytes.length <= SLOT_MAX_KEY) {
      this.#bytes.set(bytes, SLOT_KEY);
      return bytes.length;
    }
    this.#longKey = bytes;
    this.#exports.startKey(bytes.length);
    for (let at = 0; at < bytes.length; at += SLOT_MAX_KEY) {
      const piece = bytes.subarray(at, at + SLOT_MAX_KEY);
      this.#bytes.set(piece, SLOT_KEY);
      this.#exports.addPiece(piece.length);
    }
    return bytes.length;
  }

  /** @returns false: it changed meanwhile. */
  #copyLong(): boolean {
    const at = this.#words[SLOT_VALUE_AT >>> 2]! >>> 0;
    const end = at + this.length;
    if (end > this.#all.length) this.#all = new Uint8Array(this.memory.buffer);
    if (end > this.#all.length) return false;
    const copy = Buffer.allocUnsafeSlow(this.length);
    copy.set(this.#all.subarray(at, end));
    if (this.#exports.isStill() === 0) return false;
    this.#long = copy;
    return true;
  }
}
