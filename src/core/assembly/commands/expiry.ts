/**
 * Commands about a key's expiry.
 *
 * Rule of propagation: an expiry goes out as PEXPIREAT with its condition; one that is over
 * already deletes the key and goes out as DEL. A replica never decides that: it stores the time.
 *
 * @see redis/redis 7.0.15 src/expire.c, expireGenericCommand(), ttlGenericCommand()
 */
import { parsed, parseSigned } from '../bytes';
import { touch } from '../keyspace/access';
import { expireAt, hasExpiry } from '../keyspace/entry';
import {
  changeExpiry,
  deleteFound,
  lookupUntouched,
  lookupWrite,
  NO_EXPIRY,
} from '../keyspace/database';
import { LAZY_EXPIRE } from '../layout';
import { arg, argc, argLength, argWord } from '../protocol/arguments';
import { replyError, replyErrorAbout, replyInteger } from '../protocol/reply';
import { addDirty, followsMaster, now } from '../state';
import {
  addBytes,
  addNumber,
  addWord,
  appendRemoval,
  beginCommand,
  endCommand,
} from '../stream/propagate';
import { propagateVerbatim } from './effects';
import { invalidExpireTime, notAnInteger, outOfMemory } from './errors';
import { GT, LT, NX, XX } from './words';

/** Conditions, as bits. */
const IF_NONE: u32 = 1;
const IF_ANY: u32 = 2;
const IF_GREATER: u32 = 4;
const IF_LESS: u32 = 8;

export function expire(): void {
  expireGeneric('expire', now, true);
}

export function pexpire(): void {
  expireGeneric('pexpire', now, false);
}

export function expireat(): void {
  expireGeneric('expireat', 0, true);
}

export function pexpireat(): void {
  expireGeneric('pexpireat', 0, false);
}

function expireGeneric(command: string, base: i64, isSeconds: bool): void {
  const conditions = readConditions();
  if (conditions === INVALID) return;
  if (!parseSigned(arg(2), argLength(2))) {
    notAnInteger();
    return;
  }
  let at = parsed;
  if (isSeconds) {
    if (at > i64.MAX_VALUE / 1000 || at < i64.MIN_VALUE / 1000) {
      invalidExpireTime(command);
      return;
    }
    at *= 1000;
  }
  if (at > i64.MAX_VALUE - base) {
    invalidExpireTime(command);
    return;
  }
  at += base;
  const entry = lookupWrite(arg(1), argLength(1));
  if (entry === 0 || !isMet(conditions, entry, at)) {
    replyInteger(0);
    return;
  }
  touch(entry);
  if (at <= now && !followsMaster()) {
    deleteFound(entry);
    addDirty(1);
    appendRemoval(arg(1), argLength(1), LAZY_EXPIRE);
    replyInteger(1);
    return;
  }
  // The two lowest values mean "none" and "as it is" to the keyspace; so far back all are alike.
  if (!changeExpiry(entry, max(at, NO_EXPIRY + 2))) {
    outOfMemory();
    return;
  }
  addDirty(1);
  if (base === 0 && !isSeconds) propagateVerbatim();
  else propagateAt(at);
  replyInteger(1);
}

function propagateAt(at: i64): void {
  if (!beginCommand(argc)) return;
  addWord('PEXPIREAT');
  addBytes(arg(1), argLength(1));
  addNumber(at);
  for (let i: u32 = 3; i < argc; i++) addBytes(arg(i), argLength(i));
  endCommand();
}

const INVALID: u32 = 0xffffffff;

function readConditions(): u32 {
  let conditions: u32 = 0;
  for (let i: u32 = 3; i < argc; i++) {
    const option = argWord(i);
    if (option === NX) conditions |= IF_NONE;
    else if (option === XX) conditions |= IF_ANY;
    else if (option === GT) conditions |= IF_GREATER;
    else if (option === LT) conditions |= IF_LESS;
    else {
      replyErrorAbout('-ERR Unsupported option ', arg(i), argLength(i), '');
      return INVALID;
    }
  }
  if ((conditions & IF_NONE) !== 0 && conditions !== IF_NONE) {
    replyError('-ERR NX and XX, GT or LT options at the same time are not compatible');
    return INVALID;
  }
  if ((conditions & IF_GREATER) !== 0 && (conditions & IF_LESS) !== 0) {
    replyError('-ERR GT and LT options at the same time are not compatible');
    return INVALID;
  }
  return conditions;
}

/** A key without an expiry has one in infinity: nothing is greater, everything is less. */
function isMet(conditions: u32, entry: usize, at: i64): bool {
  const isVolatile = hasExpiry(entry);
  if ((conditions & IF_NONE) !== 0 && isVolatile) return false;
  if ((conditions & IF_ANY) !== 0 && !isVolatile) return false;
  if ((conditions & IF_GREATER) !== 0 && (!isVolatile || at <= expireAt(entry))) return false;
  return (conditions & IF_LESS) === 0 || !isVolatile || at < expireAt(entry);
}

export function ttl(): void {
  replyInteger(toSeconds(timeLeft(false)));
}

export function pttl(): void {
  replyInteger(timeLeft(false));
}

export function expiretime(): void {
  replyInteger(toSeconds(timeLeft(true)));
}

export function pexpiretime(): void {
  replyInteger(timeLeft(true));
}

/** Rounded; unsigned, for the latest time there is plus half a second is no i64 any more. */
function toSeconds(ms: i64): i64 {
  return ms < 0 ? ms : <i64>((<u64>ms + 500) / 1000);
}

/** @returns ms; -1: it has no expiry; -2: there is no such key. */
function timeLeft(isAbsolute: bool): i64 {
  const entry = lookupUntouched(arg(1), argLength(1));
  if (entry === 0) return -2;
  if (!hasExpiry(entry)) return -1;
  const at = isAbsolute ? expireAt(entry) : expireAt(entry) - now;
  return at < 0 ? 0 : at;
}

export function persist(): void {
  const entry = lookupWrite(arg(1), argLength(1));
  if (entry === 0 || !hasExpiry(entry)) {
    replyInteger(0);
    return;
  }
  touch(entry);
  if (!changeExpiry(entry, NO_EXPIRY)) {
    outOfMemory();
    return;
  }
  addDirty(1);
  propagateVerbatim();
  replyInteger(1);
}
