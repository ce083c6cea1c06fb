/** Lists as commands of TypeScript change them; and sorted sets read like lists, by rank. */
import { outOfMemory, wrongType } from './errors.js';
import { elementsOf, type CoreDatabase } from './core-database.js';

export type ListEnd = 'left' | 'right';

export class Lists {
  readonly #db: CoreDatabase;

  constructor(db: CoreDatabase) {
    this.#db = db;
  }

  /** The elements from an index on, for inspection; there must be so many. */
  range(key: Uint8Array, index: number, count: number): Buffer[] {
    const db = this.#db;
    const [at] = db.scratch(key);
    const { exports } = db.core;
    const isRead = exports.readList(db.id, db.flags, at, key.length, index, count) !== 0;
    if (!isRead) throw outOfMemory();
    return elementsOf(db.page());
  }

  /** Members of a sorted set from a rank on, for inspection; there must be so many. */
  ranks(key: Uint8Array, rank: number, count: number): Buffer[] {
    const db = this.#db;
    const [at] = db.scratch(key);
    const { exports } = db.core;
    const isRead = exports.readRanks(db.id, db.flags, at, key.length, rank, count) !== 0;
    if (!isRead) throw outOfMemory();
    return elementsOf(db.page());
  }

  /** Take up to so many elements. @returns none: no such key. @throws ReplyError WRONGTYPE, OOM */
  pop(key: Uint8Array, end: ListEnd, count: number): Buffer[] {
    if (!this.#isList(key)) return [];
    const db = this.#db;
    const popped = db.core.exports.popList(
      db.id,
      db.flags,
      db.scratch(key)[0],
      key.length,
      end === 'left' ? 1 : 0,
      Math.min(count, 0xffffffff),
    );
    if (popped < 0) throw outOfMemory();
    return popped === 0 ? [] : elementsOf(db.page());
  }

  /**
   * Take an element off one list and put it on another, or on the same.
   *
   * @returns null: there is none.
   * @throws ReplyError WRONGTYPE, OOM: nothing has changed.
   */
  move(from: Uint8Array, to: Uint8Array, fromEnd: ListEnd, toEnd: ListEnd): Buffer | null {
    if (!this.#isList(from)) return null;
    this.#isList(to);
    const db = this.#db;
    const [at] = db.scratch(from, to);
    const result = db.core.exports.moveElement(
      db.id,
      db.flags,
      at,
      from.length,
      at + from.length,
      to.length,
      fromEnd === 'left' ? 1 : 0,
      toEnd === 'left' ? 1 : 0,
    );
    if (result < 0) throw outOfMemory();
    return result === 0 ? null : (elementsOf(db.page())[0] ?? null);
  }

  /** @returns false: there is no such key. @throws ReplyError WRONGTYPE */
  #isList(key: Uint8Array): boolean {
    const entry = this.#db.lookup(key, false);
    if (entry === 0) return false;
    if (this.#db.entries.typeName(entry) !== 'list') throw wrongType();
    return true;
  }
}
