/**
 * SORT's order: elements by themselves or by what a pattern finds for each, as numbers or as text.
 *
 * @see redis/redis 7.0.15 src/sort.c, lookupKeyByPattern(), sortCompare()
 */
import { partialSort } from '../../base/partial-sort.js';
import { ReplyError } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import type { Database } from '../../keyspace/database.js';

/**
 * What a pattern finds for an element: the string at the key that has the element in the place of
 * the first `*`; with `->field` behind it a hash's field; `#` is the element itself.
 *
 * @returns null: nothing.
 */
export function valueByPattern(db: Database, pattern: Buffer, element: Buffer): Buffer | null {
  if (pattern.length === 1 && pattern[0] === HASH_SIGN) return element;
  const star = pattern.indexOf('*');
  if (star < 0) return null;
  const arrow = pattern.indexOf('->', star + 1);
  const hasField = arrow >= 0 && arrow + 2 < pattern.length;
  const end = hasField ? arrow : pattern.length;
  const key = Buffer.concat([pattern.subarray(0, star), element, pattern.subarray(star + 1, end)]);
  const type = db.typeOf(key);
  db.access.touch(key); // Counts a hit or a miss.
  if (hasField) return type === 'hash' ? db.values.field(key, pattern.subarray(arrow + 2)) : null;
  return type === 'string' ? db.peekString(key) : null;
}

const HASH_SIGN = 0x23;

/** How to sort. */
export interface Order {
  /** Null: by the elements themselves. */
  readonly by: Buffer | null;
  readonly isText: boolean;
  readonly isDescending: boolean;
  /** What is stored is compared to its end; what is shown as C's strings are, up to a NUL. */
  readonly isStored: boolean;
}

interface Weighed {
  readonly element: Buffer;
  readonly weight: Buffer | null;
  readonly score: number;
}

/**
 * @param start - of those that are wanted.
 * @returns as many of the elements as are wanted, in order.
 * @throws ReplyError: one has to be a number and is none.
 */
export function sorted(
  db: Database,
  elements: readonly Buffer[],
  { by, isText, isDescending, isStored }: Order,
  start: number,
  count: number,
): Buffer[] {
  const weighed = elements.map((element): Weighed => {
    const weight = by === null ? element : valueByPattern(db, by, element);
    return { element, weight, score: isText || weight === null ? 0 : scoreOf(weight) };
  });
  const compareTexts = isStored ? compareWeights : collateWeights;
  const compare = isText ? compareTexts : compareScores;
  const order = isDescending ? (one: Weighed, other: Weighed) => -compare(one, other) : compare;
  const isPart = by !== null && count < weighed.length;
  const wanted = isPart
    ? partialSort(weighed, order, start, start + count - 1)
    : weighed.toSorted(order).slice(start, start + count);
  return wanted.map(({ element }) => element);
}

/** Of equal scores the elements decide, so that the order is one and the same everywhere. */
function compareScores(one: Weighed, other: Weighed): number {
  if (one.score !== other.score) return one.score < other.score ? -1 : 1;
  return Buffer.compare(one.element, other.element);
}

function compareWeights({ weight: one }: Weighed, { weight: other }: Weighed): number {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null);
  return Buffer.compare(one, other);
}

function collateWeights(one: Weighed, other: Weighed): number {
  const order = compareWeights(one, other);
  if (order === 0 || one.weight === null || other.weight === null) return order;
  return Buffer.compare(untilNul(one.weight), untilNul(other.weight));
}

function untilNul(text: Buffer): Buffer {
  const end = text.indexOf(0);
  return end < 0 ? text : text.subarray(0, end);
}

const NUMBER =
  /^[\t-\r ]*([+-]?)(?:(inf(?:inity)?)|(0x[\da-f]*\.?[\da-f]*(?:p[+-]?\d+)?)|((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))$/i;

/** Read a number as strtod() does: all of it, up to a NUL. @throws ReplyError */
function scoreOf(value: Buffer): number {
  const [text = ''] = latin1(value).split('\0', 1);
  if (text === '') return 0;
  const [, sign, infinite, hexadecimal, decimal] = NUMBER.exec(text) ?? [];
  if (sign === undefined) throw new ReplyError(NO_DOUBLE);
  if (infinite !== undefined) return sign === '-' ? -Infinity : Infinity;
  const size = hexadecimal === undefined ? Number(decimal) : hexadecimalOf(hexadecimal);
  const isOutOfRange =
    !Number.isFinite(size) || (size === 0 && /[1-9]/.test(decimal?.split(/e/i, 1)[0] ?? ''));
  if (isOutOfRange) throw new ReplyError(NO_DOUBLE);
  return sign === '-' ? -size : size;
}

const HEXADECIMAL = /^0x([\da-f]*)\.?([\da-f]*)(?:p([+-]?\d+))?$/i;

function hexadecimalOf(text: string): number {
  const [, whole = '', fraction = '', exponent = '0'] = HEXADECIMAL.exec(text) ?? [];
  if (whole + fraction === '') return Number.NaN; // `0x` alone: refused.
  return Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
}

const NO_DOUBLE = "ERR One or more scores can't be converted into double";
