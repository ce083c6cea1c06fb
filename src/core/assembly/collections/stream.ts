/**
 * Streams: an ordered map of nodes by the id of each one's first entry; a node is a listpack in
 * Redis' bytes, so that RDB takes it as it stands.
 *
 *   stream  +0 last id  +16 first id  +32 greatest deleted id (each u64 ms, u64 sequence)
 *           +48 u64 entries ever added  +56 u64 entries  +64 u32 map of nodes (u32 listpack)
 *           +68 u32 groups (stream-groups.ts; 0: none)  +72 u32 the id of the snapshot's hold
 *
 * A node begins with its *master entry*, of which the entries say only how they differ:
 *
 *   count, deleted, number of fields, fields…, 0
 *   flags, ms - node's, sequence - node's, [number of fields, field,] value…, elements before this
 *
 * Rule: what is deleted is marked so, and a node goes when its last entry does. New entries go into
 * the last node until it has `stream-node-max-bytes` or `-entries`.
 *
 * @see redis/redis 7.0.15 src/t_stream.c, streamAppendItem(), streamIteratorGetID()
 */
import { allocate, blockSize, reallocate, release } from '../allocator/slabs';
import { parsed, parseSigned } from '../bytes';
import { STREAM_NODE_MAX_BYTES, STREAM_NODE_MAX_ENTRIES } from './layout';
import { arg, argLength } from '../protocol/arguments';
import {
  entriesOf,
  entryIn,
  freeIdMap,
  idCount,
  idMapBytes,
  insertId,
  isBefore,
  lastId,
  leafAt,
  leafCount,
  newIdMap,
  removeId,
} from './id-map';
import { copyGroups, freeGroups, groupBlocks, groupsBytes } from './stream-groups';
import {
  endPlace,
  firstPlace,
  integer,
  isElement,
  isInteger,
  nextPlace,
  packBytes,
  readElement,
  textAt,
  textLength,
} from './listpack';
import {
  closePack,
  copyPack,
  newPack,
  replaceInteger,
  writeInteger,
  writeText,
} from './listpack-change';
import { HELD_NODE, isHeld, keepCopy, releaseHeld } from '../snapshot/held';
import { ADDED, FIRST_ID, HOLD, LAST_ID, LENGTH, NODES, STREAM_BYTES } from './stream-layout';

/**
 * What an entry of the map of nodes holds beside the id: the listpack's address, and 1 + its place
 * in the snapshot's hold (0: it was not there then).
 */
export const NODE_ENTRY: u32 = 24;
export const NODE_PACK: usize = 16;
export const NODE_PLACE: usize = 20;

export const IS_DELETED: i64 = 1;
export const HAS_SAME_FIELDS: i64 = 2;

/** Redis' limit on what one entry, and one node, may take. */
const MAX_BYTES: u64 = 1 << 30;
/** Room that a new node has, to begin with. */
const FIRST_ROOM: u32 = 512;
/**
 * An element's encoding and back length take no more than this beside its text; an integer no more.
 */
const ELEMENT_SLACK: u64 = 12;

/** @returns 0: memory is exhausted. */
export function newStream(): usize {
  const stream = allocate(STREAM_BYTES);
  if (stream === 0) return 0;
  memory.fill(stream, 0, STREAM_BYTES);
  const nodes = newIdMap(NODE_ENTRY);
  if (nodes === 0) {
    release(stream);
    return 0;
  }
  store<u32>(stream, <u32>nodes, NODES);
  return stream;
}

export function nodesOf(stream: usize): usize {
  return load<u32>(stream, NODES);
}

export function lengthOf(stream: usize): u64 {
  return load<u64>(stream, LENGTH);
}

export function setId(at: usize, ms: u64, seq: u64): void {
  store<u64>(at, ms);
  store<u64>(at, seq, 8);
}

/** Free a stream with all that is in it. */
export function freeStream(stream: usize): void {
  freeSome(stream, u32.MAX_VALUE);
}

/**
 * Free some of a stream, which is of no use then: nodes, the rest with the last of them.
 *
 * @returns what is left of the budget; 0: there may be more to free.
 */
export function freeSome(stream: usize, budget: u32): u32 {
  let node = lastId(nodesOf(stream));
  for (; node !== 0 && budget !== 0; budget--) {
    dropNode(stream, node);
    node = lastId(nodesOf(stream));
  }
  if (budget === 0) return 0;
  freeIdMap(nodesOf(stream));
  freeGroups(stream);
  release(stream);
  return budget;
}

/** @returns a stream of its own with the same in it; 0: memory is exhausted. */
export function copyStream(stream: usize): usize {
  const target = newStream();
  if (target === 0) return 0;
  const nodes = nodesOf(stream);
  const leaves = leafCount(nodes);
  for (let i: u32 = 0; i < leaves; i++) {
    const leaf = leafAt(nodes, i);
    const count = entriesOf(leaf);
    for (let j: u32 = 0; j < count; j++) {
      if (!copyNode(target, entryIn(nodes, leaf, j))) {
        freeStream(target);
        return 0;
      }
    }
  }
  memory.copy(target, stream, NODES);
  if (copyGroups(stream, target)) return target;
  freeStream(target);
  return 0;
}

function copyNode(target: usize, node: usize): bool {
  const pack = copyPack(load<u32>(node, NODE_PACK));
  if (pack === 0) return false;
  const copied = insertId(nodesOf(target), load<u64>(node), load<u64>(node, 8));
  if (copied === 0) {
    release(pack);
    return false;
  }
  store<u32>(copied, <u32>pack, NODE_PACK);
  return true;
}

/** @returns how many blocks it consists of, about. */
export function streamBlocks(stream: usize): u32 {
  return idCount(nodesOf(stream)) + groupBlocks(stream);
}

/** @returns bytes of all its blocks. */
export function streamBytes(stream: usize): u64 {
  const nodes = nodesOf(stream);
  let bytes: u64 = blockSize(stream) + idMapBytes(nodes) + groupsBytes(stream);
  const leaves = leafCount(nodes);
  for (let i: u32 = 0; i < leaves; i++) {
    const leaf = leafAt(nodes, i);
    const count = entriesOf(leaf);
    for (let j: u32 = 0; j < count; j++) {
      bytes += blockSize(load<u32>(entryIn(nodes, leaf, j), NODE_PACK));
    }
  }
  return bytes;
}

/** An element that is an integer, even if untrusted bytes have it as text. */
export function integerOf(place: usize): i64 {
  const first = load<u8>(place);
  if (first < 128) return first;
  readElement(place);
  if (isInteger) return integer;
  return parseSigned(textAt, textLength) ? parsed : 0;
}

/** What appendEntry() answers. */
export const APPENDED: i32 = 0;
export const TOO_LARGE: i32 = 1;
export const NO_MEMORY: i32 = 2;

/**
 * Put an entry behind the last one: fields and values are arguments of the command, from one on.
 *
 * @param ms, seq - its id, greater than the last one.
 */
export function appendEntry(stream: usize, ms: u64, seq: u64, from: u32, fields: u32): i32 {
  let text: u64 = 0;
  for (let i: u32 = 0; i < fields * 2; i++) text += argLength(from + i);
  // All that can be needed is taken before anything is changed.
  const most = text + (<u64>fields * 4 + 12) * ELEMENT_SLACK;
  if (most > MAX_BYTES) return TOO_LARGE;
  const nodes = nodesOf(stream);
  let node = lastId(nodes);
  if (node !== 0 && isFull(load<u32>(node, NODE_PACK), text)) {
    shrink(stream, node);
    node = 0;
  }
  if (node === 0) {
    let names: u64 = 0;
    for (let i: u32 = 0; i < fields; i++) names += argLength(from + i * 2);
    node = newNode(nodes, ms, seq, most + names, from, fields);
    if (node === 0) return NO_MEMORY;
    writeEntry(node, HAS_SAME_FIELDS, 0, 0, from, fields);
  } else {
    beforeNode(stream, node);
    if (!enlargePack(node, most)) return NO_MEMORY;
    let pack: usize = load<u32>(node, NODE_PACK);
    const count = firstPlace(pack);
    // Below 128 a number is its own encoding.
    if (load<u8>(count) < 127) store<u8>(count, load<u8>(count) + 1);
    else pack = replaceInteger(pack, count, integerOf(count) + 1);
    store<u32>(node, <u32>pack, NODE_PACK);
    const flags = hasSameFields(pack, from, fields) ? HAS_SAME_FIELDS : 0;
    writeEntry(node, flags, ms - load<u64>(node), seq - load<u64>(node, 8), from, fields);
  }
  store<u64>(stream, lengthOf(stream) + 1, LENGTH);
  store<u64>(stream, load<u64>(stream, ADDED) + 1, ADDED);
  setId(stream + LAST_ID, ms, seq);
  if (lengthOf(stream) === 1) setId(stream + FIRST_ID, ms, seq);
  return APPENDED;
}

/** Whether a node takes no entry more that has so many bytes of text. */
function isFull(pack: usize, text: u64): bool {
  const limit: u64 = load<u32>(STREAM_NODE_MAX_BYTES);
  if (packBytes(pack) + text >= (limit === 0 || limit > MAX_BYTES ? MAX_BYTES : limit)) return true;
  const most: i64 = load<u32>(STREAM_NODE_MAX_ENTRIES);
  if (most === 0) return false;
  const count = firstPlace(pack);
  return integerOf(count) + integerOf(nextPlace(count)) >= most;
}

/** A node that is full will not grow: it keeps no more memory than it needs. */
function shrink(stream: usize, node: usize): void {
  const pack: usize = load<u32>(node, NODE_PACK);
  const target = allocate(packBytes(pack));
  if (target === 0) return;
  memory.copy(target, pack, packBytes(pack));
  giveUp(stream, node);
  store<u32>(node, <u32>target, NODE_PACK);
}

/**
 * A snapshot holds all nodes from now on.
 *
 * @param id - the hold's.
 * @param to - gets each node's id and listpack, as the map of nodes has them.
 */
export function holdStream(stream: usize, id: u32, to: usize): void {
  store<u32>(stream, id, HOLD);
  const nodes = nodesOf(stream);
  const leaves = leafCount(nodes);
  let place: u32 = 0;
  for (let i: u32 = 0; i < leaves; i++) {
    const leaf = leafAt(nodes, i);
    const count = entriesOf(leaf);
    for (let j: u32 = 0; j < count; j++) {
      const node = entryIn(nodes, leaf, j);
      memory.copy(to + <usize>place * HELD_NODE, node, HELD_NODE);
      store<u32>(node, ++place, NODE_PLACE);
    }
  }
}

/** A node's listpack is about to change where it stands: what a snapshot holds is copied first. */
export function beforeNode(stream: usize, node: usize): void {
  const place = load<u32>(node, NODE_PLACE);
  if (place === 0 || !isHeld(load<u32>(stream, HOLD))) return;
  store<u32>(node, 0, NODE_PLACE);
  keepCopy(load<u32>(stream, HOLD), place - 1, packBytes(load<u32>(node, NODE_PACK)));
}

/** Free a node's listpack, or leave it to the snapshot that holds it. */
function giveUp(stream: usize, node: usize): void {
  const id = load<u32>(node, NODE_PLACE) === 0 ? 0 : load<u32>(stream, HOLD);
  store<u32>(node, 0, NODE_PLACE);
  releaseHeld(id, load<u32>(node, NODE_PACK));
}

/** Make a node with its master entry. @returns its entry in the map; 0: memory is exhausted. */
function newNode(nodes: usize, ms: u64, seq: u64, bytes: u64, from: u32, fields: u32): usize {
  const pack = newPack(max(<u32>bytes, FIRST_ROOM));
  if (pack === 0) return 0;
  const node = insertId(nodes, ms, seq);
  if (node === 0) {
    release(pack);
    return 0;
  }
  let at = writeInteger(endPlace(pack), 1);
  at = writeInteger(at, 0);
  at = writeInteger(at, fields);
  for (let i: u32 = 0; i < fields; i++) {
    at = writeText(at, arg(from + i * 2), argLength(from + i * 2));
  }
  closePack(pack, fields + 4, writeInteger(at, 0));
  store<u32>(node, <u32>pack, NODE_PACK);
  return node;
}

/** @returns false: memory is exhausted. */
function enlargePack(node: usize, more: u64): bool {
  const pack: usize = load<u32>(node, NODE_PACK);
  const total = packBytes(pack);
  const wanted = more + total;
  if (wanted <= blockSize(pack)) return true;
  // Twice as much, but no more than the node will ever take.
  const limit = max<u64>(load<u32>(STREAM_NODE_MAX_BYTES), FIRST_ROOM);
  const roomy = max(wanted, min<u64>(wanted * 2, limit));
  let moved = reallocate(pack, total, <u32>roomy);
  if (moved === 0) moved = reallocate(pack, total, <u32>wanted);
  if (moved === 0) return false;
  store<u32>(node, <u32>moved, NODE_PACK);
  return true;
}

function hasSameFields(pack: usize, from: u32, fields: u32): bool {
  let place = nextPlace(nextPlace(firstPlace(pack)));
  if (integerOf(place) !== <i64>fields) return false;
  for (let i: u32 = 0; i < fields; i++) {
    place = nextPlace(place);
    if (!isElement(place, arg(from + i * 2), argLength(from + i * 2))) return false;
  }
  return true;
}

/** There is room: appendEntry() has seen to it. */
function writeEntry(node: usize, flags: i64, ms: u64, seq: u64, from: u32, fields: u32): void {
  const pack: usize = load<u32>(node, NODE_PACK);
  const isSame = (flags & HAS_SAME_FIELDS) !== 0;
  let at = writeInteger(endPlace(pack), flags);
  at = writeInteger(at, ms);
  at = writeInteger(at, seq);
  if (!isSame) at = writeInteger(at, fields);
  for (let i = from; i < from + fields * 2; i += 2) {
    if (!isSame) at = writeText(at, arg(i), argLength(i));
    at = writeText(at, arg(i + 1), argLength(i + 1));
  }
  const elements = 3 + (isSame ? fields : fields * 2 + 1);
  closePack(pack, elements + 1, writeInteger(at, elements));
}

/** Take a node away, with all that is in it. */
export function dropNode(stream: usize, node: usize): void {
  const ms = load<u64>(node);
  const seq = load<u64>(node, 8);
  giveUp(stream, node);
  removeId(nodesOf(stream), ms, seq);
}

/**
 * Change the counts of a node, which beforeNode() was told of: so many entries of it have been
 * marked as deleted.
 */
export function countDeleted(node: usize, entries: i64): void {
  let pack: usize = load<u32>(node, NODE_PACK);
  let place = firstPlace(pack);
  const offset = place - pack;
  pack = replaceInteger(pack, place, integerOf(place) - entries);
  place = nextPlace(pack + offset);
  const counted = replaceInteger(pack, place, integerOf(place) + entries);
  // A byte more, and no memory for it: the number only says when the node is full.
  store<u32>(node, <u32>(counted !== 0 ? counted : pack), NODE_PACK);
}

/** Whether an id is after another. */
export function isAfter(ms: u64, seq: u64, otherMs: u64, otherSeq: u64): bool {
  return isBefore(otherMs, otherSeq, ms, seq);
}
