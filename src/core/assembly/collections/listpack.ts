/**
 * Listpacks: sequences of strings and integers in one block, in Redis' bytes, so that RDB and DUMP
 * take them as they stand. Small hashes and sorted sets are one; lists and streams consist of them.
 *
 *   +0 u32 bytes in all  +4 u16 elements (0xffff: to be counted)  +6 elements  then 0xff
 *
 * An element is its encoding, its bytes, and a *back length*: how long the two are, in one to five
 * bytes that can be read from the end, which is how one goes backwards. Whatever reads like an
 * integer is one.
 *
 *   0xxxxxxx  0 to 127                  11110000  u32 length, string
 *   10xxxxxx  string of up to 63 bytes  11110001  i16   11110010  i24
 *   110xxxxx  13-bit integer, 1 byte    11110011  i32   11110100  i64
 *   1110xxxx  string of up to 4095 bytes, 1 byte
 *
 * Here is how they are read; listpack-change.ts makes and changes them. Places are addresses within
 * the block, valid until the next change.
 *
 * @see redis/redis 7.0.15 src/listpack.c
 */
import { equal, parsed, parseSigned, writeSigned } from '../bytes';
import {
  backBytes,
  bodyBytes,
  elementBytes,
  headBytes,
  integer,
  isInteger,
  PACK_END,
  PACK_HEADER,
  readElement,
  setText,
  textAt,
  textLength,
} from './listpack-element';

export {
  backBytes,
  elementBytes,
  integer,
  isInteger,
  PACK_END,
  PACK_HEADER,
  readElement,
  textAt,
  textLength,
} from './listpack-element';

export const PACK_COUNT: usize = 4;
export const UNCOUNTED: u32 = 0xffff;

const DIGITS: usize = memory.data(32);

export function packBytes(pack: usize): u32 {
  return load<u32>(pack);
}

/** @returns how many elements there are: O(N) if there are 65,535 or more. */
export function packCount(pack: usize): u32 {
  const known: u32 = load<u16>(pack, PACK_COUNT);
  if (known !== UNCOUNTED) return known;
  let count: u32 = 0;
  for (let at = firstPlace(pack); at !== 0; at = nextPlace(at)) count++;
  if (count < UNCOUNTED) store<u16>(pack, <u16>count, PACK_COUNT);
  return count;
}

/** @returns 0: it is empty. */
export function firstPlace(pack: usize): usize {
  const at = pack + PACK_HEADER;
  return load<u8>(at) === PACK_END ? 0 : at;
}

/** @returns 0: it is empty. */
export function lastPlace(pack: usize): usize {
  return previousPlace(pack, endPlace(pack));
}

/** Where an element goes that is to be the last. */
export function endPlace(pack: usize): usize {
  return pack + load<u32>(pack) - 1;
}

/** @returns 0: it was the last. */
export function nextPlace(at: usize): usize {
  at += elementBytes(at);
  return load<u8>(at) === PACK_END ? 0 : at;
}

/** @param at - an element, or endPlace(). @returns 0: it was the first. */
export function previousPlace(pack: usize, at: usize): usize {
  if (at === pack + PACK_HEADER) return 0;
  const body = backLength(at - 1);
  return at - body - backBytes(body);
}

/** @param index - from 0; negative: from the end, -1 being the last. @returns 0: out of range. */
export function placeAt(pack: usize, index: i32): usize {
  const known: u32 = load<u16>(pack, PACK_COUNT);
  if (known !== UNCOUNTED) {
    if (index < 0) index += known;
    if (index < 0 || <u32>index >= known) return 0;
    // From whichever end is nearer.
    if (<u32>index > known >> 1) index -= known;
  }
  let at: usize;
  if (index >= 0) {
    for (at = firstPlace(pack); at !== 0 && index !== 0; index--) at = nextPlace(at);
  } else {
    for (at = lastPlace(pack); at !== 0 && index !== -1; index++) at = previousPlace(pack, at);
  }
  return at;
}

/** Read an element as text, an integer as its decimal: that stands until the next call. */
export function readText(at: usize): void {
  readElement(at);
  if (!isInteger) return;
  setText(DIGITS, <u32>(writeSigned(DIGITS, integer) - DIGITS));
}

/** Whether an element is this text. */
export function isElement(at: usize, text: usize, length: u32): bool {
  readElement(at);
  if (isInteger) return parseSigned(text, length) && parsed === integer;
  return textLength === length && equal(textAt, text, length);
}

/**
 * Find an element.
 *
 * @param from - the first to be looked at; 0: none is.
 * @param step - 2: every other one (a hash's fields), of an even number.
 * @returns 0: none is this text.
 */
export function findElement(from: usize, text: usize, length: u32, step: u32): usize {
  if (from === 0) return 0;
  const isNumber = parseSigned(text, length);
  const number = parsed;
  let at = from;
  while (load<u8>(at) !== PACK_END) {
    readElement(at);
    if (isInteger) {
      if (isNumber && number === integer) return at;
    } else if (textLength === length && equal(textAt, text, length)) return at;
    for (let i: u32 = 0; i < step; i++) at += elementBytes(at);
  }
  return 0;
}

/**
 * Whether the first of some pair (a hash's field, a sorted set's member) is that of another: O(N²).
 */
export function hasTwice(pack: usize): bool {
  let at = firstPlace(pack);
  while (at !== 0) {
    readText(at);
    at = nextPlace(at);
    if (at !== 0) at = nextPlace(at);
    if (findElement(at, textAt, textLength, 2) !== 0) return true;
  }
  return false;
}

/**
 * Whether untrusted bytes are a listpack of exactly that length: every element whole, its
 * back length right, the count right if it says one.
 *
 * @returns how many elements there are; -1: it is none.
 * @see redis/redis 7.0.15 src/listpack.c, lpValidateIntegrity()
 */
export function checkPack(pack: usize, length: u32): i32 {
  if (length < PACK_HEADER + 1 || load<u32>(pack) !== length) return -1;
  const end = pack + length - 1;
  let at = pack + PACK_HEADER;
  let count: i32 = 0;
  while (at < end) {
    const first = load<u8>(at);
    if (first > 0xf4 || <u64>at + headBytes(first) > <u64>end) return -1;
    const body = bodyBytes(at);
    if (<u64>at + body + backBytes(body) > <u64>end) return -1;
    // A length close to 2^32 wraps around.
    if (first === 0xf0 && load<u32>(at, 1) > length) return -1;
    at += body + backBytes(body);
    if (backLength(at - 1) !== body) return -1;
    count++;
  }
  if (at !== end || load<u8>(end) !== PACK_END) return -1;
  const said: u32 = load<u16>(pack, PACK_COUNT);
  return said !== UNCOUNTED && said !== <u32>count ? -1 : count;
}

/** Read a back length from its last byte. */
function backLength(at: usize): u32 {
  let body: u32 = 0;
  for (let shift: u32 = 0; shift <= 28; shift += 7) {
    const byte = <u32>load<u8>(at--);
    body |= (byte & 127) << shift;
    if (byte < 128) return body;
  }
  return 0xffffffff;
}
