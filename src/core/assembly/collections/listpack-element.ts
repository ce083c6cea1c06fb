/**
 * One element of a listpack (listpack.ts): what it holds, and how long it is. It keeps no bytes of
 * its own, since readers in other threads use it too (../reader/fields.ts).
 */

/** Bytes before the first element, and the byte behind the last one. */
export const PACK_HEADER: u32 = 6;
export const PACK_END: u8 = 0xff;

/** What readElement() and readText() read: an integer, or bytes. */
export let isInteger: bool = false;
export let integer: i64 = 0;
export let textAt: usize = 0;
export let textLength: u32 = 0;

/** Read an element as it is held: `isInteger` says which of `integer` and the text is set. */
export function readElement(at: usize): void {
  const first = <u32>load<u8>(at);
  isInteger = true;
  if (first < 0x80) integer = first;
  else if (first < 0xc0) readBytes(at + 1, first & 0x3f);
  else if (first < 0xe0)
    integer = <i64>(((<i32>(((first & 0x1f) << 8) | load<u8>(at, 1))) << 19) >> 19);
  else if (first < 0xf0) readBytes(at + 2, ((first & 15) << 8) | load<u8>(at, 1));
  else if (first === 0xf0) readBytes(at + 5, load<u32>(at, 1));
  else if (first === 0xf1) integer = load<i16>(at, 1);
  else if (first === 0xf2) integer = <i64>(<i32>(load<u32>(at, 1) << 8) >> 8);
  else if (first === 0xf3) integer = load<i32>(at, 1);
  else integer = load<i64>(at, 1);
}

function readBytes(at: usize, length: u32): void {
  isInteger = false;
  textAt = at;
  textLength = length;
}

/** What is held as an integer is text, elsewhere. */
export function setText(at: usize, length: u32): void {
  textAt = at;
  textLength = length;
}

/** @returns bytes of an element, its back length included. */
export function elementBytes(at: usize): u32 {
  const body = bodyBytes(at);
  return body + backBytes(body);
}

/** @returns bytes of what says how long an element is. */
export function headBytes(first: u8): u32 {
  if (first < 0xe0) return first < 0xc0 ? 1 : 2;
  if (first < 0xf0) return 2;
  if (first === 0xf0) return 5;
  return first === 0xf4 ? 9 : first - 0xef + 1;
}

/** @returns bytes of an element without its back length. */
export function bodyBytes(at: usize): u32 {
  const first = load<u8>(at);
  if (first < 0x80) return 1;
  if (first < 0xc0) return 1 + (first & 0x3f);
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 2 + (((<u32>first & 15) << 8) | load<u8>(at, 1));
  return first === 0xf0 ? 5 + load<u32>(at, 1) : headBytes(first);
}

/** @returns bytes of a back length: at three limits Redis takes one more than would do. */
export function backBytes(body: u32): u32 {
  if (body <= 127) return 1;
  if (body < 16383) return 2;
  if (body < 2097151) return 3;
  return body < 268435455 ? 4 : 5;
}
