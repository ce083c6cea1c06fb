/**
 * Doubles as text: what C's `%.17g` gives, which is how Redis shows scores.
 *
 * Rule: the value's exact decimal expansion, rounded to 17 digits, a tie to the even one. The
 * expansion of a double is finite, so it is computed as it is: the part behind the point by
 * multiplying with 10⁹ as often as it takes for the digits, a large integer by dividing.
 * JavaScript's toPrecision() would not do: it rounds ties up.
 */
import { writeSigned, writeText, writeUnsigned } from './bytes';

/** No text is longer: -1.2345678901234567e-308. */
export const MAX_DOUBLE_TEXT: u32 = 24;

const PRECISION: u32 = 17;
const BILLION: u64 = 1000000000;
/** Beyond, the shown form of an integer has an exponent. */
const SHOWN_IN_FULL: f64 = 1e17;

/** u32 each: the bits of a large integer, or behind the point, and groups of nine digits. */
const LIMBS: usize = memory.data(160);
const GROUPS: usize = memory.data(160);
/** Digits, as numbers, and room for one that a carry puts before them. */
const DIGITS: usize = memory.data(400);

let digits: u32 = 0;
/** The power of ten that the first digit stands for. */
let exponent: i32 = 0;
/** Something that is not zero follows the digits. */
let hasRest: bool = false;

/** @returns the end of the text, MAX_DOUBLE_TEXT bytes on at most. */
export function writeDouble(to: usize, value: f64): usize {
  // An integer, and no negative zero: to be compared as a number it must be in the range of one.
  if (abs(value) < SHOWN_IN_FULL) {
    const whole = <i64>value;
    if (<f64>whole === value && (whole !== 0 || reinterpret<u64>(value) === 0)) {
      return writeSigned(to, whole);
    }
  }
  const bits = reinterpret<u64>(value);
  if (bits >> 63 !== 0) store<u8>(to++, 0x2d);
  const biased = <i32>((bits >> 52) & 0x7ff);
  let mantissa = bits & 0xfffffffffffff;
  if (biased === 0x7ff) return writeText(to, 'inf');
  if (mantissa === 0 && biased === 0) {
    store<u8>(to, 0x30);
    return to + 1;
  }
  if (biased !== 0) mantissa |= 0x10000000000000;
  const power = max(biased, 1) - 1075;
  digits = 0;
  hasRest = false;
  if (power >= 0) expandInteger(mantissa, <u32>power);
  else expandFraction(mantissa, <u32>-power);
  round();
  return writeDigits(to);
}

/**
 * Write a double with six digits behind the point, as C's `%f` does: for messages. Rounded in one
 * step from the part behind the point, which is exact.
 *
 * @returns the end of the text, 320 bytes on at most.
 */
export function writeFixed(to: usize, value: f64): usize {
  if (value < 0) store<u8>(to++, 0x2d);
  value = abs(value);
  if (value === Infinity) return writeText(to, 'inf');
  if (value < 4503599627370496) {
    let whole = <u64>value;
    let millionths = <u64>nearest((value - <f64>whole) * 1000000);
    if (millionths === 1000000) {
      whole++;
      millionths = 0;
    }
    to = writeUnsigned(to, whole);
    // The one in front makes it seven digits, and becomes the point.
    const end = writeUnsigned(to, millionths + 1000000);
    store<u8>(to, 0x2e);
    return end;
  }
  const bits = reinterpret<u64>(value);
  digits = 0;
  expandInteger((bits & 0xfffffffffffff) | 0x10000000000000, <u32>((bits >> 52) - 1075));
  return writeText(writePart(to, 0, digits), '.000000');
}

/** The digits of mantissa × 2^power. */
function expandInteger(mantissa: u64, power: u32): void {
  const shift = power & 31;
  let count = power >> 5;
  memory.fill(LIMBS, 0, (<usize>count) << 2);
  const at = LIMBS + ((<usize>count) << 2);
  store<u64>(at, mantissa << shift);
  store<u32>(at, shift === 0 ? 0 : <u32>(mantissa >> (64 - shift)), 8);
  count += 3;
  let groups: u32 = 0;
  while (count !== 0) {
    if (load<u32>(LIMBS + ((<usize>(count - 1)) << 2)) === 0) {
      count--;
      continue;
    }
    let rest: u64 = 0;
    for (let i = count; i !== 0; i--) {
      const limb = LIMBS + ((<usize>(i - 1)) << 2);
      const part = (rest << 32) | load<u32>(limb);
      store<u32>(limb, <u32>(part / BILLION));
      rest = part % BILLION;
    }
    store<u32>(GROUPS + ((<usize>groups) << 2), <u32>rest);
    groups++;
  }
  for (; groups !== 0; groups--) addGroup(load<u32>(GROUPS + ((<usize>(groups - 1)) << 2)));
  exponent = <i32>digits - 1;
}

/** The digits of mantissa / 2^places, as many as say how it is rounded. */
function expandFraction(mantissa: u64, places: u32): void {
  let whole: u64 = 0;
  let fraction = mantissa;
  if (places < 64) {
    whole = mantissa >> places;
    fraction = mantissa & (((<u64>1) << places) - 1);
  }
  if (whole !== 0) {
    addGroup(<u32>(whole / BILLION));
    addGroup(<u32>(whole % BILLION));
    exponent = <i32>digits - 1;
  }
  // The first limb is what stands right behind the point.
  const count = (places + 31) >> 5;
  const shift = (count << 5) - places;
  memory.fill(LIMBS, 0, (<usize>count) << 2);
  const low = fraction << shift;
  const last = LIMBS + ((<usize>(count - 1)) << 2);
  store<u32>(last, <u32>low);
  if (count > 1) store<u32>(last - 4, <u32>(low >> 32));
  if (count > 2 && shift !== 0) store<u32>(last - 8, <u32>(fraction >> (64 - shift)));
  let left = count;
  for (let group: i32 = 0; digits <= PRECISION; group++) {
    while (left !== 0 && load<u32>(LIMBS + ((<usize>(left - 1)) << 2)) === 0) left--;
    if (left === 0) return;
    let carry: u64 = 0;
    for (let i = left; i !== 0; i--) {
      const limb = LIMBS + ((<usize>(i - 1)) << 2);
      const part = <u64>load<u32>(limb) * BILLION + carry;
      store<u32>(limb, <u32>part);
      carry = part >> 32;
    }
    const isFirst = digits === 0;
    addGroup(<u32>carry);
    if (isFirst && digits !== 0) exponent = <i32>digits - 9 * (group + 1) - 1;
  }
  for (let i: u32 = 0; i < left; i++) {
    if (load<u32>(LIMBS + ((<usize>i) << 2)) !== 0) hasRest = true;
  }
}

/** Nine digits more, but for zeros in front of the first. */
function addGroup(group: u32): void {
  let unit: u32 = 100000000;
  while (unit !== 0) {
    const digit = (group / unit) % 10;
    unit /= 10;
    if (digit !== 0 || digits !== 0) store<u8>(DIGITS + 1 + digits++, <u8>digit);
  }
}

/** Leave PRECISION digits at the most, and no zero at the end. */
function round(): void {
  if (digits > PRECISION) {
    let above = load<u8>(DIGITS + 1 + PRECISION) > 5;
    const isHalf = load<u8>(DIGITS + 1 + PRECISION) === 5;
    if (isHalf) {
      above = hasRest;
      for (let i = PRECISION + 1; i < digits; i++) {
        if (load<u8>(DIGITS + 1 + i) !== 0) above = true;
      }
      if (!above) above = (load<u8>(DIGITS + PRECISION) & 1) !== 0;
    }
    digits = PRECISION;
    if (above) carryOne();
  }
  while (load<u8>(DIGITS + digits) === 0) digits--;
}

/** Add one to the last digit. */
function carryOne(): void {
  let at = digits;
  store<u8>(DIGITS, 0);
  while (load<u8>(DIGITS + at) === 9) store<u8>(DIGITS + at--, 0);
  store<u8>(DIGITS + at, load<u8>(DIGITS + at) + 1);
  if (at !== 0) return;
  // All were nines: a one, and zeros.
  exponent++;
  store<u8>(DIGITS + 1, 1);
  memory.fill(DIGITS + 2, 0, PRECISION - 1);
}

function writeDigits(to: usize): usize {
  if (exponent < -4 || exponent >= <i32>PRECISION) {
    to = writePart(to, 0, 1);
    if (digits > 1) {
      store<u8>(to++, 0x2e);
      to = writePart(to, 1, digits);
    }
    store<u8>(to++, 0x65);
    store<u8>(to++, exponent < 0 ? 0x2d : 0x2b);
    const power = <u32>abs(exponent);
    if (power < 10) store<u8>(to++, 0x30);
    return writeUnsigned(to, power);
  }
  if (exponent < 0) {
    to = writeText(to, '0.');
    for (let i = exponent + 1; i < 0; i++) store<u8>(to++, 0x30);
    return writePart(to, 0, digits);
  }
  const whole = <u32>exponent + 1;
  to = writePart(to, 0, min(whole, digits));
  for (let i = digits; i < whole; i++) store<u8>(to++, 0x30);
  if (digits <= whole) return to;
  store<u8>(to++, 0x2e);
  return writePart(to, whole, digits);
}

function writePart(to: usize, from: u32, end: u32): usize {
  for (let i = from; i < end; i++) store<u8>(to++, load<u8>(DIGITS + 1 + i) + 48);
  return to;
}
