/**
 * The order of a large sorted set: a B+tree of its elements' addresses, by score and, where scores
 * are the same, by the bytes of the members. Every inner node knows how many elements are below
 * each child, so an element's rank and the element of a rank take one descent.
 *
 * A tree, 12 bytes where its owner wants it: +0 u32 root node (0: empty)  +4 u32 levels (1: a leaf
 * alone)
 *   +8 u32 elements
 * A leaf, 256 bytes: +0 u32 elements  +4 u32 next leaf  +8 u32 previous leaf  +12 … u32 elements
 * An inner node, 1 KiB: +0 u32 children  +4 … of each: u32 node, u32 elements below, u32 the least
 *   of them, f64 its score: most descents look at no element before the leaf
 *
 * Rules: elements belong to the caller, and a score must not change while its element is here.
 * Descents leave their path for the change that follows (sorted-change.ts), so nothing may come
 * between.
 */
import { compareElements, compareWith, elementScore } from './scored';

export const TREE_SIZE: u32 = 12;

export const LEVELS: usize = 4;
export const COUNT: usize = 8;

export const LEAF_BYTES: u32 = 256;
export const LEAF_ROOM: u32 = 61;
export const NEXT: usize = 4;
export const PREVIOUS: usize = 8;
export const ELEMENTS: usize = 12;

export const CHILD_BYTES: u32 = 20;
export const BELOW: usize = 4;
export const LEAST: usize = 8;
export const SCORE: usize = 12;
const CHILDREN: usize = 4;

/** The nodes of the last descent, from the root on, and where in each it went: u32 pairs. */
const PATH: usize = memory.data(128);

/** Where seekRank() and what moves on have got to. */
export let leaf: usize = 0;
export let place: u32 = 0;

export function initTree(tree: usize): void {
  store<u64>(tree, 0);
  store<u32>(tree, 0, COUNT);
}

/** @returns bytes of the nodes, about: what MEMORY USAGE counts. */
export function treeBytes(tree: usize): u64 {
  const count = <u64>load<u32>(tree, COUNT);
  return (count * LEAF_BYTES) / ((LEAF_ROOM * 2) / 3) + LEAF_BYTES;
}

export function elementAt(node: usize, index: u32): usize {
  return load<u32>(node + ((<usize>index) << 2), ELEMENTS);
}

export function childAt(node: usize, index: u32): usize {
  return node + CHILDREN + <usize>(index * CHILD_BYTES);
}

export function pathNode(level: u32): usize {
  return load<u32>(PATH + ((<usize>level) << 3));
}

export function pathIndex(level: u32): u32 {
  return load<u32>(PATH + ((<usize>level) << 3), 4);
}

function setPath(level: u32, node: usize, index: u32): void {
  store<u32>(PATH + ((<usize>level) << 3), <u32>node);
  store<u32>(PATH + ((<usize>level) << 3), index, 4);
}

// ── Where elements are ──────────────────────────────────────────────────────────────────────────

/** Go down to where an element is or goes. @returns how many are before it. */
export function descend(tree: usize, element: usize): u32 {
  const score = elementScore(element);
  const levels = load<u32>(tree, LEVELS);
  let node: usize = load<u32>(tree);
  let rank: u32 = 0;
  for (let level: u32 = 0; level + 1 < levels; level++) {
    // The last child whose least element is not beyond it; the first takes what is before all.
    let low: u32 = 1;
    let high = load<u32>(node);
    while (low < high) {
      const middle = (low + high) >> 1;
      const child = childAt(node, middle);
      const least = load<f64>(child, SCORE);
      const isBeyond =
        least === score ? compareElements(load<u32>(child, LEAST), element) > 0 : least > score;
      if (isBeyond) high = middle;
      else low = middle + 1;
    }
    setPath(level, node, low - 1);
    rank += sumBelow(node, low - 1);
    node = load<u32>(childAt(node, low - 1));
  }
  let low: u32 = 0;
  let high = load<u32>(node);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareElements(elementAt(node, middle), element) < 0) low = middle + 1;
    else high = middle;
  }
  setPath(levels - 1, node, low);
  return rank + low;
}

export function sumBelow(node: usize, index: u32): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < index; i++) sum += load<u32>(childAt(node, i), BELOW);
  return sum;
}

/** @returns how many elements are before it, which must be in the tree. */
export function rankOf(tree: usize, element: usize): u32 {
  return descend(tree, element);
}

/** What countBelow() looks for: a score, or, where all scores are the same, a member's text. */
let isByText: bool = false;
let soughtScore: f64 = 0;
let soughtText: usize = 0;
let soughtLength: u32 = 0;
/** Whether those that are the same are counted as well. */
let isWithSame: bool = false;

/**
 * @param isWith - those that have the score are counted as well.
 * @returns how many elements have a lower score.
 */
export function countBelowScore(tree: usize, score: f64, isWith: bool): u32 {
  isByText = false;
  soughtScore = score;
  isWithSame = isWith;
  return countBelow(tree);
}

/**
 * The same by members, in a set whose scores are all the same: those before a text, or with it.
 */
export function countBelowText(tree: usize, text: usize, length: u32, isWith: bool): u32 {
  isByText = true;
  soughtText = text;
  soughtLength = length;
  isWithSame = isWith;
  return countBelow(tree);
}

function countBelow(tree: usize): u32 {
  const levels = load<u32>(tree, LEVELS);
  if (levels === 0) return 0;
  let node: usize = load<u32>(tree);
  let rank: u32 = 0;
  for (let level: u32 = 0; level + 1 < levels; level++) {
    let low: u32 = 1;
    let high = load<u32>(node);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isLeastBelow(childAt(node, middle))) low = middle + 1;
      else high = middle;
    }
    rank += sumBelow(node, low - 1);
    node = load<u32>(childAt(node, low - 1));
  }
  let low: u32 = 0;
  let high = load<u32>(node);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBelow(elementAt(node, middle))) low = middle + 1;
    else high = middle;
  }
  return rank + low;
}

/** Whether a child's least element is one of those that are counted: its score stands beside it. */
function isLeastBelow(child: usize): bool {
  return isByText ? isTextBelow(load<u32>(child, LEAST)) : isScoreBelow(load<f64>(child, SCORE));
}

function isBelow(element: usize): bool {
  return isByText ? isTextBelow(element) : isScoreBelow(elementScore(element));
}

function isScoreBelow(score: f64): bool {
  return score < soughtScore || (isWithSame && score === soughtScore);
}

function isTextBelow(element: usize): bool {
  return compareWith(element, soughtText, soughtLength) < (isWithSame ? 1 : 0);
}

/**
 * @returns the element of a rank, which there must be; nextElement() and the like go on from it.
 */
export function seekRank(tree: usize, rank: u32): usize {
  descendTo(tree, rank);
  return elementAt(leaf, place);
}

export function descendTo(tree: usize, rank: u32): void {
  if (CHECKED) assert(rank < load<u32>(tree, COUNT), 'there is no such rank');
  const levels = load<u32>(tree, LEVELS);
  let node: usize = load<u32>(tree);
  for (let level: u32 = 0; level + 1 < levels; level++) {
    let index: u32 = 0;
    for (;;) {
      const below = load<u32>(childAt(node, index), BELOW);
      if (rank < below) break;
      rank -= below;
      index++;
    }
    setPath(level, node, index);
    node = load<u32>(childAt(node, index));
  }
  setPath(levels - 1, node, rank);
  leaf = node;
  place = rank;
}

/** Write down where all elements are, the greatest first. @param end - where the last ends. */
export function noteElements(tree: usize, end: usize): void {
  if (load<u32>(tree, COUNT) === 0) return;
  descendTo(tree, 0);
  for (let node = leaf; node !== 0; node = load<u32>(node, NEXT)) {
    const count = load<u32>(node);
    for (let i: u32 = 0; i < count; i++) {
      end -= 4;
      store<u32>(end, <u32>elementAt(node, i));
    }
  }
}

/** @returns the element behind the last one seen; 0: it was the last. */
export function nextElement(): usize {
  if (++place < load<u32>(leaf)) return elementAt(leaf, place);
  leaf = load<u32>(leaf, NEXT);
  place = 0;
  return leaf === 0 ? 0 : elementAt(leaf, 0);
}

/** @returns the element before the last one seen; 0: it was the first. */
export function previousElement(): usize {
  if (place !== 0) return elementAt(leaf, --place);
  leaf = load<u32>(leaf, PREVIOUS);
  if (leaf === 0) return 0;
  place = load<u32>(leaf) - 1;
  return elementAt(leaf, place);
}
