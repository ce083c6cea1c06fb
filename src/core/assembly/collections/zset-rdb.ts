/**
 * Sorted sets in RDB: written as the listpack that they are, or as members and scores, the greatest
 * first; read from those, from ziplists, and from the scores in decimals of older versions.
 *
 * @see redis/redis 7.0.15 src/rdb.c, rdbSaveObject(), rdbLoadObject(), rdbLoadDoubleValue()
 */
import { double, readDouble } from '../double-parse';
import { LOAD_CORRUPT, LOAD_OUT_OF_MEMORY } from '../layout';
import {
  dropText,
  fail,
  has,
  length,
  moveReader,
  readAt,
  readCount,
  readString,
  text,
  textLength,
} from '../snapshot/reader';
import { writeLength, writePlain, writeString, writeU64 } from '../snapshot/writer';
import { ENCODING_LISTPACK, ZSET_MAX_ENTRIES, ZSET_MAX_VALUE } from './layout';
import { hasTwice, packBytes, packCount } from './listpack';
import {
  exchange,
  LOAD_DONE,
  LOAD_EMPTY,
  LOAD_GOES_ON,
  LOAD_STOPPED,
  madePack,
  stop,
  takePack,
} from './load-status';
import { rootBlock, rootCount, rootEncoding, setRoot } from './root';
import { packOfZiplist } from './ziplist';
import { addScored, convertZset, findScore, initZset, isPacked, packZset } from './zset';
import { hasScores } from './zset-pack';
import { openWalk, walk, walkedAt, walkedLength, walkedScore } from './zset-walk';

export const RDB_ZSET: u8 = 3;
export const RDB_ZSET_2: u8 = 5;
export const RDB_ZSET_ZIPLIST: u8 = 12;
export const RDB_ZSET_LISTPACK: u8 = 17;

export function rdbTypeOfZset(root: usize): u8 {
  return isPacked(root) ? RDB_ZSET_LISTPACK : RDB_ZSET_2;
}

export function saveZset(root: usize): void {
  const block = rootBlock(root);
  if (isPacked(root)) {
    writePlain(block, packBytes(block));
    return;
  }
  const count = rootCount(root);
  writeLength(count);
  openWalk(root, count - 1, true);
  while (walk()) {
    writeString(walkedAt, walkedLength);
    writeU64(reinterpret<u64>(walkedScore));
  }
}

/** Members that are still to come, and how long the longest so far is. */
let left: u64 = 0;
let longest: u32 = 0;

/** @see exchangeProgress */
export function exchangeZsetProgress(at: usize): void {
  left = exchange(at, left);
  longest = <u32>exchange(at + 8, longest);
}

const MEMBER_TEXT: usize = memory.data(24);

/** Load what comes next. @param root - leads to nothing at first. @returns LOAD_… */
export function loadZset(rdbType: u8, root: usize): i32 {
  if (rootEncoding(root) !== 0) return loadMember(rdbType, root);
  if (rdbType !== RDB_ZSET && rdbType !== RDB_ZSET_2) return loadPacked(rdbType, root);
  if (!readCount()) return LOAD_STOPPED;
  if (length === 0) return LOAD_EMPTY;
  left = length;
  longest = 0;
  if (initZset(root, true)) return LOAD_GOES_ON;
  return stop(LOAD_OUT_OF_MEMORY);
}

function loadMember(rdbType: u8, root: usize): i32 {
  if (!readString(MEMBER_TEXT)) return LOAD_STOPPED;
  let status = LOAD_STOPPED;
  if (rdbType === RDB_ZSET ? readDecimal() : readBinary()) status = putMember(root);
  dropText();
  return status;
}

function putMember(root: usize): i32 {
  if (isNaN(score) || findScore(root, text, textLength)) return stop(LOAD_CORRUPT);
  longest = max(longest, textLength);
  if (!addScored(root, text, textLength, score)) return stop(LOAD_OUT_OF_MEMORY);
  if (--left !== 0) return LOAD_GOES_ON;
  const isSmall =
    rootCount(root) <= load<u32>(ZSET_MAX_ENTRIES) && longest <= load<u32>(ZSET_MAX_VALUE);
  return !isSmall || packZset(root) ? LOAD_DONE : stop(LOAD_OUT_OF_MEMORY);
}

/** The score that was read. */
let score: f64 = 0;

function readBinary(): bool {
  if (!has(8)) return false;
  score = load<f64>(readAt);
  moveReader(readAt + 8);
  return true;
}

/** A byte of length and decimals; three lengths stand for what has none. */
function readDecimal(): bool {
  if (!has(1)) return false;
  const size = <u32>load<u8>(readAt);
  if (size >= 253) {
    score = size === 253 ? NaN : size === 254 ? Infinity : -Infinity;
    moveReader(readAt + 1);
    return true;
  }
  if (!has(size + 1)) return false;
  if (!readDouble(readAt + 1, size)) return fail(LOAD_CORRUPT);
  score = double;
  moveReader(readAt + 1 + size);
  return true;
}

function loadPacked(rdbType: u8, root: usize): i32 {
  if (!readString(MEMBER_TEXT)) return LOAD_STOPPED;
  const pack =
    rdbType === RDB_ZSET_LISTPACK ? takePack() : madePack(packOfZiplist(text, textLength));
  if (pack === 0) return LOAD_STOPPED;
  const count = packCount(pack);
  setRoot(root, pack, count >> 1, ENCODING_LISTPACK);
  if (count === 0) return LOAD_EMPTY;
  if (!hasScores(pack)) return stop(LOAD_CORRUPT);
  // Who makes an index of it notices a member that is there twice.
  const isLarge = rootCount(root) > load<u32>(ZSET_MAX_ENTRIES);
  if (isLarge && convertZset(root)) return LOAD_DONE;
  if (hasTwice(pack)) return stop(LOAD_CORRUPT);
  return isLarge ? stop(LOAD_OUT_OF_MEMORY) : LOAD_DONE;
}
