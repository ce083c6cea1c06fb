/**
 * Keys drawn at random, for eviction and RANDOMKEY.
 *
 * From the index several keys come from one random bucket and, if it has too few, the buckets
 * behind it: they share some bits of their hashes, which have nothing to do with when they were
 * used. Within a bucket the draw begins at a random place, or those that were stored first would be
 * drawn more often. The list of volatile keys is in order of insertion, so each of its keys is
 * drawn by itself.
 */
import { randomBelow } from '../hash';
import { nextInChain, openChain, Table } from './table';
import { volatileEntry } from './volatile';

/** A chain's entries at the most; longer ones than a bad hash makes do not occur. */
const MAX_CHAIN: u32 = 256;
const CHAIN: usize = memory.data(256 * 4);

/** How many of what drawSome() drew there are, and what: u32 pointers to entries. */
export const MAX_SAMPLES: u32 = 64;
const SAMPLES: usize = memory.data(64 * 4);

export function sampleAt(index: u32): usize {
  return load<u32>(SAMPLES + ((<usize>index) << 2));
}

/** Draw up to `wanted` keys of a table that has some. @returns how many; perhaps one twice. */
export function drawSome(table: Table, wanted: u32): u32 {
  const limit = min(min(wanted, MAX_SAMPLES), table.count);
  let bucket = randomBelow(table.buckets);
  let drawn: u32 = 0;
  for (let steps = limit * 10; steps !== 0 && drawn < limit; steps--) {
    const count = readChain(table, bucket);
    let at = count === 0 ? 0 : randomBelow(count);
    for (let i: u32 = 0; i < count && drawn < limit; i++) {
      put(drawn++, load<u32>(CHAIN + ((<usize>at) << 2)));
      at = at + 1 === count ? 0 : at + 1;
    }
    bucket = bucket + 1 === table.buckets ? 0 : bucket + 1;
  }
  return drawn;
}

/** Draw up to `wanted` volatile keys of a table that has some. @returns how many. */
export function drawSomeVolatile(table: Table, wanted: u32): u32 {
  const limit = min(min(wanted, MAX_SAMPLES), table.volatileCount);
  for (let i: u32 = 0; i < limit; i++) put(i, drawVolatile(table));
  return limit;
}

/**
 * A random bucket first, then one of its entries: keys in fuller buckets come a little less often,
 * as with Redis' dictGetRandomKey(). The table must have some.
 */
export function drawOne(table: Table): usize {
  while (true) {
    const count = readChain(table, randomBelow(table.buckets));
    if (count !== 0) return load<u32>(CHAIN + ((<usize>randomBelow(count)) << 2));
  }
}

export function drawVolatile(table: Table): usize {
  return volatileEntry(table, randomBelow(table.volatileCount));
}

function put(index: u32, entry: usize): void {
  store<u32>(SAMPLES + ((<usize>index) << 2), <u32>entry);
}

function readChain(table: Table, bucket: u32): u32 {
  let count: u32 = 0;
  openChain(table, bucket);
  for (let entry = nextInChain(); entry !== 0 && count < MAX_CHAIN; entry = nextInChain()) {
    store<u32>(CHAIN + ((<usize>count) << 2), <u32>entry);
    count++;
  }
  return count;
}
