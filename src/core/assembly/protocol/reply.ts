/**
 * The reply buffer: RESP as Redis writes it. It grows for a reply that needs it; the host empties
 * it after each call (REPLY_PTR, REPLY_LEN).
 *
 * If memory runs out within a reply, what the command wrote is taken back and Redis' OOM error
 * stands in its place: RESERVE bytes are always left for that.
 */
import { allocate, blockSize, reallocate, release } from '../allocator/slabs';
import { copy, digitsOf, writeSigned, writeText, writeUnsigned } from '../bytes';
import { MAX_DOUBLE_TEXT, writeDouble } from '../double-format';
import {
  FLAG_RESP3,
  REPLY_LEN,
  REPLY_PTR,
  STAT_ERROR_REPLIES,
  STAT_ERRORS_OOM,
  STAT_ERRORS_WRONGTYPE,
} from '../layout';
import { noteBytes } from '../slow';
import { applying, bump, flags } from '../state';

/** Once so much is in the buffer, the host shall send it before more commands run. */
export const REPLY_FULL: u32 = 256 * 1024;
const INITIAL: u32 = 384 * 1024;
const RESERVE: u32 = 1024;

let buffer: usize = 0;
let end: usize = 0;
let limit: usize = 0;
/** Where the running command's reply begins. */
let mark: usize = 0;
let isBroken: bool = false;
/** Set by an error reply: the command counts as failed. */
export let hasErred: bool = false;

const CRLF: u16 = 0x0a0d;
/** `:0\r\n` as a word: most integers replied have one digit. */
const SMALL_INTEGER: u32 = 0x0a0d303a;

export function openReplies(): bool {
  if (buffer === 0 || blockSize(buffer) > 4 * INITIAL) {
    if (buffer !== 0) release(buffer);
    buffer = allocate(INITIAL);
    if (buffer === 0) return false;
    limit = buffer + blockSize(buffer) - RESERVE;
  }
  end = buffer;
  return true;
}

export function closeReplies(): void {
  store<u32>(REPLY_PTR, <u32>buffer);
  store<u32>(REPLY_LEN, <u32>(end - buffer));
}

export function isReplyFull(): bool {
  return end - buffer >= REPLY_FULL;
}

/** @inline */
export function beginReply(): void {
  mark = end;
  hasErred = false;
}

/** @param isWanted - false: the client wants no reply. @inline */
export function endReply(isWanted: bool): void {
  if (isBroken) {
    isBroken = false;
    end = mark;
    replyError("-OOM command not allowed when used memory > 'maxmemory'.");
  }
  if (!isWanted) end = mark;
}

/** Memory has ended within the running command: the OOM error takes the place of its reply. */
export function breakReply(): void {
  isBroken = true;
}

/** Whether the running command's reply is void: no more of it is needed. */
export function isReplyBroken(): bool {
  return isBroken;
}

/** @inline */
function room(bytes: u64): bool {
  if (<u64>end + bytes <= <u64>limit) return true;
  return grow(bytes);
}

function grow(bytes: u64): bool {
  const used = <u32>(end - buffer);
  const needed = bytes + used + RESERVE;
  const begun = <u32>(mark - buffer);
  let moved: usize = 0;
  if (needed < 0xffff0000) {
    moved = reallocate(buffer, used, <u32>min<u64>(needed + (needed >> 2), 0xffff0000));
    if (moved === 0) moved = reallocate(buffer, used, <u32>needed);
  }
  if (moved === 0) {
    isBroken = true;
    return false;
  }
  buffer = moved;
  end = buffer + used;
  mark = buffer + begun;
  limit = buffer + blockSize(buffer) - RESERVE;
  return true;
}

/** @inline */
export function replyOk(): void {
  if (!room(5)) return;
  store<u32>(end, 0x0d4b4f2b);
  store<u8>(end + 4, 0x0a);
  end += 5;
}

/** A status: `text` with its plus sign. */
export function replyStatus(text: string): void {
  line(text);
}

export function replyNull(): void {
  if (flags & FLAG_RESP3) {
    line('_');
    return;
  }
  if (!room(5)) return;
  store<u32>(end, 0x0d312d24);
  store<u8>(end + 4, 0x0a);
  end += 5;
}

export function replyInteger(value: i64): void {
  if (!room(32)) return;
  if (value >= 0 && value <= 9) {
    store<u32>(end, SMALL_INTEGER + ((<u32>value) << 8));
    end += 4;
    return;
  }
  // A replica answers its master nothing: what it would say need not be put into digits.
  if (applying) return;
  store<u8>(end, 0x3a);
  end = writeSigned(end + 1, value);
  newline();
}

export function replyArray(length: u32): void {
  head(0x2a, length);
}

function head(kind: u8, length: u32): void {
  if (!room(32)) return;
  store<u8>(end, kind);
  end = writeUnsigned(end + 1, length);
  newline();
}

/** The head of a map of so many pairs: in RESP2 an array of keys and values. */
export function replyMap(pairs: u32): void {
  if ((flags & FLAG_RESP3) === 0) replyArray(pairs << 1);
  else head(0x25, pairs);
}

/** The head of a set: in RESP2 an array. */
export function replySet(length: u32): void {
  if ((flags & FLAG_RESP3) === 0) replyArray(length);
  else head(0x7e, length);
}

/** What a head of any length takes. */
const HEAD_ROOM: u32 = 16;
/** Where the elements of openCounted() begin: bytes from the buffer's beginning. */
let counted: u32 = 0;

/** An array or a set begins of which it is not known yet how many elements it will have. */
export function openCounted(): void {
  if (room(HEAD_ROOM)) end += HEAD_ROOM;
  counted = <u32>(end - buffer);
}

/** It is complete: put its head before the elements. @param isSet - of replySet(). */
export function closeCounted(length: u32, isSet: bool): void {
  if (isBroken) return;
  const start = buffer + counted;
  const size = end - start;
  end = start - HEAD_ROOM;
  if (isSet) replySet(length);
  else replyArray(length);
  memory.copy(end, start, size);
  end += size;
}

/** An array that is null. */
export function replyNullArray(): void {
  if ((flags & FLAG_RESP3) !== 0) line('_');
  else line('*-1');
}

/** Where an array's length goes that is not known yet: room for it is kept. */
const HEADER_ROOM: u32 = 16;

/** Begin an array of a length that closeArray() will say. @returns what to tell it. */
export function openArray(): u32 {
  if (!room(HEADER_ROOM)) return 0;
  const at = <u32>(end - buffer);
  end += HEADER_ROOM;
  return at;
}

/** @param at - as openArray() said. */
export function closeArray(at: u32, length: u32): void {
  if (isBroken) return;
  const header = buffer + at;
  const body = header + HEADER_ROOM;
  const size = digitsOf(length) + 3;
  memory.copy(header + size, body, end - body);
  store<u8>(header, 0x2a);
  store<u16>(writeUnsigned(header + 1, length), CRLF);
  end -= HEADER_ROOM - size;
}

export function replyBulk(at: usize, length: u32): void {
  if (!room(<u64>length + 32)) return;
  noteBytes(length);
  store<u8>(end, 0x24);
  end = writeUnsigned(end + 1, length);
  newline();
  copy(end, at, length);
  end += length;
  newline();
}

/** A double: in RESP2 a bulk string of its text. */
export function replyDouble(value: f64): void {
  if (!room(MAX_DOUBLE_TEXT + 32)) return;
  if (flags & FLAG_RESP3) {
    store<u8>(end, 0x2c);
    end = writeDouble(end + 1, value);
    newline();
    return;
  }
  // The text goes where it will stand if its length has one digit, and moves on if it has two.
  const start = end + 4;
  const length = <u32>(writeDouble(start, value) - start);
  const moved = end + 3 + digitsOf(length);
  if (moved !== start) memory.copy(moved, start, length);
  store<u8>(end, 0x24);
  end = writeUnsigned(end + 1, length);
  newline();
  end += length;
  newline();
}

/** An error: `text` with its minus sign and code. */
export function replyError(text: string): void {
  noteError();
  // The code's first letter tells them apart: the core has no others but ERR.
  const letter = text.charCodeAt(1);
  if (letter === 0x57) bump(STAT_ERRORS_WRONGTYPE);
  else if (letter === 0x4f) bump(STAT_ERRORS_OOM);
  line(text);
}

/**
 * An error of three parts, the middle one being bytes of the client. As in Redis, where it is
 * formatted as a C string: a NUL ends it, line breaks at its end are left out, and others are
 * blanks.
 */
export function replyErrorAbout(before: string, at: usize, length: u32, after: string): void {
  noteError();
  if (!room(<u64>length + before.length + after.length + 2)) return;
  end = writeText(end, before);
  let shown: u32 = 0;
  while (shown < length && load<u8>(at + shown) !== 0) shown++;
  const isCut = shown < length;
  if (isCut || after.length === 0) {
    while (shown !== 0 && isLineBreak(load<u8>(at + shown - 1))) shown--;
  }
  for (let i: u32 = 0; i < shown; i++) {
    const byte = load<u8>(at + i);
    store<u8>(end++, isLineBreak(byte) ? 0x20 : byte);
  }
  if (!isCut) end = writeText(end, after);
  newline();
}

function isLineBreak(byte: u8): bool {
  return byte === 0x0a || byte === 0x0d;
}

/** An error that ends with `'name' command`. */
export function replyErrorNaming(before: string, name: string): void {
  noteError();
  if (!room(before.length + name.length + 16)) return;
  end = writeText(end, before);
  store<u8>(end++, 0x27);
  end = writeText(end, name);
  end = writeText(end, "' command");
  newline();
}

function noteError(): void {
  hasErred = true;
  bump(STAT_ERROR_REPLIES);
}

function line(text: string): void {
  if (!room(<u64>text.length + 2)) return;
  end = writeText(end, text);
  newline();
}

function newline(): void {
  store<u16>(end, CRLF);
  end += 2;
}
