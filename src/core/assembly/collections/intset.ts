/**
 * Intsets: sets of integers in one block, sorted, in Redis' bytes.
 *
 *   +0 u32 bytes of each integer: 2, 4 or 8  +4 u32 how many  +8 the integers, ascending
 *
 * Rule: the integers are as wide as the widest that was ever added; removing never narrows them, as
 * in Redis. A change returns the block, which may have moved, or 0: memory is exhausted and nothing
 * has changed.
 *
 * @see redis/redis 7.0.15 src/intset.c
 */
import { allocate, blockSize, reallocate, release, roundUp } from '../allocator/slabs';

const HEADER: u32 = 8;

/** @returns 0: memory is exhausted. */
export function newIntset(): usize {
  const set = allocate(HEADER);
  if (set === 0) return 0;
  store<u32>(set, 2);
  store<u32>(set, 0, 4);
  return set;
}

export function intsetCount(set: usize): u32 {
  return load<u32>(set, 4);
}

export function intsetBytes(set: usize): u32 {
  return HEADER + load<u32>(set) * load<u32>(set, 4);
}

/** @param index - below intsetCount(). */
export function intsetAt(set: usize, index: u32): i64 {
  return integerAt(set, load<u32>(set), index);
}

/** Whether it has an integer. */
export function intsetHas(set: usize, value: i64): bool {
  const width = load<u32>(set);
  return widthOf(value) <= width && placeOf(set, width, value) >= 0;
}

/** Add an integer that it does not have. @returns the block; 0: memory is exhausted. */
export function intsetAdd(set: usize, value: i64): usize {
  const width = load<u32>(set);
  const count = load<u32>(set, 4);
  const needed = widthOf(value);
  if (needed > width) return widen(set, width, needed, count, value);
  const place = ~placeOf(set, width, value);
  set = resize(set, HEADER + count * width, HEADER + (count + 1) * width);
  if (set === 0) return 0;
  const at = set + HEADER + place * width;
  memory.copy(at + width, at, (count - place) * width);
  putInteger(set, width, place, value);
  store<u32>(set, count + 1, 4);
  return set;
}

/** Take out an integer that it has. @returns the block. */
export function intsetRemove(set: usize, value: i64): usize {
  const width = load<u32>(set);
  const count = load<u32>(set, 4);
  const at = set + HEADER + placeOf(set, width, value) * width;
  memory.copy(at, at + width, set + HEADER + count * width - at - width);
  store<u32>(set, count - 1, 4);
  const bytes = HEADER + (count - 1) * width;
  const present = blockSize(set);
  if (present <= 128 || roundUp(bytes) >= present >> 1) return set;
  const target = allocate(bytes);
  if (target === 0) return set;
  memory.copy(target, set, bytes);
  release(set);
  return target;
}

/** A block of its own with the same integers. @returns 0: memory is exhausted. */
export function copyIntset(set: usize): usize {
  const bytes = intsetBytes(set);
  const target = allocate(bytes);
  if (target !== 0) memory.copy(target, set, bytes);
  return target;
}

/**
 * Whether untrusted bytes are an intset of exactly that length, not empty, in strict order.
 *
 * @see redis/redis 7.0.15 src/intset.c, intsetValidateIntegrity()
 */
export function isIntset(set: usize, length: u32): bool {
  if (length <= HEADER) return false;
  const width = load<u32>(set);
  if (width !== 2 && width !== 4 && width !== 8) return false;
  const count = load<u32>(set, 4);
  if (count === 0 || HEADER + <u64>count * width !== <u64>length) return false;
  for (let i: u32 = 1; i < count; i++) {
    if (integerAt(set, width, i - 1) >= integerAt(set, width, i)) return false;
  }
  return true;
}

function widthOf(value: i64): u32 {
  if (value >= -0x8000 && value <= 0x7fff) return 2;
  return value >= -0x80000000 && value <= 0x7fffffff ? 4 : 8;
}

/** @inline */
function integerAt(set: usize, width: u32, index: u32): i64 {
  const at = set + HEADER + index * width;
  if (width === 2) return load<i16>(at);
  return width === 4 ? load<i32>(at) : load<i64>(at);
}

function putInteger(set: usize, width: u32, index: u32, value: i64): void {
  const at = set + HEADER + index * width;
  if (width === 2) store<i16>(at, <i16>value);
  else if (width === 4) store<i32>(at, <i32>value);
  else store<i64>(at, value);
}

/** @returns an integer's index; where it belongs, inverted, if it is not there. */
function placeOf(set: usize, width: u32, value: i64): i32 {
  let low: i32 = 0;
  let high: i32 = <i32>load<u32>(set, 4) - 1;
  if (high < 0 || value > integerAt(set, width, high)) return ~(high + 1);
  while (low <= high) {
    const middle = (low + high) >> 1;
    const held = integerAt(set, width, middle);
    if (held === value) return middle;
    if (held < value) low = middle + 1;
    else high = middle - 1;
  }
  return ~low;
}

function resize(set: usize, keep: u32, bytes: u32): usize {
  return bytes <= blockSize(set) ? set : reallocate(set, keep, bytes);
}

/** Add an integer that is wider than all others: it is less or greater than any. */
function widen(set: usize, width: u32, wider: u32, count: u32, value: i64): usize {
  set = resize(set, HEADER + count * width, HEADER + (count + 1) * wider);
  if (set === 0) return 0;
  const shift: u32 = value < 0 ? 1 : 0;
  // From the end: what is moved does not cover what is still to be.
  for (let i = count; i !== 0; i--) {
    putInteger(set, wider, i - 1 + shift, integerAt(set, width, i - 1));
  }
  putInteger(set, wider, shift === 0 ? count : 0, value);
  store<u32>(set, wider);
  store<u32>(set, count + 1, 4);
  return set;
}
