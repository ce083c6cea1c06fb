/**
 * Ranges of a sorted set, as arguments give them: by rank, by score or by member; and what members
 * a set has there.
 *
 * @see redis/redis 7.0.15 src/t_zset.c, zslParseRange(), zslParseLexRangeItem()
 */
import { rootCount } from '../collections/root';
import { countBefore, countBelow } from '../collections/zset-walk';
import { double, isExclusive, readBound } from '../double-parse';
import { arg, argLength } from '../protocol/arguments';
import { replyError } from '../protocol/reply';
import { first as firstRank, last as lastRank, readFirst, readLast } from './ranges';

/** What a range is of. */
export const BY_RANK: u32 = 0;
export const BY_SCORE: u32 = 1;
export const BY_LEX: u32 = 2;

let kind: u32 = BY_RANK;
let least: f64 = 0;
let most: f64 = 0;
let isLeastOut: bool = false;
let isMostOut: bool = false;

/** An end of a range of members: nothing is before MINUS, all is before PLUS. */
const TEXT: u32 = 0;
const MINUS: u32 = 1;
const PLUS: u32 = 2;
let leastKind: u32 = TEXT;
let mostKind: u32 = TEXT;
let leastIndex: u32 = 0;
let mostIndex: u32 = 0;

/** The members in the range: from a rank on, so many. */
export let from: u32 = 0;
export let count: u32 = 0;

/**
 * Read the arguments that are a range's ends.
 *
 * @param low - index of the lower one, for scores and members.
 * @returns false: they are none, and the error is replied.
 */
export function readBounds(by: u32, low: u32, high: u32): bool {
  kind = by;
  if (by === BY_RANK) return readFirst(low) && readLast(high);
  if (by === BY_SCORE) return readScores(low, high);
  return readMembers(low, high);
}

function readScores(low: u32, high: u32): bool {
  if (readBound(arg(low), argLength(low))) {
    least = double;
    isLeastOut = isExclusive;
    if (readBound(arg(high), argLength(high))) {
      most = double;
      isMostOut = isExclusive;
      return true;
    }
  }
  replyError('-ERR min or max is not a float');
  return false;
}

function readMembers(low: u32, high: u32): bool {
  if (readMember(low)) {
    leastKind = memberKind;
    isLeastOut = isMemberOut;
    leastIndex = low;
    if (readMember(high)) {
      mostKind = memberKind;
      isMostOut = isMemberOut;
      mostIndex = high;
      return true;
    }
  }
  replyError('-ERR min or max not valid string range item');
  return false;
}

let memberKind: u32 = TEXT;
let isMemberOut: bool = false;

function readMember(index: u32): bool {
  const length = argLength(index);
  if (length === 0) return false;
  const at = arg(index);
  const first = load<u8>(at);
  // As in C, where a NUL ends it.
  const isAlone = length === 1 || load<u8>(at, 1) === 0;
  memberKind = first === 0x2d ? MINUS : first === 0x2b ? PLUS : TEXT;
  isMemberOut = first !== 0x5b;
  return memberKind === TEXT ? first === 0x28 || first === 0x5b : isAlone;
}

/** Find the members of a set that are in the range: `from` and `count`. */
export function findRange(root: usize): void {
  const total = rootCount(root);
  from = 0;
  count = 0;
  if (kind === BY_RANK) {
    findRanks(total);
    return;
  }
  let end: u32 = 0;
  if (kind === BY_SCORE) {
    from = countBelow(root, least, isLeastOut);
    end = countBelow(root, most, !isMostOut);
  } else {
    from =
      leastKind === TEXT ? countText(root, leastIndex, isLeastOut) : leastKind === PLUS ? total : 0;
    end =
      mostKind === TEXT ? countText(root, mostIndex, !isMostOut) : mostKind === PLUS ? total : 0;
  }
  count = end > from ? end - from : 0;
}

/** @param index - of an argument, whose first byte says only how the rest is meant. */
function countText(root: usize, index: u32, isWith: bool): u32 {
  return countBefore(root, arg(index) + 1, argLength(index) - 1, isWith);
}

function findRanks(total: u32): void {
  let first = firstRank < 0 ? max<i64>(firstRank + total, 0) : firstRank;
  let last = lastRank < 0 ? lastRank + total : lastRank;
  last = min<i64>(last, <i64>total - 1);
  if (first > last) return;
  from = <u32>first;
  count = <u32>(last - first) + 1;
}

/** Of ranks counted from the greatest on. */
export function turnRanks(total: u32): void {
  if (count !== 0) from = total - from - count;
}
