/** Lists as commands of TypeScript change them; and sorted sets read like lists, by rank. */
import { ReplyError } from '../resp/reply.js';
import { elementsOf, outOfMemory, pageOf, type ValuePlace, WRONG_TYPE } from './values.js';

export type ListEnd = 'left' | 'right';

export class Lists {
  readonly #place: ValuePlace;

  constructor(place: ValuePlace) {
    this.#place = place;
  }

  /** The elements from an index on, for inspection; there must be so many. */
  range(key: Uint8Array, index: number, count: number): Buffer[] {
    const place = this.#place;
    const at = place.scratch(key);
    const { exports } = place.core;
    const isRead = exports.readList(place.id, place.flags(), at, key.length, index, count) !== 0;
    if (!isRead) throw outOfMemory();
    return elementsOf(pageOf(place.core));
  }

  /** Members of a sorted set from a rank on, for inspection; there must be so many. */
  ranks(key: Uint8Array, rank: number, count: number): Buffer[] {
    const place = this.#place;
    const at = place.scratch(key);
    const { exports } = place.core;
    const isRead = exports.readRanks(place.id, place.flags(), at, key.length, rank, count) !== 0;
    if (!isRead) throw outOfMemory();
    return elementsOf(pageOf(place.core));
  }

  /** Take up to so many elements. @returns none: no such key. @throws ReplyError WRONGTYPE, OOM */
  pop(key: Uint8Array, end: ListEnd, count: number): Buffer[] {
    if (!this.#isList(key)) return [];
    const place = this.#place;
    const popped = place.core.exports.popList(
      place.id,
      place.flags(),
      place.scratch(key),
      key.length,
      end === 'left' ? 1 : 0,
      Math.min(count, 0xffffffff),
    );
    if (popped < 0) throw outOfMemory();
    return popped === 0 ? [] : elementsOf(pageOf(place.core));
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
    const place = this.#place;
    const at = place.scratch(from, to);
    const result = place.core.exports.moveElement(
      place.id,
      place.flags(),
      at,
      from.length,
      at + from.length,
      to.length,
      fromEnd === 'left' ? 1 : 0,
      toEnd === 'left' ? 1 : 0,
    );
    if (result < 0) throw outOfMemory();
    return result === 0 ? null : (elementsOf(pageOf(place.core))[0] ?? null);
  }

  /** @returns false: there is no such key. @throws ReplyError WRONGTYPE */
  #isList(key: Uint8Array): boolean {
    const entry = this.#place.lookup(key, false);
    if (entry === 0) return false;
    if (this.#place.entries.typeName(entry) !== 'list') throw new ReplyError(WRONG_TYPE);
    return true;
  }
}
