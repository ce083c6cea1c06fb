/**
 * SET and its relatives.
 *
 * Rule of propagation: a relative or second-wise expiry goes out as `SET key value PXAT ms`, so
 * that a replica that hears of it late expires the key at the same moment. GET is left out.
 *
 * @see redis/redis 7.0.15 src/t_string.c, setGenericCommand()
 */
import { isString, valueLength, valueOf } from '../keyspace/entry';
import { KEEP_EXPIRY, lookupRead, lookupWrite, NO_EXPIRY, setFound } from '../keyspace/database';
import { arg, argc, argLength, argWord } from '../protocol/arguments';
import { replyBulk, replyInteger, replyNull, replyOk } from '../protocol/reply';
import { addDirty } from '../state';
import { addBytes, addNumber, addWord, beginCommand, endCommand } from '../stream/propagate';
import { propagateVerbatim } from './effects';
import { outOfMemory, syntaxError, wrongArity, wrongType } from './errors';
import { expiry, isUnit, NONE, readExpiry } from './expiry-option';
import { EX, GET, KEEPTTL, NX, PX, XX } from './words';

/** Store argument `value` under argument 1. @returns false: the error reply is written. @inline */
function storeArgument(value: u32, at: i64): bool {
  const key = arg(1);
  const keySize = argLength(1);
  if (setFound(lookupWrite(key, keySize), key, keySize, arg(value), argLength(value), at)) {
    addDirty(1);
    return true;
  }
  outOfMemory();
  return false;
}

/** `SET key value [NX | XX] [GET] [KEEPTTL | EX s | PX ms | EXAT s | PXAT ms]`. */
export function set(): void {
  if (argc > 3) {
    setWithOptions();
    return;
  }
  if (!storeArgument(2, NO_EXPIRY)) return;
  propagateVerbatim();
  replyOk();
}

function setWithOptions(): void {
  let nx = false;
  let xx = false;
  let isGet = false;
  let isKeepTtl = false;
  let unit = NONE;
  let expiryIndex: u32 = 0;
  for (let i: u32 = 3; i < argc; i++) {
    const option = argWord(i);
    if (option === NX && !xx) nx = true;
    else if (option === XX && !nx) xx = true;
    else if (option === GET) isGet = true;
    else if (option === KEEPTTL && unit === NONE) isKeepTtl = true;
    else {
      const isAllowed = isUnit(option) && !isKeepTtl && (unit === NONE || unit === option);
      if (!isAllowed || i + 1 === argc) {
        syntaxError();
        return;
      }
      unit = option;
      expiryIndex = ++i;
    }
  }
  if (unit !== NONE && !readExpiry(expiryIndex, unit, 'set')) return;
  if (isGet && !replyOldValue()) return;
  const found = lookupWrite(arg(1), argLength(1)) !== 0;
  if ((nx && found) || (xx && !found)) {
    if (!isGet) replyNull();
    return;
  }
  if (unit !== NONE) {
    if (!storeArgument(2, expiry)) return;
    propagateSet(2, expiry);
  } else {
    if (!storeArgument(2, isKeepTtl ? KEEP_EXPIRY : NO_EXPIRY)) return;
    if (isGet) propagateWithoutGet();
    else propagateVerbatim();
  }
  if (!isGet) replyOk();
}

/** Reply with the value as a GET would. @returns false: it is no string; the error is written. */
function replyOldValue(): bool {
  const entry = lookupRead(arg(1), argLength(1));
  if (entry === 0) replyNull();
  else if (isString(entry)) replyBulk(valueOf(entry), valueLength(entry));
  else {
    wrongType();
    return false;
  }
  return true;
}

function propagateSet(value: u32, at: i64): void {
  if (!beginCommand(5)) return;
  addWord('SET');
  addBytes(arg(1), argLength(1));
  addBytes(arg(value), argLength(value));
  addWord('PXAT');
  addNumber(at);
  endCommand();
}

function propagateWithoutGet(): void {
  let kept: u32 = 3;
  for (let i: u32 = 3; i < argc; i++) if (argWord(i) !== GET) kept++;
  if (!beginCommand(kept)) return;
  for (let i: u32 = 0; i < argc; i++) {
    if (i < 3 || argWord(i) !== GET) addBytes(arg(i), argLength(i));
  }
  endCommand();
}

export function setnx(): void {
  if (lookupWrite(arg(1), argLength(1)) !== 0) {
    replyInteger(0);
    return;
  }
  if (!storeArgument(2, NO_EXPIRY)) return;
  propagateVerbatim();
  replyInteger(1);
}

export function setex(): void {
  setWithExpiry(EX, 'setex');
}

export function psetex(): void {
  setWithExpiry(PX, 'psetex');
}

function setWithExpiry(unit: u64, command: string): void {
  if (!readExpiry(2, unit, command) || !storeArgument(3, expiry)) return;
  propagateSet(3, expiry);
  replyOk();
}

/** Goes out as the SET that it is. */
export function getset(): void {
  if (!replyOldValue() || !storeArgument(2, NO_EXPIRY)) return;
  if (!beginCommand(3)) return;
  addWord('SET');
  addBytes(arg(1), argLength(1));
  addBytes(arg(2), argLength(2));
  endCommand();
}

export function mset(): void {
  if ((argc & 1) === 0) {
    wrongArity('mset');
    return;
  }
  if (setPairs()) replyOk();
}

/** Sets all of the keys, or none if one of them exists. */
export function msetnx(): void {
  if ((argc & 1) === 0) {
    wrongArity('msetnx');
    return;
  }
  for (let i: u32 = 1; i < argc; i += 2) {
    if (lookupWrite(arg(i), argLength(i)) !== 0) {
      replyInteger(0);
      return;
    }
  }
  if (setPairs()) replyInteger(1);
}

/** @returns false: memory ran out; the error reply is written. */
function setPairs(): bool {
  for (let i: u32 = 1; i < argc; i += 2) {
    const key = arg(i);
    const keySize = argLength(i);
    const found = lookupWrite(key, keySize);
    if (!setFound(found, key, keySize, arg(i + 1), argLength(i + 1), NO_EXPIRY)) {
      propagatePairs(i);
      outOfMemory();
      return false;
    }
    addDirty(1);
  }
  propagateVerbatim();
  return true;
}

/** Memory ran out before argument `end`: what has been set is set on the replicas as well. */
function propagatePairs(end: u32): void {
  if (end === 1 || !beginCommand(end)) return;
  for (let i: u32 = 0; i < end; i++) addBytes(arg(i), argLength(i));
  endCommand();
}
