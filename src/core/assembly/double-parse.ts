/**
 * Text as doubles: what C's strtod() reads, rounded as it rounds (to the nearest, a tie to the
 * even).
 *
 * Rule: up to 19 digits and a power of ten up to 27 are computed here, exactly; what has more goes
 * to the host, whose Number() is exact as well. Hexadecimal numbers, infinities: as strtod() takes
 * them; what is not a number is refused.
 *
 * @see redis/redis 7.0.15 src/util.c, string2d(); src/t_zset.c, zslParseRange()
 */
import { FOLD } from './bytes';

/** The host's: the value of decimal text, whose form is right. */
declare function parseDecimal(at: usize, length: u32): f64;

/** What readDouble() or readBound() read; of a bound, whether it is left out of the range. */
export let double: f64 = 0;
export let isExclusive: bool = false;

/** The number is finite as written and too large, or not zero and too small, for a double. */
let isOutOfRange: bool = false;

/** Read a score, an increment, a weight. @returns false: it is none. */
export function readDouble(at: usize, length: u32): bool {
  return length !== 0 && !isSpace(load<u8>(at)) && scan(at, length) && !isOutOfRange;
}

/**
 * Read an end of a range of scores, with a `(` before it if it is exclusive. As in Redis, where it
 * is a C string: a NUL ends it, blanks may stand in front, nothing is 0, and what is too large is
 * infinite.
 *
 * @returns false: it is none.
 */
export function readBound(at: usize, length: u32): bool {
  let size: u32 = 0;
  while (size < length && load<u8>(at + size) !== 0) size++;
  isExclusive = size !== 0 && load<u8>(at) === 0x28;
  if (isExclusive) {
    at++;
    size--;
  }
  if (size === 0) {
    double = 0;
    return true;
  }
  return scan(at, size);
}

function isSpace(byte: u8): bool {
  return byte === 0x20 || (byte >= 9 && byte <= 13);
}

/** Read all of a text. @returns false: it is no number. */
function scan(at: usize, length: u32): bool {
  const end = at + length;
  isOutOfRange = false;
  while (at < end && isSpace(load<u8>(at))) at++;
  const first: u8 = at < end ? load<u8>(at) : 0;
  const isNegative = first === 0x2d;
  if (isNegative || first === 0x2b) at++;
  if (at === end) return false;
  const isRead =
    (load<u8>(at) & 0xdf) === 0x49
      ? scanInfinity(at, end)
      : isHex(at, end)
        ? scanHex(at + 2, end)
        : scanDecimal(at, end);
  if (isRead && isNegative) double = -double;
  return isRead;
}

function scanInfinity(at: usize, end: usize): bool {
  const length = end - at;
  double = Infinity;
  // INF, or INFINITY.
  const word = load<u64>(at) & FOLD;
  return length === 3
    ? (word & 0xffffff) === 0x464e49
    : length === 8 && word === 0x5954494e49464e49;
}

function isHex(at: usize, end: usize): bool {
  return end - at > 2 && load<u8>(at) === 0x30 && (load<u8>(at, 1) & 0xdf) === 0x58;
}

function scanDecimal(at: usize, end: usize): bool {
  const start = at;
  let value: u64 = 0;
  let power: i32 = 0;
  let counted: u32 = 0;
  let hasDigits = false;
  let isPast = false;
  for (; at < end; at++) {
    const byte = load<u8>(at);
    if (byte === 0x2e && !isPast) {
      isPast = true;
      continue;
    }
    const digit = <u32>byte - 48;
    if (digit > 9) break;
    hasDigits = true;
    if (isPast) power--;
    if (counted === 0 && digit === 0) continue;
    if (++counted <= 19) value = value * 10 + digit;
  }
  if (!hasDigits) return false;
  if (at < end) {
    if ((load<u8>(at) & 0xdf) !== 0x45 || !scanPower(at + 1, end)) return false;
    power += scannedPower;
  }
  if (counted > 19 || power < -27 || power > 27) {
    if (counted === 0) double = 0;
    else byHost(start, end);
    return true;
  }
  double = scale(value, power);
  return true;
}

function byHost(start: usize, end: usize): void {
  double = parseDecimal(start, <u32>(end - start));
  isOutOfRange = double === Infinity || double === 0;
}

let scannedPower: i32 = 0;

/**
 * The digits of an exponent, with a sign or without; so large a one that it overflows is no larger.
 */
function scanPower(at: usize, end: usize): bool {
  const first: u8 = at < end ? load<u8>(at) : 0;
  if (first === 0x2d || first === 0x2b) at++;
  if (at === end) return false;
  let power: i32 = 0;
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) return false;
    if (power < 100000000) power = power * 10 + digit;
  }
  scannedPower = first === 0x2d ? -power : power;
  return true;
}

/** @returns value × 10^power, rounded once; the power is from -27 to 27. */
function scale(value: u64, power: i32): f64 {
  if (value === 0) return 0;
  const count = <u32>abs(power);
  // Both exact, so that one operation rounds once.
  if (value <= 0x20000000000000 && count <= 22) {
    let ten: f64 = 1;
    for (let i: u32 = 0; i < count; i++) ten *= 10;
    return power < 0 ? <f64>value / ten : <f64>value * ten;
  }
  let five: u64 = 1;
  for (let i: u32 = 0; i < count; i++) five *= 5;
  return power < 0 ? divide(value, five, power) : multiply(value, five, power);
}

/** @returns value × five × 2^power. */
function multiply(value: u64, five: u64, power: i32): f64 {
  const lowHalf = value & 0xffffffff;
  const highHalf = value >> 32;
  const low = lowHalf * (five & 0xffffffff);
  const middle = highHalf * (five & 0xffffffff) + (low >> 32);
  const other = lowHalf * (five >> 32) + (middle & 0xffffffff);
  const high = highHalf * (five >> 32) + (middle >> 32) + (other >> 32);
  const rest = (other << 32) | (low & 0xffffffff);
  if (high === 0) return rounded(rest, false, power);
  const shift = clz(high);
  const top = shift === 0 ? high : (high << shift) | (rest >> (64 - shift));
  return rounded(top, rest << shift !== 0, power + 64 - <i32>shift);
}

/** @returns value / five × 2^power. */
function divide(value: u64, five: u64, power: i32): f64 {
  let quotient = value / five;
  let rest = value - quotient * five;
  while (<i64>quotient >= 0 && rest !== 0) {
    rest <<= 1;
    quotient <<= 1;
    power--;
    if (rest >= five) {
      rest -= five;
      quotient |= 1;
    }
  }
  return rounded(quotient, rest !== 0, power);
}

/**
 * @returns word × 2^power, the word having a rest below its last bit or not; far from the limits.
 */
function rounded(word: u64, hasRest: bool, power: i32): f64 {
  const shift = clz(word);
  word <<= shift;
  let top = word >> 11;
  const below = word & 0x7ff;
  if (below > 0x400 || (below === 0x400 && (hasRest || (top & 1) !== 0))) top++;
  return <f64>top * powerOfTwo(power - <i32>shift + 11);
}

/** @param power - of a double that is not subnormal. */
function powerOfTwo(power: i32): f64 {
  return reinterpret<f64>((<u64>(power + 1023)) << 52);
}

/** `h.hhhp±d`, what follows the 0x: exact up to 64 bits, and rounded once. */
function scanHex(at: usize, end: usize): bool {
  let value: u64 = 0;
  let power: i32 = 0;
  let hasDigits = false;
  let hasRest = false;
  let isPast = false;
  for (; at < end; at++) {
    const byte = load<u8>(at);
    if (byte === 0x2e && !isPast) {
      isPast = true;
      continue;
    }
    const digit = hexDigit(byte);
    if (digit > 15) break;
    hasDigits = true;
    if (value >> 60 === 0) {
      value = (value << 4) | digit;
      if (isPast) power -= 4;
    } else {
      if (digit !== 0) hasRest = true;
      if (!isPast) power += 4;
    }
  }
  if (!hasDigits) return false;
  if (at < end) {
    if ((load<u8>(at) & 0xdf) !== 0x50 || !scanPower(at + 1, end)) return false;
    power += scannedPower;
  }
  double = value === 0 ? 0 : hexValue(value, hasRest, power);
  isOutOfRange = value !== 0 && (double === Infinity || double === 0);
  return true;
}

function hexDigit(byte: u8): u32 {
  const digit = <u32>byte - 48;
  if (digit <= 9) return digit;
  const letter = (<u32>byte & 0xdf) - 0x41;
  return letter < 6 ? letter + 10 : 16;
}

/** @returns word × 2^power, wherever in the range of doubles it is, or beyond. */
function hexValue(word: u64, hasRest: bool, power: i32): f64 {
  const shift = <i32>clz(word);
  word <<= shift;
  power -= shift;
  if (power > 960) return Infinity;
  // Rounded to 53 bits, and may be infinite by that.
  if (power >= -1085) return scaled(rounded(word, hasRest, 0), power);
  // A subnormal keeps fewer bits: those that are left of the word once its last stands for 2^-1074.
  const lost = -1074 - power;
  if (lost > 64) return 0;
  const top: u64 = lost === 64 ? 0 : word >> lost;
  const half = (<u64>1) << (lost - 1);
  const below = lost === 64 ? word : word & ((half << 1) - 1);
  const isUp = below > half || (below === half && (hasRest || (top & 1) !== 0));
  return reinterpret<f64>(top + <u64>isUp);
}

/** @returns value × 2^power in two steps, the value being at least 2^63: the second is exact. */
function scaled(value: f64, power: i32): f64 {
  return power < -1000
    ? value * powerOfTwo(-1000) * powerOfTwo(power + 1000)
    : value * powerOfTwo(power);
}
