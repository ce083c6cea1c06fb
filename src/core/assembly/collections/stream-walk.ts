/**
 * Going through a stream's entries in a range of ids, forwards or backwards, passing over what is
 * deleted; and what is done on such a walk: finding an entry, deleting it, trimming.
 *
 * @see redis/redis 7.0.15 src/t_stream.c, streamIteratorGetID(), streamTrim()
 */
import { idAtLeast, idAtMost, isBefore } from './id-map';
import { firstPlace, lastPlace, nextPlace, packBytes, previousPlace, readText } from './listpack';
import { replaceInteger } from './listpack-change';
import {
  beforeNode,
  countDeleted,
  dropNode,
  HAS_SAME_FIELDS,
  integerOf,
  IS_DELETED,
  isAfter,
  lengthOf,
  NODE_PACK,
  nodesOf,
  setId,
} from './stream';
import { ADDED, DELETED_ID, FIRST_ID, LAST_ID, LENGTH } from './stream-layout';

/**
 * The entry that walk() has come to: its id, its flags, how many fields, where they and the values
 * are.
 */
export let entryMs: u64 = 0;
export let entrySeq: u64 = 0;
export let entryFlags: i64 = 0;
export let entryFields: u32 = 0;
/** The first field; of an entry with the master entry's fields the first value. */
let entryPlace: usize = 0;
/** The master entry's first field. */
let masterPlace: usize = 0;
/** For nextPart(): how many are to come, and where the next ones are. */
let partsLeft: u32 = 0;
let fieldPlace: usize = 0;
let partPlace: usize = 0;

let stream: usize = 0;
let isReverse: bool = false;
let meetsDeleted: bool = false;
let fromMs: u64 = 0;
let fromSeq: u64 = 0;
let toMs: u64 = 0;
let toSeq: u64 = 0;
let nodeMs: u64 = 0;
let nodeSeq: u64 = 0;
let pack: usize = 0;
let masterFields: u32 = 0;
/** The entry's flags; and the number of its elements, which is its last. */
let flagsPlace: usize = 0;
/**
 * Forwards: where the next entry begins. Backwards: the last element of the one before. 0: there is
 * none.
 */
let next: usize = 0;

/** Begin with the fields and values of the entry that walk() has come to. */
export function openParts(): void {
  partsLeft = entryFields * 2;
  fieldPlace = (entryFlags & HAS_SAME_FIELDS) !== 0 ? masterPlace : 0;
  partPlace = entryPlace;
}

/** Read the next field or value, in turn (`textAt`, `textLength`). @returns false: that was all. */
export function nextPart(): bool {
  if (partsLeft === 0) return false;
  if (fieldPlace !== 0 && (partsLeft & 1) === 0) {
    readText(fieldPlace);
    fieldPlace = nextPlace(fieldPlace);
  } else {
    readText(partPlace);
    partPlace = nextPlace(partPlace);
  }
  partsLeft--;
  return true;
}

/** Begin a walk over the entries with ids from one to another, both included. */
export function startWalk(
  target: usize,
  ms: u64,
  seq: u64,
  lastMs: u64,
  lastSeq: u64,
  back: bool,
): void {
  stream = target;
  isReverse = back;
  meetsDeleted = false;
  fromMs = ms;
  fromSeq = seq;
  toMs = lastMs;
  toSeq = lastSeq;
  const nodes = nodesOf(target);
  let node: usize;
  if (back) node = idAtMost(nodes, lastMs, lastSeq);
  else {
    node = idAtMost(nodes, ms, seq);
    if (node === 0) node = idAtLeast(nodes, ms, seq);
  }
  openNode(node);
}

/** The same over all entries, those that are deleted included. */
export function startFullWalk(target: usize, back: bool): void {
  startWalk(target, 0, 0, u64.MAX_VALUE, u64.MAX_VALUE, back);
  meetsDeleted = true;
}

function openNode(node: usize): void {
  pack = 0;
  next = 0;
  if (node === 0) return;
  nodeMs = load<u64>(node);
  nodeSeq = load<u64>(node, 8);
  pack = load<u32>(node, NODE_PACK);
  let place = nextPlace(nextPlace(firstPlace(pack)));
  masterFields = <u32>integerOf(place);
  masterPlace = nextPlace(place);
  if (isReverse) {
    next = lastPlace(pack);
    return;
  }
  place = masterPlace;
  for (let i: u32 = 0; i < masterFields; i++) place = nextPlace(place);
  next = nextPlace(place); // Behind the zero.
}

/** @returns false: there is no other node. */
function openNext(): bool {
  const nodes = nodesOf(stream);
  let node: usize = 0;
  if (isReverse) {
    if (nodeSeq !== 0) node = idAtMost(nodes, nodeMs, nodeSeq - 1);
    else if (nodeMs !== 0) node = idAtMost(nodes, nodeMs - 1, u64.MAX_VALUE);
  } else if (nodeSeq !== u64.MAX_VALUE) node = idAtLeast(nodes, nodeMs, nodeSeq + 1);
  else if (nodeMs !== u64.MAX_VALUE) node = idAtLeast(nodes, nodeMs + 1, 0);
  openNode(node);
  return node !== 0;
}

/** Go to the next entry of the range. @returns false: that was all. */
export function walk(): bool {
  if (pack === 0) return false;
  while (true) {
    if (!readNext()) {
      if (!openNext()) return false;
      continue;
    }
    if (!meetsDeleted && (entryFlags & IS_DELETED) !== 0) continue;
    if (isReverse) {
      if (isAfter(entryMs, entrySeq, toMs, toSeq)) continue;
      return !isBefore(entryMs, entrySeq, fromMs, fromSeq);
    }
    if (isBefore(entryMs, entrySeq, fromMs, fromSeq)) continue;
    return !isAfter(entryMs, entrySeq, toMs, toSeq);
  }
}

/** Read the node's next entry. @returns false: it has no other. */
function readNext(): bool {
  if (next === 0) return false;
  let place = next;
  if (isReverse) {
    let elements = integerOf(place);
    if (elements === 0) return false; // The master entry's end.
    while (elements-- !== 0) place = previousPlace(pack, place);
    next = previousPlace(pack, place);
  }
  flagsPlace = place;
  entryFlags = integerOf(place);
  place = nextPlace(place);
  entryMs = nodeMs + integerOf(place);
  place = nextPlace(place);
  entrySeq = nodeSeq + integerOf(place);
  place = nextPlace(place);
  let elements = masterFields;
  if ((entryFlags & HAS_SAME_FIELDS) === 0) {
    elements = <u32>integerOf(place) * 2;
    place = nextPlace(place);
    entryFields = elements >> 1;
  } else entryFields = elements;
  entryPlace = place;
  if (!isReverse) {
    while (elements-- !== 0) place = nextPlace(place);
    next = nextPlace(place); // Behind the number of elements.
  }
  return true;
}

/** Whether there is an entry with this id. */
export function hasEntry(target: usize, ms: u64, seq: u64): bool {
  startWalk(target, ms, seq, ms, seq, false);
  return walk();
}

/** Leave the id of the last entry in entryMs, entrySeq. @returns false: there is none. */
export function findLast(target: usize): bool {
  startWalk(target, 0, 0, u64.MAX_VALUE, u64.MAX_VALUE, true);
  return walk();
}

/** Note the id of what is the first entry now. */
export function refreshFirst(target: usize): void {
  let ms: u64 = 0;
  let seq: u64 = 0;
  if (lengthOf(target) !== 0) {
    startWalk(target, 0, 0, u64.MAX_VALUE, u64.MAX_VALUE, false);
    const isFound = walk();
    ms = isFound ? entryMs : u64.MAX_VALUE;
    seq = isFound ? entrySeq : u64.MAX_VALUE;
  }
  setId(target + FIRST_ID, ms, seq);
}

/** Delete the entry with this id. @returns whether there was one. The first id is not refreshed. */
export function deleteEntry(target: usize, ms: u64, seq: u64): bool {
  if (!hasEntry(target, ms, seq)) return false;
  const node = idAtMost(nodesOf(target), ms, seq);
  // An entry counts as one of its node, whatever an untrusted count says.
  if (integerOf(firstPlace(pack)) <= 1) dropNode(target, node);
  else {
    beforeNode(target, node);
    markDeleted(node);
    countDeleted(node, 1);
  }
  store<u64>(target, lengthOf(target) - 1, LENGTH);
  if (isAfter(ms, seq, load<u64>(target, DELETED_ID), load<u64>(target, DELETED_ID + 8))) {
    setId(target + DELETED_ID, ms, seq);
  }
  return true;
}

/** Mark the entry that was read as deleted. Flags take a byte; untrusted ones may take more. */
function markDeleted(node: usize): void {
  const before = packBytes(pack);
  const changed = replaceInteger(pack, flagsPlace, entryFlags | IS_DELETED);
  if (next !== 0) next = changed + (next - pack) + packBytes(changed) - before;
  pack = changed;
  store<u32>(node, <u32>pack, NODE_PACK);
}

/** How trimStream() decides. */
export const BY_LENGTH: u32 = 1;
export const BY_ID: u32 = 2;

/**
 * Delete entries from the beginning.
 *
 * @param strategy - BY_LENGTH: until no more than `length` are left; BY_ID: those before an id.
 * @param isApproximate - only whole nodes.
 * @param limit - no node that would make it more than so many; 0: no limit.
 * @returns how many.
 */
export function trimStream(
  target: usize,
  strategy: u32,
  length: u64,
  ms: u64,
  seq: u64,
  isApproximate: bool,
  limit: u64,
): u64 {
  let deleted: u64 = 0;
  while (true) {
    const node = idAtLeast(nodesOf(target), 0, 0);
    if (node === 0 || (strategy === BY_LENGTH && lengthOf(target) <= length)) break;
    pack = load<u32>(node, NODE_PACK);
    const entries = <u64>integerOf(firstPlace(pack));
    if (limit !== 0 && deleted + entries > limit) break;
    const goesWhole =
      strategy === BY_LENGTH
        ? lengthOf(target) - entries >= length
        : endsBefore(target, node, ms, seq);
    if (!goesWhole) {
      if (!isApproximate) deleted += trimNode(target, node, strategy, length, ms, seq);
      break;
    }
    dropNode(target, node);
    store<u64>(target, lengthOf(target) - entries, LENGTH);
    deleted += entries;
  }
  if (deleted !== 0 || lengthOf(target) === 0) refreshFirst(target);
  return deleted;
}

/** Whether the last entry of a node, deleted or not, is before an id. */
function endsBefore(target: usize, node: usize, ms: u64, seq: u64): bool {
  stream = target;
  isReverse = true;
  openNode(node);
  return readNext() && isBefore(entryMs, entrySeq, ms, seq);
}

/** Mark entries of the first node as deleted. @returns how many. */
function trimNode(target: usize, node: usize, strategy: u32, length: u64, ms: u64, seq: u64): u64 {
  let deleted: u64 = 0;
  beforeNode(target, node);
  stream = target;
  isReverse = false;
  openNode(node);
  while (readNext()) {
    if (strategy === BY_LENGTH ? lengthOf(target) <= length : !isBefore(entryMs, entrySeq, ms, seq))
      break;
    if ((entryFlags & IS_DELETED) !== 0) continue;
    markDeleted(node);
    store<u64>(target, lengthOf(target) - 1, LENGTH);
    deleted++;
  }
  countDeleted(node, deleted);
  return deleted;
}

/** The id that XADD and XTRIM by an id tell replicas: that of the first entry, deleted or not. */
export function findEdge(target: usize): void {
  startFullWalk(target, false);
  if (walk()) return;
  entryMs = u64.MAX_VALUE;
  entrySeq = u64.MAX_VALUE;
}

/**
 * How many entries had been added when the one with an id was.
 *
 * @returns -1: that cannot be told, for there are entries before it that may have been deleted.
 * @see redis/redis 7.0.15 src/t_stream.c, streamEstimateDistanceFromFirstEverEntry()
 */
export function distanceFromFirst(target: usize, ms: u64, seq: u64): i64 {
  const added = load<u64>(target, ADDED);
  if (added === 0) return 0;
  const lastMs = load<u64>(target, LAST_ID);
  const lastSeq = load<u64>(target, LAST_ID + 8);
  const isLater = isAfter(ms, seq, lastMs, lastSeq);
  if (lengthOf(target) === 0 && !isLater) return added;
  if (ms === lastMs && seq === lastSeq) return added;
  if (isLater) return -1;
  const firstMs = load<u64>(target, FIRST_ID);
  const firstSeq = load<u64>(target, FIRST_ID + 8);
  const deletedMs = load<u64>(target, DELETED_ID);
  const deletedSeq = load<u64>(target, DELETED_ID + 8);
  const isWhole =
    (deletedMs === 0 && deletedSeq === 0) || isBefore(deletedMs, deletedSeq, firstMs, firstSeq);
  if (!isWhole || isAfter(ms, seq, firstMs, firstSeq)) return -1;
  return added - lengthOf(target) + (ms === firstMs && seq === firstSeq ? 1 : 0);
}
