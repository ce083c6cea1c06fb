/**
 * Sets in RDB: written as members or as the intset that they are, and read from those.
 *
 * @see redis/redis 7.0.15 src/rdb.c, rdbSaveObject(), rdbLoadObject()
 */
import { LOAD_CORRUPT, LOAD_OUT_OF_MEMORY } from '../layout';
import {
  dropText,
  length,
  readCount,
  readString,
  takeText,
  text,
  textLength,
} from '../snapshot/reader';
import { writeLength, writePlain, writeString } from '../snapshot/writer';
import { intsetBytes, intsetCount, isIntset } from './intset';
import { ENCODING_INTSET, ENCODING_TABLE, SET_MAX_INTSET } from './layout';
import { exchange, LOAD_DONE, LOAD_EMPTY, LOAD_GOES_ON, LOAD_STOPPED, stop } from './load-status';
import { rootBlock, rootCount, rootEncoding, setRoot } from './root';
import {
  addMember,
  convertSet,
  initSet,
  memberAt,
  memberLength,
  MEMBER_NEW,
  MEMBER_PRESENT,
  nextMember,
  openMembers,
} from './set';

export const RDB_SET: u8 = 2;
export const RDB_SET_INTSET: u8 = 11;

export function rdbTypeOfSet(root: usize): u8 {
  return rootEncoding(root) === ENCODING_INTSET ? RDB_SET_INTSET : RDB_SET;
}

export function saveSet(root: usize): void {
  const block = rootBlock(root);
  if (rootEncoding(root) === ENCODING_INTSET) {
    writePlain(block, intsetBytes(block));
    return;
  }
  writeLength(rootCount(root));
  openMembers(root);
  while (nextMember()) writeString(memberAt, memberLength);
}

/** Members that are still to come. */
let left: u64 = 0;

/** @see exchangeProgress */
export function exchangeSetProgress(at: usize): void {
  left = exchange(at, left);
}

const MEMBER_TEXT: usize = memory.data(24);

/** Load what comes next. @param root - leads to nothing at first. @returns LOAD_… */
export function loadSet(rdbType: u8, root: usize): i32 {
  if (rootEncoding(root) !== 0) return loadMember(root);
  if (rdbType === RDB_SET_INTSET) return loadIntset(root);
  if (!readCount()) return LOAD_STOPPED;
  if (length === 0) return LOAD_EMPTY;
  left = length;
  const isLarge = length > load<u32>(SET_MAX_INTSET);
  if (initSet(root, isLarge ? ENCODING_TABLE : ENCODING_INTSET)) return LOAD_GOES_ON;
  return stop(LOAD_OUT_OF_MEMORY);
}

function loadMember(root: usize): i32 {
  if (!readString(MEMBER_TEXT)) return LOAD_STOPPED;
  const result = addMember(root, text, textLength);
  dropText();
  if (result === MEMBER_NEW) return --left === 0 ? LOAD_DONE : LOAD_GOES_ON;
  return stop(result === MEMBER_PRESENT ? LOAD_CORRUPT : LOAD_OUT_OF_MEMORY);
}

function loadIntset(root: usize): i32 {
  if (!readString(MEMBER_TEXT)) return LOAD_STOPPED;
  if (!isIntset(text, textLength)) {
    dropText();
    return stop(LOAD_CORRUPT);
  }
  const ints = takeText();
  if (ints !== 0) {
    setRoot(root, ints, intsetCount(ints), ENCODING_INTSET);
    if (rootCount(root) <= load<u32>(SET_MAX_INTSET) || convertSet(root)) return LOAD_DONE;
  }
  return stop(LOAD_OUT_OF_MEMORY);
}
