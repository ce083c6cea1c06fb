/**
 * Integers of 1 to 64 bits at any bit of a string: reading, writing, and what becomes of a number
 * that does not fit.
 *
 * @see redis/redis 7.0.15 src/bitops.c, checkSignedBitfieldOverflow(), setUnsignedBitfield()
 */

/** A field's place and type. */
export interface BitField {
  readonly isSigned: boolean;
  readonly bits: number;
  /** Of its first, highest bit. */
  readonly offset: number;
}

/** What to do with a number that does not fit: keep its low bits, take the nearest, or refuse. */
export type Overflow = 'wrap' | 'sat' | 'fail';

/** @param bytes - may end before or within the field: zeros follow. */
export function readField(bytes: Uint8Array, field: BitField): bigint {
  const { value, after } = span(bytes, field);
  return asField(value >> BigInt(after), field);
}

/** Store a number's low bits. The field must lie within the bytes. */
export function writeField(bytes: Uint8Array, field: BitField, number: bigint): void {
  const { value, after, first, last } = span(bytes, field);
  const shift = BigInt(after);
  const mask = ((1n << BigInt(field.bits)) - 1n) << shift;
  let left = (value & ~mask) | ((number << shift) & mask);
  for (let at = last; at >= first; at--) {
    bytes[at] = Number(left & 0xffn);
    left >>= 8n;
  }
}

/** @returns the sum as the field can hold it; null: it cannot, and `overflow` is to fail. */
export function addToField(
  old: bigint,
  by: bigint,
  field: BitField,
  overflow: Overflow,
): bigint | null {
  const { min, max } = limits(field);
  const sum = old + by;
  if (sum >= min && sum <= max) return sum;
  if (overflow === 'fail') return null;
  if (overflow === 'wrap') return asField(sum, field);
  return sum > max ? max : min;
}

/**
 * @param number - of 64 bits, signed; an unsigned field takes it for the unsigned of the same bits.
 */
export function fitField(number: bigint, field: BitField, overflow: Overflow): bigint | null {
  const value = field.isSigned ? number : BigInt.asUintN(64, number);
  const { min, max } = limits(field);
  if (value >= min && value <= max) return value;
  if (overflow === 'fail') return null;
  if (overflow === 'wrap') return asField(value, field);
  // Redis finds what is below by more than 64 bits can tell to be above: its difference wraps.
  return value > max || max - value >= 2n ** 63n ? max : min;
}

function limits({ isSigned, bits }: BitField): { readonly min: bigint; readonly max: bigint } {
  if (!isSigned) return { min: 0n, max: (1n << BigInt(bits)) - 1n };
  const beyond = 1n << BigInt(bits - 1);
  return { min: -beyond, max: beyond - 1n };
}

function asField(value: bigint, { isSigned, bits }: BitField): bigint {
  return isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

/**
 * The bytes that a field touches, nine at most, as one number, and how many bits follow it there.
 */
function span(bytes: Uint8Array, { offset, bits }: BitField) {
  const first = Math.floor(offset / 8);
  const last = Math.floor((offset + bits - 1) / 8);
  let value = 0n;
  for (let at = first; at <= last; at++) value = (value << 8n) | BigInt(bytes[at] ?? 0);
  return { value, first, last, after: (last + 1) * 8 - (offset + bits) };
}
