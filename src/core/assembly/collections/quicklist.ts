/**
 * Lists: a chain of nodes, each a listpack of several elements, or one very long element by itself
 * (*plain*). The root's block is the first node, what is its own the last one.
 *
 *   node  +0 u32 before  +4 u32 after  +8 u32 listpack  +12 u32 elements
 *         +16 u32 0: the block is a listpack; else 1 + the bytes of a plain element
 *         +20 u32 the id of the snapshot's hold (snapshot/held.ts), which may be over; 0: none
 *         +24 u32 bytes in front of the listpack in its block: room for what is pushed at the head;
 *         0 while a snapshot holds it
 *
 * Rule: how much goes into a node is Redis', so that lists of the same history have the same nodes:
 * RDB and DUMP write them as they are. LIST_MAX_SIZE says it (allowsMore). A node is never empty.
 *
 * What changes an inner part of a list is in quicklist-change.ts. A walk (seek, forward, backward)
 * stands on an element until the list changes.
 *
 * @see redis/redis 7.0.15 src/quicklist.c
 */
import { allocate, blockSize, release } from '../allocator/slabs';
import { ENCODING_QUICKLIST } from './layout';
import { isLong, isWithinSize } from './list-limits';
import {
  endPlace,
  firstPlace,
  lastPlace,
  nextPlace,
  packBytes,
  placeAt,
  previousPlace,
  readText,
  textAt,
  textLength,
} from './listpack';
import {
  copyPack,
  frontAfter,
  insertText,
  newPack,
  prependText,
  removeElements,
} from './listpack-change';
import { finishHold, isHeld, releaseHeld } from '../snapshot/held';
import {
  rootBlock,
  rootCount,
  rootOwn,
  setRoot,
  setRootBlock,
  setRootCount,
  setRootOwn,
} from './root';

const NODE_SIZE: u32 = 28;
const AFTER: usize = 4;
const BLOCK: usize = 8;
const COUNT: usize = 12;
const PLAIN: usize = 16;
const HOLD: usize = 20;
const FRONT: usize = 24;

/** In a block of up to so many bytes every address tells which block it is (allocator/slabs.ts). */
const MOST_WITH_FRONT: u32 = 65536;
/** What an element may add beside its bytes: an estimate, as Redis makes it. */
const OVERHEAD: u64 = 8;
/** What it adds at the most. */
const ELEMENT_MOST: u32 = 10;

export function initList(root: usize): void {
  setRoot(root, 0, 0, ENCODING_QUICKLIST);
}

export function firstNode(root: usize): usize {
  return rootBlock(root);
}

export function lastNode(root: usize): usize {
  return rootOwn(root);
}

/** @returns 0: it is the first. */
export function nodeBefore(node: usize): usize {
  return load<u32>(node);
}

/** @returns 0: it is the last. */
export function nodeAfter(node: usize): usize {
  return load<u32>(node, AFTER);
}

export function nodeBlock(node: usize): usize {
  return load<u32>(node, BLOCK);
}

export function setNodeBlock(node: usize, block: usize): void {
  store<u32>(node, <u32>block, BLOCK);
}

export function nodeCount(node: usize): u32 {
  return load<u32>(node, COUNT);
}

export function isPlain(node: usize): bool {
  return load<u32>(node, PLAIN) !== 0;
}

export function setPlainLength(node: usize, length: u32): void {
  store<u32>(node, length + 1, PLAIN);
}

/** Bytes of a node's listpack, or of its element. */
export function nodeBytes(node: usize): u32 {
  return isPlain(node) ? load<u32>(node, PLAIN) - 1 : packBytes(nodeBlock(node));
}

/** The node is held: its block stays as it is. @param to - 8 bytes: the block, and what it is. */
export function holdNode(node: usize, id: u32, to: usize): void {
  closeFront(node);
  store<u32>(node, id, HOLD);
  store<u32>(to, load<u32>(node, BLOCK));
  store<u32>(to, load<u32>(node, PLAIN), 4);
}

/** @returns a copy of a node's block; 0: memory is exhausted. */
export function copyBlock(node: usize): usize {
  if (!isPlain(node)) return copyPack(nodeBlock(node));
  const block = allocate(nodeBytes(node));
  if (block !== 0) memory.copy(block, nodeBlock(node), nodeBytes(node));
  return block;
}

/** Move the listpack to the beginning of its block. A walk that stands in it goes on there. */
function closeFront(node: usize): void {
  const front = load<u32>(node, FRONT);
  if (front === 0) return;
  const pack = nodeBlock(node);
  memory.copy(pack - front, pack, packBytes(pack));
  setPack(node, pack - front, 0);
  if (atNode === node && atPlace !== 0) atPlace -= front;
}

function setPack(node: usize, pack: usize, front: u32): void {
  store<u32>(node, <u32>pack, BLOCK);
  store<u32>(node, front, FRONT);
}

/**
 * The node's block is about to change: where a snapshot holds it, the node gets a copy. A walk that
 * stands in it goes on in that. What the node has is a block then, with nothing in front.
 */
export function ownBlock(node: usize): void {
  closeFront(node);
  ownPack(node);
}

function ownPack(node: usize): void {
  const id = load<u32>(node, HOLD);
  if (id === 0) return;
  const block = nodeBlock(node);
  const copied: usize = isHeld(id) ? copyBlock(node) : 0;
  if (copied !== 0) {
    setNodeBlock(node, copied);
    if (atNode === node && atPlace !== 0) atPlace = copied + (atPlace - block);
    store<u32>(node, 0, HOLD);
    releaseHeld(id, block);
  } else if (isHeld(id)) finishHold(id);
  store<u32>(node, 0, HOLD);
}

/** Whether another element of so many bytes may go into a node. @param node - 0: it may not. */
export function allowsMore(node: usize, length: u32): bool {
  if (node === 0 || isPlain(node) || isLong(length)) return false;
  return isWithinSize(<u64>nodeBytes(node) + length + OVERHEAD, nodeCount(node) + 1);
}

/** @returns 0: memory is exhausted. */
export function newNode(block: usize, count: u32): usize {
  const node = allocate(NODE_SIZE);
  if (node === 0) return 0;
  store<u32>(node, 0);
  store<u32>(node, 0, AFTER);
  store<u32>(node, <u32>block, BLOCK);
  store<u32>(node, count, COUNT);
  store<u32>(node, 0, PLAIN);
  store<u32>(node, 0, HOLD);
  store<u32>(node, 0, FRONT);
  return node;
}

/** A node of one element, linked with none. @returns 0: memory is exhausted. */
export function newNodeOf(text: usize, length: u32): usize {
  const plain = isLong(length);
  let block = plain ? allocate(length) : newPack(0);
  if (block === 0) return 0;
  if (plain) memory.copy(block, text, length);
  else {
    const filled = insertText(block, endPlace(block), text, length);
    if (filled === 0) {
      release(block);
      return 0;
    }
    block = filled;
  }
  const node = newNode(block, 1);
  if (node === 0) release(block);
  else if (plain) setPlainLength(node, length);
  return node;
}

/** Put a node beside another. @param beside - 0: the list is empty. */
export function linkNode(root: usize, node: usize, beside: usize, isAfter: bool): void {
  let before: usize = 0;
  let after: usize = 0;
  if (beside !== 0) {
    before = isAfter ? beside : nodeBefore(beside);
    after = isAfter ? nodeAfter(beside) : beside;
  }
  store<u32>(node, <u32>before);
  store<u32>(node, <u32>after, AFTER);
  if (before === 0) setRootBlock(root, node);
  else store<u32>(before, <u32>node, AFTER);
  if (after === 0) setRootOwn(root, <u32>node);
  else store<u32>(after, <u32>node);
  setRootCount(root, rootCount(root) + nodeCount(node));
}

/** Take a node out, and free it with what it holds. */
export function dropNode(root: usize, node: usize): void {
  const before = nodeBefore(node);
  const after = nodeAfter(node);
  if (before === 0) setRootBlock(root, after);
  else store<u32>(before, <u32>after, AFTER);
  if (after === 0) setRootOwn(root, <u32>before);
  else store<u32>(after, <u32>before);
  setRootCount(root, rootCount(root) - nodeCount(node));
  releaseHeld(load<u32>(node, HOLD), nodeBlock(node) - load<u32>(node, FRONT));
  release(node);
}

/** A node has more elements, or fewer. */
export function addToNode(root: usize, node: usize, more: i32): void {
  store<u32>(node, nodeCount(node) + more, COUNT);
  setRootCount(root, rootCount(root) + more);
}

/**
 * Put an element at an end of the list.
 *
 * @returns false: memory is exhausted, nothing has changed.
 */
export function pushElement(root: usize, isHead: bool, text: usize, length: u32): bool {
  const end = isHead ? firstNode(root) : lastNode(root);
  if (!allowsMore(end, length)) {
    const node = newNodeOf(text, length);
    if (node !== 0) linkNode(root, node, end, !isHead);
    return node !== 0;
  }
  if (isHead && mayHaveFront(end, length)) return prependTo(root, end, text, length);
  return insertInto(root, end, isHead ? 0 : <usize>-1, text, length);
}

/** Whether a node's listpack may have room in front of it for another element. */
function mayHaveFront(node: usize, length: u32): bool {
  if (nodeBytes(node) + length + ELEMENT_MOST > MOST_WITH_FRONT) return false;
  return load<u32>(node, FRONT) !== 0 || blockSize(nodeBlock(node)) <= MOST_WITH_FRONT;
}

function prependTo(root: usize, node: usize, text: usize, length: u32): bool {
  ownPack(node);
  const pack = prependText(nodeBlock(node), load<u32>(node, FRONT), text, length);
  if (pack === 0) return false;
  setPack(node, pack, frontAfter);
  addToNode(root, node, 1);
  return true;
}

/**
 * @param place - in the node's listpack; 0: its beginning, -1: its end. @returns false: no memory.
 */
export function insertInto(root: usize, node: usize, place: usize, text: usize, length: u32): bool {
  ownBlock(node);
  const pack = nodeBlock(node);
  const at = place === 0 ? firstPlace(pack) : place === <usize>-1 ? endPlace(pack) : place;
  const filled = insertText(pack, at, text, length);
  if (filled === 0) return false;
  setNodeBlock(node, filled);
  addToNode(root, node, 1);
  return true;
}

/** Take out some elements at an end of the list, which has more of them. */
export function popElements(root: usize, isHead: bool, count: u32): void {
  while (count !== 0) {
    const node = isHead ? firstNode(root) : lastNode(root);
    const present = nodeCount(node);
    if (count >= present) {
      dropNode(root, node);
      count -= present;
      continue;
    }
    removeFrom(root, node, isHead ? 0 : present - count, count);
    return;
  }
}

/** Take elements out of a node that keeps some. @param offset - of the first, from 0. */
export function removeFrom(root: usize, node: usize, offset: u32, count: u32): void {
  ownPack(node);
  const pack = nodeBlock(node);
  const left = removeElements(pack, placeAt(pack, offset), count, load<u32>(node, FRONT));
  setPack(node, left, frontAfter);
  addToNode(root, node, -(<i32>count));
}

// ── Walks ─────────────────────────────────────────────────────────────────────────────────────

/** Where the walk stands: its node; the place in a listpack; the element's number in the node. */
export let atNode: usize = 0;
export let atPlace: usize = 0;
export let atOffset: u32 = 0;

/** The element that readHere() read: an integer's text stands until the next call. */
export let elementAt: usize = 0;
export let elementLength: u32 = 0;

/** Stand on an element. @param index - from 0. @returns false: there is none. */
export function seek(root: usize, index: u32): bool {
  const count = rootCount(root);
  if (index >= count) return false;
  if (index > count >> 1) {
    let left = count - 1 - index;
    atNode = lastNode(root);
    while (left >= nodeCount(atNode)) {
      left -= nodeCount(atNode);
      atNode = nodeBefore(atNode);
    }
    atOffset = nodeCount(atNode) - 1 - left;
  } else {
    let left = index;
    atNode = firstNode(root);
    while (left >= nodeCount(atNode)) {
      left -= nodeCount(atNode);
      atNode = nodeAfter(atNode);
    }
    atOffset = left;
  }
  atPlace = isPlain(atNode) ? 0 : placeAt(nodeBlock(atNode), atOffset);
  return true;
}

/**
 * Stand on a node's first or last element. @param node - 0: the walk is over. @returns whether it
 * goes on.
 */
export function enterNode(node: usize, isFirst: bool): bool {
  atNode = node;
  atPlace = 0;
  if (node === 0) return false;
  atOffset = isFirst ? 0 : nodeCount(node) - 1;
  if (!isPlain(node)) atPlace = isFirst ? firstPlace(nodeBlock(node)) : lastPlace(nodeBlock(node));
  return true;
}

/** Stand on another element of the same node. @returns true. */
export function standAt(place: usize, offset: u32): bool {
  atPlace = place;
  atOffset = offset;
  return true;
}

/** @returns false: it was the last. */
export function forward(): bool {
  return forwardInNode() || enterNode(nodeAfter(atNode), true);
}

/** @returns false: it was the last of its node. */
export function forwardInNode(): bool {
  const next: usize = atPlace === 0 ? 0 : nextPlace(atPlace);
  return next !== 0 && standAt(next, atOffset + 1);
}

/** @returns false: it was the first. */
export function backward(): bool {
  const next: usize = atPlace === 0 ? 0 : previousPlace(nodeBlock(atNode), atPlace);
  if (next === 0) return enterNode(nodeBefore(atNode), false);
  atPlace = next;
  atOffset--;
  return true;
}

/** Read the element that the walk stands on. */
export function readHere(): void {
  if (isPlain(atNode)) {
    elementAt = nodeBlock(atNode);
    elementLength = nodeBytes(atNode);
    return;
  }
  readText(atPlace);
  elementAt = textAt;
  elementLength = textLength;
}
