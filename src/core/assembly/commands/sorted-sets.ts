/**
 * Commands on sorted sets that name members: ZADD, ZINCRBY, ZREM, and those that ask about them.
 *
 * @see redis/redis 7.0.15 src/t_zset.c, zaddGenericCommand()
 */
import { rootCount } from '../collections/root';
import {
  addScored,
  changeScore,
  findScore,
  initZset,
  isLargeFrom,
  removeScored,
  score,
  zsetRank,
} from '../collections/zset';
import { double, readDouble } from '../double-parse';
import { closeChange, makeCollection, openChange } from '../keyspace/collections';
import { valueOf } from '../keyspace/entry';
import { TYPE_ZSET } from '../layout';
import { arg, argc, argLength, argWord } from '../protocol/arguments';
import { replyArray, replyDouble, replyError, replyInteger, replyNull } from '../protocol/reply';
import { addDirty } from '../state';
import {
  collectionToChange,
  collectionToRead,
  collectionToWrite,
  propagateFirst,
  REFUSED,
} from './collection';
import { propagateVerbatim } from './effects';
import { notAFloat, outOfMemory, syntaxError } from './errors';
import { CH, GT, INCR, LT, NX, XX } from './words';

/** What the options say. */
let nx: bool = false;
let xx: bool = false;
let gt: bool = false;
let lt: bool = false;
let ch: bool = false;
let incr: bool = false;

/** `ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member …]`. */
export function zadd(): void {
  nx = xx = gt = lt = ch = incr = false;
  const first = readOptions();
  const pairs = argc - first;
  if ((pairs & 1) !== 0 || pairs === 0) syntaxError();
  else if (nx && xx) {
    replyError('-ERR XX and NX options at the same time are not compatible');
  } else if ((gt && nx) || (lt && nx) || (gt && lt)) {
    replyError('-ERR GT, LT, and/or NX options at the same time are not compatible');
  } else if (incr && pairs > 2) {
    replyError('-ERR INCR option supports a single increment-element pair');
  } else if (areScores(first)) addPairs(first);
}

function readOptions(): u32 {
  let index: u32 = 2;
  for (; index < argc; index++) {
    const option = argWord(index);
    if (option === NX) nx = true;
    else if (option === XX) xx = true;
    else if (option === GT) gt = true;
    else if (option === LT) lt = true;
    else if (option === CH) ch = true;
    else if (option === INCR) incr = true;
    else break;
  }
  return index;
}

/** `ZINCRBY key increment member`. */
export function zincrby(): void {
  nx = xx = gt = lt = ch = false;
  incr = true;
  if (areScores(2)) addPairs(2);
}

/** All scores are read before the first is stored: none is, if one is wrong. */
function areScores(first: u32): bool {
  for (let i = first; i < argc; i += 2) {
    if (readDouble(arg(i), argLength(i))) continue;
    notAFloat();
    return false;
  }
  return true;
}

let added: u32 = 0;
let updated: u32 = 0;
/** The score of the member that was put last, and whether it was passed over. */
let result: f64 = 0;
let isSkipped: bool = false;

/** Results of put(). */
const PUT: i32 = 0;
const NO_MEMORY: i32 = 1;
const NOT_A_NUMBER: i32 = 2;

/** Add to a sorted set, and have the replicas told. */
function addPairs(first: u32): void {
  const reached = addScores(first, 2, 0);
  if (reached === argc) propagateVerbatim();
  else if (reached !== 0) propagateFirst(reached);
}

/** Options of who calls addScores() from elsewhere. */
export function beginAdding(isNew: bool, isPresent: bool, isCounted: bool): void {
  nx = isNew;
  xx = isPresent;
  ch = isCounted;
  gt = lt = incr = false;
}

/**
 * Add members of arguments to the sorted set at the first, and reply.
 *
 * @param first - index of the first score; the member is the last of every `step` arguments.
 * @param scores - the scores, f64 each; 0: they are in the arguments.
 * @returns up to which argument that has been done which changed something, if it did; or 0.
 */
export function addScores(first: u32, step: u32, scores: usize): u32 {
  let entry = collectionToChange(TYPE_ZSET, 1);
  if (entry === REFUSED) return 0;
  added = 0;
  updated = 0;
  isSkipped = true;
  if (entry === 0) {
    if (xx) {
      replyAdded();
      return 0;
    }
    entry = makeZset(argLength(first + step - 1));
    if (entry === 0) {
      outOfMemory();
      return 0;
    }
  }
  let status = PUT;
  let index = first;
  for (; index < argc; index += step) {
    let value: f64;
    if (scores === 0) {
      readDouble(arg(index), argLength(index));
      value = double;
    } else {
      value = load<f64>(scores);
      scores += 8;
    }
    const member = index + step - 1;
    status = put(valueOf(entry), value, arg(member), argLength(member));
    if (status !== PUT) break;
  }
  closeChange(entry);
  const changes = added + updated;
  if (changes !== 0) addDirty(changes);
  if (status === PUT) replyAdded();
  else if (status === NO_MEMORY) outOfMemory();
  else replyError('-ERR resulting score is not a number (NaN)');
  return changes === 0 ? 0 : index;
}

/** @returns 0: memory is exhausted. */
function makeZset(firstLength: u32): usize {
  const entry = makeCollection(TYPE_ZSET, arg(1), argLength(1));
  if (entry === 0) return 0;
  if (initZset(valueOf(entry), isLargeFrom(firstLength))) return entry;
  closeChange(entry);
  return 0;
}

function replyAdded(): void {
  if (!incr) replyInteger(ch ? added + updated : added);
  else if (isSkipped) replyNull();
  else replyDouble(result);
}

function put(root: usize, value: f64, member: usize, length: u32): i32 {
  isSkipped = false;
  result = value;
  if (!findScore(root, member, length)) {
    isSkipped = xx;
    if (xx) return PUT;
    if (!addScored(root, member, length, value)) return NO_MEMORY;
    added++;
    return PUT;
  }
  const present = score;
  if (nx) {
    isSkipped = true;
    return PUT;
  }
  if (incr) {
    value += present;
    if (isNaN(value)) return NOT_A_NUMBER;
  }
  if ((lt && value >= present) || (gt && value <= present)) {
    isSkipped = true;
    return PUT;
  }
  result = value;
  if (value === present) return PUT;
  if (!changeScore(root, member, length, value)) return NO_MEMORY;
  updated++;
  return PUT;
}

/** `ZREM key member [member …]`. */
export function zrem(): void {
  const entry = collectionToWrite(TYPE_ZSET, 1);
  if (entry === REFUSED) return;
  let removed: u32 = 0;
  if (entry !== 0) {
    const root = valueOf(entry);
    for (let i: u32 = 2; i < argc && rootCount(root) !== 0; i++) {
      if (removed === 0) {
        if (!findScore(root, arg(i), argLength(i))) continue;
        openChange(entry);
      }
      if (removeScored(root, arg(i), argLength(i))) removed++;
    }
  }
  if (removed !== 0) {
    closeChange(entry);
    addDirty(removed);
    propagateVerbatim();
  }
  replyInteger(removed);
}

export function zcard(): void {
  const entry = collectionToRead(TYPE_ZSET, 1);
  if (entry !== REFUSED) replyInteger(entry === 0 ? 0 : rootCount(valueOf(entry)));
}

export function zscore(): void {
  const entry = collectionToRead(TYPE_ZSET, 1);
  if (entry !== REFUSED) replyScore(entry, 2);
}

function replyScore(entry: usize, index: u32): void {
  if (entry !== 0 && findScore(valueOf(entry), arg(index), argLength(index))) replyDouble(score);
  else replyNull();
}

export function zmscore(): void {
  const entry = collectionToRead(TYPE_ZSET, 1);
  if (entry === REFUSED) return;
  replyArray(argc - 2);
  for (let i: u32 = 2; i < argc; i++) replyScore(entry, i);
}

export function zrank(): void {
  replyRank(false);
}

export function zrevrank(): void {
  replyRank(true);
}

function replyRank(isReversed: bool): void {
  const entry = collectionToRead(TYPE_ZSET, 1);
  if (entry === REFUSED) return;
  const rank = entry === 0 ? -1 : zsetRank(valueOf(entry), arg(2), argLength(2));
  if (rank < 0) replyNull();
  else replyInteger(isReversed ? <i32>rootCount(valueOf(entry)) - 1 - rank : rank);
}
