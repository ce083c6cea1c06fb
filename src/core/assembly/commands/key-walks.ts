/**
 * KEYS and SCAN: walks over the index.
 *
 * @see redis/redis 7.0.15 src/db.c, keysCommand(), scanGenericCommand()
 */
import { parsed, parseSigned, writeUnsigned } from '../bytes';
import { closeGlob, globMatches, openGlob } from '../glob';
import { expireNow, isExpired } from '../keyspace/database';
import { keyLength, keyOf, typeOf } from '../keyspace/entry';
import { fetchBucket } from '../keyspace/fetch';
import { usedPlaces } from '../keyspace/chain';
import { bucketAt, cursorBucket, nextCursor, nextInChain, openChain } from '../keyspace/table';
import { arg, argc, argIs, argLength, argWord } from '../protocol/arguments';
import { closeCounted, openCounted, replyArray, replyBulk, replyError } from '../protocol/reply';
import { TYPE_HASH, TYPE_LIST, TYPE_SET, TYPE_STRING, TYPE_ZSET } from '../layout';
import { noteElements } from '../slow';
import { followsMaster, table } from '../state';
import { notAnInteger, outOfMemory, syntaxError } from './errors';
import { COUNT, MATCH, TYPE } from './words';

/** Not to be optimised away, that is all. */
let fetched: u32 = 0;

/** Buckets whose entries are fetched before the walk comes to them. */
const AHEAD: u32 = 4;

export function keys(): void {
  if (!openGlob(arg(1), argLength(1))) {
    outOfMemory();
    return;
  }
  noteElements(table.count);
  openCounted();
  let found: u32 = 0;
  const buckets: u32 = table.count === 0 ? 0 : table.buckets;
  let sum: u32 = 0;
  for (let index: u32 = 0; index < buckets; index++) {
    if (index + AHEAD < buckets) sum += fetchBucket(table, index + AHEAD);
    openChain(table, index);
    for (let entry = nextInChain(); entry !== 0; entry = nextInChain()) {
      if (!globMatches(keyOf(entry), keyLength(entry)) || isExpired(entry)) continue;
      replyBulk(keyOf(entry), keyLength(entry));
      found++;
    }
  }
  fetched = sum;
  closeCounted(found, false);
  closeGlob();
}

/** SCAN's options: how many keys, about; the arguments that have the pattern and the type, or 0. */
let wanted: u64 = 0;
let patternAt: u32 = 0;
let typeAt: u32 = 0;
let cursor: u64 = 0;

/** Which of the keys whose time has come are deleted at once; the rest waits for its turn. */
const MOST_EXPIRED: u32 = 256;
const EXPIRED: usize = memory.data(256 * 4);
let expired: u32 = 0;

/** `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]` */
export function scan(): void {
  if (!readCursor(arg(1), argLength(1))) {
    replyError('-ERR invalid cursor');
    return;
  }
  if (!readScanOptions()) return;
  if (patternAt !== 0 && !openGlob(arg(patternAt), argLength(patternAt))) {
    outOfMemory();
    return;
  }
  const from = <u32>cursor;
  const steps = walkAhead(from);
  replyArray(2);
  const digits = writeUnsigned(DIGITS, scanEnd);
  replyBulk(DIGITS, <u32>(digits - DIGITS));
  replyScanned(from, steps);
  if (patternAt !== 0) closeGlob();
  // Deleting moves entries about, so it waits until all have been looked at.
  for (let i: u32 = 0; i < expired; i++) expireNow(load<u32>(EXPIRED + ((<usize>i) << 2)));
}

const DIGITS: usize = memory.data(32);

/** The cursor to go on with. */
let scanEnd: u32 = 0;

/** Find out how far this call goes. @returns how many chains it visits. */
function walkAhead(from: u32): u32 {
  scanEnd = 0;
  if (table.count === 0) return 0;
  // Sparse tables take more steps, but not without an end: the caller may come again.
  const most = <u32>min<u64>(wanted, u32.MAX_VALUE / 10) * 10;
  let steps: u32 = 0;
  let entries: u64 = 0;
  let at = from;
  do {
    entries += usedPlaces(bucketAt(table, cursorBucket(table, at)));
    at = nextCursor(table, at);
    steps++;
  } while (at !== 0 && steps < most && entries < wanted);
  noteElements(<u32>min<u64>(entries, u32.MAX_VALUE));
  scanEnd = at;
  return steps;
}

function replyScanned(from: u32, steps: u32): void {
  const deletes = !followsMaster();
  let found: u32 = 0;
  expired = 0;
  openCounted();
  let at = from;
  for (; steps !== 0; steps--) {
    openChain(table, cursorBucket(table, at));
    for (let entry = nextInChain(); entry !== 0; entry = nextInChain()) {
      if (patternAt !== 0 && !globMatches(keyOf(entry), keyLength(entry))) continue;
      if (isExpired(entry)) {
        if (!deletes || expired === MOST_EXPIRED) continue;
        store<u32>(EXPIRED + ((<usize>expired) << 2), <u32>entry);
        expired++;
      } else if (typeAt === 0 || hasType(entry)) {
        replyBulk(keyOf(entry), keyLength(entry));
        found++;
      }
    }
    at = nextCursor(table, at);
  }
  closeCounted(found, false);
}

/** Whether an entry is of the type that the caller has named. */
function hasType(entry: usize): bool {
  switch (typeOf(entry)) {
    case TYPE_STRING:
      return argIs(typeAt, 'STRING');
    case TYPE_LIST:
      return argIs(typeAt, 'LIST');
    case TYPE_SET:
      return argIs(typeAt, 'SET');
    case TYPE_ZSET:
      return argIs(typeAt, 'ZSET');
    case TYPE_HASH:
      return argIs(typeAt, 'HASH');
    default:
      return argIs(typeAt, 'STREAM');
  }
}

/** Read a cursor, as C's strtoul does: a sign is allowed, a zero byte ends it. */
function readCursor(text: usize, length: u32): bool {
  cursor = 0;
  let at: u32 = 0;
  const sign = length === 0 ? 0 : load<u8>(text);
  const isSigned = sign === 0x2b || sign === 0x2d;
  if (isSigned) at++;
  const first = at;
  for (; at < length; at++) {
    const byte = load<u8>(text + at);
    if (byte === 0) break;
    const digit = <u64>byte - 0x30;
    if (digit > 9) return false;
    if (cursor > (u64.MAX_VALUE - digit) / 10) return false;
    cursor = cursor * 10 + digit;
  }
  if (isSigned && at === first) return false;
  if (sign === 0x2d) cursor = -cursor;
  return true;
}

/** @returns false: the error is replied. */
function readScanOptions(): bool {
  wanted = 10;
  patternAt = 0;
  typeAt = 0;
  for (let i: u32 = 2; i < argc; i += 2) {
    const value = i + 1;
    const option = argWord(i);
    if (value === argc || (option !== MATCH && option !== COUNT && option !== TYPE)) {
      syntaxError();
      return false;
    }
    if (option === MATCH) patternAt = value;
    else if (option === TYPE) typeAt = value;
    else {
      if (!parseSigned(arg(value), argLength(value))) {
        notAnInteger();
        return false;
      }
      if (parsed < 1) {
        syntaxError();
        return false;
      }
      wanted = parsed;
    }
  }
  return true;
}
