/**
 * Changes of a large sorted set's order (sorted.ts): elements in, elements out.
 *
 * Rules: a node but the root is never empty, and is merged with a neighbour once a third of one
 * holds it; one that is full is cut in two, or stays full where elements come in order. What an
 * insertion needs of memory it has before it changes anything.
 */
import { allocate, release } from '../allocator/slabs';
import { elementScore } from './scored';
import {
  BELOW,
  CHILD_BYTES,
  childAt,
  COUNT,
  descend,
  descendTo,
  elementAt,
  ELEMENTS,
  initTree,
  leaf,
  LEAF_BYTES,
  LEAF_ROOM,
  LEAST,
  LEVELS,
  NEXT,
  pathIndex,
  pathNode,
  place,
  PREVIOUS,
  SCORE,
  sumBelow,
} from './sorted';

const INNER_BYTES: u32 = 1024;
const INNER_ROOM: u32 = 50;

/** Nodes for an insertion that must cut some, and how many of them have been used. */
const SPARES: usize = memory.data(64);
let spare: u32 = 0;

/**
 * Put an element in, which is not there. @returns false: memory is exhausted, nothing has changed.
 */
export function insertElement(tree: usize, element: usize): bool {
  if (load<u32>(tree, LEVELS) === 0) {
    const node = allocate(LEAF_BYTES);
    if (node === 0) return false;
    store<u32>(node, 0);
    store<u64>(node, 0, NEXT);
    store<u32>(tree, <u32>node);
    store<u32>(tree, 1, LEVELS);
  }
  descend(tree, element);
  const levels = load<u32>(tree, LEVELS);
  if (!reserveNodes(levels)) return false;
  const last = levels - 1;
  let node = pathNode(last);
  let index = pathIndex(last);
  let made: usize = 0;
  if (load<u32>(node) === LEAF_ROOM) {
    made = cutLeaf(node, index);
    if (index > load<u32>(node) || load<u32>(node) === LEAF_ROOM) {
      index -= load<u32>(node);
      node = made;
    }
  }
  const at = node + ELEMENTS + ((<usize>index) << 2);
  memory.copy(at + 4, at, (load<u32>(node) - index) << 2);
  store<u32>(at, <u32>element);
  store<u32>(node, load<u32>(node) + 1);
  store<u32>(tree, load<u32>(tree, COUNT) + 1, COUNT);
  riseAfterInsertion(tree, made);
  return true;
}

/** Have the nodes that full ones on the path will be cut into. */
function reserveNodes(levels: u32): bool {
  let needed: u32 = 0;
  if (load<u32>(pathNode(levels - 1)) === LEAF_ROOM) {
    needed = 1;
    while (needed < levels && load<u32>(pathNode(levels - 1 - needed)) === INNER_ROOM) needed++;
    if (needed === levels) needed++; // And a new root.
  }
  for (let i: u32 = 0; i < needed; i++) {
    const node = allocate(i === 0 ? LEAF_BYTES : INNER_BYTES);
    if (node === 0) {
      for (; i !== 0; i--) release(load<u32>(SPARES + ((<usize>(i - 1)) << 2)));
      return false;
    }
    store<u32>(SPARES + ((<usize>i) << 2), <u32>node);
  }
  spare = 0;
  return true;
}

function takeSpare(): usize {
  const node: usize = load<u32>(SPARES + ((<usize>spare) << 2));
  spare++;
  return node;
}

/** @param index - where an element is to go: before or behind all others, it goes alone. */
function cutLeaf(node: usize, index: u32): usize {
  const made = takeSpare();
  const next: usize = load<u32>(node, NEXT);
  let kept = LEAF_ROOM >> 1;
  if (index === LEAF_ROOM && next === 0) kept = LEAF_ROOM;
  else if (index === 0 && load<u32>(node, PREVIOUS) === 0) kept = 0;
  store<u32>(made, LEAF_ROOM - kept);
  memory.copy(made + ELEMENTS, node + ELEMENTS + ((<usize>kept) << 2), (LEAF_ROOM - kept) << 2);
  store<u32>(node, kept);
  store<u32>(made, <u32>next, NEXT);
  store<u32>(made, <u32>node, PREVIOUS);
  store<u32>(node, <u32>made, NEXT);
  if (next !== 0) store<u32>(next, <u32>made, PREVIOUS);
  return made;
}

/** Tell the nodes above of an element more, and of the node that the one below was cut into. */
function riseAfterInsertion(tree: usize, made: usize): void {
  const levels = load<u32>(tree, LEVELS);
  // The first place is the least element's of all: any other goes behind the least of a leaf.
  const isLeast = pathIndex(levels - 1) === 0;
  let isLeaf = true;
  for (let level = <i32>levels - 2; level >= 0; level--) {
    const node = pathNode(level);
    const index = pathIndex(level);
    const child = childAt(node, index);
    if (made === 0 && !isLeast) store<u32>(child, load<u32>(child, BELOW) + 1, BELOW);
    else describe(node, index, load<u32>(child), isLeaf);
    if (made !== 0) made = addChild(node, index + 1, made, isLeaf);
    isLeaf = false;
  }
  if (made === 0) return;
  const root = takeSpare();
  store<u32>(root, 2);
  describe(root, 0, load<u32>(tree), isLeaf);
  describe(root, 1, made, isLeaf);
  store<u32>(tree, <u32>root);
  store<u32>(tree, levels + 1, LEVELS);
}

/** Write what a node says of a child. */
function describe(node: usize, index: u32, child: usize, isLeaf: bool): void {
  const at = childAt(node, index);
  store<u32>(at, <u32>child);
  if (isLeaf) {
    const least = elementAt(child, 0);
    store<u32>(at, load<u32>(child), BELOW);
    store<u32>(at, <u32>least, LEAST);
    store<f64>(at, elementScore(least), SCORE);
    return;
  }
  const first = childAt(child, 0);
  store<u32>(at, sumBelow(child, load<u32>(child)), BELOW);
  store<u32>(at, load<u32>(first, LEAST), LEAST);
  store<f64>(at, load<f64>(first, SCORE), SCORE);
}

/** @returns the node that this one was cut into, if it was full; or 0. */
function addChild(node: usize, index: u32, child: usize, isLeaf: bool): usize {
  let made: usize = 0;
  if (load<u32>(node) === INNER_ROOM) {
    made = takeSpare();
    // Behind the last child elements come in order, it seems: leave the node full.
    const kept = index === INNER_ROOM ? INNER_ROOM : INNER_ROOM >> 1;
    store<u32>(made, INNER_ROOM - kept);
    memory.copy(childAt(made, 0), childAt(node, kept), (INNER_ROOM - kept) * CHILD_BYTES);
    store<u32>(node, kept);
    if (index > kept || kept === INNER_ROOM) {
      index -= kept;
      node = made;
    }
  }
  const count = load<u32>(node);
  memory.copy(childAt(node, index + 1), childAt(node, index), (count - index) * CHILD_BYTES);
  store<u32>(node, count + 1);
  describe(node, index, child, isLeaf);
  return made;
}

// ── Removal ─────────────────────────────────────────────────────────────────────────────────────

/** Take an element out, which must be there. */
export function removeElement(tree: usize, element: usize): void {
  descend(tree, element);
  const last = load<u32>(tree, LEVELS) - 1;
  assert(elementAt(pathNode(last), pathIndex(last)) === element, 'an element is not in its place');
  removeFound(tree);
}

/** Take the element of a rank out, which there must be. @returns it. */
export function removeRank(tree: usize, rank: u32): usize {
  descendTo(tree, rank);
  const element = elementAt(leaf, place);
  removeFound(tree);
  return element;
}

function removeFound(tree: usize): void {
  const levels = load<u32>(tree, LEVELS);
  const node = pathNode(levels - 1);
  const index = pathIndex(levels - 1);
  const count = load<u32>(node) - 1;
  const at = node + ELEMENTS + ((<usize>index) << 2);
  memory.copy(at, at + 4, (count - index) << 2);
  store<u32>(node, count);
  store<u32>(tree, load<u32>(tree, COUNT) - 1, COUNT);
  let isLeast = index === 0;
  let isLeaf = true;
  for (let level = <i32>levels - 2; level >= 0; level--) {
    const above = pathNode(level);
    settle(above, pathIndex(level), isLeaf, isLeast);
    isLeast = isLeast && pathIndex(level) === 0;
    isLeaf = false;
  }
  lowerRoot(tree);
}

/**
 * A child has lost an element: describe it anew, or merge it with a neighbour, or drop it.
 *
 * @param isLeast - the element was the least of the child.
 */
function settle(node: usize, index: u32, isLeaf: bool, isLeast: bool): void {
  const at = childAt(node, index);
  const child: usize = load<u32>(at);
  const count = load<u32>(child);
  const room = isLeaf ? LEAF_ROOM : INNER_ROOM;
  if (count > room / 3) {
    if (isLeast) describe(node, index, child, isLeaf);
    else store<u32>(at, load<u32>(at, BELOW) - 1, BELOW);
    return;
  }
  const children = load<u32>(node);
  const left = index === 0 ? 0 : index - 1;
  if (children > 1) {
    const one: usize = load<u32>(childAt(node, left));
    const other: usize = load<u32>(childAt(node, left + 1));
    // Not filled to the brim: the next insertion would cut it again.
    if (load<u32>(one) + load<u32>(other) <= room - room / 4) {
      join(one, other, isLeaf);
      dropChild(node, left + 1);
      describe(node, left, one, isLeaf);
      return;
    }
  }
  if (count !== 0) {
    describe(node, index, child, isLeaf);
    return;
  }
  if (isLeaf) unlink(child);
  release(child);
  dropChild(node, index);
}

/** Put what a node holds behind what its left neighbour holds. */
function join(one: usize, other: usize, isLeaf: bool): void {
  const count = load<u32>(one);
  const more = load<u32>(other);
  if (isLeaf) {
    const to = one + ELEMENTS + ((<usize>count) << 2);
    memory.copy(to, other + ELEMENTS, more << 2);
    unlink(other);
  } else memory.copy(childAt(one, count), childAt(other, 0), more * CHILD_BYTES);
  store<u32>(one, count + more);
  release(other);
}

/** Take a leaf out of the leaves' order. */
function unlink(node: usize): void {
  const next: usize = load<u32>(node, NEXT);
  const previous: usize = load<u32>(node, PREVIOUS);
  if (next !== 0) store<u32>(next, <u32>previous, PREVIOUS);
  if (previous !== 0) store<u32>(previous, <u32>next, NEXT);
}

function dropChild(node: usize, index: u32): void {
  const count = load<u32>(node) - 1;
  memory.copy(childAt(node, index), childAt(node, index + 1), (count - index) * CHILD_BYTES);
  store<u32>(node, count);
}

/** A root with one child gives way to it; an empty one goes. */
function lowerRoot(tree: usize): void {
  let levels = load<u32>(tree, LEVELS);
  let root: usize = load<u32>(tree);
  while (levels > 1 && load<u32>(root) === 1) {
    const child: usize = load<u32>(childAt(root, 0));
    release(root);
    root = child;
    levels--;
  }
  if (load<u32>(root) === 0) {
    release(root);
    root = 0;
    levels = 0;
  }
  store<u32>(tree, <u32>root);
  store<u32>(tree, levels, LEVELS);
}

// ── Freeing a whole tree ────────────────────────────────────────────────────────────────────────

/**
 * Free nodes, not the elements: the tree is good for nothing else from the first call on.
 *
 * @param budget - how many.
 * @returns what is left of it; 0: there are more.
 */
export function freeTree(tree: usize, budget: u32): u32 {
  let levels = load<u32>(tree, LEVELS);
  while (levels !== 0) {
    if (budget === 0) return 0;
    budget--;
    // The last node of the lowest level, and its mention above.
    let above: usize = 0;
    let node: usize = load<u32>(tree);
    for (let level: u32 = 1; level < levels; level++) {
      const count = load<u32>(node);
      if (count === 0) break;
      above = node;
      node = load<u32>(childAt(node, count - 1));
    }
    release(node);
    if (above !== 0) store<u32>(above, load<u32>(above) - 1);
    else {
      levels = 0;
      initTree(tree);
    }
  }
  return budget;
}
