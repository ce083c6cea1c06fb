/**
 * The best candidates for eviction among all that have been drawn: up to sixteen, in order of
 * score.
 *
 * Keeping the good ones of earlier draws is what makes a draw of five keys come close to true LRU.
 * A candidate is a key's hash and database, not its entry, which may have moved or gone when its
 * turn comes: then it is passed over.
 *
 * @see redis/redis 7.0.15 src/evict.c, evictionPoolPopulate()
 */
import { hash } from '../hash';
import { keyLength, keyOf } from './entry';

const SIZE: u32 = 16;
/** u64 score, u64 hash of the key, i32 database (-1: no candidate), 4 unused. */
const CANDIDATE: u32 = 24;
const POOL: usize = memory.data(16 * 24);

function at(index: u32): usize {
  return POOL + <usize>(index * CANDIDATE);
}

function isFree(index: u32): bool {
  return load<i32>(at(index), 16) < 0;
}

/** Forget all: the scores of another policy mean nothing. */
export function emptyPool(): void {
  for (let i: u32 = 0; i < SIZE; i++) store<i32>(at(i), -1, 16);
}

/**
 * Take a key in if it is better than the worst, or there is room. @param score - higher goes first.
 */
export function offer(entry: usize, database: i32, score: u64): void {
  let place: u32 = 0;
  while (place < SIZE && !isFree(place) && load<u64>(at(place)) < score) place++;
  const isFull = !isFree(SIZE - 1);
  if (place === 0 && isFull) return;
  if (isFull) {
    // The worst goes; what is not better than the new one moves down.
    place--;
    memory.copy(at(0), at(1), <usize>(place * CANDIDATE));
  } else if (!isFree(place)) {
    memory.copy(at(place + 1), at(place), <usize>((SIZE - 1 - place) * CANDIDATE));
  }
  store<u64>(at(place), score);
  store<u64>(at(place), hash(keyOf(entry), keyLength(entry)), 8);
  store<i32>(at(place), database, 16);
}

/** What takeBest() took. */
export let bestHash: u64 = 0;
export let bestDatabase: i32 = 0;

/** Take the best candidate out. @returns whether there was one. */
export function takeBest(): bool {
  let place = SIZE;
  while (place !== 0 && isFree(place - 1)) place--;
  if (place === 0) return false;
  const best = at(place - 1);
  bestHash = load<u64>(best, 8);
  bestDatabase = load<i32>(best, 16);
  store<i32>(best, -1, 16);
  return true;
}
