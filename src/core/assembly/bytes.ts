/**
 * Bytes and numbers: copying, comparing, decimal text. Reads may go up to 15 bytes past the end of
 * what they are given (every block and the input have that much behind them); writes never do.
 */

/**
 * Copy; the ranges must not overlap. A call of memory.copy costs more than a short loop. @inline
 */
export function copy(to: usize, from: usize, length: u32): void {
  if (length > 512) {
    memory.copy(to, from, length);
    return;
  }
  let left = length;
  while (left >= 16) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
    left -= 16;
  }
  if (left === 0) return;
  if (length >= 16) {
    // The last 16 bytes once more, overlapping what has been copied.
    v128.store(to + left - 16, v128.load(from + left - 16));
    return;
  }
  if (left >= 8) {
    const tail = load<u64>(from + left - 8);
    store<u64>(to, load<u64>(from));
    store<u64>(to + left - 8, tail);
  } else if (left >= 4) {
    const tail = load<u32>(from + left - 4);
    store<u32>(to, load<u32>(from));
    store<u32>(to + left - 4, tail);
  } else {
    store<u8>(to, load<u8>(from));
    if (left > 1) store<u8>(to + 1, load<u8>(from + 1));
    if (left > 2) store<u8>(to + 2, load<u8>(from + 2));
  }
}

export function equal(a: usize, b: usize, length: u32): bool {
  let left = length;
  while (left >= 8) {
    if (load<u64>(a) !== load<u64>(b)) return false;
    a += 8;
    b += 8;
    left -= 8;
  }
  if (left === 0) return true;
  return (load<u64>(a) ^ load<u64>(b)) << (64 - ((<u64>left) << 3)) === 0;
}

/**
 * Compare as memcmp() does, a beginning being less than the whole. @returns less than 0, 0 or more.
 */
export function compareBytes(a: usize, aLength: u32, b: usize, bLength: u32): i32 {
  let left = min(aLength, bLength);
  while (left >= 8) {
    const one = load<u64>(a);
    const other = load<u64>(b);
    if (one !== other) return bswap(one) < bswap(other) ? -1 : 1;
    a += 8;
    b += 8;
    left -= 8;
  }
  if (left !== 0) {
    const shift = 64 - ((<u64>left) << 3);
    const one = bswap(load<u64>(a) << shift);
    const other = bswap(load<u64>(b) << shift);
    if (one !== other) return one < other ? -1 : 1;
  }
  return aLength === bLength ? 0 : aLength < bLength ? -1 : 1;
}

/** Upper case, for letters; bytes that are no letters become what no word has. */
export const FOLD: u64 = 0xdfdfdfdfdfdfdfdf;

/** A word of up to eight letters as a number, in upper case; longer ones are 0. */
export function wordAt(at: usize, length: u32): u64 {
  if (length - 1 > 7) return 0;
  return load<u64>(at) & FOLD & (u64.MAX_VALUE >> (64 - ((<u64>length) << 3)));
}

/** The same of a literal. */
export function word(text: string): u64 {
  let value: u64 = 0;
  for (let i = text.length - 1; i >= 0; i--) value = (value << 8) | (text.charCodeAt(i) & 0xdf);
  return value;
}

/** Write a literal's ASCII characters as bytes. */
export function writeText(to: usize, text: string): usize {
  const length = <u32>text.length;
  const word = changetype<usize>(text);
  for (let i: u32 = 0; i < length; i++) store<u8>(to + i, load<u8>(word + ((<usize>i) << 1)));
  return to + length;
}

export function digitsOf(value: u64): u32 {
  let digits: u32 = 0;
  while (value >= 100000000) {
    value /= 100000000;
    digits += 8;
  }
  const small = <u32>value;
  if (small >= 10000) {
    if (small >= 1000000) return digits + (small >= 10000000 ? 8 : 7);
    return digits + (small >= 100000 ? 6 : 5);
  }
  if (small >= 100) return digits + (small >= 1000 ? 4 : 3);
  return digits + (small >= 10 ? 2 : 1);
}

/** @returns the end of the decimal text, at most 20 bytes on. */
export function writeUnsigned(to: usize, value: u64): usize {
  const end = to + digitsOf(value);
  let at = end;
  // Eight digits at a time in 32 bits: 64-bit divisions are several times slower; by pairs, since
  // each division waits for the one before.
  while (value >= 100000000) {
    const rest = value / 100000000;
    let part = <u32>(value - rest * 100000000);
    for (let i = 0; i < 4; i++) {
      const above = part / 100;
      at = writePair(at, part - above * 100);
      part = above;
    }
    value = rest;
  }
  let small = <u32>value;
  while (small > 99) {
    const above = small / 100;
    at = writePair(at, small - above * 100);
    small = above;
  }
  if (small > 9) writePair(at, small);
  else store<u8>(at - 1, <u8>(48 + small));
  return end;
}

/** Write a number below 100 as two digits before a place. @returns where they begin. @inline */
function writePair(at: usize, value: u32): usize {
  const tens = (value * 205) >> 11;
  store<u16>(at - 2, <u16>(0x3030 | tens | ((value - tens * 10) << 8)));
  return at - 2;
}

export function writeSigned(to: usize, value: i64): usize {
  if (value >= 0) return writeUnsigned(to, value);
  store<u8>(to, 0x2d);
  return writeUnsigned(to + 1, <u64>-value);
}

/** What parseSigned() read. */
export let parsed: i64 = 0;

/**
 * Read a signed 64-bit decimal as strictly as Redis: no spaces, no plus sign, no leading zeros.
 *
 * @returns whether it is one; `parsed` holds it.
 * @see redis/redis 7.0.15 src/util.c, string2ll()
 */
export function parseSigned(at: usize, length: u32): bool {
  if (length === 0 || length > 20) return false;
  let first = <u32>load<u8>(at) - 48;
  if (length === 1 && first === 0) {
    parsed = 0;
    return true;
  }
  const end = at + length;
  const negative = load<u8>(at) === 0x2d;
  if (negative) {
    if (++at === end) return false;
    first = <u32>load<u8>(at) - 48;
  }
  if (first - 1 > 8) return false;
  let value: u64 = first;
  for (at++; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) return false;
    if (value > u64.MAX_VALUE / 10) return false;
    value *= 10;
    if (value > u64.MAX_VALUE - digit) return false;
    value += digit;
  }
  if (negative) {
    if (value > <u64>i64.MAX_VALUE + 1) return false;
    parsed = <i64>(0 - value);
  } else {
    if (value > <u64>i64.MAX_VALUE) return false;
    parsed = <i64>value;
  }
  return true;
}
