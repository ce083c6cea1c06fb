/**
 * Sort a part of an array as Redis does where a command wants a part of the result: the same equals
 * come to the same places.
 *
 * It is the quicksort of Bentley and McIlroy ("Engineering a Sort Function", 1993), which leaves
 * alone what has none of the wanted places. Equals are put in no order of their own, so that each
 * exchange counts.
 *
 * @see redis/redis 7.0.15 src/pqsort.c
 */

type Compare<T> = (one: T, other: T) => number;

/** So few are sorted by insertion. */
const FEW = 7;
/** From so many on the pivot is a median of nine. */
const MANY = 40;

/**
 * @param first - the places from here…
 * @param last - …to here, from 0, get what a full sort would put there. @returns those.
 */
export function partialSort<T>(
  items: readonly T[],
  compare: Compare<T>,
  first: number,
  last: number,
): T[] {
  const sorted = [...items];
  sortWithin(sorted, 0, sorted.length, compare, first, last);
  return sorted.slice(first, last + 1);
}

function sortWithin<T>(
  items: T[],
  from: number,
  count: number,
  compare: Compare<T>,
  first: number,
  last: number,
): void {
  if (count < FEW) {
    insertionSort(items, from, count, compare);
    return;
  }
  swap(items, from, pivot(items, from, count, compare));
  const at = (i: number): T => items[i]!;
  // Equals of the pivot gather at both ends, what is less and what is more between them.
  let equalsEnd = from + 1;
  let low = equalsEnd;
  const end = from + count;
  let equalsBegin = end - 1;
  let high = equalsBegin;
  for (;;) {
    for (let order; low <= high && (order = compare(at(low), at(from))) <= 0; low++) {
      if (order === 0) swap(items, equalsEnd++, low);
    }
    for (let order; low <= high && (order = compare(at(high), at(from))) >= 0; high--) {
      if (order === 0) swap(items, high, equalsBegin--);
    }
    if (low > high) break;
    swap(items, low++, high--);
  }
  const less = low - equalsEnd;
  const more = equalsBegin - high;
  exchange(items, from, low, Math.min(equalsEnd - from, less));
  exchange(items, low, end, Math.min(more, end - equalsBegin - 1));
  const isWanted = (begin: number, length: number): boolean =>
    length > 1 && last >= begin && first < begin + length;
  if (isWanted(from, less)) sortWithin(items, from, less, compare, first, last);
  if (isWanted(end - more, more)) sortWithin(items, end - more, more, compare, first, last);
}

function insertionSort<T>(items: T[], from: number, count: number, compare: Compare<T>): void {
  for (let next = from + 1; next < from + count; next++) {
    for (let at = next; at > from && compare(items[at - 1]!, items[at]!) > 0; at--) {
      swap(items, at, at - 1);
    }
  }
}

/** @returns where it is. */
function pivot<T>(items: readonly T[], from: number, count: number, compare: Compare<T>): number {
  const middle = from + (count >> 1);
  if (count === FEW) return middle;
  const median = (one: number, two: number, three: number): number =>
    medianOf(items, compare, one, two, three);
  const last = from + count - 1;
  if (count <= MANY) return median(from, middle, last);
  const step = count >> 3;
  return median(
    median(from, from + step, from + 2 * step),
    median(middle - step, middle, middle + step),
    median(last - 2 * step, last - step, last),
  );
}

function medianOf<T>(
  items: readonly T[],
  compare: Compare<T>,
  one: number,
  two: number,
  three: number,
): number {
  const order = (a: number, b: number): number => compare(items[a]!, items[b]!);
  if (order(one, two) < 0) {
    if (order(two, three) < 0) return two;
    return order(one, three) < 0 ? three : one;
  }
  if (order(two, three) > 0) return two;
  return order(one, three) < 0 ? one : three;
}

/** Exchange so many from `from` on with those that end before `end`. */
function exchange(items: unknown[], from: number, end: number, count: number): void {
  for (let i = 0; i < count; i++) swap(items, from + i, end - count + i);
}

function swap(items: unknown[], one: number, other: number): void {
  const held = items[one];
  items[one] = items[other];
  items[other] = held;
}
