/**
 * Requests: RESP arrays of bulk strings here, inline commands in inline.ts.
 *
 * Nothing is kept between calls: an incomplete command is parsed again from its beginning once
 * `needed` bytes of it are there. That number is the least that the rest can take (a bulk announced
 * in full, six bytes for every argument not yet seen), so a value of 512 MB is looked at twice. Who
 * feeds commands of many arguments in small pieces finds their ends first
 * (src/resp/command-scan.ts).
 *
 * Rules and texts, oddities included (a NUL before the line's end hides it; what should be CR LF
 * behind a bulk is not looked at), are those of Redis.
 *
 * @see redis/redis 7.0.15 src/networking.c, processMultibulkBuffer()
 */
import { parsed, parseSigned } from '../bytes';
import { FLAG_APPLY, FLAG_UNAUTHENTICATED, PROTO_MAX_BULK } from '../layout';
import { flags } from '../state';
import { announceSlow, MANY_ARGUMENTS } from '../slow';
import { pushArgument } from './arguments';
import { parseInline } from './inline';
import { replyErrorAbout } from './reply';

export const INCOMPLETE: i32 = 0;
export const COMPLETE: i32 = 1;
export const MALFORMED: i32 = 2;

const MAX_LINE: u32 = 65536;
const MAX_BULKS: i64 = 0x7fffffff;
/** `$0`, and two line ends. */
const SMALLEST_BULK: i64 = 6;

/** After COMPLETE: just past the command. */
export let commandEnd: usize = 0;
/** After INCOMPLETE: bytes, from the command's beginning, below which parsing again is vain. */
export let needed: u64 = 0;
/** The command came inline: its arguments are not where RESP would have them. */
export let isInline: bool = false;
let isAhead: bool = false;

/**
 * Parse the command that begins at `start`; its arguments are pushed onto the table.
 *
 * @param isSilent - write no error: the command's turn has not come, it is parsed again then.
 */
export function parseCommand(start: usize, end: usize, isSilent: bool): i32 {
  isAhead = isSilent;
  isInline = load<u8>(start) !== 0x2a;
  return isInline ? parseLine(start, end) : parseArray(start, end);
}

function parseLine(start: usize, end: usize): i32 {
  let at = start;
  while (at < end && load<u8>(at) !== 0x0a && load<u8>(at) !== 0) at++;
  if (at === end || load<u8>(at) === 0) {
    if (<u32>(end - start) > MAX_LINE) return malformed('too big inline request');
    return incomplete(<u64>(end - start) + 1);
  }
  commandEnd = at + 1;
  if (at > start && load<u8>(at - 1) === 0x0d) at--;
  // A master sends at most an empty line, to keep the link busy.
  if ((flags & FLAG_APPLY) !== 0) return at === start ? COMPLETE : MALFORMED;
  return parseInline(start, at) ? COMPLETE : malformed('unbalanced quotes in request');
}

/** `*1`, `$1`, a line's end behind each; where the digits are, any byte. */
const OPENING: u64 = 0x0a0d00240a0d002a;
const OPENING_MASK: u64 = 0xffff00ffffff00ff;

function parseArray(start: usize, end: usize): i32 {
  // Up to nine arguments, the first of up to nine bytes: how nearly every command begins.
  const opening = load<u64>(start);
  if ((opening & OPENING_MASK) === OPENING) {
    const count = ((<u32>opening >> 8) & 0xff) - 48;
    const length = (<u32>(opening >> 40) & 0xff) - 48;
    const next = start + 8 + length + 2;
    if (count - 1 < 9 && length <= 9 && next <= end) {
      if (!pushArgument(start + 8, length)) return malformed('invalid multibulk length');
      return parseBulks(start, next, end, count - 1);
    }
  }
  if (!readLine(start, end)) {
    if (isLineTooLong) return malformed('too big mbulk count string');
    return incomplete(<u64>(end - start) + 1);
  }
  if (!isNumber || number > MAX_BULKS) return malformed('invalid multibulk length');
  if (number > 10) {
    if ((flags & FLAG_UNAUTHENTICATED) !== 0) return malformed('unauthenticated multibulk length');
    if (number > <i64>MANY_ARGUMENTS) announceSlow();
  }
  return parseBulks(start, lineEnd, end, number);
}

/** Parse `count` arguments from `from` on. @inline */
function parseBulks(start: usize, from: usize, end: usize, count: i64): i32 {
  let at = from;
  for (let left = count; left > 0; left--) {
    // `$` and one or two digits, all of it there: nearly every argument there is.
    const line = load<u32>(at);
    const first = ((line >> 8) & 0xff) - 48;
    const second = (line >> 16) & 0xff;
    let size: u32;
    let body: usize;
    if (second === 0x0d) {
      size = first;
      body = at + 4;
    } else {
      size = first * 10 + second - 48;
      body = at + 5;
      if (second - 48 > 9 || first === 0 || line >> 24 !== 0x0d) size = 0xff;
    }
    const next = body + size + 2;
    if ((line & 0xff) === 0x24 && first <= 9 && size < 100 && next <= end) {
      if (!pushArgument(body, size)) return malformed('invalid multibulk length');
      at = next;
      continue;
    }
    const outcome = parseBulk(start, at, end, left);
    if (outcome !== COMPLETE) return outcome;
    at = commandEnd;
  }
  commandEnd = at;
  return COMPLETE;
}

/** Parse any argument; `left` counts it and those after it. Its end is in `commandEnd`. */
function parseBulk(start: usize, at: usize, end: usize, left: i64): i32 {
  if (!readLine(at, end)) {
    if (isLineTooLong) return malformed('too big bulk count string');
    return incomplete(max(<u64>(end - start) + 1, <u64>(at - start) + left * SMALLEST_BULK));
  }
  if (load<u8>(at) !== 0x24) return malformedByte(at);
  const limit: i64 = (flags & FLAG_APPLY) !== 0 ? 0xffffffff : load<u32>(PROTO_MAX_BULK);
  if (!isNumber || number < 0 || number > limit) return malformed('invalid bulk length');
  if (number > 16384 && (flags & FLAG_UNAUTHENTICATED) !== 0) {
    return malformed('unauthenticated bulk length');
  }
  const body = lineEnd;
  if (<i64>(end - body) < number + 2) {
    return incomplete(<u64>(body - start) + number + 2 + (left - 1) * SMALLEST_BULK);
  }
  if (!pushArgument(body, <u32>number)) return malformed('invalid multibulk length');
  commandEnd = body + <usize>number + 2;
  return COMPLETE;
}

/**
 * What readLine() read: where the next line begins, the number behind the type byte if it is one.
 */
let lineEnd: usize = 0;
let number: i64 = 0;
let isNumber: bool = false;
let isLineTooLong: bool = false;

/** Read a line of a type byte and a number. @returns false: its end is not there (yet). */
function readLine(at: usize, end: usize): bool {
  // Up to eight digits and a CR is what nearly all lines are.
  let next = at + 1;
  let digit = <u32>load<u8>(next) - 48;
  if (digit - 1 < 9) {
    let value = digit;
    digit = <u32>load<u8>(++next) - 48;
    while (digit <= 9 && next - at < 9) {
      value = value * 10 + digit;
      digit = <u32>load<u8>(++next) - 48;
    }
    if (load<u8>(next) === 0x0d && next + 1 < end) {
      number = value;
      isNumber = true;
      lineEnd = next + 2;
      return true;
    }
  }
  let line = at;
  while (line < end && load<u8>(line) !== 0x0d && load<u8>(line) !== 0) line++;
  if (line >= end || load<u8>(line) === 0) {
    isLineTooLong = <u32>(end - at) > MAX_LINE;
    return false;
  }
  isLineTooLong = false;
  if (line + 1 >= end) return false;
  lineEnd = line + 2;
  isNumber = line > at + 1 && parseSigned(at + 1, <u32>(line - at - 1));
  number = parsed;
  return true;
}

function incomplete(bytes: u64): i32 {
  needed = bytes;
  return INCOMPLETE;
}

function malformed(what: string): i32 {
  if (!isAhead) replyErrorAbout('-ERR Protocol error: ', 0, 0, what);
  return MALFORMED;
}

function malformedByte(at: usize): i32 {
  if (!isAhead) replyErrorAbout("-ERR Protocol error: expected '$', got '", at, 1, "'");
  return MALFORMED;
}
