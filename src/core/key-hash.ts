/**
 * The index's hash (assembly/hash.ts) for threads that have no core: the same 64 bits, in two halves.
 *
 * JavaScript has no 64-bit integers that are fast, so each product is made of 16-bit parts. The two
 * files must change together; a test reads with this what the core stored with that.
 */

/** The halves of what keyHash() computed last. */
export const hashed = { low: 0, high: 0 };

/** The halves of the last product. */
let low = 0;
let high = 0;

/** The upper 32 bits of a product of two unsigned 32-bit numbers. */
function upper(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const one = (Math.imul(aHigh, bLow) >>> 0) + ((Math.imul(aLow, bLow) >>> 0) >>> 16);
  const other = (Math.imul(aLow, bHigh) >>> 0) + (one & 0xffff);
  return ((Math.imul(aHigh, bHigh) >>> 0) + (one >>> 16) + (other >>> 16)) | 0;
}

function mix(wordLow: number, wordHigh: number, seedHigh: number): void {
  const one = wordLow ^ 0x53c5ca59;
  const other = wordHigh ^ 0x74743c1b;
  const product = Math.imul(one, other);
  low = (product + wordHigh) | 0;
  const carry = low >>> 0 < product >>> 0 ? 1 : 0;
  high = (upper(one, other) + (wordLow ^ seedHigh) + carry) | 0;
}

/**
 * Hash a key into `hashed`.
 *
 * @param words - its bytes, followed by zeros up to a multiple of eight.
 * @param length - bytes.
 */
export function keyHash(
  words: Int32Array,
  length: number,
  seedLow: number,
  seedHigh: number,
): void {
  mix(seedLow ^ length, seedHigh, seedHigh);
  for (let at = 0; at << 2 < length; at += 2) {
    mix(low ^ words[at]!, high ^ words[at + 1]!, seedHigh);
  }
  const folded = low ^ high;
  const product = Math.imul(folded, 0x6659fd93);
  const top =
    (upper(folded, 0x6659fd93) + Math.imul(folded, 0xd6e8feb8) + Math.imul(high, 0x6659fd93)) | 0;
  hashed.low = product ^ top;
  hashed.high = top;
}
