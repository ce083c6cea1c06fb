/**
 * Ordered maps by a stream's ids, numbers of 128 bits: a stream's nodes, and what is pending.
 *
 *   map    +0 u32 the leaves' addresses (a block; 0: none)  +4 u32 leaves  +8 u32 entries
 *          +12 u32 bytes of an entry
 *   leaf   +0 u32 entries  +8 entries, ascending
 *   entry  +0 u64 ms  +8 u64 sequence  +16 what belongs to the id
 *
 * Rule: leaves are never empty, and hold up to 128 entries. Ids mostly come at the end, so a full
 * last leaf is not split but followed by another; a leaf that is emptied goes, and two neighbours
 * that fit into half a leaf become one. A search is two binary ones; a change moves at most one
 * leaf's entries, and seldom the addresses, 1/64 of the entries in number.
 *
 * Addresses of entries are valid until the next change.
 */
import { allocate, blockSize, reallocate, release } from '../allocator/slabs';

const MAP_BYTES: u32 = 16;
const MAX_ENTRIES: u32 = 128;
const LEAF_HEADER: u32 = 8;
const FIRST_ENTRIES: u32 = 2;

/** @param entrySize - 16 for the id, and what belongs to it. @returns 0: memory is exhausted. */
export function newIdMap(entrySize: u32): usize {
  const map = allocate(MAP_BYTES);
  if (map === 0) return 0;
  store<u64>(map, 0);
  store<u32>(map, 0, 8);
  store<u32>(map, entrySize, 12);
  return map;
}

export function idCount(map: usize): u32 {
  return load<u32>(map, 8);
}

export function leafCount(map: usize): u32 {
  return load<u32>(map, 4);
}

export function leafAt(map: usize, index: u32): usize {
  return load<u32>(load<u32>(map) + index * 4);
}

export function entriesOf(leaf: usize): u32 {
  return load<u32>(leaf);
}

export function entryIn(map: usize, leaf: usize, slot: u32): usize {
  return leaf + LEAF_HEADER + slot * load<u32>(map, 12);
}

/** Whether (ms, seq) < (otherMs, otherSeq). @inline */
export function isBefore(ms: u64, seq: u64, otherMs: u64, otherSeq: u64): bool {
  return ms < otherMs || (ms === otherMs && seq < otherSeq);
}

/** @returns the last leaf that does not begin after the id, or the first one. There must be one. */
function leafFor(map: usize, ms: u64, seq: u64): u32 {
  let low: u32 = 0;
  let high = leafCount(map) - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const first = leafAt(map, middle) + LEAF_HEADER;
    if (isBefore(ms, seq, load<u64>(first), load<u64>(first, 8))) high = middle - 1;
    else low = middle;
  }
  return low;
}

/** @returns the first entry that is not before the id; entriesOf(): all are. */
function slotFor(map: usize, leaf: usize, ms: u64, seq: u64): u32 {
  let low: u32 = 0;
  let high = entriesOf(leaf);
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = entryIn(map, leaf, middle);
    if (isBefore(load<u64>(at), load<u64>(at, 8), ms, seq)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @returns the entry of an id; 0: there is none. */
export function findId(map: usize, ms: u64, seq: u64): usize {
  const at = idAtLeast(map, ms, seq);
  return at !== 0 && load<u64>(at) === ms && load<u64>(at, 8) === seq ? at : 0;
}

/** @returns the first entry whose id is this or later; 0: there is none. */
export function idAtLeast(map: usize, ms: u64, seq: u64): usize {
  if (leafCount(map) === 0) return 0;
  const index = leafFor(map, ms, seq);
  const leaf = leafAt(map, index);
  const slot = slotFor(map, leaf, ms, seq);
  if (slot < entriesOf(leaf)) return entryIn(map, leaf, slot);
  return index + 1 < leafCount(map) ? entryIn(map, leafAt(map, index + 1), 0) : 0;
}

/** @returns the last entry whose id is this or earlier; 0: there is none. */
export function idAtMost(map: usize, ms: u64, seq: u64): usize {
  if (leafCount(map) === 0) return 0;
  const leaf = leafAt(map, leafFor(map, ms, seq));
  const slot = slotFor(map, leaf, ms, seq);
  if (slot < entriesOf(leaf)) {
    const at = entryIn(map, leaf, slot);
    if (load<u64>(at) === ms && load<u64>(at, 8) === seq) return at;
  }
  return slot !== 0 ? entryIn(map, leaf, slot - 1) : 0;
}

/** @returns 0: it is empty. */
export function lastId(map: usize): usize {
  const leaves = leafCount(map);
  if (leaves === 0) return 0;
  const leaf = leafAt(map, leaves - 1);
  return entryIn(map, leaf, entriesOf(leaf) - 1);
}

/**
 * Put in an id that is not there.
 *
 * @returns its entry, what belongs to it being zeros; 0: memory is exhausted, nothing has changed.
 */
export function insertId(map: usize, ms: u64, seq: u64): usize {
  const leaves = leafCount(map);
  let index: u32 = 0;
  let slot: u32 = 0;
  if (leaves === 0) {
    if (addLeaf(map, 0, FIRST_ENTRIES) === 0) return 0;
  } else {
    index = leafFor(map, ms, seq);
    slot = slotFor(map, leafAt(map, index), ms, seq);
    if (entriesOf(leafAt(map, index)) === MAX_ENTRIES) {
      if (slot === MAX_ENTRIES && index === leaves - 1) {
        // Room for some more: whoever filled a leaf will need it.
        if (addLeaf(map, ++index, 16) === 0) return 0;
        slot = 0;
      } else {
        if (!split(map, index)) return 0;
        const half = entriesOf(leafAt(map, index));
        if (slot > half) {
          index++;
          slot -= half;
        }
      }
    }
  }
  const leaf = roomIn(map, index);
  if (leaf === 0) return 0;
  const size = load<u32>(map, 12);
  const count = entriesOf(leaf);
  const at = entryIn(map, leaf, slot);
  memory.copy(at + size, at, (count - slot) * size);
  memory.fill(at + 16, 0, size - 16);
  store<u64>(at, ms);
  store<u64>(at, seq, 8);
  store<u32>(leaf, count + 1);
  store<u32>(map, idCount(map) + 1, 8);
  return at;
}

/** Take an id out. @returns whether it was there. */
export function removeId(map: usize, ms: u64, seq: u64): bool {
  if (leafCount(map) === 0) return false;
  const index = leafFor(map, ms, seq);
  const leaf = leafAt(map, index);
  const slot = slotFor(map, leaf, ms, seq);
  const count = entriesOf(leaf);
  if (slot === count) return false;
  const at = entryIn(map, leaf, slot);
  if (load<u64>(at) !== ms || load<u64>(at, 8) !== seq) return false;
  const size = load<u32>(map, 12);
  memory.copy(at, at + size, (count - slot - 1) * size);
  store<u32>(leaf, count - 1);
  store<u32>(map, idCount(map) - 1, 8);
  if (count === 1) dropLeaf(map, index);
  else if (count <= MAX_ENTRIES / 2) join(map, index);
  return true;
}

/** Free the map; what its entries lead to is the caller's. */
export function freeIdMap(map: usize): void {
  const leaves = leafCount(map);
  for (let i: u32 = 0; i < leaves; i++) release(leafAt(map, i));
  if (load<u32>(map) !== 0) release(load<u32>(map));
  release(map);
}

/** @returns a map of its own with the same entries; 0: memory is exhausted. */
export function copyIdMap(map: usize): usize {
  const target = newIdMap(load<u32>(map, 12));
  if (target === 0) return 0;
  const leaves = leafCount(map);
  for (let i: u32 = 0; i < leaves; i++) {
    const leaf = leafAt(map, i);
    const copied = addLeaf(target, i, entriesOf(leaf));
    if (copied === 0) {
      freeIdMap(target);
      return 0;
    }
    memory.copy(copied, leaf, LEAF_HEADER + entriesOf(leaf) * load<u32>(map, 12));
  }
  store<u32>(target, idCount(map), 8);
  return target;
}

/** @returns bytes that it takes. */
export function idMapBytes(map: usize): u32 {
  let bytes = blockSize(map);
  if (load<u32>(map) !== 0) bytes += blockSize(load<u32>(map));
  const leaves = leafCount(map);
  for (let i: u32 = 0; i < leaves; i++) bytes += blockSize(leafAt(map, i));
  return bytes;
}

/** Make an empty leaf. @returns 0: memory is exhausted. */
function addLeaf(map: usize, index: u32, entries: u32): usize {
  const leaves = leafCount(map);
  let addresses: usize = load<u32>(map);
  if (addresses === 0 || blockSize(addresses) < (leaves + 1) * 4) {
    const wanted = (leaves + 1 + (leaves >> 1)) * 4;
    addresses = addresses === 0 ? allocate(wanted) : reallocate(addresses, leaves * 4, wanted);
    if (addresses === 0) return 0;
    store<u32>(map, <u32>addresses);
  }
  const leaf = allocate(LEAF_HEADER + entries * load<u32>(map, 12));
  if (leaf === 0) return 0;
  store<u32>(leaf, 0);
  const at = addresses + index * 4;
  memory.copy(at + 4, at, (leaves - index) * 4);
  store<u32>(at, <u32>leaf);
  store<u32>(map, leaves + 1, 4);
  return leaf;
}

function dropLeaf(map: usize, index: u32): void {
  const at = load<u32>(map) + index * 4;
  const leaves = leafCount(map) - 1;
  release(load<u32>(at));
  memory.copy(at, at + 4, (leaves - index) * 4);
  store<u32>(map, leaves, 4);
}

/** @returns the leaf, with room for one entry more; 0: memory is exhausted. */
function roomIn(map: usize, index: u32): usize {
  const leaf = leafAt(map, index);
  const size = load<u32>(map, 12);
  const count = entriesOf(leaf);
  if (LEAF_HEADER + (count + 1) * size <= blockSize(leaf)) return leaf;
  const wanted = LEAF_HEADER + min(count * 2 + 2, MAX_ENTRIES) * size;
  const moved = reallocate(leaf, LEAF_HEADER + count * size, wanted);
  if (moved !== 0) store<u32>(load<u32>(map) + index * 4, <u32>moved);
  else if (count === 0) dropLeaf(map, index);
  return moved;
}

/** Give half of a leaf's entries to a new one behind it. */
function split(map: usize, index: u32): bool {
  const other = addLeaf(map, index + 1, MAX_ENTRIES);
  if (other === 0) return false;
  const leaf = leafAt(map, index);
  const kept = MAX_ENTRIES / 2;
  const from = entryIn(map, leaf, kept);
  memory.copy(other + LEAF_HEADER, from, (MAX_ENTRIES - kept) * load<u32>(map, 12));
  store<u32>(other, MAX_ENTRIES - kept);
  store<u32>(leaf, kept);
  return true;
}

/**
 * Put a leaf's entries behind those of the one before it, or the next one's behind its, if they are
 * few.
 */
function join(map: usize, index: u32): void {
  if (
    index === 0 ||
    entriesOf(leafAt(map, index - 1)) + entriesOf(leafAt(map, index)) > MAX_ENTRIES / 2
  ) {
    if (++index === leafCount(map)) return;
  }
  const leaf = leafAt(map, index - 1);
  const other = leafAt(map, index);
  const count = entriesOf(leaf);
  const more = entriesOf(other);
  const bytes = more * load<u32>(map, 12);
  if (count + more > MAX_ENTRIES / 2) return;
  if (entryIn(map, leaf, count) + bytes > leaf + blockSize(leaf)) return;
  memory.copy(entryIn(map, leaf, count), other + LEAF_HEADER, bytes);
  store<u32>(leaf, count + more);
  dropLeaf(map, index);
}
