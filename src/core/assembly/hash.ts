/**
 * The index's hash: 64 bits, seeded; a multiplication for the length, one for every eight bytes,
 * one to end.
 *
 * Each step multiplies two 32-bit halves, both mixed with a state that depends on the seed, into
 * 64 bits (wyhash's idea in wasm's arithmetic). A plain multiply-and-shift over words would be as
 * fast, but two differing words can be made to cancel there whatever the seed is, and keys come
 * from untrusted clients.
 */

import { SEED_HIGH, SEED_LOW } from './layout';

let seedLow: u32 = 0;
let seedHigh: u32 = 0;

let randomState: u64 = 0;

export function initHash(low: u32, high: u32): void {
  seedHash(low, high);
  // Whoever reads keys from another thread must hash as the index does.
  store<u32>(SEED_LOW, low);
  store<u32>(SEED_HIGH, high);
  randomState = (((<u64>high) << 32) | low) ^ 0x2545f4914f6cdd1d;
}

export function seedHash(low: u32, high: u32): void {
  seedLow = low;
  seedHigh = high;
}

/**
 * SplitMix64: draws that follow each other are independent, which the hash's own mixing does not
 * give (a bucket and then a place in it would be drawn together, and old keys live in other places
 * than new).
 *
 * @returns an integer, 0 to bound-1.
 * @see G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators", 2014
 */
export function randomBelow(bound: u32): u32 {
  randomState += 0x9e3779b97f4a7c15;
  let word = randomState;
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
  word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
  word ^= word >> 31;
  return <u32>(((word >> 32) * bound) >> 32);
}

/** @inline */
export function hash(at: usize, length: u32): u64 {
  return hashEnd(hashPiece(hashStart(length), at, length));
}

/** The hash of what comes in pieces: of so many bytes in all. @inline */
export function hashStart(length: u32): u64 {
  return mix((((<u64>seedHigh) << 32) | seedLow) ^ <u64>length);
}

/** The next piece; only the last one may have a length that is no multiple of eight. @inline */
export function hashPiece(state: u64, at: usize, length: u32): u64 {
  let left = length;
  while (left >= 8) {
    state = mix(state ^ load<u64>(at));
    at += 8;
    left -= 8;
  }
  if (left !== 0) state = mix(state ^ (load<u64>(at) & (((<u64>1) << (left << 3)) - 1)));
  return state;
}

/**
 * Let every bit depend on every other. The low bits of a product depend on the factors' low bits
 * alone, and are even three times in four: buckets, which go by them, would fill as unevenly.
 */
export function hashEnd(word: u64): u64 {
  word = (word ^ (word >> 32)) * 0xd6e8feb86659fd93;
  return word ^ (word >> 32);
}

/** A full 32×32 product loses a word whose half is zero; adding the other half back keeps it. */
function mix(word: u64): u64 {
  const low = word & 0xffffffff;
  const high = word >> 32;
  const product = (low ^ 0x53c5ca59) * (high ^ 0x74743c1b);
  return product + rotr<u64>(word ^ seedHigh, 32);
}
