/**
 * Ziplists and zipmaps, which older versions of Redis wrote: read from untrusted bytes, each into
 * a listpack.
 *
 * A ziplist is u32 bytes, u32 offset of the last element, u16 elements, elements, 0xff. An element
 * begins with the length of the one before it (a byte; 0xfe: a u32 follows), then its encoding:
 *
 *   00xxxxxx  string of up to 63 bytes   11000000 i16   11010000 i32   11100000 i64
 *   01xxxxxx  14 bits with the next      11110000 i24   11111110 i8
 *   10000000  u32 length, big-endian     1111xxxx 0 to 12, one more than that
 *
 * A zipmap is a byte (how many pairs, 254: unknown), pairs, 0xff; a pair is length and field,
 * length, a byte of how much is unused behind the value, value. A length is a byte, or 0xfe and a
 * u32.
 *
 * @see redis/redis 7.0.15 src/ziplist.c, ziplistValidateIntegrity(); src/zipmap.c
 */
import { release } from '../allocator/slabs';
import { appendInteger, appendText, newPack } from './listpack-change';

const HEADER: u32 = 10;
const UNCOUNTED: u32 = 0xffff;

/** What is wrong if there is no listpack. */
export let lacksMemory: bool = false;

/** @returns a listpack of the same elements; 0: it is no ziplist, or `lacksMemory`. */
export function packOfZiplist(list: usize, length: u32): usize {
  lacksMemory = false;
  if (length < HEADER + 1 || load<u32>(list) !== length) return 0;
  const end = list + length - 1;
  if (load<u8>(end) !== 0xff) return 0;
  let pack = newPack(length);
  lacksMemory = pack === 0;
  let at = list + HEADER;
  let before: u32 = 0;
  let last: usize = at;
  let count: u32 = 0;
  while (pack !== 0 && at < end) {
    const size = elementSize(at, end);
    if (size === 0 || previousLength !== before) return drop(pack);
    const longer = isNumber ? appendInteger(pack, number) : appendText(pack, textAt, textLength);
    if (longer === 0) {
      lacksMemory = true;
      return drop(pack);
    }
    pack = longer;
    last = at;
    before = size;
    at += size;
    count++;
  }
  if (pack === 0) return 0;
  const said: u32 = load<u16>(list, 8);
  const isRight = at === end && <usize>load<u32>(list, 4) === last - list;
  return isRight && (said === UNCOUNTED || said === count) ? pack : drop(pack);
}

function drop(pack: usize): usize {
  release(pack);
  return 0;
}

let previousLength: u32 = 0;
let isNumber: bool = false;
let number: i64 = 0;
let textAt: usize = 0;
let textLength: u32 = 0;

/** Read an element. @returns its bytes; 0: it is none, or runs over the end. */
function elementSize(at: usize, end: usize): u32 {
  let from = at;
  previousLength = load<u8>(from++);
  if (previousLength === 0xfe) {
    if (from + 4 > end) return 0;
    previousLength = load<u32>(from);
    from += 4;
  }
  if (from >= end) return 0;
  const encoding = <u32>load<u8>(from++);
  if (encoding < 0xc0) return textSize(at, from, end, encoding);
  isNumber = true;
  let size: u32 = 0;
  if (encoding === 0xc0) size = 2;
  else if (encoding === 0xd0) size = 4;
  else if (encoding === 0xe0) size = 8;
  else if (encoding === 0xf0) size = 3;
  else if (encoding === 0xfe) size = 1;
  else if (encoding < 0xf1 || encoding > 0xfd) return 0;
  if (from + size > end) return 0;
  if (size === 0) number = (encoding & 15) - 1;
  else {
    const unused: u32 = 64 - (size << 3);
    number = (load<i64>(from) << unused) >> unused;
  }
  return <u32>(from + size - at);
}

function textSize(at: usize, from: usize, end: usize, encoding: u32): u32 {
  isNumber = false;
  const head: u32 = encoding < 0x40 ? 0 : encoding < 0x80 ? 1 : 4;
  if (from + head > end) return 0;
  if (head === 0) textLength = encoding;
  else if (head === 1) textLength = ((encoding & 0x3f) << 8) | load<u8>(from);
  else {
    if (encoding !== 0x80) return 0;
    textLength = bswap<u32>(load<u32>(from));
  }
  textAt = from + head;
  if (<u64>textAt + textLength > <u64>end) return 0;
  return <u32>(textAt + textLength - at);
}

/** @returns a listpack of fields and values; 0: it is no zipmap, or `lacksMemory`. */
export function packOfZipmap(map: usize, length: u32): usize {
  lacksMemory = false;
  if (length < 2) return 0;
  const end = map + length - 1;
  if (load<u8>(end) !== 0xff) return 0;
  let pack = newPack(length);
  lacksMemory = pack === 0;
  let at = map + 1;
  let count: u32 = 0;
  while (pack !== 0 && at < end) {
    // A field, then a value with its byte of what is unused behind it.
    at = readMapText(at, end, count & 1);
    if (at === 0) return drop(pack);
    const longer = appendText(pack, textAt, textLength);
    if (longer === 0) {
      lacksMemory = true;
      return drop(pack);
    }
    pack = longer;
    count++;
  }
  if (pack === 0) return 0;
  const said: u32 = load<u8>(map);
  const isRight = at === end && (count & 1) === 0 && count !== 0;
  return isRight && (said >= 254 || said === count >> 1) ? pack : drop(pack);
}

/** @returns where the next one is; 0: it runs over the end. */
function readMapText(at: usize, end: usize, slack: u32): usize {
  const first = load<u8>(at);
  if (first === 0xff) return 0;
  let size: u32 = 1;
  textLength = first;
  if (first === 0xfe) {
    if (at + 5 > end) return 0;
    textLength = load<u32>(at, 1);
    size = 5;
  }
  const unused: u32 = slack === 0 ? 0 : load<u8>(at + size);
  textAt = at + size + slack;
  const next = <u64>textAt + textLength + unused;
  return next > <u64>end ? 0 : <usize>next;
}
