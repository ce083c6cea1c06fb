/**
 * Lists in RDB: written node by node, as they are; read from those, from nodes of ziplists, from
 * one ziplist and from plain elements.
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
  takeText,
  text,
  textLength as readLength,
} from '../snapshot/reader';
import { writeLength, writePlain } from '../snapshot/writer';
import {
  checkPack,
  firstPlace,
  nextPlace,
  packCount,
  readText,
  textAt,
  textLength,
} from './listpack';
import {
  exchange,
  LOAD_DONE,
  LOAD_EMPTY,
  LOAD_GOES_ON,
  LOAD_STOPPED,
  madePack,
} from './load-status';
import {
  firstNode,
  initList,
  isPlain,
  lastNode,
  linkNode,
  newNode,
  nodeAfter,
  nodeBlock,
  nodeBytes,
  pushElement,
  setPlainLength,
} from './quicklist';
import { countNodes } from './quicklist-whole';
import { clearRoot, rootCount, rootEncoding } from './root';
import { packOfZiplist } from './ziplist';

export const RDB_LIST: u8 = 1;
export const RDB_LIST_ZIPLIST: u8 = 10;
export const RDB_LIST_QUICKLIST: u8 = 14;
export const RDB_LIST_QUICKLIST_2: u8 = 18;

/** What a node of RDB_LIST_QUICKLIST_2 is. */
const CONTAINER_PLAIN: u32 = 1;
const CONTAINER_PACKED: u32 = 2;

export function saveList(root: usize): void {
  writeLength(countNodes(root, u32.MAX_VALUE));
  for (let node = firstNode(root); node !== 0; node = nodeAfter(node)) {
    writeLength(isPlain(node) ? CONTAINER_PLAIN : CONTAINER_PACKED);
    writePlain(nodeBlock(node), nodeBytes(node));
  }
}

/** Elements, or nodes, that are still to come. */
let left: u64 = 0;

/** @see exchangeProgress */
export function exchangeListProgress(at: usize): void {
  left = exchange(at, left);
}

const ELEMENT_TEXT: usize = memory.data(24);

/** Load what comes next. @param root - leads to nothing at first. @returns LOAD_… */
export function loadList(rdbType: u8, root: usize): i32 {
  if (rootEncoding(root) === 0) {
    if (rdbType === RDB_LIST_ZIPLIST) left = 1;
    else {
      if (!readCount()) return LOAD_STOPPED;
      left = length;
    }
    if (left === 0) return LOAD_EMPTY;
    initList(root);
    if (rdbType !== RDB_LIST_ZIPLIST) return LOAD_GOES_ON;
  }
  const isLoaded = rdbType === RDB_LIST ? loadElement(root) : loadNode(rdbType, root);
  if (!isLoaded) return LOAD_STOPPED;
  if (--left !== 0) return LOAD_GOES_ON;
  if (rootCount(root) !== 0) return LOAD_DONE;
  clearRoot(root);
  return LOAD_EMPTY;
}

function loadElement(root: usize): bool {
  if (!readString(ELEMENT_TEXT)) return false;
  const isPushed = pushElement(root, false, text, readLength);
  dropText();
  return isPushed || fail(LOAD_OUT_OF_MEMORY);
}

function loadNode(rdbType: u8, root: usize): bool {
  let container = CONTAINER_PACKED;
  if (rdbType === RDB_LIST_QUICKLIST_2) {
    if (!readCount()) return false;
    if (length !== CONTAINER_PLAIN && length !== CONTAINER_PACKED) return fail(LOAD_CORRUPT);
    container = <u32>length;
  }
  if (!readString(ELEMENT_TEXT)) return false;
  if (readLength === 0) {
    dropText();
    return fail(LOAD_CORRUPT);
  }
  if (container === CONTAINER_PLAIN) return addNode(root, takeText(), 1, readLength);
  if (rdbType === RDB_LIST_QUICKLIST_2) {
    const count = checkPack(text, readLength);
    if (count > 0) return addNode(root, takeText(), count, 0);
    dropText();
    return count === 0 || fail(LOAD_CORRUPT);
  }
  const pack = madePack(packOfZiplist(text, readLength));
  if (pack === 0) return false;
  const count = packCount(pack);
  if (count !== 0 && rdbType === RDB_LIST_QUICKLIST) return addNode(root, pack, count, 0);
  const isPushed = pushAll(root, pack);
  release(pack);
  return isPushed || fail(LOAD_OUT_OF_MEMORY);
}

/** @param plainLength - 0: the block is a listpack. @returns false: memory is exhausted. */
function addNode(root: usize, block: usize, count: u32, plainLength: u32): bool {
  const node: usize = block === 0 ? 0 : newNode(block, count);
  if (node === 0) {
    if (block !== 0) release(block);
    return fail(LOAD_OUT_OF_MEMORY);
  }
  if (plainLength !== 0) setPlainLength(node, plainLength);
  linkNode(root, node, lastNode(root), true);
  return true;
}

/** The elements of what was one ziplist. */
function pushAll(root: usize, pack: usize): bool {
  for (let at = firstPlace(pack); at !== 0; at = nextPlace(at)) {
    readText(at);
    if (!pushElement(root, false, textAt, textLength)) return false;
  }
  return true;
}
