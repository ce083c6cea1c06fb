/**
 * Making and changing listpacks (listpack.ts).
 *
 * Rule: a change returns the block, which may have moved, or 0: memory is exhausted and nothing has
 * changed. What is to be put in must not lie in the same block.
 *
 * @see redis/redis 7.0.15 src/listpack.c, lpInsert(), lpDeleteRangeWithEntry()
 */
import { allocate, blockSize, reallocate, release, roundUp } from '../allocator/slabs';
import { copy, parsed, parseSigned } from '../bytes';
import {
  backBytes,
  elementBytes,
  endPlace,
  PACK_COUNT,
  PACK_END,
  PACK_HEADER,
  UNCOUNTED,
} from './listpack';

/** Redis refuses to make larger ones. */
const MAX_BYTES: u64 = 1 << 30;

/** Where the last insertion put the element, and where what followed a removal is (0: its end). */
export let placeAfter: usize = 0;

/** Of prependText() and removeElements(): bytes between the block's beginning and the listpack. */
export let frontAfter: u32 = 0;

/** @param bytes - room for elements that are to come; may be 0. @returns 0: memory is exhausted. */
export function newPack(bytes: u32): usize {
  const pack = allocate(bytes + PACK_HEADER + 1);
  if (pack === 0) return 0;
  store<u32>(pack, PACK_HEADER + 1);
  store<u16>(pack, 0, PACK_COUNT);
  store<u8>(pack, PACK_END, PACK_HEADER);
  return pack;
}

/** Put a text in before the element at a place, or at endPlace(); `placeAfter` is where it is. */
export function insertText(pack: usize, at: usize, text: usize, length: u32): usize {
  if (parseSigned(text, length)) return insertInteger(pack, at, parsed);
  headText(length);
  return put(pack, at, 0, text, length, 1);
}

export function insertInteger(pack: usize, at: usize, value: i64): usize {
  headInteger(value);
  return put(pack, at, 0, 0, 0, 1);
}

export function appendText(pack: usize, text: usize, length: u32): usize {
  return insertText(pack, endPlace(pack), text, length);
}

export function appendInteger(pack: usize, value: i64): usize {
  return insertInteger(pack, endPlace(pack), value);
}

/**
 * Put a text in as the first element, into room that is kept in front of the listpack: moving all
 * the others is most of what it would cost. Where there is none, the listpack moves to its block's
 * end.
 *
 * @param front - bytes between the block's beginning and the listpack; `frontAfter` is what they
 * become.
 */
export function prependText(pack: usize, front: u32, text: usize, length: u32): usize {
  if (parseSigned(text, length)) {
    headInteger(parsed);
    length = 0;
  } else headText(length);
  const body = headLength + length;
  const size = body + backBytes(body);
  if (front < size) {
    pack = moveToEnd(pack, front, size);
    if (pack === 0) return 0;
    front = frontAfter;
  }
  const total = load<u32>(pack);
  const count = load<u16>(pack, PACK_COUNT);
  pack -= size;
  store<u32>(pack, total + size);
  store<u16>(pack, count, PACK_COUNT);
  addCount(pack, 1);
  const at = pack + PACK_HEADER;
  copy(at, HEAD, headLength);
  copy(at + headLength, text, length);
  writeBackLength(at + body, body);
  frontAfter = front - size;
  return pack;
}

/** Move a listpack to the end of its block, or of one with room for `more` bytes in front of it. */
function moveToEnd(pack: usize, front: u32, more: u32): usize {
  const block = pack - front;
  const total = load<u32>(pack);
  const target = total + more <= blockSize(block) ? block : allocate(total + more);
  if (target === 0) return 0;
  frontAfter = blockSize(target) - total;
  memory.copy(target + frontAfter, pack, total);
  if (target !== block) release(block);
  return target + frontAfter;
}

/** Put a text in the place of an element; `placeAfter` is where it is. */
export function replaceText(pack: usize, at: usize, text: usize, length: u32): usize {
  if (parseSigned(text, length)) return replaceInteger(pack, at, parsed);
  headText(length);
  return put(pack, at, elementBytes(at), text, length, 0);
}

export function replaceInteger(pack: usize, at: usize, value: i64): usize {
  headInteger(value);
  return put(pack, at, elementBytes(at), 0, 0, 0);
}

/**
 * Take elements out: up to `count` of them from a place on. `placeAfter` is then the element
 * behind.
 *
 * @param front - bytes between the block's beginning and the listpack; `frontAfter` is what they
 * become.
 * @returns the listpack; there is always memory for less.
 */
export function removeElements(pack: usize, at: usize, count: u32, front: u32 = 0): usize {
  const total = load<u32>(pack);
  let end = at;
  let removed: u32 = 0;
  while (removed < count && load<u8>(end) !== PACK_END) {
    end += elementBytes(end);
    removed++;
  }
  memory.copy(at, end, pack + total - end);
  const left = total - <u32>(end - at);
  store<u32>(pack, left);
  addCount(pack, -(<i32>removed));
  const offset = at - pack;
  pack = shrink(pack, left, front);
  placeAfter = load<u8>(pack + offset) === PACK_END ? 0 : pack + offset;
  return pack;
}

/** @returns bytes that a text would take as an element. */
export function bytesAsElement(text: usize, length: u32): u32 {
  let body: u32;
  if (parseSigned(text, length)) {
    headInteger(parsed);
    body = headLength;
  } else {
    headText(length);
    body = headLength + length;
  }
  return body + backBytes(body);
}

/** A block of its own with the same bytes. @returns 0: memory is exhausted. */
export function copyPack(pack: usize): usize {
  const total = load<u32>(pack);
  const target = allocate(total);
  if (target !== 0) memory.copy(target, pack, total);
  return target;
}

/** An element's first bytes, put together here: its encoding and, of an integer, all of it. */
const HEAD: usize = memory.data(16);
let headLength: u32 = 0;

function headText(length: u32): void {
  headLength = encodeLength(HEAD, length);
}

function headInteger(value: i64): void {
  headLength = encodeInteger(HEAD, value);
}

/** Write what precedes a text. @returns how many bytes. */
function encodeLength(at: usize, length: u32): u32 {
  if (length < 64) {
    store<u8>(at, <u8>(0x80 | length));
    return 1;
  }
  if (length < 4096) {
    store<u8>(at, <u8>(0xe0 | (length >> 8)));
    store<u8>(at, <u8>length, 1);
    return 2;
  }
  store<u8>(at, 0xf0);
  store<u32>(at, length, 1);
  return 5;
}

/** Write an integer, but for its back length. @returns how many bytes; up to nine are written. */
function encodeInteger(at: usize, value: i64): u32 {
  if (value >= 0 && value <= 127) {
    store<u8>(at, <u8>value);
    return 1;
  }
  if (value >= -4096 && value <= 4095) {
    const bits = <u32>value & 0x1fff;
    store<u8>(at, <u8>(0xc0 | (bits >> 8)));
    store<u8>(at, <u8>bits, 1);
    return 2;
  }
  let size: u32 = 8;
  if (value >= -0x8000 && value <= 0x7fff) size = 2;
  else if (value >= -0x800000 && value <= 0x7fffff) size = 3;
  else if (value >= -0x80000000 && value <= 0x7fffffff) size = 4;
  store<u8>(at, <u8>(size === 8 ? 0xf4 : 0xef + size));
  store<i64>(at, value, 1);
  return size + 1;
}

// ── Several elements at the end of a block that has room for them ───────────────────────────────
//
// At endPlace() begin, write one behind the other, then say where they end. Behind the last one
// there must be room for nine bytes more.

/** @returns the place behind it. */
export function writeInteger(at: usize, value: i64): usize {
  const body = encodeInteger(at, value);
  return writeBackLength(at + body, body);
}

/** @returns the place behind it. */
export function writeText(at: usize, text: usize, length: u32): usize {
  if (parseSigned(text, length)) return writeInteger(at, parsed);
  const head = encodeLength(at, length);
  copy(at + head, text, length);
  return writeBackLength(at + head + length, head + length);
}

/** @param count - of the elements. @param end - the place behind the last one. */
export function closePack(pack: usize, count: u32, end: usize): void {
  store<u8>(end, PACK_END);
  store<u32>(pack, <u32>(end + 1 - pack));
  addCount(pack, count);
}

/** Put the head, and a text behind it, in the place of `present` bytes. */
function put(pack: usize, at: usize, present: u32, text: usize, length: u32, more: i32): usize {
  const body = headLength + length;
  const size = body + backBytes(body);
  const total = load<u32>(pack);
  const wanted = <u64>total - present + size;
  if (length > MAX_BYTES || wanted > MAX_BYTES) return 0;
  const offset = at - pack;
  if (<u32>wanted > blockSize(pack)) {
    pack = reallocate(pack, total, <u32>wanted);
    if (pack === 0) return 0;
    at = pack + offset;
  }
  const behind = total - <u32>offset - present;
  // At the end only its mark moves, which a call for a copy costs more than.
  if (behind === 1) store<u8>(at + size, PACK_END);
  else if (present !== size) memory.copy(at + size, at + present, behind);
  store<u32>(pack, <u32>wanted);
  copy(at, HEAD, headLength);
  copy(at + headLength, text, length);
  writeBackLength(at + body, body);
  if (more !== 0) addCount(pack, more);
  placeAfter = at;
  return size < present ? shrinkAround(pack, offset) : pack;
}

function shrinkAround(pack: usize, offset: usize): usize {
  pack = shrink(pack, load<u32>(pack));
  placeAfter = pack + offset;
  return pack;
}

/** A block much too large is given back. @param front - as of removeElements(). */
function shrink(pack: usize, total: u32, front: u32 = 0): usize {
  frontAfter = front;
  const present = blockSize(pack);
  if (present <= 128 || roundUp(total) >= present >> 1) return pack;
  const target = allocate(total);
  if (target === 0) return pack;
  memory.copy(target, pack, total);
  release(pack - front);
  frontAfter = 0;
  return target;
}

function addCount(pack: usize, more: i32): void {
  const known: u32 = load<u16>(pack, PACK_COUNT);
  // Once too many to be told there, they are counted on demand.
  if (known === UNCOUNTED) return;
  const count = known + more;
  store<u16>(pack, <u16>min(count, UNCOUNTED), PACK_COUNT);
}

/** @returns the place behind it. */
function writeBackLength(at: usize, body: u32): usize {
  if (body <= 127) {
    store<u8>(at, <u8>body);
    return at + 1;
  }
  let left = backBytes(body) - 1;
  store<u8>(at++, <u8>(body >> (left * 7)));
  while (left-- !== 0) store<u8>(at++, <u8>(((body >> (left * 7)) & 127) | 128));
  return at;
}
