/**
 * Streams for the host's commands (src/keyspace/stream-handle.ts), by address: of a stream, a
 * group, a consumer. Names are in the scratch area.
 */
import { allocate, blockSize, reallocate, release } from '../allocator/slabs';
import { replyEntry } from '../commands/stream-ranges';
import { beginReply, closeReplies, endReply, isReplyBroken, openReplies } from '../protocol/reply';
import {
  entriesOf,
  entryIn,
  findId,
  idAtLeast,
  idAtMost,
  idCount,
  leafAt,
  leafCount,
} from './id-map';
import { nodesOf } from './stream';
import {
  acknowledge,
  addConsumer,
  addGroup,
  assign,
  findConsumer,
  findGroup,
  pendingCount,
  removeConsumer,
  removeGroup,
} from './stream-groups';
import { distanceFromFirst, entryMs, entrySeq, hasEntry, startWalk, walk } from './stream-walk';
import { PENDING } from './stream-layout';

/** The ids of the entries that streamItems() gave: u64 ms, u64 sequence each. */
let ids: usize = 0;
/** More room than this is given back. */
const MANY_IDS: u32 = 65536;

/** @returns where they are, until the next call of streamItems(). */
export function streamItemIds(): usize {
  return ids;
}

/**
 * Write the entries of a range as replies.
 *
 * @param count - the most; 0: all.
 * @returns how many; -1: memory is exhausted.
 */
export function streamItems(
  stream: usize,
  ms: u64,
  seq: u64,
  lastMs: u64,
  lastSeq: u64,
  count: u32,
  isReverse: bool,
): i32 {
  if (!openReplies()) return -1;
  if (ids !== 0 && blockSize(ids) > MANY_IDS) {
    release(ids);
    ids = 0;
  }
  beginReply();
  startWalk(stream, ms, seq, lastMs, lastSeq, isReverse);
  let found: u32 = 0;
  let isWhole = true;
  while ((count === 0 || found < count) && walk()) {
    isWhole = noteId(found);
    if (!isWhole) break;
    replyEntry();
    found++;
  }
  if (isReplyBroken()) isWhole = false;
  endReply(true);
  closeReplies();
  return isWhole ? found : -1;
}

function noteId(index: u32): bool {
  const wanted = (index + 1) * 16;
  if (ids === 0) ids = allocate(256);
  else if (blockSize(ids) < wanted) {
    const moved = reallocate(ids, wanted - 16, wanted * 2);
    if (moved === 0) return false;
    ids = moved;
  }
  if (ids === 0) return false;
  store<u64>(ids + index * 16, entryMs);
  store<u64>(ids + index * 16, entrySeq, 8);
  return true;
}

export function streamHas(stream: usize, ms: u64, seq: u64): bool {
  return hasEntry(stream, ms, seq);
}

export function streamNodes(stream: usize): u32 {
  return idCount(nodesOf(stream));
}

export function streamDistance(stream: usize, ms: u64, seq: u64): i64 {
  return distanceFromFirst(stream, ms, seq);
}

/** Depths of the branches above the id that was met last. */
const BRANCHES: usize = memory.data(32);
const ID_BYTES: u32 = 16;

/**
 * How many nodes Redis' radix tree of the listpacks by id would have, which XINFO tells: one for
 * each id, for each place where ids part, and for each run of bytes in between.
 *
 * @see redis/redis 7.0.15 src/rax.c
 */
export function streamTreeNodes(stream: usize): u32 {
  const nodes = nodesOf(stream);
  if (idCount(nodes) === 0) return 1;
  let count: u32 = 0;
  let depth: u32 = 0; // Of the stack.
  let lastMs: u64 = 0;
  let lastSeq: u64 = 0;
  const leaves = leafCount(nodes);
  for (let i: u32 = 0; i < leaves; i++) {
    const leaf = leafAt(nodes, i);
    const entries = entriesOf(leaf);
    for (let j: u32 = 0; j < entries; j++) {
      const node = entryIn(nodes, leaf, j);
      const ms = load<u64>(node);
      const seq = load<u64>(node, 8);
      if (depth !== 0) {
        const shared = ms === lastMs ? 8 + (clz(seq ^ lastSeq) >> 3) : clz(ms ^ lastMs) >> 3;
        while (depth !== 0 && load<u8>(BRANCHES + depth - 1) > <u8>shared) {
          depth--;
          const above: u64 = depth === 0 ? 0 : load<u8>(BRANCHES + depth - 1);
          count += runAbove(load<u8>(BRANCHES + depth), <u32>max(above, shared));
        }
        if (depth === 0 || load<u8>(BRANCHES + depth - 1) !== <u8>shared) {
          store<u8>(BRANCHES + depth++, <u8>shared);
          count++;
        }
      }
      store<u8>(BRANCHES + depth++, <u8>ID_BYTES);
      count++;
      lastMs = ms;
      lastSeq = seq;
    }
  }
  while (--depth !== 0) {
    count += runAbove(load<u8>(BRANCHES + depth), load<u8>(BRANCHES + depth - 1));
  }
  return load<u8>(BRANCHES) !== 0 ? count + 1 : count;
}

/**
 * Whether there is a node for the bytes between a branch and what is below it, but for the first.
 */
function runAbove(below: u32, above: u32): u32 {
  return below - above > 1 ? 1 : 0;
}

export function streamGroup(stream: usize, name: usize, length: u32): usize {
  return findGroup(stream, name, length);
}

export function streamAddGroup(stream: usize, name: usize, length: u32): usize {
  return addGroup(stream, name, length);
}

export function streamRemoveGroup(stream: usize, group: usize): void {
  removeGroup(stream, group);
}

export function streamConsumer(group: usize, name: usize, length: u32): usize {
  return findConsumer(group, name, length);
}

export function streamAddConsumer(group: usize, name: usize, length: u32, seenAt: i64): usize {
  return addConsumer(group, name, length, seenAt);
}

export function streamRemoveConsumer(group: usize, consumer: usize): void {
  removeConsumer(group, consumer);
}

/** @param holder - a group or a consumer. */
export function streamPendingCount(holder: usize): u32 {
  return pendingCount(holder);
}

/** @returns the first that is pending from an id on; 0: there is none. */
export function streamPendingFrom(holder: usize, ms: u64, seq: u64): usize {
  return idAtLeast(load<u32>(holder, PENDING), ms, seq);
}

/** @returns the last that is pending up to an id; 0: there is none. */
export function streamPendingUpTo(holder: usize, ms: u64, seq: u64): usize {
  return idAtMost(load<u32>(holder, PENDING), ms, seq);
}

export function streamPending(group: usize, ms: u64, seq: u64): usize {
  return findId(load<u32>(group, PENDING), ms, seq);
}

export function streamAssign(
  group: usize,
  consumer: usize,
  ms: u64,
  seq: u64,
  deliveredAt: i64,
  deliveries: u64,
): bool {
  return assign(group, consumer, ms, seq, deliveredAt, deliveries);
}

export function streamAcknowledge(group: usize, ms: u64, seq: u64): bool {
  return acknowledge(group, ms, seq);
}
