/**
 * Consumer groups: who was given which entry of a stream, and has not acknowledged it.
 *
 *   list      +0 u32 how many  +4 u32 addresses, in the order of names
 *   group     +0 u32 name's length  +4 u32 map of what is pending
 *             +8 last delivered id (u64 ms, u64 sequence)  +24 i64 entries read, -1: unknown
 *             +32 u32 list of consumers, 0: none  +36 name
 *   consumer  +0 u32 name's length  +4 u32 map of what is pending with it (ids alone)
 *             +8 i64 Unix ms it was last seen  +16 name
 *   pending   +16 i64 Unix ms of its last delivery  +24 u64 deliveries  +32 u32 consumer
 *
 * Rule: an id is in its group's map if and only if it is in one consumer's, the one named there.
 * Names are in the order of their bytes, as Redis shows them.
 *
 * @see redis/redis 7.0.15 src/stream.h, streamCG, streamConsumer, streamNACK
 */
import { allocate, blockSize, reallocate, release } from '../allocator/slabs';
import { equal } from '../bytes';
import {
  copyIdMap,
  entriesOf,
  entryIn,
  findId,
  freeIdMap,
  idCount,
  idMapBytes,
  insertId,
  leafAt,
  leafCount,
  newIdMap,
  removeId,
} from './id-map';
import {
  CONSUMER_NAME,
  CONSUMER_SEEN,
  DELIVERED_AT,
  DELIVERIES,
  GROUPS,
  GROUP_CONSUMERS,
  GROUP_LAST,
  GROUP_NAME,
  OWNER,
  PENDING,
} from './stream-layout';

const GROUP_PENDING_ENTRY: u32 = 36;
const CONSUMER_PENDING_ENTRY: u32 = 16;

/** @param list - 0: there is none. */
export function listCount(list: usize): u32 {
  return list === 0 ? 0 : load<u32>(list);
}

export function listItem(list: usize, index: u32): usize {
  return load<u32>(list + 4 + index * 4);
}

/** @returns where a name is, or ought to be. `isFound` says which. */
function placeOf(list: usize, nameAt: u32, name: usize, length: u32): u32 {
  let low: u32 = 0;
  let high = listCount(list);
  isFound = false;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = listItem(list, middle);
    const order = compare(item + nameAt, load<u32>(item), name, length);
    if (order === 0) {
      isFound = true;
      return middle;
    }
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
let isFound: bool = false;

function compare(a: usize, aLength: u32, b: usize, bLength: u32): i32 {
  const common = min(aLength, bLength);
  if (aLength === bLength && equal(a, b, common)) return 0;
  for (let i: u32 = 0; i < common; i++) {
    const difference = <i32>load<u8>(a + i) - <i32>load<u8>(b + i);
    if (difference !== 0) return difference;
  }
  return <i32>aLength - <i32>bLength;
}

/**
 * Put an item into the list whose address stands at a place.
 *
 * @returns false: memory is exhausted, nothing has changed.
 */
function addToList(holder: usize, index: u32, item: usize): bool {
  let list: usize = load<u32>(holder);
  const count = listCount(list);
  const wanted: u32 = 4 + (count + 1) * 4;
  if (list === 0) list = allocate(wanted);
  else if (blockSize(list) < wanted) list = reallocate(list, wanted - 4, wanted + wanted / 2);
  if (list === 0) return false;
  store<u32>(holder, <u32>list);
  const at = list + 4 + index * 4;
  memory.copy(at + 4, at, (count - index) * 4);
  store<u32>(at, <u32>item);
  store<u32>(list, count + 1);
  return true;
}

function takeFromList(holder: usize, index: u32): void {
  const list: usize = load<u32>(holder);
  const count = listCount(list) - 1;
  if (count === 0) {
    release(list);
    store<u32>(holder, 0);
    return;
  }
  const at = list + 4 + index * 4;
  memory.copy(at, at + 4, (count - index) * 4);
  store<u32>(list, count);
}

/** Make a group or consumer that is in no list. @returns 0: memory is exhausted. */
function newItem(nameAt: u32, name: usize, length: u32, entrySize: u32): usize {
  const item = allocate(nameAt + length);
  if (item === 0) return 0;
  const pending = newIdMap(entrySize);
  if (pending === 0) {
    release(item);
    return 0;
  }
  memory.fill(item, 0, nameAt);
  store<u32>(item, length);
  store<u32>(item, <u32>pending, PENDING);
  memory.copy(item + nameAt, name, length);
  return item;
}

/** @returns 0: there is none of that name. */
export function findGroup(stream: usize, name: usize, length: u32): usize {
  const list: usize = load<u32>(stream, GROUPS);
  const index = placeOf(list, GROUP_NAME, name, length);
  return isFound ? listItem(list, index) : 0;
}

/** Make a group; there must be none of that name. @returns 0: memory is exhausted. */
export function addGroup(stream: usize, name: usize, length: u32): usize {
  const index = placeOf(load<u32>(stream, GROUPS), GROUP_NAME, name, length);
  const group = newItem(GROUP_NAME, name, length, GROUP_PENDING_ENTRY);
  if (group === 0) return 0;
  if (addToList(stream + GROUPS, index, group)) return group;
  freeGroup(group);
  return 0;
}

export function removeGroup(stream: usize, group: usize): void {
  const list: usize = load<u32>(stream, GROUPS);
  takeFromList(stream + GROUPS, placeOf(list, GROUP_NAME, group + GROUP_NAME, load<u32>(group)));
  freeGroup(group);
}

function freeGroup(group: usize): void {
  const consumers: usize = load<u32>(group, GROUP_CONSUMERS);
  const count = listCount(consumers);
  for (let i: u32 = 0; i < count; i++) freeConsumer(listItem(consumers, i));
  if (consumers !== 0) release(consumers);
  freeIdMap(load<u32>(group, PENDING));
  release(group);
}

function freeConsumer(consumer: usize): void {
  freeIdMap(load<u32>(consumer, PENDING));
  release(consumer);
}

/** Free all groups of a stream. */
export function freeGroups(stream: usize): void {
  const list: usize = load<u32>(stream, GROUPS);
  const count = listCount(list);
  for (let i: u32 = 0; i < count; i++) freeGroup(listItem(list, i));
  if (list !== 0) release(list);
  store<u32>(stream, 0, GROUPS);
}

/** @returns 0: there is none of that name. */
export function findConsumer(group: usize, name: usize, length: u32): usize {
  const list: usize = load<u32>(group, GROUP_CONSUMERS);
  const index = placeOf(list, CONSUMER_NAME, name, length);
  return isFound ? listItem(list, index) : 0;
}

/** Make a consumer; there must be none of that name. @returns 0: memory is exhausted. */
export function addConsumer(group: usize, name: usize, length: u32, seenAt: i64): usize {
  const index = placeOf(load<u32>(group, GROUP_CONSUMERS), CONSUMER_NAME, name, length);
  const consumer = newItem(CONSUMER_NAME, name, length, CONSUMER_PENDING_ENTRY);
  if (consumer === 0) return 0;
  store<i64>(consumer, seenAt, CONSUMER_SEEN);
  if (addToList(group + GROUP_CONSUMERS, index, consumer)) return consumer;
  freeConsumer(consumer);
  return 0;
}

/** Take a consumer away; what is pending with it is pending no more. */
export function removeConsumer(group: usize, consumer: usize): void {
  const own: usize = load<u32>(consumer, PENDING);
  const pending: usize = load<u32>(group, PENDING);
  const leaves = leafCount(own);
  for (let i: u32 = 0; i < leaves; i++) {
    const leaf = leafAt(own, i);
    const count = entriesOf(leaf);
    for (let j: u32 = 0; j < count; j++) {
      const at = entryIn(own, leaf, j);
      removeId(pending, load<u64>(at), load<u64>(at, 8));
    }
  }
  const list: usize = load<u32>(group, GROUP_CONSUMERS);
  const name = consumer + CONSUMER_NAME;
  takeFromList(group + GROUP_CONSUMERS, placeOf(list, CONSUMER_NAME, name, load<u32>(consumer)));
  freeConsumer(consumer);
}

/**
 * Say that an entry is pending with a consumer, whether or not it is with another now.
 *
 * @returns false: memory is exhausted, nothing has changed.
 */
export function assign(
  group: usize,
  consumer: usize,
  ms: u64,
  seq: u64,
  deliveredAt: i64,
  deliveries: u64,
): bool {
  const pending: usize = load<u32>(group, PENDING);
  let entry = findId(pending, ms, seq);
  const owner: usize = entry === 0 ? 0 : load<u32>(entry, OWNER);
  if (owner !== consumer) {
    if (insertId(load<u32>(consumer, PENDING), ms, seq) === 0) return false;
    if (owner !== 0) removeId(load<u32>(owner, PENDING), ms, seq);
    if (entry === 0) {
      entry = insertId(pending, ms, seq);
      if (entry === 0) {
        removeId(load<u32>(consumer, PENDING), ms, seq);
        return false;
      }
    }
    store<u32>(entry, <u32>consumer, OWNER);
  }
  store<i64>(entry, deliveredAt, DELIVERED_AT);
  store<u64>(entry, deliveries, DELIVERIES);
  return true;
}

/** An entry is not pending any more. @returns whether it was. */
export function acknowledge(group: usize, ms: u64, seq: u64): bool {
  const pending: usize = load<u32>(group, PENDING);
  const entry = findId(pending, ms, seq);
  if (entry === 0) return false;
  const owner: usize = load<u32>(entry, OWNER);
  if (owner !== 0) removeId(load<u32>(owner, PENDING), ms, seq);
  return removeId(pending, ms, seq);
}

/** @returns false: memory is exhausted; what was copied is in the target, to be freed with it. */
export function copyGroups(from: usize, to: usize): bool {
  const list: usize = load<u32>(from, GROUPS);
  const count = listCount(list);
  for (let i: u32 = 0; i < count; i++) {
    const group = listItem(list, i);
    const copied = addGroup(to, group + GROUP_NAME, load<u32>(group));
    if (copied === 0 || !copyGroup(group, copied)) return false;
  }
  return true;
}

function copyGroup(from: usize, to: usize): bool {
  memory.copy(to + GROUP_LAST, from + GROUP_LAST, GROUP_CONSUMERS - GROUP_LAST);
  if (!copyMap(from, to)) return false;
  const list: usize = load<u32>(from, GROUP_CONSUMERS);
  const count = listCount(list);
  for (let i: u32 = 0; i < count; i++) {
    const consumer = listItem(list, i);
    const name = consumer + CONSUMER_NAME;
    const copied = addConsumer(to, name, load<u32>(consumer), load<i64>(consumer, CONSUMER_SEEN));
    if (copied === 0 || !copyMap(consumer, copied)) return false;
    ownAll(to, copied);
  }
  return true;
}

function copyMap(from: usize, to: usize): bool {
  const copied = copyIdMap(load<u32>(from, PENDING));
  if (copied === 0) return false;
  freeIdMap(load<u32>(to, PENDING));
  store<u32>(to, <u32>copied, PENDING);
  return true;
}

/** Say in a group's map whose the entries of a consumer's are. */
function ownAll(group: usize, consumer: usize): void {
  const own: usize = load<u32>(consumer, PENDING);
  const leaves = leafCount(own);
  for (let i: u32 = 0; i < leaves; i++) {
    const leaf = leafAt(own, i);
    const count = entriesOf(leaf);
    for (let j: u32 = 0; j < count; j++) {
      const at = entryIn(own, leaf, j);
      const entry = findId(load<u32>(group, PENDING), load<u64>(at), load<u64>(at, 8));
      if (entry !== 0) store<u32>(entry, <u32>consumer, OWNER);
    }
  }
}

/** @returns how many blocks the groups consist of, by the first of them. */
export function groupBlocks(stream: usize): u32 {
  const list: usize = load<u32>(stream, GROUPS);
  if (list === 0) return 0;
  return listCount(list) * (1 + leafCount(load<u32>(listItem(list, 0), PENDING)));
}

/** @returns bytes that the groups take. */
export function groupsBytes(stream: usize): u32 {
  const list: usize = load<u32>(stream, GROUPS);
  if (list === 0) return 0;
  let bytes = blockSize(list);
  const count = listCount(list);
  for (let i: u32 = 0; i < count; i++) {
    const group = listItem(list, i);
    bytes += blockSize(group) + idMapBytes(load<u32>(group, PENDING));
    const consumers: usize = load<u32>(group, GROUP_CONSUMERS);
    if (consumers === 0) continue;
    bytes += blockSize(consumers);
    const members = listCount(consumers);
    for (let j: u32 = 0; j < members; j++) {
      const consumer = listItem(consumers, j);
      bytes += blockSize(consumer) + idMapBytes(load<u32>(consumer, PENDING));
    }
  }
  return bytes;
}

/** @returns how many entries are pending in a group or with a consumer. */
export function pendingCount(holder: usize): u32 {
  return idCount(load<u32>(holder, PENDING));
}
