/**
 * LZF compression of a string that a file is to hold (`rdbcompression`); lzf.ts has the format.
 *
 * Three bytes are hashed to where they stood last. The table is not emptied between strings: what
 * it holds of another one is an address outside of this one, or bytes that are compared before they
 * count. Matches are taken as they come; a longer one a byte on is not looked for.
 */
import { allocate, blockSize, release } from '../allocator/slabs';

const HASH_BITS: u32 = 12;
/** u32 each: an address. There only while a file is being written; 0: it is not. */
let places: usize = 0;
const MAX_LITERALS: u32 = 32;
const MAX_DISTANCE: usize = 1 << 13;
const MAX_MATCH: u32 = 7 + 255 + 2;

let out: usize = 0;
let limit: usize = 0;

/** @returns whether there is memory to compress with, until closeCompression(). */
export function openCompression(): bool {
  if (places === 0) places = allocate(4 << HASH_BITS);
  if (places !== 0) memory.fill(places, 0, 4 << HASH_BITS);
  return places !== 0;
}

/** Bytes of that: memory that goes again. */
export function compressionBytes(): u32 {
  return places === 0 ? 0 : blockSize(places);
}

export function closeCompression(): void {
  if (places !== 0) release(places);
  places = 0;
}

/**
 * @param to - room for `most` bytes.
 * @returns how many bytes it takes; 0: more than `most`.
 */
export function compress(from: usize, length: u32, to: usize, most: u32): u32 {
  out = to;
  limit = to + most;
  const end = from + length;
  let at = from;
  /** What is not written yet begins here. */
  let literals = from;
  while (at + 2 < end) {
    const slot = places + (hash3(at) << 2);
    const seen: usize = load<u32>(slot);
    store<u32>(slot, <u32>at);
    if (seen < from || seen >= at || at - seen > MAX_DISTANCE || !sameThree(seen, at)) {
      at++;
      continue;
    }
    const longest = min<u32>(MAX_MATCH, <u32>(end - at));
    let run: u32 = 3;
    while (run < longest && load<u8>(seen + run) === load<u8>(at + run)) run++;
    if (!writeLiterals(literals, at) || !writeMatch(<u32>(at - seen - 1), run - 2)) return 0;
    at += run;
    literals = at;
  }
  return writeLiterals(literals, end) ? <u32>(out - to) : 0;
}

function hash3(at: usize): u32 {
  const three = <u32>load<u16>(at) | ((<u32>load<u8>(at, 2)) << 16);
  return (three * 0x9e3779b1) >> (32 - HASH_BITS);
}

function sameThree(a: usize, b: usize): bool {
  return load<u16>(a) === load<u16>(b) && load<u8>(a, 2) === load<u8>(b, 2);
}

function writeLiterals(from: usize, end: usize): bool {
  while (from < end) {
    const count = min<u32>(MAX_LITERALS, <u32>(end - from));
    if (out + 1 + count > limit) return false;
    store<u8>(out, <u8>(count - 1));
    memory.copy(out + 1, from, count);
    out += 1 + count;
    from += count;
  }
  return true;
}

/** @param code - its length less two. */
function writeMatch(distance: u32, code: u32): bool {
  if (out + 3 > limit) return false;
  const high = <u8>(distance >> 8);
  if (code < 7) store<u8>(out++, <u8>(code << 5) | high);
  else {
    store<u8>(out, <u8>(7 << 5) | high);
    store<u8>(out, <u8>(code - 7), 1);
    out += 2;
  }
  store<u8>(out++, <u8>distance);
  return true;
}
