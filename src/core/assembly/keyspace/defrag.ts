/**
 * Defragmentation: move entries, and the index' buckets, out of sparse slabs.
 *
 * Every entry is reached from one place of the index, and a volatile one from its slot in the list
 * of volatile keys besides, so moving it changes two words. Its bytes do not change, its epoch
 * included: to a snapshot under way it is the entry it was. No caller keeps an entry's address from
 * one call to the next.
 *
 * The walk goes in SCAN's order, so that a table may grow and shrink meanwhile.
 */
import { allocate, blockSize, release } from '../allocator/slabs';
import { keepSparse } from '../allocator/slabs';
import { isSparse, markSparse } from '../allocator/sparse';
import { ENCODING_INTSET, ENCODING_LISTPACK } from '../collections/layout';
import { rootBlock, rootEncoding, setRootBlock } from '../collections/root';
import { STAT_DEFRAG_HITS, STAT_DEFRAG_MISSES } from '../layout';
import { bump, databases, tableOf } from '../state';
import { hasExpiry, headerSize, inlineLength, isString, keyLength, valueOf } from './entry';
import { chainPlace, cursorBucket, nextCursor, nextInChain, openChain, Table } from './table';
import { moveBuckets } from './table-memory';
import { closeStripe, openEntry } from './versions';
import { updateVolatile } from './volatile';

/** What moving an entry costs, if looking at one costs 1: it is copied. */
const MOVE_COST: u32 = 8;

/** Where the walk stands; it is over when there is no such database. */
let walked: i32 = 0;
let cursor: u32 = 0;

/** Begin a walk over all keys. @returns how many slabs are to be emptied; 0: nothing to do. */
export function beginDefrag(): u32 {
  walked = 0;
  cursor = 0;
  return markSparse();
}

/**
 * Go on with the walk.
 *
 * @param budget - units of work, one for an entry looked at.
 * @returns whether there is more to do.
 */
export function stepDefrag(budget: i32): bool {
  while (budget > 0 && walked < databases) {
    const table = tableOf(walked);
    budget -= table.count === 0 ? 1 : walkChain(table);
    if (table.count === 0 || cursor === 0) {
      cursor = 0;
      walked++;
    }
  }
  if (walked < databases) return true;
  keepSparse();
  return false;
}

/** @returns units of work done. */
function walkChain(table: Table): i32 {
  let work: i32 = 1;
  const bucket = cursorBucket(table, cursor);
  moveBuckets(table, bucket);
  openChain(table, bucket);
  for (let entry = nextInChain(); entry !== 0; entry = nextInChain()) {
    work++;
    if (isSparse(entry) && move(table, entry, chainPlace())) {
      bump(STAT_DEFRAG_HITS);
      work += MOVE_COST;
    } else bump(STAT_DEFRAG_MISSES);
    const here: usize = load<u32>(chainPlace());
    if (!isString(here) && moveValue(table, here)) {
      bump(STAT_DEFRAG_HITS);
      work += MOVE_COST;
    }
  }
  cursor = nextCursor(table, cursor);
  return work;
}

/** Move the block of a collection that is one. @returns whether it was moved. */
function moveValue(table: Table, entry: usize): bool {
  const root = valueOf(entry);
  const encoding = rootEncoding(root);
  if (encoding !== ENCODING_LISTPACK && encoding !== ENCODING_INTSET) return false;
  const block = rootBlock(root);
  if (!isSparse(block)) return false;
  const size = blockSize(block);
  const target = allocate(size);
  if (target === 0) return false;
  memory.copy(target, block, size);
  openEntry(table.lowMask, entry);
  setRootBlock(root, target);
  closeStripe();
  release(block);
  return true;
}

/** @returns false: there is no memory to move it to. */
function move(table: Table, entry: usize, place: usize): bool {
  const target = allocate(blockSize(entry));
  if (target === 0) return false;
  memory.copy(target, entry, headerSize(entry) + keyLength(entry) + inlineLength(entry));
  openEntry(table.lowMask, target);
  store<u32>(place, <u32>target);
  closeStripe();
  if (hasExpiry(target)) updateVolatile(table, target);
  release(entry);
  return true;
}
