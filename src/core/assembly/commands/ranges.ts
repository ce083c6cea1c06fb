/**
 * GETRANGE (SUBSTR) and SETRANGE: parts of a string.
 *
 * @see redis/redis 7.0.15 src/t_string.c, getrangeCommand(), setrangeCommand()
 */
import { copy, parsed, parseSigned } from '../bytes';
import { lookupRead, lookupWrite } from '../keyspace/database';
import { extendString } from '../keyspace/in-place';
import { closeStripe } from '../keyspace/versions';
import { isString, valueLength, valueOf } from '../keyspace/entry';
import { PROTO_MAX_BULK } from '../layout';
import { arg, argLength } from '../protocol/arguments';
import { replyBulk, replyError, replyInteger } from '../protocol/reply';
import { addDirty, applying } from '../state';
import { propagateVerbatim } from './effects';
import { notAnInteger, outOfMemory, stringTooLong, wrongType } from './errors';

/** What clampRange() leaves: bytes or bits, both inclusive. `last` < `first`: nothing. */
export let first: i64 = 0;
export let last: i64 = 0;

export function wholeRange(): void {
  first = 0;
  last = -1;
}

/** Read an argument as the range's beginning. @returns false: the error is written. */
export function readFirst(index: u32): bool {
  const isNumber = parseSigned(arg(index), argLength(index));
  if (isNumber) first = parsed;
  else notAnInteger();
  return isNumber;
}

/** Read an argument as the range's end. @returns false: the error is written. */
export function readLast(index: u32): bool {
  const isNumber = parseSigned(arg(index), argLength(index));
  if (isNumber) last = parsed;
  else notAnInteger();
  return isNumber;
}

/** Read arguments `index` and `index` + 1. @returns false: the error is written. */
export function readRange(index: u32): bool {
  return readFirst(index) && readLast(index + 1);
}

/**
 * Whether both ends are before the beginning, the last one first. Clamped, they would both become
 * 0, and from 0 to 0 is one: most commands answer that nothing is there.
 */
export function isReversed(): bool {
  return first < 0 && last < 0 && first > last;
}

/** Count negative ends from the end of `total`, and cut off what lies outside. */
export function clampRange(total: i64): void {
  if (first < 0) first = max<i64>(total + first, 0);
  if (last < 0) last = max<i64>(total + last, 0);
  last = min(last, total - 1);
}

export function getrange(): void {
  if (!readRange(2)) return;
  const entry = lookupRead(arg(1), argLength(1));
  if (entry === 0) {
    replyBulk(0, 0);
    return;
  }
  if (!isString(entry)) {
    wrongType();
    return;
  }
  if (isReversed()) {
    replyBulk(0, 0);
    return;
  }
  clampRange(valueLength(entry));
  if (first > last) replyBulk(0, 0);
  else replyBulk(valueOf(entry) + <usize>first, <u32>(last - first + 1));
}

export function setrange(): void {
  if (!parseSigned(arg(2), argLength(2))) {
    notAnInteger();
    return;
  }
  const offset = parsed;
  if (offset < 0) {
    replyError('-ERR offset is out of range');
    return;
  }
  const found = lookupWrite(arg(1), argLength(1));
  if (found !== 0 && !isString(found)) {
    wrongType();
    return;
  }
  const length = argLength(3);
  if (length === 0) {
    replyInteger(found === 0 ? 0 : valueLength(found));
    return;
  }
  const end = <u64>offset + length;
  if (!applying && end > load<u32>(PROTO_MAX_BULK)) {
    stringTooLong();
    return;
  }
  const entry = extendString(found, arg(1), argLength(1), end);
  if (entry === 0) {
    outOfMemory();
    return;
  }
  copy(valueOf(entry) + <usize>offset, arg(3), length);
  closeStripe();
  addDirty(1);
  propagateVerbatim();
  replyInteger(valueLength(entry));
}
