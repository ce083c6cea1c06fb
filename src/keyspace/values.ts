/**
 * Values of any type as commands of TypeScript see them: as RDB's bytes, and a collection by its
 * elements.
 */
import {
  ENCODING_INTSET,
  ENCODING_LISTPACK,
  ENCODING_QUICKLIST,
  ENCODING_SKIPLIST,
  ENCODING_STREAM,
  ENCODING_TABLE,
  PAGE_CURSOR,
} from '../core/assembly/collections/layout.js';
import type { TypeName } from './entry-reader.js';
import { outOfMemory, wrongType } from './errors.js';
import { elementsOf, type CoreDatabase } from './core-database.js';

/** What a collection can be: OBJECT ENCODING's words. */
export type CollectionEncoding =
  | 'hashtable'
  | 'intset'
  | 'listpack'
  | 'quicklist'
  | 'skiplist'
  | 'stream';

const ENCODINGS = new Map<number, CollectionEncoding>([
  [ENCODING_TABLE, 'hashtable'],
  [ENCODING_INTSET, 'intset'],
  [ENCODING_SKIPLIST, 'skiplist'],
  [ENCODING_QUICKLIST, 'quicklist'],
  [ENCODING_STREAM, 'stream'],
  [ENCODING_LISTPACK, 'listpack'],
]);

/** A member of a sorted set. */
export interface ScoredMember {
  readonly member: Uint8Array;
  readonly score: number;
}

export class Values {
  readonly #db: CoreDatabase;

  constructor(db: CoreDatabase) {
    this.#db = db;
  }

  /** @returns the encoding; null: no such key, or a string. */
  encodingOf(key: Uint8Array): CollectionEncoding | null {
    const entry = this.#db.lookup(key, false);
    if (entry === 0) return null;
    return ENCODINGS.get(this.#db.core.exports.encodingOf(entry)) ?? null;
  }

  /** @returns the elements there are (pairs of a hash); 0: no such key. Of a collection only. */
  size(key: Uint8Array): number {
    const entry = this.#db.lookup(key, false);
    return entry === 0 ? 0 : this.#db.core.exports.elementCount(entry) >>> 0;
  }

  /**
   * The value as RDB has it, nothing compressed, behind the byte of its type.
   *
   * @param isRead - count a hit or miss and note the access.
   * @returns null: there is no such key.
   * @throws ReplyError OOM
   */
  dump(key: Uint8Array, isRead: boolean): Buffer | null {
    const entry = this.#db.lookup(key, isRead);
    if (entry === 0) return null;
    if (this.#db.core.exports.dumpEntry(entry) === 0) throw outOfMemory();
    return this.#db.page();
  }

  /**
   * Store a collection given as dump() gives it, whatever the key held before.
   *
   * @param expireAtMs - null: it has none.
   * @returns false: these are no such bytes, and nothing has changed.
   * @throws ReplyError OOM
   */
  restore(key: Uint8Array, payload: Uint8Array, expireAtMs: bigint | null): boolean {
    const db = this.#db;
    const [at] = db.scratch(key, payload);
    const result = db.core.exports.restoreKey(
      db.id,
      db.flags,
      at,
      key.length,
      payload.length,
      expireAtMs === null ? 0 : 2,
      expireAtMs ?? 0n,
    );
    if (result < 0) throw outOfMemory();
    return result === 1;
  }

  /**
   * Some of a collection's elements, a hash's fields and values in turn, with SCAN's guarantee.
   *
   * @param cursor - 0n begins.
   * @param count - about how many; 0: the key is only looked up.
   * @param isRead - count a hit or miss and note the access.
   * @returns the cursor to go on with, 0n: that was all; null: no such key.
   * @throws ReplyError WRONGTYPE, OOM
   */
  scan(
    key: Uint8Array,
    type: TypeName,
    cursor: bigint,
    count: number,
    isRead: boolean,
  ): { readonly cursor: bigint; readonly elements: readonly Buffer[] } | null {
    const entry = this.#typed(key, type, isRead);
    if (entry === 0) return null;
    const width = type === 'hash' || type === 'zset' ? 2 : 1;
    const elements: Buffer[] = [];
    let at = Number(BigInt.asUintN(32, cursor)) | 0;
    for (let steps = count * 10; steps > 0 && elements.length < count * width; steps--) {
      at = this.#read(entry, at, elements);
      if (at === 0) break;
    }
    return { cursor: BigInt(at >>> 0), elements };
  }

  /** All elements of a collection, as scan() has them; for inspection. */
  elements(key: Uint8Array): Buffer[] {
    const entry = this.#db.lookup(key, false);
    const elements: Buffer[] = [];
    if (entry === 0) return elements;
    let cursor = 0;
    do cursor = this.#read(entry, cursor, elements);
    while (cursor !== 0);
    return elements;
  }

  #read(entry: number, cursor: number, elements: Buffer[]): number {
    const { core } = this.#db;
    if (core.exports.readPage(entry, cursor) === 0) throw outOfMemory();
    elements.push(...elementsOf(this.#db.page()));
    return core.readU32(PAGE_CURSOR) | 0;
  }

  /** @returns the value of a hash's field; null: there is none. @throws ReplyError WRONGTYPE */
  field(key: Uint8Array, field: Uint8Array): Buffer | null {
    const entry = this.#typed(key, 'hash', false);
    if (entry === 0) return null;
    const [at] = this.#db.scratch(field);
    const isThere = this.#db.core.exports.findHashField(entry, at, field.length) !== 0;
    return isThere ? this.#db.page() : null;
  }

  /** Set a field of a hash, which is made if it is missing. @throws ReplyError WRONGTYPE, OOM */
  setField(key: Uint8Array, field: Uint8Array, value: Uint8Array): void {
    this.#typed(key, 'hash', false);
    const db = this.#db;
    const [at] = db.scratch(key, field, value);
    const isDone = db.core.exports.putHashField(
      db.id,
      db.flags,
      at,
      key.length,
      field.length,
      value.length,
    );
    if (isDone === 0) throw outOfMemory();
  }

  /** Whether the key holds a sorted set: counts a hit or miss. @throws ReplyError WRONGTYPE */
  isZset(key: Uint8Array): boolean {
    return this.#typed(key, 'zset', true) !== 0;
  }

  /** @returns a sorted set's member's score; null: there is none. @throws ReplyError WRONGTYPE */
  score(key: Uint8Array, member: Uint8Array): number | null {
    const entry = this.#typed(key, 'zset', false);
    if (entry === 0) return null;
    const [at] = this.#db.scratch(member);
    if (this.#db.core.exports.findZsetScore(entry, at, member.length) === 0) return null;
    return this.#db.page().readDoubleLE();
  }

  /**
   * @returns a sorted set's members whose scores are at least one and below another, in order.
   * @throws ReplyError WRONGTYPE, OOM
   */
  scoreRange(
    key: Uint8Array,
    least: number,
    below: number,
  ): readonly { readonly member: Buffer; readonly score: number }[] {
    const entry = this.#typed(key, 'zset', false);
    if (entry === 0) return [];
    if (this.#db.core.exports.readScoreRange(entry, least, below) === 0) throw outOfMemory();
    const page = this.#db.page();
    const found: { member: Buffer; score: number }[] = [];
    for (let at = 0; at < page.length; at += 8) {
      const start = at + 4;
      at = start + page.readUInt32LE(at);
      found.push({ member: page.subarray(start, at), score: page.readDoubleLE(at) });
    }
    return found;
  }

  /**
   * Take members off an end of a sorted set: as many as are wanted, or all there are.
   *
   * @returns them, their scores as they are shown; null: no such key.
   * @throws ReplyError WRONGTYPE, OOM
   */
  popScored(
    key: Uint8Array,
    isGreatest: boolean,
    wanted: number,
  ): readonly { readonly member: Buffer; readonly score: string }[] | null {
    if (this.#typed(key, 'zset', false) === 0) return null;
    const db = this.#db;
    const isDone = db.core.exports.popScored(
      db.id,
      db.flags,
      db.scratch(key)[0],
      key.length,
      isGreatest ? 1 : 0,
      Math.min(wanted, 2 ** 32 - 1),
    );
    if (isDone === 0) throw outOfMemory();
    const elements = elementsOf(this.#db.page());
    const popped = [];
    for (let i = 0; i + 1 < elements.length; i += 2) {
      popped.push({ member: elements[i] ?? NONE, score: String(elements[i + 1]) });
    }
    return popped;
  }

  /**
   * Store a sorted set, whatever the key held before. There must be members. @throws ReplyError OOM
   */
  setZset(key: Uint8Array, members: readonly ScoredMember[]): void {
    const out: Uint8Array[] = [Buffer.of(RDB_ZSET_2), rdbLength(members.length)];
    for (const { member, score } of members) {
      const bits = Buffer.alloc(8);
      bits.writeDoubleLE(score);
      out.push(rdbLength(member.length), member, bits);
    }
    this.restore(key, Buffer.concat(out), null);
  }

  #typed(key: Uint8Array, type: TypeName, isRead: boolean): number {
    const entry = this.#db.lookup(key, isRead);
    if (entry === 0 || this.#db.entries.typeName(entry) === type) return entry;
    throw wrongType();
  }
}

/** A sorted set's type in RDB: members and scores as doubles. */
const RDB_ZSET_2 = 5;

/** A length as RDB has it, in one of its forms. */
function rdbLength(length: number): Buffer {
  const bytes = Buffer.alloc(5, 0x80);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

const NONE = Buffer.alloc(0);
