/**
 * What all types of collections can: a switch on the type for each thing, which calls the type's
 * file.
 *
 * A type of TYPE_STRING is not asked for here: its bytes are its value.
 */
import { blockSize } from '../allocator/slabs';
import { TYPE_HASH, TYPE_LIST, TYPE_SET, TYPE_STREAM, TYPE_ZSET } from '../layout';
import { copyHash, freeHash, isHashWhole, nextFieldHere, nextFields, openFieldsAt } from './hash';
import { fieldAt, fieldLength, valueAt, valueLength } from './hash';
import {
  exchangeHashProgress,
  loadHash,
  RDB_HASH,
  RDB_HASH_LISTPACK,
  RDB_HASH_ZIPLIST,
  RDB_HASH_ZIPMAP,
  rdbTypeOfHash,
  saveHash,
} from './hash-rdb';
import { ENCODING_SKIPLIST, ENCODING_STREAM, ENCODING_TABLE } from './layout';
import {
  exchangeListProgress,
  loadList,
  RDB_LIST,
  RDB_LIST_QUICKLIST,
  RDB_LIST_QUICKLIST_2,
  RDB_LIST_ZIPLIST,
  saveList,
} from './list-rdb';
import { LOAD_STOPPED } from './load-status';
import { membersBytes } from './members-index';
import {
  elementAt,
  elementLength,
  enterNode,
  firstNode,
  forwardInNode,
  nodeAfter,
  readHere,
} from './quicklist';
import { copyList, countNodes, freeList, listBytes } from './quicklist-whole';
import { rootBlock, rootCount, rootEncoding, setRoot } from './root';
import { copySet, freeSet, isSetWhole, nextMemberHere, nextMembers, openMembersAt } from './set';
import { memberAt, memberLength } from './set';
import {
  exchangeSetProgress,
  loadSet,
  RDB_SET,
  RDB_SET_INTSET,
  rdbTypeOfSet,
  saveSet,
} from './set-rdb';
import { writeRaw, writeU32 } from '../snapshot/writer';
import { copyStream, freeSome, streamBlocks, streamBytes } from './stream';
import { writeStreamPage } from './stream-pages';
import { exchangeStreamProgress, loadStream, RDB_STREAM, RDB_STREAM_2 } from './stream-rdb';
import { saveStream } from './stream-save';
import { copyZset, freeZset, zsetBytes } from './zset';
import { writeZsetPage } from './zset-page';
import {
  exchangeZsetProgress,
  loadZset,
  RDB_ZSET,
  RDB_ZSET_2,
  RDB_ZSET_LISTPACK,
  RDB_ZSET_ZIPLIST,
  rdbTypeOfZset,
  saveZset,
} from './zset-rdb';

/** @returns how many blocks a value consists of, about: what freeing it costs. */
export function valueBlocks(type: u32, root: usize): u32 {
  if (type === TYPE_LIST) return countNodes(root, MANY_NODES);
  if (type === TYPE_STREAM) return streamBlocks(rootBlock(root));
  const encoding = rootEncoding(root);
  return encoding === ENCODING_TABLE || encoding === ENCODING_SKIPLIST ? rootCount(root) : 1;
}

/** Of a list with more nodes it is enough to know that they are many. */
const MANY_NODES: u32 = 128;

/** @returns bytes of all its blocks. */
export function valueBytes(type: u32, root: usize): u64 {
  if (type === TYPE_LIST) return listBytes(root);
  if (type === TYPE_ZSET) return zsetBytes(root);
  const block = rootBlock(root);
  if (type === TYPE_STREAM) return streamBytes(block);
  return rootEncoding(root) === ENCODING_TABLE ? membersBytes(block) : blockSize(block);
}

/** For assertions: whether a root counts what it leads to. */
export function isWhole(type: u32, root: usize): bool {
  if (rootEncoding(root) === 0) return rootCount(root) === 0;
  if (type === TYPE_HASH) return isHashWhole(root);
  return type !== TYPE_SET || isSetWhole(root);
}

/**
 * Free some of a value; nothing else may be done with it any more.
 *
 * @param budget - blocks.
 * @returns what is left of it; 0: there may be more to free.
 */
export function freeValue(type: u32, root: usize, budget: u32): u32 {
  switch (type) {
    case TYPE_HASH:
      return freeHash(root, budget);
    case TYPE_LIST:
      return freeList(root, budget);
    case TYPE_SET:
      return freeSet(root, budget);
    case TYPE_STREAM:
      return freeSome(rootBlock(root), budget);
    case TYPE_ZSET:
      return freeZset(root, budget);
    default:
      return unreachable();
  }
}

/** Let a root lead to a copy of another's value. @returns false: memory is exhausted. */
export function copyValue(type: u32, from: usize, to: usize): bool {
  switch (type) {
    case TYPE_HASH:
      return copyHash(from, to);
    case TYPE_LIST:
      return copyList(from, to);
    case TYPE_SET:
      return copySet(from, to);
    case TYPE_STREAM: {
      const stream = copyStream(rootBlock(from));
      setRoot(to, stream, rootCount(from), stream === 0 ? 0 : ENCODING_STREAM);
      return stream !== 0;
    }
    case TYPE_ZSET:
      return copyZset(from, to);
    default:
      return unreachable();
  }
}

/** @returns what a value is in RDB. */
export function rdbTypeOf(type: u32, root: usize): u8 {
  switch (type) {
    case TYPE_HASH:
      return rdbTypeOfHash(root);
    case TYPE_LIST:
      return RDB_LIST_QUICKLIST_2;
    case TYPE_SET:
      return rdbTypeOfSet(root);
    case TYPE_STREAM:
      return RDB_STREAM_2;
    case TYPE_ZSET:
      return rdbTypeOfZset(root);
    default:
      return unreachable();
  }
}

/** Write a value with snapshot/writer.ts. */
export function saveValue(type: u32, root: usize): void {
  switch (type) {
    case TYPE_HASH:
      saveHash(root);
      return;
    case TYPE_LIST:
      saveList(root);
      return;
    case TYPE_SET:
      saveSet(root);
      return;
    case TYPE_STREAM:
      saveStream(root);
      return;
    case TYPE_ZSET:
      saveZset(root);
      return;
    default:
      unreachable();
  }
}

/** What is no type that can be loaded. */
export const NO_TYPE: u32 = 0xff;

/** @returns the type of what RDB calls that; NO_TYPE: it is not known here. */
export function typeOfRdb(rdbType: u8): u32 {
  switch (rdbType) {
    case RDB_HASH:
    case RDB_HASH_ZIPMAP:
    case RDB_HASH_ZIPLIST:
    case RDB_HASH_LISTPACK:
      return TYPE_HASH;
    case RDB_LIST:
    case RDB_LIST_ZIPLIST:
    case RDB_LIST_QUICKLIST:
    case RDB_LIST_QUICKLIST_2:
      return TYPE_LIST;
    case RDB_SET:
    case RDB_SET_INTSET:
      return TYPE_SET;
    case RDB_STREAM:
    case RDB_STREAM_2:
      return TYPE_STREAM;
    case RDB_ZSET:
    case RDB_ZSET_2:
    case RDB_ZSET_ZIPLIST:
    case RDB_ZSET_LISTPACK:
      return TYPE_ZSET;
    default:
      return NO_TYPE;
  }
}

/**
 * Load what comes next of a value, with snapshot/reader.ts.
 *
 * @param root - leads to nothing at first, and to what there is of the value afterwards, even if
 * that turns out to be wrong.
 * @returns LOAD_… (load-status.ts).
 */
export function loadValue(rdbType: u8, root: usize): i32 {
  switch (typeOfRdb(rdbType)) {
    case TYPE_HASH:
      return loadHash(rdbType, root);
    case TYPE_LIST:
      return loadList(rdbType, root);
    case TYPE_SET:
      return loadSet(rdbType, root);
    case TYPE_STREAM:
      return loadStream(rdbType, root);
    case TYPE_ZSET:
      return loadZset(rdbType, root);
    default:
      return LOAD_STOPPED;
  }
}

/**
 * A type keeps how far its present value has come, of one value at a time: exchange that with what
 * is kept here, before and after another value is loaded.
 *
 * @param at - PROGRESS_SIZE bytes, aligned by 8.
 */
export function exchangeProgress(type: u32, at: usize): void {
  switch (type) {
    case TYPE_HASH:
      return exchangeHashProgress(at);
    case TYPE_LIST:
      return exchangeListProgress(at);
    case TYPE_SET:
      return exchangeSetProgress(at);
    case TYPE_STREAM:
      return exchangeStreamProgress(at);
    case TYPE_ZSET:
      return exchangeZsetProgress(at);
  }
}

/** A stream's, which is the longest. */
export const PROGRESS_SIZE: i32 = 64;

/**
 * Write a page of a value's elements for the host, each as u32 length and bytes: a hash's fields
 * and values in turn, a set's members, of each entry of a
 * stream its id with a dot, its fields and values.
 *
 * @param cursor - 0 begins.
 * @returns the cursor of the next page; 0: that was all.
 */
export function writePage(type: u32, root: usize, cursor: u32): u32 {
  if (type === TYPE_LIST) return writeNode(cursor === 0 ? firstNode(root) : cursor);
  if (type === TYPE_HASH) {
    openFieldsAt(root, cursor);
    while (nextFieldHere()) {
      writeElement(fieldAt, fieldLength);
      writeElement(valueAt, valueLength);
    }
    return nextFields();
  }
  if (type === TYPE_STREAM) return writeStreamPage(rootBlock(root), cursor);
  if (type === TYPE_ZSET) return writeZsetPage(root, cursor);
  openMembersAt(root, cursor);
  while (nextMemberHere()) writeElement(memberAt, memberLength);
  return nextMembers();
}

/** A list's page is a node; the cursor of the next is where it lies. */
function writeNode(node: usize): u32 {
  let isThere = enterNode(node, true);
  while (isThere) {
    readHere();
    writeElement(elementAt, elementLength);
    isThere = forwardInNode();
  }
  return <u32>nodeAfter(node);
}

function writeElement(at: usize, length: u32): void {
  writeU32(length);
  writeRaw(at, length);
}
