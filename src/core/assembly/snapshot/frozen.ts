/**
 * Large collections in a snapshot: noted as they are when the walk meets them or something is about
 * to change them, which takes some milliseconds for millions of elements, and written out in
 * slices.
 *
 * Rule: what is noted is where the elements lie (held.ts); the elements themselves stay as they are
 * until they are written. RDB has a value in one piece, so what must be written out while a
 * collection is half out waits behind it (output.ts).
 */
import { allocate, release } from '../allocator/slabs';
import { ENCODING_SKIPLIST, ENCODING_TABLE } from '../collections/layout';
import { idCount } from '../collections/id-map';
import { holdMembers, noteItems } from '../collections/members-index';
import { HASH_ITEM_HEADER, HASH_VALUE_LENGTH, Members } from '../collections/members-layout';
import { firstNode, holdNode, nodeAfter } from '../collections/quicklist';
import { countNodes } from '../collections/quicklist-whole';
import { rootBlock, rootCount, rootEncoding } from '../collections/root';
import { elementLength, elementScore, elementText } from '../collections/scored';
import { noteElements } from '../collections/sorted';
import { holdStream, nodesOf } from '../collections/stream';
import { saveNode } from '../collections/stream-save';
import { treeOf } from '../collections/zset';
import { typeOf, valueOf } from '../keyspace/entry';
import { TYPE_HASH, TYPE_LIST, TYPE_SET, TYPE_STREAM, TYPE_ZSET } from '../layout';
import { noteBytes } from '../slow';
import {
  addHold,
  dropHold,
  finishHoldsWith,
  firstHold,
  HELD_NODE,
  Hold,
  takeHoldBack,
} from './held';
import { beginFrozen, endFrozen, keepHead, keepTail, openFrozen, pauseFrozen } from './output';
import { lengthSoFar, writeLength, writePlain, writeRaw, writeString, writeU64 } from './writer';

/** Smaller ones are written out as quickly as they are noted. */
const LARGE_BYTES: u32 = 256 * 1024;
const MANY_NODES: u32 = 32;
/** What the blocks kept for one may take; beyond it is the collection's own size. */
const LEAST_LIMIT: u32 = 1 << 20;
/** Bytes of a set's item before the member. */
const SET_ITEM_HEADER: usize = 4;

/** What a list's node is in RDB. */
const CONTAINER_PLAIN: u32 = 1;
const CONTAINER_PACKED: u32 = 2;

/** Of what follows a stream's nodes, at a time. */
const TAIL_BYTES: u32 = 16384;

/** Elements whose memory is fetched side by side. */
const AHEAD: u32 = 16;

/**
 * Note an entry's value, to be written out in slices.
 *
 * @returns false: it is not large, or there is no memory for it.
 */
export function freeze(entry: usize, database: i32): bool {
  const type = typeOf(entry);
  const root = valueOf(entry);
  if (type === TYPE_LIST) return freezeList(entry, root, database);
  if (type === TYPE_STREAM) return freezeStream(entry, rootBlock(root), database);
  if (type !== TYPE_HASH && type !== TYPE_SET && type !== TYPE_ZSET) return false;
  const encoding = rootEncoding(root);
  if (encoding !== ENCODING_TABLE && encoding !== ENCODING_SKIPLIST) return false;
  const block = rootBlock(root);
  const size = changetype<Members>(block).bytes;
  if (size < LARGE_BYTES) return false;
  const count = rootCount(root);
  const addresses = allocate(count << 2);
  if (addresses === 0) return false;
  const held = addHold(type, database, addresses, count, max(size, LEAST_LIMIT));
  if (held === 0 || !keepHead(entry, changetype<Hold>(held))) return giveUp(addresses, held);
  // Redis writes a sorted set's greatest member first.
  if (type === TYPE_ZSET) noteElements(treeOf(root), addresses + ((<usize>count) << 2));
  else noteItems(block, addresses);
  holdMembers(block, changetype<Hold>(held).id);
  noteBytes((<u64>count) << 2);
  return true;
}

function freezeList(entry: usize, root: usize, database: i32): bool {
  if (countNodes(root, MANY_NODES) < MANY_NODES) return false;
  const count = countNodes(root, u32.MAX_VALUE);
  const addresses = allocate(count << 3);
  if (addresses === 0) return false;
  const held = addHold(TYPE_LIST, database, addresses, count, u32.MAX_VALUE);
  if (held === 0 || !keepHead(entry, changetype<Hold>(held))) return giveUp(addresses, held);
  const id = changetype<Hold>(held).id;
  let at = addresses;
  for (let node = firstNode(root); node !== 0; node = nodeAfter(node)) {
    holdNode(node, id, at);
    at += 8;
  }
  noteBytes((<u64>count) << 3);
  return true;
}

/** What a stream knows beside its nodes, with all that is pending, is kept as RDB has it. */
function freezeStream(entry: usize, stream: usize, database: i32): bool {
  const count = idCount(nodesOf(stream));
  if (count < MANY_NODES) return false;
  const addresses = allocate(count * <u32>HELD_NODE);
  if (addresses === 0) return false;
  const held = addHold(TYPE_STREAM, database, addresses, count, u32.MAX_VALUE);
  if (held === 0 || !keepHead(entry, changetype<Hold>(held)) || !keepTail(stream, held)) {
    return giveUp(addresses, held);
  }
  holdStream(stream, changetype<Hold>(held).id, addresses);
  noteBytes(<u64>count * HELD_NODE + changetype<Hold>(held).tailLength);
  return true;
}

function giveUp(addresses: usize, held: usize): bool {
  if (held !== 0) takeHoldBack();
  release(addresses);
  return false;
}

/** Write on, until the output is so long. @returns false: memory is exhausted. */
export function stepFrozen(length: u32): bool {
  const hold = changetype<Hold>(firstHold());
  openFrozen();
  if (!hold.isBegun) {
    hold.isBegun = true;
    beginFrozen(hold);
    writeLength(hold.count);
  }
  do {
    // Nodes are long enough each.
    const hasNodes = hold.type === TYPE_LIST || hold.type === TYPE_STREAM;
    const end = min(hold.written + (hasNodes ? 1 : AHEAD), hold.count);
    writeSome(hold, end);
    hold.written = end;
  } while (hold.written < hold.count && lengthSoFar() < length);
  while (hold.written === hold.count && hasTail(hold) && lengthSoFar() < length) writeTail(hold);
  if (hold.written < hold.count || hasTail(hold)) return pauseFrozen();
  dropHold();
  return endFrozen();
}

function hasTail(hold: Hold): bool {
  return hold.tailWritten < hold.tailLength;
}

/** Write some more of what follows the nodes. */
function writeTail(hold: Hold): void {
  const more = min(hold.tailLength - hold.tailWritten, TAIL_BYTES);
  writeRaw(hold.tail + hold.tailWritten, more);
  hold.tailWritten += more;
}

/** Write a hold out to its end, and those before it. */
function finishFrozen(id: u32): void {
  let isLast = false;
  while (!isLast && firstHold() !== 0) {
    isLast = changetype<Hold>(firstHold()).id === id;
    if (!stepFrozen(u32.MAX_VALUE)) hasFrozenFailed = true;
  }
}

/** Whether a hold could not be written out in time: there is no whole snapshot any more. */
export let hasFrozenFailed: bool = false;

export function openFreezer(): void {
  hasFrozenFailed = false;
  finishHoldsWith(finishFrozen);
}

/** Give up all that is held. */
export function dropFrozen(): void {
  while (firstHold() !== 0) dropHold();
}

/** Not to be optimised away, that is all. */
let fetched: u32 = 0;

function writeSome(hold: Hold, end: u32): void {
  if (hold.type === TYPE_LIST) {
    for (let i = hold.written; i < end; i++) writeNode(hold.addresses + ((<usize>i) << 3));
    return;
  }
  if (hold.type === TYPE_STREAM) {
    for (let i = hold.written; i < end; i++) saveNode(hold.addresses + <usize>i * HELD_NODE);
    return;
  }
  const from = hold.addresses + ((<usize>hold.written) << 2);
  const to = hold.addresses + ((<usize>end) << 2);
  let sum: u32 = 0;
  for (let at = from; at < to; at += 4) sum += load<u32>(load<u32>(at));
  fetched = sum;
  for (let at = from; at < to; at += 4) {
    const item: usize = load<u32>(at);
    if (hold.type === TYPE_SET) writeString(item + SET_ITEM_HEADER, load<u32>(item));
    else if (hold.type === TYPE_HASH) writeField(item);
    else {
      writeString(elementText(item), elementLength(item));
      writeU64(reinterpret<u64>(elementScore(item)));
    }
  }
}

function writeField(item: usize): void {
  const length = load<u32>(item);
  const field = item + HASH_ITEM_HEADER;
  writeString(field, length);
  writeString(field + length, load<u32>(item, HASH_VALUE_LENGTH));
}

/** @param at - u32 the block; u32 0: a listpack, or 1 and the bytes of a long element. */
function writeNode(at: usize): void {
  const block: usize = load<u32>(at);
  const plain = load<u32>(at, 4);
  writeLength(plain === 0 ? CONTAINER_PACKED : CONTAINER_PLAIN);
  writePlain(block, plain === 0 ? load<u32>(block) : plain - 1);
}
