/**
 * Finding where a value ends, of any type: for those who pass values on without looking into them.
 *
 * @see redis/redis 7.0.15 src/rdb.c, rdbLoadObject()
 */
import type { RdbCursor } from './cursor.js';
import {
  TYPE_HASH,
  TYPE_LIST,
  TYPE_LIST_QUICKLIST,
  TYPE_LIST_QUICKLIST_2,
  TYPE_SET,
  TYPE_STREAM_LISTPACKS,
  TYPE_STREAM_LISTPACKS_2,
  TYPE_ZSET,
  TYPE_ZSET_2,
  TYPES_OF_ONE_STRING,
} from './opcodes.js';

/** A double as text: its length, or one of three that are no number. */
const FIRST_NO_LENGTH = 253;
const DOUBLE_BYTES = 8;
const TIME_BYTES = 8;
const STREAM_ID_BYTES = 16;

const OF_PARTS: ReadonlySet<number> = new Set([
  TYPE_LIST,
  TYPE_SET,
  TYPE_ZSET,
  TYPE_HASH,
  TYPE_ZSET_2,
  TYPE_LIST_QUICKLIST,
  TYPE_STREAM_LISTPACKS,
  TYPE_LIST_QUICKLIST_2,
  TYPE_STREAM_LISTPACKS_2,
]);

/** Whether it is known where values of the type end. */
export function isKnownType(type: number): boolean {
  return TYPES_OF_ONE_STRING.has(type) || OF_PARTS.has(type);
}

/** Read on to the end of a value of a known type. @throws Incomplete */
export function skipValue(cursor: RdbCursor, type: number): void {
  if (TYPES_OF_ONE_STRING.has(type)) cursor.skipString();
  else if (type === TYPE_LIST || type === TYPE_SET || type === TYPE_LIST_QUICKLIST) {
    times(cursor.length(), () => cursor.skipString());
  } else if (type === TYPE_HASH) times(cursor.length() * 2, () => cursor.skipString());
  else if (type === TYPE_LIST_QUICKLIST_2) {
    times(cursor.length(), () => {
      cursor.length();
      cursor.skipString();
    });
  } else if (type === TYPE_ZSET || type === TYPE_ZSET_2) {
    times(cursor.length(), () => {
      cursor.skipString();
      if (type === TYPE_ZSET_2) cursor.take(DOUBLE_BYTES);
      else skipTextDouble(cursor);
    });
  } else skipStream(cursor, type === TYPE_STREAM_LISTPACKS_2);
}

function skipTextDouble(cursor: RdbCursor): void {
  const length = cursor.byte();
  if (length < FIRST_NO_LENGTH) cursor.take(length);
}

/** @param isNewer - the first and the last deleted id, and what groups have read, are there too. */
function skipStream(cursor: RdbCursor, isNewer: boolean): void {
  const numbers = (count: number): void => times(count, () => cursor.skipNumber());
  times(cursor.length() * 2, () => cursor.skipString());
  numbers(isNewer ? 8 : 3);
  times(cursor.length(), () => {
    cursor.skipString();
    numbers(isNewer ? 3 : 2);
    times(cursor.length(), () => {
      cursor.take(STREAM_ID_BYTES + TIME_BYTES);
      cursor.skipNumber();
    });
    times(cursor.length(), () => {
      cursor.skipString();
      cursor.take(TIME_BYTES);
      times(cursor.length(), () => void cursor.take(STREAM_ID_BYTES));
    });
  });
}

function times(count: number, step: () => void): void {
  for (let i = 0; i < count; i++) step();
}
