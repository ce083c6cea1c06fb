/**
 * What commands append to the stream: themselves verbatim, or another command in their place.
 *
 * Rule: commands that go verbatim and stand next to each other in the input form a run that is
 * copied once, when something else must come between or the call ends; so are rewritten ones. A
 * replica appends nothing
 * of its own: its ring carries its master's bytes, which dispatch.ts appends as they were read.
 */
import { copy, digitsOf, writeSigned, writeText, writeUnsigned } from '../bytes';
import { FLAG_APPLY, FLAG_REPLICA, LAZY_FREE, STREAM_DB } from '../layout';
import { database, flags } from '../state';
import { writeRing } from './ring';

let runStart: usize = 0;
let runEnd: usize = 0;

/**
 * Rewritten commands are put together here, until flushRun(); what does not fit goes to the ring in
 * pieces. There is a run or there are these, never both.
 */
const SCRATCH: usize = memory.data(4096);
const SCRATCH_END: usize = SCRATCH + 4096;
/** Beyond it the next command would hardly have room. */
const SCRATCH_FULL: usize = SCRATCH_END - 512;
let scratchEnd: usize = SCRATCH;

function isSilent(): bool {
  return (flags & (FLAG_APPLY | FLAG_REPLICA)) !== 0;
}

/** Append input bytes as they are; they must stay where they are until flushRun(). @inline */
export function appendVerbatim(start: usize, end: usize): void {
  if (isSilent()) return;
  if (load<i32>(STREAM_DB) !== database) {
    flushRun();
    selectDatabase();
  }
  if (runEnd === start && runStart !== 0) {
    runEnd = end;
    return;
  }
  flushRun();
  runStart = start;
  runEnd = end;
}

/** Append bytes of the stream being followed. */
export function appendFollowed(start: usize, end: usize): void {
  drain();
  if (end > start) writeRing(start, <u32>(end - start));
}

/** To be called before anything asks the ring where it ends. */
export function flushRun(): void {
  drain();
  flushVerbatim();
}

function flushVerbatim(): void {
  if (runStart === 0) return;
  writeRing(runStart, <u32>(runEnd - runStart));
  runStart = 0;
  runEnd = 0;
}

/**
 * A key that goes by itself: `DEL key`, or `UNLINK key` where that is to be freed lazily.
 *
 * @param why - the LAZY_* bit that decides.
 */
export function appendRemoval(key: usize, length: u32, why: u32): void {
  if (!beginCommand(2)) return;
  addWord((load<u32>(LAZY_FREE) & why) !== 0 ? 'UNLINK' : 'DEL');
  addBytes(key, length);
  endCommand();
}

/** `DEL key`: what a command was that deleted a key in another way. */
export function appendDelete(key: usize, length: u32): void {
  if (!beginCommand(2)) return;
  addWord('DEL');
  addBytes(key, length);
  endCommand();
}

/**
 * `DEL key` for a key that a file had and that was left out: a replica that goes on from there has
 * it.
 */
export function appendLeftOut(key: usize, length: u32): void {
  if (load<i32>(STREAM_DB) !== database) selectDatabase();
  header(0x2a, 2);
  addWord('DEL');
  addBytes(key, length);
  endCommand();
}

/** Begin a command of `count` arguments. @returns false: nothing is to be appended. */
export function beginCommand(count: u32): bool {
  if (isSilent()) return false;
  flushVerbatim();
  if (load<i32>(STREAM_DB) !== database) selectDatabase();
  header(0x2a, count);
  return true;
}

/** Begin a command with bytes of the input that begin one. @returns false: nothing is appended. */
export function beginRaw(start: usize, end: usize): bool {
  if (isSilent()) return false;
  flushVerbatim();
  if (load<i32>(STREAM_DB) !== database) selectDatabase();
  addRaw(start, end);
  return true;
}

/** Add bytes of the input: whole arguments as they came. */
export function addRaw(start: usize, end: usize): void {
  const length = <u32>(end - start);
  if (<u64>scratchEnd + length > <u64>SCRATCH_END) {
    drain();
    if (length > <u32>(SCRATCH_END - SCRATCH)) {
      writeRing(start, length);
      return;
    }
  }
  copy(scratchEnd, start, length);
  scratchEnd += length;
}

export function addWord(word: string): void {
  const length = <u32>word.length;
  header(0x24, length);
  writeText(scratchEnd, word);
  finish(length);
}

export function addBytes(at: usize, length: u32): void {
  header(0x24, length);
  if (scratchEnd + length + 2 > SCRATCH_END) {
    drain();
    writeRing(at, length);
    finish(0);
    return;
  }
  copy(scratchEnd, at, length);
  finish(length);
}

export function addNumber(value: i64): void {
  const length = digitsOf(value < 0 ? <u64>-value : value) + <u32>(value < 0);
  header(0x24, length);
  writeSigned(scratchEnd, value);
  finish(length);
}

export function endCommand(): void {
  if (scratchEnd > SCRATCH_FULL) drain();
}

function selectDatabase(): void {
  store<i32>(STREAM_DB, database);
  header(0x2a, 2);
  addWord('SELECT');
  addNumber(database);
}

function header(kind: u8, value: u32): void {
  if (scratchEnd + 64 > SCRATCH_END) drain();
  if (value < 10) {
    // Kind, digit, CR and LF in one store.
    store<u32>(scratchEnd, 0x0a0d3000 | (value << 8) | kind);
    scratchEnd += 4;
    return;
  }
  store<u8>(scratchEnd, kind);
  scratchEnd = writeUnsigned(scratchEnd + 1, value);
  store<u16>(scratchEnd, 0x0a0d);
  scratchEnd += 2;
}

function finish(length: u32): void {
  scratchEnd += length;
  store<u16>(scratchEnd, 0x0a0d);
  scratchEnd += 2;
}

function drain(): void {
  if (scratchEnd === SCRATCH) return;
  writeRing(SCRATCH, <u32>(scratchEnd - SCRATCH));
  scratchEnd = SCRATCH;
}
