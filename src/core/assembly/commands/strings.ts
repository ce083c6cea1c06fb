/**
 * Commands that read strings, or change one where it stands.
 *
 * @see redis/redis 7.0.15 src/t_string.c
 */
import { parsed, parseSigned, writeSigned } from '../bytes';
import { hasExpiry, isString, valueLength, valueOf } from '../keyspace/entry';
import {
  changeExpiry,
  deleteFound,
  KEEP_EXPIRY,
  lookupRead,
  lookupWrite,
  NO_EXPIRY,
  setFound,
} from '../keyspace/database';
import { appendValue } from '../keyspace/in-place';
import { PROTO_MAX_BULK } from '../layout';
import { arg, argc, argLength, argWord } from '../protocol/arguments';
import { replyArray, replyBulk, replyError, replyInteger, replyNull } from '../protocol/reply';
import { addDirty, applying, followsMaster, now } from '../state';
import {
  addBytes,
  addNumber,
  addWord,
  appendDelete,
  beginCommand,
  endCommand,
} from '../stream/propagate';
import { propagateVerbatim } from './effects';
import { notAnInteger, outOfMemory, stringTooLong, syntaxError, wrongType } from './errors';
import { expiry, isUnit, NONE, readExpiry } from './expiry-option';
import { EXAT, PERSIST, PXAT } from './words';

export function get(): void {
  readString();
}

/**
 * Reply with argument 1's string. @returns its entry; 0: none, or no string (null, or the error).
 */
function readString(): usize {
  const entry = lookupRead(arg(1), argLength(1));
  if (entry === 0) replyNull();
  else if (isString(entry)) {
    replyBulk(valueOf(entry), valueLength(entry));
    return entry;
  } else wrongType();
  return 0;
}

export function mget(): void {
  replyArray(argc - 1);
  for (let i: u32 = 1; i < argc; i++) {
    const entry = lookupRead(arg(i), argLength(i));
    if (entry !== 0 && isString(entry)) replyBulk(valueOf(entry), valueLength(entry));
    else replyNull();
  }
}

export function strlen(): void {
  const entry = lookupRead(arg(1), argLength(1));
  if (entry === 0) replyInteger(0);
  else if (!isString(entry)) wrongType();
  else replyInteger(valueLength(entry));
}

export function append(): void {
  const found = lookupWrite(arg(1), argLength(1));
  const more = argLength(2);
  let length: u64 = more;
  if (found !== 0) {
    if (!isString(found)) {
      wrongType();
      return;
    }
    length += valueLength(found);
    if (!applying && length > load<u32>(PROTO_MAX_BULK)) {
      stringTooLong();
      return;
    }
  }
  const isDone =
    found === 0
      ? setFound(0, arg(1), argLength(1), arg(2), more, NO_EXPIRY)
      : appendValue(found, arg(2), more);
  if (!isDone) {
    outOfMemory();
    return;
  }
  addDirty(1);
  propagateVerbatim();
  replyInteger(length);
}

export function incr(): void {
  add(1);
}

export function decr(): void {
  add(-1);
}

export function incrby(): void {
  if (parseSigned(arg(2), argLength(2))) add(parsed);
  else notAnInteger();
}

export function decrby(): void {
  if (!parseSigned(arg(2), argLength(2))) notAnInteger();
  else if (parsed === i64.MIN_VALUE) replyError('-ERR decrement would overflow');
  else add(-parsed);
}

const DIGITS: usize = memory.data(32);

function add(by: i64): void {
  const found = lookupWrite(arg(1), argLength(1));
  let value: i64 = 0;
  if (found !== 0) {
    if (!isString(found)) {
      wrongType();
      return;
    }
    if (!parseSigned(valueOf(found), valueLength(found))) {
      notAnInteger();
      return;
    }
    value = parsed;
  }
  if (by < 0 ? value < i64.MIN_VALUE - by : value > i64.MAX_VALUE - by) {
    replyError('-ERR increment or decrement would overflow');
    return;
  }
  value += by;
  const length = <u32>(writeSigned(DIGITS, value) - DIGITS);
  if (!setFound(found, arg(1), argLength(1), DIGITS, length, KEEP_EXPIRY)) {
    outOfMemory();
    return;
  }
  addDirty(1);
  propagateVerbatim();
  replyInteger(value);
}

/** Goes out as the DEL that it is. */
export function getdel(): void {
  const entry = readString();
  if (entry === 0) return;
  deleteFound(entry);
  addDirty(1);
  appendDelete(arg(1), argLength(1));
}

/** `GETEX key [PERSIST | EX s | PX ms | EXAT s | PXAT ms]`; goes out as what it changes. */
export function getex(): void {
  let isPersist = false;
  let unit = NONE;
  let expiryIndex: u32 = 0;
  for (let i: u32 = 2; i < argc; i++) {
    const option = argWord(i);
    if (option === PERSIST && unit === NONE) {
      isPersist = true;
      continue;
    }
    const isAllowed = isUnit(option) && !isPersist && (unit === NONE || unit === option);
    if (!isAllowed || i + 1 === argc) {
      syntaxError();
      return;
    }
    unit = option;
    expiryIndex = ++i;
  }
  const entry = lookupRead(arg(1), argLength(1));
  if (entry === 0) {
    replyNull();
    return;
  }
  if (!isString(entry)) {
    wrongType();
    return;
  }
  if (unit !== NONE && !readExpiry(expiryIndex, unit, 'getex')) return;
  replyBulk(valueOf(entry), valueLength(entry));
  if (unit !== NONE) expireRead(entry, unit);
  else if (isPersist && hasExpiry(entry)) persistRead(entry);
}

function expireRead(entry: usize, unit: u64): void {
  const isAbsolute = unit === EXAT || unit === PXAT;
  if (isAbsolute && expiry <= now && !followsMaster()) {
    deleteFound(entry);
    addDirty(1);
    appendDelete(arg(1), argLength(1));
    return;
  }
  if (!changeExpiry(entry, expiry)) {
    outOfMemory();
    return;
  }
  addDirty(1);
  if (!beginCommand(3)) return;
  addWord('PEXPIREAT');
  addBytes(arg(1), argLength(1));
  addNumber(expiry);
  endCommand();
}

function persistRead(entry: usize): void {
  if (!changeExpiry(entry, NO_EXPIRY)) {
    outOfMemory();
    return;
  }
  addDirty(1);
  if (!beginCommand(2)) return;
  addWord('PERSIST');
  addBytes(arg(1), argLength(1));
  endCommand();
}
