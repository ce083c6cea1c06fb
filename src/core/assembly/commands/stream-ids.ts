/**
 * Ids of streams in arguments and replies: `ms-sequence`, or `ms` alone.
 *
 * @see redis/redis 7.0.15 src/t_stream.c, streamGenericParseIDOrReply(); src/util.c, string2ull()
 */
import { writeUnsigned } from '../bytes';
import { arg, argLength } from '../protocol/arguments';
import { replyBulk, replyError } from '../protocol/reply';
import { applying } from '../state';
import { addBytes } from '../stream/propagate';

/** What readId() read. */
export let idMs: u64 = 0;
export let idSeq: u64 = 0;
/** `ms-*`: the sequence is not given. */
export let isOpen: bool = false;

/** Longer ones are none. */
const LONGEST: u32 = 127;

const TEXT: usize = memory.data(48);

/**
 * Read an id that is neither `-` nor `+`.
 *
 * @param missing - the sequence of one that is `ms` alone.
 * @param mayBeOpen - `ms-*` is allowed.
 * @returns false: the error is written.
 */
export function readStrictId(index: u32, missing: u64, mayBeOpen: bool): bool {
  if (parseId(arg(index), argLength(index), missing, true, mayBeOpen)) return true;
  invalidId();
  return false;
}

/**
 * Read one end of a range: `-` and `+` are the ends of all, and `(` leaves the id itself out.
 *
 * @param isStart - which end it is: what is missing, and which neighbour of an id left out is
 *   meant.
 */
export function readEnd(index: u32, isStart: bool): bool {
  const at = arg(index);
  const length = argLength(index);
  const missing: u64 = isStart ? 0 : u64.MAX_VALUE;
  if (length < 2 || load<u8>(at) !== 0x28) {
    if (parseId(at, length, missing, false, false)) return true;
    invalidId();
    return false;
  }
  if (!parseId(at + 1, length - 1, missing, true, false)) {
    invalidId();
    return false;
  }
  if (isStart ? increment() : decrement()) return true;
  replyError(
    isStart ? '-ERR invalid start ID for the interval' : '-ERR invalid end ID for the interval',
  );
  return false;
}

/** Go on to the next id. @returns false: there is none. */
function increment(): bool {
  if (++idSeq !== 0) return true;
  return ++idMs !== 0;
}

function decrement(): bool {
  if (idSeq-- !== 0) return true;
  return idMs-- !== 0;
}

function invalidId(): void {
  replyError('-ERR Invalid stream ID specified as stream command argument');
}

function parseId(at: usize, given: u32, missing: u64, isStrict: bool, mayBeOpen: bool): bool {
  if (parseDigits(at, given)) return true;
  if (given > LONGEST) return false;
  // Like a string in C, it ends at a NUL.
  let length: u32 = 0;
  while (length < given && load<u8>(at + length) !== 0) length++;
  isOpen = false;
  if (length === 1 && (load<u8>(at) === 0x2d || load<u8>(at) === 0x2b)) {
    if (isStrict) return false;
    idMs = idSeq = load<u8>(at) === 0x2d ? 0 : u64.MAX_VALUE;
    return true;
  }
  let dash: u32 = 0;
  while (dash < length && load<u8>(at + dash) !== 0x2d) dash++;
  if (!parseUnsigned(at, dash)) return false;
  idMs = unsigned;
  idSeq = missing;
  if (dash === length) return true;
  const rest = at + dash + 1;
  const left = length - dash - 1;
  if (mayBeOpen && left === 1 && load<u8>(rest) === 0x2a) {
    isOpen = true;
    idSeq = 0;
    return true;
  }
  if (!parseUnsigned(rest, left)) return false;
  idSeq = unsigned;
  return true;
}

/** More digits than that could be too many for 64 bits. */
const SAFE_DIGITS: u32 = 18;

/** Read `digits-digits`, as nearly all ids are. @returns false: it is none, or a very long one. */
function parseDigits(at: usize, length: u32): bool {
  const end = at + length;
  const dash = readDigits(at, end);
  if (dash === end || load<u8>(dash) !== 0x2d || <u32>(dash - at) - 1 >= SAFE_DIGITS) return false;
  const ms = unsigned;
  if (readDigits(dash + 1, end) !== end || <u32>(end - dash) - 2 >= SAFE_DIGITS) return false;
  idMs = ms;
  idSeq = unsigned;
  isOpen = false;
  return true;
}

/** Read digits into `unsigned`. @returns where they end. @inline */
function readDigits(at: usize, end: usize): usize {
  unsigned = 0;
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) break;
    unsigned = unsigned * 10 + digit;
  }
  return at;
}

let unsigned: u64 = 0;

/** Read what strtoull() reads, to the end: blanks before, a sign, zeros before; -01 is 2^64 - 1. */
function parseUnsigned(at: usize, length: u32): bool {
  const end = at + length;
  while (at < end && (load<u8>(at) === 0x20 || <u32>load<u8>(at) - 9 < 5)) at++;
  const isNegative = at < end && load<u8>(at) === 0x2d;
  const isPlain = isNegative && at === end - <usize>length;
  if (isNegative || (at < end && load<u8>(at) === 0x2b)) at++;
  if (at === end) return false;
  const isInteger = isPlain && <u32>load<u8>(at) - 49 < 9;
  let value: u64 = 0;
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9 || value > u64.MAX_VALUE / 10) return false;
    value *= 10;
    if (value > u64.MAX_VALUE - digit) return false;
    value += digit;
  }
  // What Redis itself reads as an integer it refuses when it is negative.
  if (isInteger && value <= <u64>i64.MAX_VALUE + 1) return false;
  unsigned = isNegative ? 0 - value : value;
  return true;
}

/**
 * What stands there of an id: it is often the same, or one of the same millisecond. 0: none.
 */
let textMs: u64 = 0;
let textSeq: u64 = 0;
let textDash: usize = 0;
let textEnd: usize = 0;

function writeId(ms: u64, seq: u64): u32 {
  if (textDash === 0 || textMs !== ms) {
    textMs = ms;
    textDash = writeUnsigned(TEXT, ms);
    store<u8>(textDash, 0x2d);
  } else if (textSeq === seq) return <u32>(textEnd - TEXT);
  textSeq = seq;
  textEnd = writeUnsigned(textDash + 1, seq);
  return <u32>(textEnd - TEXT);
}

export function replyId(ms: u64, seq: u64): void {
  if (applying) return; // A replica answers its master nothing.
  replyBulk(TEXT, writeId(ms, seq));
}

/** The id as an argument of a command for the stream. */
export function addId(ms: u64, seq: u64): void {
  addBytes(TEXT, writeId(ms, seq));
}

/** Whether an argument is a word of any length, in any case. */
export function isWord(index: u32, text: string): bool {
  const length = <u32>text.length;
  if (argLength(index) !== length) return false;
  const at = arg(index);
  for (let i: u32 = 0; i < length; i++) {
    if (<u32>(load<u8>(at + i) & 0xdf) !== <u32>text.charCodeAt(i)) return false;
  }
  return true;
}
