/**
 * Sorted sets: a listpack in which members and scores alternate, by score and then by the members'
 * bytes; or an index of elements (members.ts, scored.ts) beside their order (sorted.ts), the root's
 * own word being where the order is.
 *
 * Rules: one block up to ZSET_MAX_ENTRIES members, none of which is longer than ZSET_MAX_VALUE;
 * what has been made an index stays one. A score that is an integer stands in a listpack as one.
 *
 * @see redis/redis 7.0.15 src/t_zset.c, zsetAdd(), zzlInsert()
 */
import { allocate, blockSize, release } from '../allocator/slabs';
import { randomBelow } from '../hash';
import { findElement, firstPlace, nextPlace, placeAt } from './listpack';
import { copyPack, newPack, removeElements } from './listpack-change';
import {
  ENCODING_LISTPACK,
  ENCODING_SKIPLIST,
  ROOT_SIZE,
  ZSET_MAX_ENTRIES,
  ZSET_MAX_VALUE,
} from './layout';
import {
  addItem,
  drawItem,
  findItem,
  itemKey,
  itemToChange,
  nextItem,
  nextItems,
  openItems,
  removeItem,
  replaceItem,
} from './members';
import { copyMembers, freeMembers, membersBytes, newMembers } from './members-index';
import {
  rootBlock,
  rootCount,
  rootEncoding,
  rootOwn,
  setRoot,
  setRootBlock,
  setRootCount,
  setRootOwn,
} from './root';
import { elementLength, elementScore, elementText, SCORED_HEADER, setElementScore } from './scored';
import { initTree, nextElement, rankOf, seekRank, TREE_SIZE, treeBytes } from './sorted';
import { freeTree, insertElement, removeElement, removeRank } from './sorted-change';
import {
  appendPair,
  changePair,
  packScore,
  pairAt,
  pairLength,
  pairScore,
  putPair,
  rankOfPair,
  readPair,
} from './zset-pack';

/** The member and score that were found or drawn: until the next call. */
export let memberAt: usize = 0;
export let memberLength: u32 = 0;
export let score: f64 = 0;

/** @returns false: memory is exhausted. */
export function initZset(root: usize, isLarge: bool): bool {
  if (isLarge) return initLarge(root);
  const pack = newPack(0);
  if (pack !== 0) setRoot(root, pack, 0, ENCODING_LISTPACK);
  return pack !== 0;
}

function initLarge(root: usize): bool {
  const block = newMembers(SCORED_HEADER);
  if (block === 0) return false;
  const tree = allocate(TREE_SIZE);
  if (tree === 0) {
    freeMembers(block, u32.MAX_VALUE);
    return false;
  }
  initTree(tree);
  setRoot(root, block, 0, ENCODING_SKIPLIST);
  setRootOwn(root, <u32>tree);
  return true;
}

/** Whether a set whose first member is so long begins as a large one. */
export function isLargeFrom(length: u32): bool {
  return load<u32>(ZSET_MAX_ENTRIES) === 0 || length > load<u32>(ZSET_MAX_VALUE);
}

export function isPacked(root: usize): bool {
  return rootEncoding(root) === ENCODING_LISTPACK;
}

export function treeOf(root: usize): usize {
  return rootOwn(root);
}

/** @returns whether there is such a member; `score` is its. */
export function findScore(root: usize, member: usize, length: u32): bool {
  if (isPacked(root)) {
    const at = findElement(firstPlace(rootBlock(root)), member, length, 2);
    if (at === 0) return false;
    score = packScore(nextPlace(at));
    return true;
  }
  const item = findItem(rootBlock(root), member, length);
  if (item === 0) return false;
  score = elementScore(item);
  return true;
}

/**
 * Add a member that findScore() has just not found.
 *
 * @returns false: memory is exhausted, nothing has changed.
 */
export function addScored(root: usize, member: usize, length: u32, value: f64): bool {
  if (isPacked(root)) {
    const count = rootCount(root);
    if (count < load<u32>(ZSET_MAX_ENTRIES) && length <= load<u32>(ZSET_MAX_VALUE)) {
      const pack = putPair(rootBlock(root), member, length, value);
      if (pack === 0) return false;
      setRootBlock(root, pack);
      setRootCount(root, count + 1);
      return true;
    }
    if (!convertZset(root)) return false;
    findItem(rootBlock(root), member, length);
  }
  return addElement(root, member, length, value);
}

function addElement(root: usize, member: usize, length: u32, value: f64): bool {
  const block = rootBlock(root);
  const item = addItem(block, member, length, 0);
  if (item === 0) return false;
  setElementScore(item, value);
  if (!insertElement(treeOf(root), item)) {
    findItem(block, member, length);
    removeItem(block, item);
    return false;
  }
  setRootCount(root, rootCount(root) + 1);
  return true;
}

/**
 * Give a member that is there another score.
 *
 * @returns false: memory is exhausted, nothing has changed.
 */
export function changeScore(root: usize, member: usize, length: u32, value: f64): bool {
  const block = rootBlock(root);
  if (!isPacked(root)) return moveElement(root, findItem(block, member, length), value);
  const pack = changePair(block, member, length, value);
  if (pack !== 0) setRootBlock(root, pack);
  return pack !== 0;
}

function moveElement(root: usize, item: usize, value: f64): bool {
  const tree = treeOf(root);
  const block = rootBlock(root);
  const old = elementScore(item);
  const changed = itemToChange(block, item);
  if (changed === 0) return false;
  if (rootCount(root) === 1 && changed === item) {
    setElementScore(item, value);
    return true;
  }
  removeElement(tree, item);
  if (changed !== item) {
    replaceItem(block, item, changed);
    item = changed;
  }
  setElementScore(item, value);
  if (insertElement(tree, item)) return true;
  // The leaf that it came from has room for it.
  setElementScore(item, old);
  assert(insertElement(tree, item), 'an element that was taken out does not fit in');
  return false;
}

/** @returns whether there was such a member. */
export function removeScored(root: usize, member: usize, length: u32): bool {
  const block = rootBlock(root);
  if (isPacked(root)) {
    const at = findElement(firstPlace(block), member, length, 2);
    if (at === 0) return false;
    setRootBlock(root, removeElements(block, at, 2));
  } else {
    const item = findItem(block, member, length);
    if (item === 0) return false;
    removeElement(treeOf(root), item);
    removeItem(block, item);
  }
  setRootCount(root, rootCount(root) - 1);
  return true;
}

/** Take out the members of so many ranks, from one on; they must be there. */
export function removeRanks(root: usize, rank: u32, count: u32): void {
  const block = rootBlock(root);
  if (isPacked(root)) {
    const at = placeAt(block, <i32>(rank << 1));
    setRootBlock(root, removeElements(block, at, count << 1));
  } else {
    const tree = treeOf(root);
    for (let i: u32 = 0; i < count; i++) {
      const item = removeRank(tree, rank);
      const found = findItem(block, itemKey(block, item), elementLength(item));
      assert(found === item, 'an element is not in its index');
      removeItem(block, item);
    }
  }
  setRootCount(root, rootCount(root) - count);
}

/** @returns how many come before a member; -1: there is none. */
export function zsetRank(root: usize, member: usize, length: u32): i32 {
  if (isPacked(root)) return rankOfPair(rootBlock(root), member, length);
  const item = findItem(rootBlock(root), member, length);
  return item === 0 ? -1 : <i32>rankOf(treeOf(root), item);
}

/** Draw a member at random, all alike. There must be some. */
export function drawScored(root: usize): void {
  const block = rootBlock(root);
  if (!isPacked(root)) {
    readElement(drawItem(block));
    return;
  }
  readPair(placeAt(block, <i32>(randomBelow(rootCount(root)) << 1)));
  memberAt = pairAt;
  memberLength = pairLength;
  score = pairScore;
}

function readElement(item: usize): void {
  memberAt = elementText(item);
  memberLength = elementLength(item);
  score = elementScore(item);
}

/** Make an index of the listpack. @returns false: memory is exhausted, nothing has changed. */
export function convertZset(root: usize): bool {
  const pack = rootBlock(root);
  if (!initLarge(LARGE)) return false;
  for (let at = firstPlace(pack); at !== 0; at = nextPlace(nextPlace(at))) {
    readPair(at);
    // An untrusted listpack may name a member twice: whoever converts it looks for that.
    const isNew = findItem(rootBlock(LARGE), pairAt, pairLength) === 0;
    if (isNew && addElement(LARGE, pairAt, pairLength, pairScore)) continue;
    freeZset(LARGE, u32.MAX_VALUE);
    return false;
  }
  release(pack);
  memory.copy(root, LARGE, ROOT_SIZE);
  return true;
}

const LARGE: usize = memory.data(16);

/**
 * A large set being put together, whose members get their order at the end.
 *
 * @returns the element of a member, made if it was not there (`isNewElement`); 0: memory is
 * exhausted.
 */
export function gatherElement(root: usize, member: usize, length: u32): usize {
  const block = rootBlock(root);
  const item = findItem(block, member, length);
  isNewElement = item === 0;
  if (item !== 0) return item;
  const made = addItem(block, member, length, 0);
  if (made !== 0) setRootCount(root, rootCount(root) + 1);
  return made;
}

export let isNewElement: bool = false;

/** Take a member out of those that were gathered, if it is there. */
export function ungatherElement(root: usize, member: usize, length: u32): void {
  const block = rootBlock(root);
  const item = findItem(block, member, length);
  if (item === 0) return;
  removeItem(block, item);
  setRootCount(root, rootCount(root) - 1);
}

/** Give the members that were gathered their order. @returns false: memory is exhausted. */
export function orderElements(root: usize): bool {
  const block = rootBlock(root);
  let cursor: u32 = 0;
  do {
    openItems(block, cursor);
    for (let item = nextItem(); item !== 0; item = nextItem()) {
      if (!insertElement(treeOf(root), item)) return false;
    }
    cursor = nextItems(block, cursor);
  } while (cursor !== 0);
  return true;
}

/**
 * Make a listpack of an index whose members are few and short enough for it.
 *
 * @returns false: memory is exhausted, nothing has changed.
 */
export function packZset(root: usize): bool {
  let pack = newPack(0);
  if (pack === 0) return false;
  let item = seekRank(treeOf(root), 0);
  while (item !== 0) {
    const longer = appendPair(pack, elementText(item), elementLength(item), elementScore(item));
    if (longer === 0) {
      release(pack);
      return false;
    }
    pack = longer;
    item = nextElement();
  }
  const count = rootCount(root);
  freeZset(root, u32.MAX_VALUE);
  setRoot(root, pack, count, ENCODING_LISTPACK);
  return true;
}

/** Give the root a value of its own, as another's. @returns false: memory is exhausted. */
export function copyZset(from: usize, to: usize): bool {
  if (isPacked(from)) {
    const pack = copyPack(rootBlock(from));
    if (pack !== 0) setRoot(to, pack, rootCount(from), ENCODING_LISTPACK);
    return pack !== 0;
  }
  const block = copyMembers(rootBlock(from));
  if (block === 0) return false;
  const tree = allocate(TREE_SIZE);
  if (tree === 0) {
    freeMembers(block, u32.MAX_VALUE);
    return false;
  }
  initTree(tree);
  setRoot(to, block, rootCount(from), ENCODING_SKIPLIST);
  setRootOwn(to, <u32>tree);
  for (let item = seekRank(treeOf(from), 0); item !== 0; item = nextElement()) {
    const copied = findItem(block, elementText(item), elementLength(item));
    if (insertElement(tree, copied)) continue;
    freeZset(to, u32.MAX_VALUE);
    return false;
  }
  return true;
}

/** Bytes of all its blocks. */
export function zsetBytes(root: usize): u64 {
  const block = rootBlock(root);
  if (isPacked(root)) return blockSize(block);
  return membersBytes(block) + treeBytes(treeOf(root)) + blockSize(treeOf(root));
}

/** @returns what is left of a budget of blocks; 0: there may be more to free. */
export function freeZset(root: usize, budget: u32): u32 {
  if (isPacked(root)) {
    release(rootBlock(root));
    return budget;
  }
  const tree = treeOf(root);
  if (tree !== 0) {
    budget = freeTree(tree, budget);
    if (budget === 0) return 0;
    release(tree);
    setRootOwn(root, 0);
  }
  return freeMembers(rootBlock(root), budget);
}
