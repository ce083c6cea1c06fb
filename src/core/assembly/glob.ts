/**
 * Match bytes against a glob-style pattern, for KEYS and SCAN: what src/base/glob.ts is to the
 * host, with the same rules, and the same way of keeping to them.
 *
 * A pattern is read once, into a number for each element: a byte, or one of the negative ones
 * below, or from CLASS on the number of a class, which is a table of 256 bytes. There is one
 * pattern at a time, from openGlob() to closeGlob().
 *
 * @see redis/redis 7.0 src/util.c, stringmatchlen()
 */
import { allocate, release } from './allocator/slabs';

const STAR: u8 = 0x2a;
const QUESTION: u8 = 0x3f;
const OPEN: u8 = 0x5b;
const CLOSE: u8 = 0x5d;
const CARET: u8 = 0x5e;
const BACKSLASH: u8 = 0x5c;
const DASH: u8 = 0x2d;

const ANY_RUN: i32 = -1;
const ANY_BYTE: i32 = -2;
/** Behind the pattern's end: no byte is one. */
const NOTHING: i32 = -3;
const CLASS: i32 = 256;

/** i32 each. */
let elements: usize = 0;
let count: u32 = 0;
let classes: usize = 0;

function elementAt(index: u32): i32 {
  return index < count ? load<i32>(elements + ((<usize>index) << 2)) : NOTHING;
}

function add(element: i32): void {
  store<i32>(elements + ((<usize>count) << 2), element);
  count++;
}

/** Read a pattern. @returns false: memory is exhausted. */
export function openGlob(pattern: usize, length: u32): bool {
  let opened: u32 = 0;
  for (let i: u32 = 0; i < length; i++) if (load<u8>(pattern + i) === OPEN) opened++;
  if (length > 0x3ffffff || opened > 0xffffff) return false;
  elements = allocate(max<u32>(length << 2, 4));
  classes = opened === 0 ? 0 : allocate(opened << 8);
  if (elements === 0 || (opened !== 0 && classes === 0)) {
    closeGlob();
    return false;
  }
  count = 0;
  let made: u32 = 0;
  const end = pattern + length;
  for (let at = pattern; at < end;) {
    const byte = load<u8>(at++);
    if (byte === OPEN) {
      at = readClass(at, end, classes + ((<usize>made) << 8));
      add(CLASS + <i32>made);
      made++;
    } else if (byte === STAR) add(ANY_RUN);
    else if (byte === QUESTION) add(ANY_BYTE);
    else if (byte === BACKSLASH && at < end) add(load<u8>(at++));
    else add(byte);
  }
  return true;
}

export function closeGlob(): void {
  if (elements !== 0) release(elements);
  if (classes !== 0) release(classes);
  elements = 0;
  classes = 0;
}

/** @returns the place behind the class that begins behind its `[`. */
function readClass(at: usize, end: usize, bytes: usize): usize {
  const isNegated = at < end && load<u8>(at) === CARET;
  if (isNegated) at++;
  memory.fill(bytes, isNegated ? 1 : 0, 256);
  const member: u8 = isNegated ? 0 : 1;
  // Unclosed: the pattern ends here.
  for (; at < end && load<u8>(at) !== CLOSE; at++) {
    if (load<u8>(at) === BACKSLASH && at + 1 < end) {
      at++;
      store<u8>(bytes + load<u8>(at), member);
    } else if (at + 2 < end && load<u8>(at, 1) === DASH) {
      const one: u32 = load<u8>(at);
      const other: u32 = load<u8>(at, 2);
      for (let byte = min(one, other); byte <= max(one, other); byte++) {
        store<u8>(bytes + byte, member);
      }
      at += 2;
    } else store<u8>(bytes + load<u8>(at), member);
  }
  return at + 1;
}

function has(element: i32, byte: u8): bool {
  if (element >= CLASS) return load<u8>(classes + ((<usize>(element - CLASS)) << 8) + byte) !== 0;
  return element === ANY_BYTE || element === <i32>byte;
}

/** @returns whether the pattern matches all of a text. */
export function globMatches(text: usize, length: u32): bool {
  const end = text + length;
  let index: u32 = 0;
  let at = text;
  // Where the pattern goes on after the last star, and where in the text; 0: there was none.
  let starIndex: u32 = 0;
  let starAt: usize = 0;
  while (at < end) {
    const element = elementAt(index);
    if (element === ANY_RUN) {
      index++;
      if (index === count) return true;
      starIndex = index;
      starAt = at;
    } else if (has(element, load<u8>(at))) {
      index++;
      at++;
    } else if (starAt !== 0) {
      const next = elementAt(starIndex);
      do starAt++;
      while (starAt < end && !has(next, load<u8>(starAt)));
      index = starIndex;
      at = starAt;
    } else return false;
  }
  while (elementAt(index) === ANY_RUN) index++;
  return index >= count;
}
