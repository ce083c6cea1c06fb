/**
 * The index's hash: 64 bits, seeded, two multiplications for a 16-byte key and two to finish.
 *
 * Each step multiplies two 32-bit halves, both mixed with a state that depends on the seed, into
 * 64 bits (wyhash's idea in wasm's arithmetic). A plain multiply-and-shift over words would be as
 * fast, but two differing words can be made to cancel there whatever the seed is, and keys come
 * from strangers.
 */

let seedLow: u32 = 0;
let seedHigh: u32 = 0;

let randomState: u64 = 0;

export function initHash(low: u32, high: u32): void {
  seedLow = low;
  seedHigh = high;
  randomState = (((<u64>high) << 32) | low) ^ 0x2545f4914f6cdd1d;
}

/** @returns an integer, 0 to bound-1; for choices that need no more than to be spread. */
export function randomBelow(bound: u32): u32 {
  randomState += 0x9e3779b97f4a7c15;
  return <u32>(((mix(mix(randomState)) & 0xffffffff) * bound) >> 32);
}

export function hash(at: usize, length: u32): u64 {
  let state = mix((((<u64>seedHigh) << 32) | seedLow) ^ <u64>length);
  let left = length;
  while (left >= 8) {
    state = mix(state ^ load<u64>(at));
    at += 8;
    left -= 8;
  }
  if (left !== 0) state = mix(state ^ (load<u64>(at) & (((<u64>1) << (left << 3)) - 1)));
  return mix(state ^ 0x9e3779b97f4a7c15);
}

/** A full 32×32 product loses a word whose half is zero; adding the other half back keeps it. */
function mix(word: u64): u64 {
  const low = word & 0xffffffff;
  const high = word >> 32;
  const product = (low ^ 0x53c5ca59) * (high ^ 0x74743c1b);
  return product + rotr<u64>(word ^ seedHigh, 32);
}
