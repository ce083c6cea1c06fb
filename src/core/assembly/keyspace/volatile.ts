/**
 * The list of a database's volatile keys: those with an expiry.
 *
 * A slot is 8 bytes: u32 entry, u32 expiry in units of 1024 ms, rounded down and clamped. The
 * active cycle sweeps the slots and touches an entry only if its time has come, at some 8 bytes of
 * sequential reading per key; an entry knows its slot, so that it leaves the list in constant
 * time (the last one takes its place). Slots lie in chunks of 4096, so growth copies nothing.
 */
import { allocate, blockSize, reallocate, release } from '../allocator/slabs';
import { expireAt, isOwn, setOwn, storeVolatilePlace, volatilePlace } from './entry';
import { Table } from './table';

const CHUNK_BITS: u32 = 12;
/** Bytes of a slot. */
export const VOLATILE_SLOT: u32 = 8;
const CHUNK_SLOTS: u32 = 4096;

function slotAt(table: Table, place: u32): usize {
  const chunk: usize = load<u32>(table.chunks + ((<usize>(place >> CHUNK_BITS)) << 2));
  return chunk + ((<usize>(place & (CHUNK_SLOTS - 1))) << 3);
}

/** Times before 1970 or after 2109 are as good as the first or the last unit. */
export function unitOf(at: i64): u32 {
  if (at < 0) return 0;
  const unit = at >> 10;
  return unit > 0xffffffff ? 0xffffffff : <u32>unit;
}

/** Make sure that one more slot can be had. @returns false: memory is exhausted. */
export function reserveVolatile(table: Table): bool {
  const place = table.volatileCount;
  if ((place & (CHUNK_SLOTS - 1)) !== 0) return true;
  const number = place >> CHUNK_BITS;
  if (number === table.chunksRoom) {
    const room = number === 0 ? 16 : number << 1;
    const chunks = number === 0 ? allocate(64) : reallocate(table.chunks, number << 2, room << 2);
    if (chunks === 0) return false;
    memory.fill(chunks + ((<usize>number) << 2), 0, (<usize>(room - number)) << 2);
    table.chunks = chunks;
    table.chunksRoom = room;
  }
  const at = table.chunks + ((<usize>number) << 2);
  if (load<u32>(at) !== 0) return true;
  const chunk = allocate(CHUNK_SLOTS << 3);
  if (chunk === 0) return false;
  store<u32>(at, <u32>chunk);
  return true;
}

/** Enter an entry, whose expiry is set, in the list. A slot must have been reserved. */
export function addVolatile(table: Table, entry: usize): void {
  const place = table.volatileCount++;
  storeVolatilePlace(entry, place);
  const slot = slotAt(table, place);
  store<u32>(slot, <u32>entry);
  store<u32>(slot, unitOf(expireAt(entry)), 4);
}

/** Take the entry at a place off the list. */
export function removeVolatile(table: Table, place: u32): void {
  assert(place < table.volatileCount, 'no volatile key is there');
  if (CHECKED)
    assert(volatilePlace(volatileEntry(table, place)) === place, 'it is in another place');
  markOwn(table, volatileEntry(table, place), false);
  const last = --table.volatileCount;
  const lastSlot = slotAt(table, last);
  if (place !== last) {
    const slot = slotAt(table, place);
    const moved: usize = load<u32>(lastSlot);
    store<u64>(slot, load<u64>(lastSlot));
    storeVolatilePlace(moved, place);
  }
  // One empty chunk is kept, so that a count around a chunk's edge does not cost one each time.
  if ((last & (CHUNK_SLOTS - 1)) === 0) {
    const spare = table.chunks + ((<usize>((last >> CHUNK_BITS) + 1)) << 2);
    if ((last >> CHUNK_BITS) + 1 < table.chunksRoom && load<u32>(spare) !== 0) {
      release(load<u32>(spare));
      store<u32>(spare, 0);
    }
  }
}

/** Note whose expiry a volatile key has: a client's of this replica, or the master's. */
export function markOwn(table: Table, entry: usize, own: bool): void {
  if (isOwn(entry) === own) return;
  if (own) table.ownCount++;
  else table.ownCount--;
  setOwn(entry, own);
}

/** Note that the entry has moved in memory or has a new expiry. */
export function updateVolatile(table: Table, entry: usize): void {
  const slot = slotAt(table, volatilePlace(entry));
  store<u32>(slot, <u32>entry);
  store<u32>(slot, unitOf(expireAt(entry)), 4);
}

export function volatileEntry(table: Table, place: u32): usize {
  return load<u32>(slotAt(table, place));
}

export function volatileUnit(table: Table, place: u32): u32 {
  return load<u32>(slotAt(table, place), 4);
}

/** Bytes of a table's list. */
export function volatileBytes(table: Table): u64 {
  if (table.chunks === 0) return 0;
  const used = (table.volatileCount + CHUNK_SLOTS - 1) >> CHUNK_BITS;
  const hasSpare = used < table.chunksRoom && load<u32>(table.chunks + ((<usize>used) << 2)) !== 0;
  return blockSize(table.chunks) + <u64>(used + <u32>hasSpare) * (CHUNK_SLOTS << 3);
}

/** Free the list, not its entries. */
export function clearVolatile(table: Table): void {
  for (let i: u32 = 0; i < table.chunksRoom; i++) {
    const chunk: usize = load<u32>(table.chunks + ((<usize>i) << 2));
    if (chunk !== 0) release(chunk);
  }
  if (table.chunks !== 0) release(table.chunks);
  table.chunks = 0;
  table.chunksRoom = 0;
  table.volatileCount = 0;
  table.ownCount = 0;
  table.expireCursor = 0;
}
