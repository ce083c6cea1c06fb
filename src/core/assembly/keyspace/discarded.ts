/**
 * Tables that have been flushed, and whose entries are freed little by little.
 *
 * A flush takes the table's description away and leaves an empty one in its place, whatever it
 * held. What is behind it is freed at once (FLUSHALL SYNC), or in slices by the host (ASYNC), or by
 * commands that find memory over its limit. A slice frees whole chains, and a segment of the index
 * with its last.
 */
import { allocate, release } from '../allocator/slabs';
import { LAZY_PENDING, STAT_LAZY_FREED } from '../layout';
import { freeDiscardedValues, releaseValue } from '../collections/discarded-values';
import { isString, typeOf, valueOf } from './entry';
import { nextInChain, openChain, Table } from './table';
import { releaseChain, releaseDirectory } from './table-memory';
import { closeStructure, openStructure } from './versions';
import { clearVolatile } from './volatile';

/** A flushed table, and the next one. */
@unmanaged
export class Discarded {
  table: Table;
  next: usize;
  /** Chains dealt with: written out while a snapshot runs, then freed. */
  done: u32;
}

let first: usize = 0;

/**
 * Empty a table by taking what it holds away, to be handed to discard() or freeNow().
 *
 * @returns 0: there is no memory to remember it by, nothing has changed.
 */
export function detach(table: Table): usize {
  const block = allocate(offsetof<Discarded>() + offsetof<Table>());
  if (block === 0) return 0;
  const kept = changetype<Discarded>(block);
  kept.table = changetype<Table>(block + offsetof<Discarded>());
  kept.next = 0;
  kept.done = 0;
  const id = table.id;
  const snapshotId = table.snapshotId;
  memory.copy(changetype<usize>(kept.table), changetype<usize>(table), offsetof<Table>());
  openStructure();
  memory.fill(changetype<usize>(table), 0, offsetof<Table>());
  table.id = id;
  table.snapshotId = snapshotId;
  closeStructure();
  return block;
}

/** Have a detached table freed later. */
export function discard(block: usize): void {
  const kept = changetype<Discarded>(block);
  kept.next = first;
  kept.done = 0;
  first = block;
  store<u32>(LAZY_PENDING, load<u32>(LAZY_PENDING) + kept.table.count);
}

/** Free a detached table. */
export function freeNow(block: usize): void {
  freeChains(changetype<Discarded>(block).table);
  release(block);
}

/** Free what a table holds where it stands: no reader is there meanwhile. */
export function freeTable(table: Table): void {
  openStructure();
  freeChains(table);
  closeStructure();
}

function freeChains(table: Table): void {
  for (let index: u32 = 0; index < table.buckets; index++) freeChain(table, index);
  finish(table);
}

/**
 * Free some of what waits, large values first.
 *
 * @param budget - chains, or blocks of values.
 * @returns what is left of it; 0: there may be more to free.
 */
export function freeDiscarded(budget: u32): u32 {
  budget = freeDiscardedValues(budget);
  while (first !== 0 && budget !== 0) {
    const kept = changetype<Discarded>(first);
    const table = kept.table;
    while (kept.done < table.buckets && budget !== 0) {
      const freed = freeChain(table, kept.done++);
      store<u32>(LAZY_PENDING, load<u32>(LAZY_PENDING) - freed);
      store<u64>(STAT_LAZY_FREED, load<u64>(STAT_LAZY_FREED) + freed);
      budget--;
    }
    if (kept.done < table.buckets) return 0;
    const next = kept.next;
    finish(table);
    release(first);
    first = next;
  }
  // What was put aside meanwhile.
  return freeDiscardedValues(budget);
}

function freeChain(table: Table, index: u32): u32 {
  let count: u32 = 0;
  openChain(table, index);
  for (let entry = nextInChain(); entry !== 0; entry = nextInChain()) {
    if (!isString(entry)) releaseValue(typeOf(entry), valueOf(entry));
    release(entry);
    count++;
  }
  releaseChain(table, index);
  return count;
}

function finish(table: Table): void {
  releaseDirectory(table);
  clearVolatile(table);
}
