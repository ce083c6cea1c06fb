/**
 * Changes in the middle of a list (quicklist.ts): elements put in beside one, replaced, taken out.
 *
 * Rule: nodes are split and merged as Redis does, and in no other case. Where memory is exhausted,
 * nothing has changed; only a merge is then left out.
 *
 * @see redis/redis 7.0.15 src/quicklist.c, _quicklistInsert(), _quicklistMergeNodes(),
 *   quicklistReplaceEntry(), quicklistDelRange()
 */
import { allocate, blockSize, reallocate, release } from '../allocator/slabs';
import { isLong, isWithinSize } from './list-limits';
import { PACK_COUNT, PACK_END, PACK_HEADER, packBytes, placeAt, UNCOUNTED } from './listpack';
import { endPlace, firstPlace, nextPlace } from './listpack';
import { copyPack, insertText, placeAfter, removeElements, replaceText } from './listpack-change';
import {
  addToNode,
  allowsMore,
  atNode,
  atOffset,
  atPlace,
  dropNode,
  enterNode,
  insertInto,
  isPlain,
  linkNode,
  newNode,
  newNodeOf,
  nodeAfter,
  nodeBefore,
  nodeBlock,
  nodeBytes,
  nodeCount,
  ownBlock,
  removeFrom,
  seek,
  setNodeBlock,
  setPlainLength,
  standAt,
} from './quicklist';

/**
 * Put an element beside the one that the walk stands on; the walk is then over.
 *
 * @returns false: memory is exhausted, nothing has changed.
 */
export function insertHere(root: usize, isAfter: bool, text: usize, length: u32): bool {
  const node = atNode;
  ownBlock(node);
  const isAtEnd = isAfter ? atOffset === nodeCount(node) - 1 : atOffset === 0;
  if (isLong(length)) {
    if (isPlain(node) || isAtEnd) return linkNew(root, node, isAfter, text, length);
    return splitAround(root, node, isAfter, text, length);
  }
  if (allowsMore(node, length)) {
    let place = atPlace;
    if (isAfter) {
      place = nextPlace(place);
      if (place === 0) place = endPlace(nodeBlock(node));
    }
    return insertInto(root, node, place, text, length);
  }
  if (!isAtEnd) return splitAndAdd(root, node, isAfter, text, length);
  const neighbour = isAfter ? nodeAfter(node) : nodeBefore(node);
  if (!allowsMore(neighbour, length)) return linkNew(root, node, isAfter, text, length);
  ownBlock(neighbour);
  const pack = nodeBlock(neighbour);
  return insertInto(root, neighbour, isAfter ? firstPlace(pack) : endPlace(pack), text, length);
}

function linkNew(root: usize, beside: usize, isAfter: bool, text: usize, length: u32): bool {
  const node = newNodeOf(text, length);
  if (node !== 0) linkNode(root, node, beside, isAfter);
  return node !== 0;
}

/** Split the node at the walk, and put a node of the element between the halves. */
function splitAround(root: usize, node: usize, isAfter: bool, text: usize, length: u32): bool {
  const middle = newNodeOf(text, length);
  if (middle === 0) return false;
  const half = halfOf(node, isAfter);
  const other: usize = half === 0 ? 0 : newNode(half, halfCount(node, isAfter));
  if (other === 0) {
    if (half !== 0) release(half);
    release(nodeBlock(middle));
    release(middle);
    return false;
  }
  cutHalf(root, node, isAfter);
  linkNode(root, middle, node, isAfter);
  linkNode(root, other, middle, isAfter);
  return true;
}

/** Split the node at the walk, and put the element into the half that becomes a node of its own. */
function splitAndAdd(root: usize, node: usize, isAfter: bool, text: usize, length: u32): bool {
  const half = halfOf(node, isAfter);
  if (half === 0) return false;
  const at = isAfter ? firstPlace(half) : endPlace(half);
  const filled = insertText(half, at, text, length);
  const other: usize = filled === 0 ? 0 : newNode(filled, halfCount(node, isAfter) + 1);
  if (other === 0) {
    release(filled === 0 ? half : filled);
    return false;
  }
  cutHalf(root, node, isAfter);
  linkNode(root, other, node, isAfter);
  mergeAround(root, node);
  return true;
}

/** How many elements of the node stand beyond the walk: those behind it, or those before it. */
function halfCount(node: usize, isAfter: bool): u32 {
  return isAfter ? nodeCount(node) - 1 - atOffset : atOffset;
}

/** @returns a listpack of them; 0: memory is exhausted. */
function halfOf(node: usize, isAfter: bool): usize {
  const half = copyPack(nodeBlock(node));
  if (half === 0) return 0;
  if (isAfter) return removeElements(half, firstPlace(half), atOffset + 1);
  return removeElements(half, placeAt(half, atOffset), nodeCount(node) - atOffset);
}

/** Take them out of the node. */
function cutHalf(root: usize, node: usize, isAfter: bool): void {
  removeFrom(root, node, isAfter ? atOffset + 1 : 0, halfCount(node, isAfter));
}

/** Merge the nodes around one that was split, where two make one that Redis would make. */
function mergeAround(root: usize, center: usize): void {
  const before = nodeBefore(center);
  if (before !== 0) merge(root, nodeBefore(before), before);
  const after = nodeAfter(center);
  if (after !== 0) merge(root, after, nodeAfter(after));
  const target = nodeBefore(center);
  merge(root, merge(root, target, center) ? target : center, 0);
}

/**
 * Put a node's elements into the one before it, if that may be.
 *
 * @param second - 0: the one behind the first.
 * @returns whether it is so; the second node is gone then.
 */
function merge(root: usize, first: usize, second: usize): bool {
  if (first !== 0 && second === 0) second = nodeAfter(first);
  if (first === 0 || second === 0 || isPlain(first) || isPlain(second)) return false;
  const count = nodeCount(first) + nodeCount(second);
  const estimate = <u64>nodeBytes(first) + nodeBytes(second) - 11;
  if (!isWithinSize(estimate, count)) return false;
  ownBlock(first);
  let pack = nodeBlock(first);
  const other = nodeBlock(second);
  const present = packBytes(pack);
  const more = packBytes(other) - PACK_HEADER - 1;
  if (present + more > blockSize(pack)) {
    pack = reallocate(pack, present, present + more);
    if (pack === 0) return false;
    setNodeBlock(first, pack);
  }
  memory.copy(pack + present - 1, other + PACK_HEADER, more);
  store<u8>(pack + present - 1 + more, PACK_END);
  store<u32>(pack, present + more);
  store<u16>(pack, <u16>min(count, UNCOUNTED), PACK_COUNT);
  const moved = nodeCount(second);
  dropNode(root, second);
  addToNode(root, first, moved);
  return true;
}

/**
 * Put another element in the place of the one that the walk stands on; the walk is then over.
 *
 * @returns false: memory is exhausted, nothing has changed.
 */
export function replaceHere(root: usize, text: usize, length: u32): bool {
  const node = atNode;
  ownBlock(node);
  const long = isLong(length);
  if (!isPlain(node) && !long) {
    const pack = replaceText(nodeBlock(node), atPlace, text, length);
    if (pack !== 0) setNodeBlock(node, pack);
    return pack !== 0;
  }
  if (isPlain(node) && long) {
    const block = allocate(length);
    if (block === 0) return false;
    memory.copy(block, text, length);
    release(nodeBlock(node));
    setNodeBlock(node, block);
    setPlainLength(node, length);
    return true;
  }
  if (!insertHere(root, true, text, length)) return false;
  // What was split ends with the element that is replaced.
  if (nodeCount(node) === 1) dropNode(root, node);
  else removeFrom(root, node, nodeCount(node) - 1, 1);
  return true;
}

/**
 * Take out the element that the walk stands on.
 *
 * @param isForward - which way the walk goes on.
 * @returns whether it stands on another one.
 */
export function removeHere(root: usize, isForward: bool): bool {
  const node = atNode;
  if (nodeCount(node) === 1) {
    const next = isForward ? nodeAfter(node) : nodeBefore(node);
    dropNode(root, node);
    return enterNode(next, isForward);
  }
  ownBlock(node);
  const pack = removeElements(nodeBlock(node), atPlace, 1);
  setNodeBlock(node, pack);
  addToNode(root, node, -1);
  if (isForward) {
    if (placeAfter === 0) return enterNode(nodeAfter(node), true);
    return standAt(placeAfter, atOffset);
  }
  if (atOffset === 0) return enterNode(nodeBefore(node), false);
  return standAt(placeAt(pack, atOffset - 1), atOffset - 1);
}

/** Take out a range. @param start - from 0; there must be so many from there on. */
export function removeRange(root: usize, start: u32, count: u32): void {
  if (count === 0 || !seek(root, start)) return;
  let node = atNode;
  let offset = atOffset;
  while (count !== 0) {
    const next = nodeAfter(node);
    const removed = min(count, nodeCount(node) - offset);
    if (removed === nodeCount(node)) dropNode(root, node);
    else removeFrom(root, node, offset, removed);
    count -= removed;
    node = next;
    offset = 0;
  }
}
