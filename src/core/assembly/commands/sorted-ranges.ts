/**
 * Commands on ranges of a sorted set: ZRANGE and what came before it, ZRANGESTORE, ZREMRANGEBY…,
 * ZCOUNT.
 *
 * @see redis/redis 7.0.15 src/t_zset.c, zrangeGenericCommand(), zremrangeGenericCommand()
 */
import { parsed, parseSigned } from '../bytes';
import { releaseValue } from '../collections/discarded-values';
import { ROOT_SIZE, ZSET_MAX_ENTRIES } from '../collections/layout';
import { clearRoot, rootCount } from '../collections/root';
import { addScored, findScore, initZset, removeRanks } from '../collections/zset';
import { openWalk, walk, walkedAt, walkedLength, walkedScore } from '../collections/zset-walk';
import { closeChange, openChange } from '../keyspace/collections';
import { deleteFound, lookupWrite, NO_EXPIRY, setFound } from '../keyspace/database';
import { valueOf } from '../keyspace/entry';
import { FLAG_RESP3, TYPE_ZSET } from '../layout';
import { arg, argc, argIs, argLength, argWord } from '../protocol/arguments';
import {
  isReplyBroken,
  replyArray,
  replyBulk,
  replyDouble,
  replyError,
  replyInteger,
} from '../protocol/reply';
import { addDirty, flags } from '../state';
import { collectionToRead, collectionToWrite, REFUSED } from './collection';
import { propagateVerbatim } from './effects';
import { notAnInteger, outOfMemory, syntaxError } from './errors';
import {
  BY_LEX,
  BY_RANK,
  BY_SCORE,
  count,
  findRange,
  from,
  readBounds,
  turnRanks,
} from './sorted-bounds';
import { BYLEX, BYSCORE, LIMIT, REV } from './words';

/** What a range is of, when the options say it. */
const BY_OPTION: u32 = 3;

let kind: u32 = BY_RANK;
let isReversed: bool = false;
let withScores: bool = false;
let offset: i64 = 0;
let limit: i64 = -1;
/** The members that remain: from a rank on, so many, upwards or downwards. */
let start: u32 = 0;
let size: u32 = 0;

export function zrange(): void {
  isReversed = false;
  if (readRange(1, BY_OPTION, false)) replyRange();
}

export function zrevrange(): void {
  isReversed = true;
  if (readRange(1, BY_RANK, false)) replyRange();
}

export function zrangebyscore(): void {
  isReversed = false;
  if (readRange(1, BY_SCORE, false)) replyRange();
}

export function zrevrangebyscore(): void {
  isReversed = true;
  if (readRange(1, BY_SCORE, false)) replyRange();
}

export function zrangebylex(): void {
  isReversed = false;
  if (readRange(1, BY_LEX, false)) replyRange();
}

export function zrevrangebylex(): void {
  isReversed = true;
  if (readRange(1, BY_LEX, false)) replyRange();
}

/** Read a range and its options, from the set's key on. @returns false: the error is replied. */
function readRange(key: u32, by: u32, isStored: bool): bool {
  kind = by;
  withScores = false;
  offset = 0;
  limit = -1;
  const isFree = by === BY_OPTION;
  for (let i = key + 3; i < argc; i++) {
    const option = argWord(i);
    if (!isStored && argIs(i, 'WITHSCORES')) withScores = true;
    else if (option === LIMIT && argc - i > 2) {
      if (!readLimit(i + 1)) return false;
      i += 2;
    } else if (isFree && !isReversed && option === REV) isReversed = true;
    else if (kind === BY_OPTION && option === BYLEX) kind = BY_LEX;
    else if (kind === BY_OPTION && option === BYSCORE) kind = BY_SCORE;
    else {
      syntaxError();
      return false;
    }
  }
  if (kind === BY_OPTION) kind = BY_RANK;
  if (limit !== -1 && kind === BY_RANK) {
    replyError(
      '-ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX',
    );
    return false;
  }
  if (withScores && kind === BY_LEX) {
    replyError('-ERR syntax error, WITHSCORES not supported in combination with BYLEX');
    return false;
  }
  // A reversed range is given from its greatest on.
  const isTurned = isReversed && kind !== BY_RANK;
  return readBounds(kind, key + (isTurned ? 2 : 1), key + (isTurned ? 1 : 2));
}

function readLimit(index: u32): bool {
  if (parseSigned(arg(index), argLength(index))) {
    offset = parsed;
    if (parseSigned(arg(index + 1), argLength(index + 1))) {
      limit = parsed;
      return true;
    }
  }
  notAnInteger();
  return false;
}

/** Which members of a set are meant: `start` and `size`. */
function select(root: usize): void {
  findRange(root);
  start = from;
  size = count;
  if (kind === BY_RANK) {
    if (isReversed) {
      turnRanks(rootCount(root));
      start = from;
    }
  } else {
    const skipped = offset < 0 ? size : <u32>min<i64>(offset, size);
    size -= skipped;
    const kept = limit < 0 ? size : <u32>min<i64>(limit, size);
    start += isReversed ? size - kept : skipped;
    size = kept;
  }
  if (size !== 0) openWalk(root, isReversed ? start + size - 1 : start, isReversed);
}

function replyRange(): void {
  const entry = collectionToRead(TYPE_ZSET, 1);
  if (entry === REFUSED) return;
  size = 0;
  if (entry !== 0) select(valueOf(entry));
  const isNested = withScores && (flags & FLAG_RESP3) !== 0;
  replyArray(withScores && !isNested ? size << 1 : size);
  for (; size !== 0 && !isReplyBroken(); size--) {
    walk();
    if (isNested) replyArray(2);
    replyBulk(walkedAt, walkedLength);
    if (withScores) replyDouble(walkedScore);
  }
}

/** A sorted set that is made before it has a key. */
const MADE: usize = memory.data(16);

/** `ZRANGESTORE to from min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]`. */
export function zrangestore(): void {
  isReversed = false;
  if (!readRange(2, BY_OPTION, true)) return;
  const entry = collectionToRead(TYPE_ZSET, 2);
  if (entry === REFUSED) return;
  size = 0;
  clearRoot(MADE);
  if (entry !== 0) select(valueOf(entry));
  if (size !== 0 && !copyWalked()) {
    releaseValue(TYPE_ZSET, MADE);
    outOfMemory();
    return;
  }
  storeZset(MADE, 1);
}

function copyWalked(): bool {
  if (!initZset(MADE, size > load<u32>(ZSET_MAX_ENTRIES))) return false;
  for (; size !== 0; size--) {
    walk();
    findScore(MADE, walkedAt, walkedLength);
    if (!addScored(MADE, walkedAt, walkedLength, walkedScore)) return false;
  }
  return true;
}

/**
 * Store a sorted set at the key that an argument names, in the place of whatever is there, or
 * delete that if the set has no members; reply with how many it has.
 *
 * @param root - its value is the key's afterwards, or gone.
 */
export function storeZset(root: usize, index: u32): void {
  const key = arg(index);
  const length = argLength(index);
  const found = lookupWrite(key, length);
  const members = rootCount(root);
  if (members === 0) {
    releaseValue(TYPE_ZSET, root);
    if (found !== 0) deleteFound(found);
    else {
      replyInteger(0);
      return;
    }
  } else if (!setFound(found, key, length, root, ROOT_SIZE, NO_EXPIRY, TYPE_ZSET)) {
    releaseValue(TYPE_ZSET, root);
    outOfMemory();
    return;
  }
  addDirty(1);
  propagateVerbatim();
  replyInteger(members);
}

export function zremrangebyrank(): void {
  removeRange(BY_RANK);
}

export function zremrangebyscore(): void {
  removeRange(BY_SCORE);
}

export function zremrangebylex(): void {
  removeRange(BY_LEX);
}

function removeRange(by: u32): void {
  if (!readBounds(by, 2, 3)) return;
  const entry = collectionToWrite(TYPE_ZSET, 1);
  if (entry === REFUSED) return;
  let removed: u32 = 0;
  if (entry !== 0) {
    findRange(valueOf(entry));
    removed = count;
  }
  if (removed !== 0) {
    openChange(entry);
    removeRanks(valueOf(entry), from, removed);
    closeChange(entry);
    addDirty(removed);
    propagateVerbatim();
  }
  replyInteger(removed);
}

export function zcount(): void {
  replyCount(BY_SCORE);
}

export function zlexcount(): void {
  replyCount(BY_LEX);
}

function replyCount(by: u32): void {
  if (!readBounds(by, 2, 3)) return;
  const entry = collectionToRead(TYPE_ZSET, 1);
  if (entry === REFUSED) return;
  if (entry !== 0) findRange(valueOf(entry));
  replyInteger(entry === 0 ? 0 : count);
}
