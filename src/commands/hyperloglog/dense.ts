/**
 * The registers as 16,384 fields of six bits, the lowest bits first.
 *
 * @see redis/redis 7.0.15 src/hyperloglog.c, HLL_DENSE_GET_REGISTER(), HLL_DENSE_SET_REGISTER()
 */
import { REGISTERS } from './element-pattern.js';

const BITS = 6;
export const DENSE_BYTES = (REGISTERS * BITS) / 8;

/** @param start - where the registers begin. */
export function readRegister(bytes: Uint8Array, start: number, register: number): number {
  const bit = register * BITS;
  const at = start + (bit >> 3);
  // What stands behind the last register does not reach into it.
  return (((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)) >> (bit & 7)) & 63;
}

export function writeRegister(
  bytes: Uint8Array,
  start: number,
  register: number,
  value: number,
): void {
  const bit = register * BITS;
  const at = start + (bit >> 3);
  const shift = bit & 7;
  bytes[at] = ((bytes[at] ?? 0) & ~(63 << shift)) | (value << shift);
  if (shift > 2) {
    bytes[at + 1] = ((bytes[at + 1] ?? 0) & ~(63 >> (8 - shift))) | (value >> (8 - shift));
  }
}

/** Call a function with each register's value, in order. */
export function readRegisters(
  bytes: Uint8Array,
  start: number,
  visit: (value: number, register: number) => void,
): void {
  // Four registers are three bytes.
  for (let at = start, register = 0; register < REGISTERS; at += 3, register += 4) {
    const four = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    visit(four & 63, register);
    visit((four >> 6) & 63, register + 1);
    visit((four >> 12) & 63, register + 2);
    visit(four >> 18, register + 3);
  }
}
