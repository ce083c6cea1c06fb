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
  PAGE_LEN,
  PAGE_PTR,
} from '../core/assembly/collections/layout.js';
import type { Core } from '../core/core.js';
import { ReplyError } from '../resp/reply.js';
import type { EntryReader, TypeName } from './entry-reader.js';

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

/** What finds entries and puts bytes where the core reads them: a Database. */
export interface ValuePlace {
  readonly id: number;
  readonly core: Core;
  readonly entries: EntryReader;
  /** What is done about a key whose time has come. */
  flags(): number;
  /** @returns the entry; 0: there is none. */
  lookup(key: Uint8Array, isRead: boolean): number;
  /** Put bytes one behind the other. @returns where. @throws ReplyError OOM */
  scratch(first: Uint8Array, second?: Uint8Array, third?: Uint8Array): number;
}

export class Values {
  readonly #place: ValuePlace;

  constructor(place: ValuePlace) {
    this.#place = place;
  }

  /** @returns the encoding; null: no such key, or a string. */
  encodingOf(key: Uint8Array): CollectionEncoding | null {
    const entry = this.#place.lookup(key, false);
    if (entry === 0) return null;
    return ENCODINGS.get(this.#place.core.exports.encodingOf(entry)) ?? null;
  }

  /** @returns the elements there are (pairs of a hash); 0: no such key. Of a collection only. */
  size(key: Uint8Array): number {
    const entry = this.#place.lookup(key, false);
    return entry === 0 ? 0 : this.#place.core.exports.elementCount(entry) >>> 0;
  }

  /**
   * The value as RDB has it, nothing compressed, behind the byte of its type.
   *
   * @param isRead - count a hit or miss and note the access.
   * @returns null: there is no such key.
   * @throws ReplyError OOM
   */
  dump(key: Uint8Array, isRead: boolean): Buffer | null {
    const entry = this.#place.lookup(key, isRead);
    if (entry === 0) return null;
    if (this.#place.core.exports.dumpEntry(entry) === 0) throw outOfMemory();
    return this.#page();
  }

  /**
   * Store a collection given as dump() gives it, whatever the key held before.
   *
   * @param expireAtMs - null: it has none.
   * @returns false: these are no such bytes, and nothing has changed.
   * @throws ReplyError OOM
   */
  restore(key: Uint8Array, payload: Uint8Array, expireAtMs: bigint | null): boolean {
    const place = this.#place;
    const at = place.scratch(key, payload);
    const result = place.core.exports.restoreKey(
      place.id,
      place.flags(),
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
    const entry = this.#place.lookup(key, false);
    const elements: Buffer[] = [];
    if (entry === 0) return elements;
    let cursor = 0;
    do cursor = this.#read(entry, cursor, elements);
    while (cursor !== 0);
    return elements;
  }

  #read(entry: number, cursor: number, elements: Buffer[]): number {
    const { core } = this.#place;
    if (core.exports.readPage(entry, cursor) === 0) throw outOfMemory();
    elements.push(...elementsOf(this.#page()));
    return core.readU32(PAGE_CURSOR) | 0;
  }

  /** @returns the value of a hash's field; null: there is none. @throws ReplyError WRONGTYPE */
  field(key: Uint8Array, field: Uint8Array): Buffer | null {
    const entry = this.#typed(key, 'hash', false);
    if (entry === 0) return null;
    const at = this.#place.scratch(field);
    const isThere = this.#place.core.exports.findHashField(entry, at, field.length) !== 0;
    return isThere ? this.#page() : null;
  }

  /** Set a field of a hash, which is made if it is missing. @throws ReplyError WRONGTYPE, OOM */
  setField(key: Uint8Array, field: Uint8Array, value: Uint8Array): void {
    this.#typed(key, 'hash', false);
    const place = this.#place;
    const at = place.scratch(key, field, value);
    const isDone = place.core.exports.putHashField(
      place.id,
      place.flags(),
      at,
      key.length,
      field.length,
      value.length,
    );
    if (isDone === 0) throw outOfMemory();
  }

  #typed(key: Uint8Array, type: TypeName, isRead: boolean): number {
    const entry = this.#place.lookup(key, isRead);
    if (entry === 0 || this.#place.entries.typeName(entry) === type) return entry;
    throw new ReplyError(WRONG_TYPE);
  }

  #page(): Buffer {
    return pageOf(this.#place.core);
  }
}

/** What the core has written for the host, copied. */
export function pageOf(core: Core): Buffer {
  return core.copyOut(core.readU32(PAGE_PTR), core.readU32(PAGE_LEN));
}

/** @returns the elements of a page, which share its memory. */
export function elementsOf(page: Buffer): Buffer[] {
  const elements: Buffer[] = [];
  for (let at = 0; at < page.length;) {
    const start = at + 4;
    at = start + page.readUInt32LE(at);
    elements.push(page.subarray(start, at));
  }
  return elements;
}

export const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';

export function outOfMemory(): ReplyError {
  return new ReplyError("OOM command not allowed when used memory > 'maxmemory'.");
}
