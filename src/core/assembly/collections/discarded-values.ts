/**
 * Values that are gone from the keyspace: freed at once if they are small, else little by little,
 * so that no command waits for it, whatever it deleted. The host goes on with it in slices; so does
 * eviction, which needs the memory.
 */
import { allocate, release } from '../allocator/slabs';
import { LAZY_PENDING, STAT_LAZY_FREED } from '../layout';
import { freeValue, valueBlocks } from './kinds';
import { ROOT_SIZE } from './layout';
import { rootEncoding } from './root';

/** As in Redis: fewer blocks are freed as quickly as they are put aside. */
const MANY_BLOCKS: u32 = 64;

/** A value put aside: u32 next, u32 type, its root. */
const VALUE_ROOT: usize = 8;

let first: usize = 0;

/** Free what a root leads to, now or soon; the root itself is then of no use. */
export function releaseValue(type: u32, root: usize): void {
  if (rootEncoding(root) === 0) return;
  if (valueBlocks(type, root) > MANY_BLOCKS && putAside(type, root)) return;
  freeValue(type, root, u32.MAX_VALUE);
}

function putAside(type: u32, root: usize): bool {
  const kept = allocate(<u32>VALUE_ROOT + ROOT_SIZE);
  if (kept === 0) return false;
  store<u32>(kept, <u32>first);
  store<u32>(kept, type, 4);
  memory.copy(kept + VALUE_ROOT, root, ROOT_SIZE);
  first = kept;
  store<u32>(LAZY_PENDING, load<u32>(LAZY_PENDING) + 1);
  return true;
}

/**
 * Free some of what waits.
 *
 * @param budget - blocks.
 * @returns what is left of it; 0: there may be more to free.
 */
export function freeDiscardedValues(budget: u32): u32 {
  while (first !== 0 && budget !== 0) {
    budget = freeValue(load<u32>(first, 4), first + VALUE_ROOT, budget);
    if (budget === 0) return 0;
    const next: usize = load<u32>(first);
    release(first);
    first = next;
    store<u32>(LAZY_PENDING, load<u32>(LAZY_PENDING) - 1);
    store<u64>(STAT_LAZY_FREED, load<u64>(STAT_LAZY_FREED) + 1);
  }
  return budget;
}
