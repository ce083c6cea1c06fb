/**
 * Hashes in RDB: written as pairs or as the listpack that they are; read from those and from the
 * ziplists and zipmaps of older versions.
 *
 * @see redis/redis 7.0.15 src/rdb.c, rdbSaveObject(), rdbLoadObject()
 */
import { release } from '../allocator/slabs';
import { LOAD_CORRUPT, LOAD_OUT_OF_MEMORY } from '../layout';
import {
  dropText,
  fail,
  length,
  readCount,
  readString,
  text,
  textBlock,
  textLength,
} from '../snapshot/reader';
import { writeLength, writePlain, writeString } from '../snapshot/writer';
import {
  convertHash,
  FIELD_NEW,
  fieldAt,
  fieldLength,
  findField,
  initHash,
  nextField,
  NO_MEMORY,
  openFields,
  putField,
  valueAt,
  valueLength,
} from './hash';
import { ENCODING_LISTPACK, HASH_MAX_ENTRIES, HASH_MAX_VALUE } from './layout';
import { firstPlace, hasTwice, nextPlace, packBytes, packCount, readText } from './listpack';
import { textLength as elementLength } from './listpack';
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
import { packOfZiplist, packOfZipmap } from './ziplist';

export const RDB_HASH: u8 = 4;
export const RDB_HASH_ZIPMAP: u8 = 9;
export const RDB_HASH_ZIPLIST: u8 = 13;
export const RDB_HASH_LISTPACK: u8 = 16;

export function rdbTypeOfHash(root: usize): u8 {
  return rootEncoding(root) === ENCODING_LISTPACK ? RDB_HASH_LISTPACK : RDB_HASH;
}

export function saveHash(root: usize): void {
  const block = rootBlock(root);
  if (rootEncoding(root) === ENCODING_LISTPACK) {
    writePlain(block, packBytes(block));
    return;
  }
  writeLength(rootCount(root));
  openFields(root);
  while (nextField()) {
    writeString(fieldAt, fieldLength);
    writeString(valueAt, valueLength);
  }
}

/** Pairs that are still to come. */
let left: u64 = 0;

/** @see exchangeProgress */
export function exchangeHashProgress(at: usize): void {
  left = exchange(at, left);
}

const FIELD_TEXT: usize = memory.data(24);
const VALUE_TEXT: usize = memory.data(24);

/** Load what comes next. @param root - leads to nothing at first. @returns LOAD_… */
export function loadHash(rdbType: u8, root: usize): i32 {
  if (rootEncoding(root) !== 0) return loadPair(root);
  if (rdbType !== RDB_HASH) return loadPacked(rdbType, root);
  if (!readCount()) return LOAD_STOPPED;
  if (length === 0) return LOAD_EMPTY;
  left = length;
  const isLarge = length > load<u32>(HASH_MAX_ENTRIES);
  if (initHash(root) && (!isLarge || convertHash(root))) return LOAD_GOES_ON;
  return stop(LOAD_OUT_OF_MEMORY);
}

function loadPair(root: usize): i32 {
  if (!readString(FIELD_TEXT)) return LOAD_STOPPED;
  const field = text;
  const fieldSize = textLength;
  const fieldBlock = textBlock;
  let status = LOAD_STOPPED;
  if (readString(VALUE_TEXT)) {
    if (findField(root, field, fieldSize)) fail(LOAD_CORRUPT);
    else {
      const result = putField(root, field, fieldSize, text, textLength);
      if (result === NO_MEMORY) fail(LOAD_OUT_OF_MEMORY);
      else if (result === FIELD_NEW) status = --left === 0 ? LOAD_DONE : LOAD_GOES_ON;
    }
    dropText();
  }
  if (fieldBlock !== 0) release(fieldBlock);
  return status;
}

function loadPacked(rdbType: u8, root: usize): i32 {
  if (!readString(FIELD_TEXT)) return LOAD_STOPPED;
  let pack: usize;
  if (rdbType === RDB_HASH_LISTPACK) pack = takePack();
  else if (rdbType === RDB_HASH_ZIPMAP) pack = madePack(packOfZipmap(text, textLength));
  else pack = madePack(packOfZiplist(text, textLength));
  if (pack === 0) return LOAD_STOPPED;
  const count = packCount(pack);
  setRoot(root, pack, count >> 1, ENCODING_LISTPACK);
  if ((count & 1) !== 0) return stop(LOAD_CORRUPT);
  if (count === 0) return LOAD_EMPTY;
  return settle(root, rdbType);
}

/** Make an index of what is too much for one block, and see that no field is there twice. */
function settle(root: usize, rdbType: u8): i32 {
  const isLarge = rootCount(root) > load<u32>(HASH_MAX_ENTRIES);
  // Only of a zipmap Redis looks at the lengths.
  if (isLarge || (rdbType === RDB_HASH_ZIPMAP && hasLong(rootBlock(root)))) {
    if (convertHash(root)) return LOAD_DONE;
    return hasTwice(rootBlock(root)) ? stop(LOAD_CORRUPT) : stop(LOAD_OUT_OF_MEMORY);
  }
  return hasTwice(rootBlock(root)) ? stop(LOAD_CORRUPT) : LOAD_DONE;
}

function hasLong(pack: usize): bool {
  const limit = load<u32>(HASH_MAX_VALUE);
  for (let at = firstPlace(pack); at !== 0; at = nextPlace(at)) {
    readText(at);
    if (elementLength > limit) return true;
  }
  return false;
}
