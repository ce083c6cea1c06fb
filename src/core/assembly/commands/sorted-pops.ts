/**
 * Commands that take members off an end of a sorted set, or draw some: ZPOPMIN, ZPOPMAX, ZMPOP,
 * ZRANDMEMBER.
 *
 * @see redis/redis 7.0.15 src/t_zset.c, genericZpopCommand(), zrandmemberWithCountCommand()
 */
import { allocate, release } from '../allocator/slabs';
import { parsed, parseSigned } from '../bytes';
import { rootCount } from '../collections/root';
import { drawScored, memberAt, memberLength, removeRanks, score } from '../collections/zset';
import { openWalk, walk, walkedAt, walkedLength, walkedScore } from '../collections/zset-walk';
import { randomBelow } from '../hash';
import { closeChange, openChange } from '../keyspace/collections';
import { valueOf } from '../keyspace/entry';
import { FLAG_RESP3, TYPE_ZSET } from '../layout';
import { arg, argc, argLength, argWord } from '../protocol/arguments';
import {
  isReplyBroken,
  replyArray,
  replyBulk,
  replyDouble,
  replyError,
  replyNull,
  replyNullArray,
} from '../protocol/reply';
import { addDirty, flags } from '../state';
import { addBytes, addNumber, addWord, beginCommand, endCommand } from '../stream/propagate';
import { collectionToRead, collectionToWrite, REFUSED } from './collection';
import { areMany, isChosen, isPaired, readDraw } from './draws';
import { propagateVerbatim } from './effects';
import { outOfMemory, syntaxError } from './errors';
import { COUNT, MAX, MIN } from './words';

export function zpopmin(): void {
  popArgument(false);
}

export function zpopmax(): void {
  popArgument(true);
}

/** `ZPOPMIN key [count]`. */
function popArgument(isGreatest: bool): void {
  if (argc > 3) {
    syntaxError();
    return;
  }
  let wanted: i64 = 1;
  if (argc === 3) {
    if (!parseSigned(arg(2), argLength(2)) || parsed < 0) {
      replyError('-ERR value is out of range, must be positive');
      return;
    }
    wanted = parsed;
  }
  const entry = collectionToWrite(TYPE_ZSET, 1);
  if (entry === REFUSED) return;
  const root: usize = entry === 0 ? 0 : valueOf(entry);
  const size = root === 0 ? 0 : <u32>min<i64>(wanted, rootCount(root));
  const isNested = argc === 3 && (flags & FLAG_RESP3) !== 0;
  replyArray(isNested ? size : size << 1);
  if (size === 0) return;
  pop(entry, size, isGreatest, isNested);
  propagateVerbatim();
}

/** Reply with members at an end of a set, of which there are so many, and take them off. */
function pop(entry: usize, size: u32, isGreatest: bool, isNested: bool): void {
  const root = valueOf(entry);
  const total = rootCount(root);
  openWalk(root, isGreatest ? total - 1 : 0, isGreatest);
  for (let i: u32 = 0; i < size; i++) {
    walk();
    if (isNested) replyArray(2);
    replyBulk(walkedAt, walkedLength);
    replyDouble(walkedScore);
  }
  openChange(entry);
  removeRanks(root, isGreatest ? total - size : 0, size);
  closeChange(entry);
  addDirty(size);
}

/** `ZMPOP numkeys key [key …] MIN | MAX [COUNT count]`; goes out as what it pops. */
export function zmpop(): void {
  const keys = readPositive(1, '-ERR numkeys should be greater than 0');
  if (keys === 0) return;
  const where = <u32>min<i64>(keys, argc) + 2;
  const end: u64 = where < argc ? argWord(where) : 0;
  if (end !== MIN && end !== MAX) {
    syntaxError();
    return;
  }
  let wanted: i64 = 1;
  if (where + 1 < argc) {
    if (where + 3 !== argc || argWord(where + 1) !== COUNT) {
      syntaxError();
      return;
    }
    wanted = readPositive(where + 2, '-ERR count should be greater than 0');
    if (wanted === 0) return;
  }
  for (let i: u32 = 2; i < where; i++) {
    const entry = collectionToWrite(TYPE_ZSET, i);
    if (entry === REFUSED) return;
    if (entry === 0) continue;
    popFrom(entry, i, wanted, end === MAX);
    return;
  }
  replyNullArray();
}

function popFrom(entry: usize, index: u32, wanted: i64, isGreatest: bool): void {
  const size = <u32>min<i64>(wanted, rootCount(valueOf(entry)));
  replyArray(2);
  replyBulk(arg(index), argLength(index));
  replyArray(size);
  pop(entry, size, isGreatest, true);
  if (!beginCommand(3)) return;
  addWord(isGreatest ? 'ZPOPMAX' : 'ZPOPMIN');
  addBytes(arg(index), argLength(index));
  addNumber(size);
  endCommand();
}

/** @returns a number from 1 on; 0: it is none, and the error is replied. */
function readPositive(index: u32, error: string): i64 {
  if (parseSigned(arg(index), argLength(index)) && parsed > 0) return parsed;
  replyError(error);
  return 0;
}

let withScores: bool = false;
let isNested: bool = false;

/** `ZRANDMEMBER key [count [WITHSCORES]]`. */
export function zrandmember(): void {
  withScores = false;
  isNested = false;
  if (argc === 2) {
    const entry = collectionToRead(TYPE_ZSET, 1);
    if (entry === REFUSED) return;
    if (entry === 0) replyNull();
    else {
      drawScored(valueOf(entry));
      replyBulk(memberAt, memberLength);
    }
    return;
  }
  if (!readDraw('WITHSCORES')) return;
  withScores = isPaired;
  isNested = withScores && (flags & FLAG_RESP3) !== 0;
  const wanted = parsed;
  const entry = collectionToRead(TYPE_ZSET, 1);
  if (entry === REFUSED) return;
  if (entry === 0 || wanted === 0) replyArray(0);
  else if (wanted < 0) drawEach(valueOf(entry), <u64>-wanted);
  else if (<u64>wanted >= <u64>rootCount(valueOf(entry))) drawAll(valueOf(entry));
  else drawSome(valueOf(entry), <u32>wanted);
}

function replyDrawn(at: usize, length: u32, drawnScore: f64): void {
  if (isNested) replyArray(2);
  replyBulk(at, length);
  if (withScores) replyDouble(drawnScore);
}

function replyHeader(size: u32): void {
  replyArray(withScores && !isNested ? size << 1 : size);
}

/** Each of so many members drawn by itself, whatever has been drawn. */
function drawEach(root: usize, size: u64): void {
  // No reply is as long: it ends as one that memory does not suffice for.
  if (size > 0x7fffffff) {
    outOfMemory();
    return;
  }
  replyHeader(<u32>size);
  for (let i: u64 = 0; i < size && !isReplyBroken(); i++) {
    drawScored(root);
    replyDrawn(memberAt, memberLength, score);
  }
}

/** Every member, from the greatest on. */
function drawAll(root: usize): void {
  const total = rootCount(root);
  replyHeader(total);
  openWalk(root, total - 1, true);
  while (walk()) replyDrawn(walkedAt, walkedLength, walkedScore);
}

/** So many members of more, none twice. */
function drawSome(root: usize, size: u32): void {
  const total = rootCount(root);
  if (areMany(size, total)) {
    replyHeader(size);
    openWalk(root, 0, false);
    for (let left = total; size !== 0; left--) {
      walk();
      if (!isChosen(size, left)) continue;
      replyDrawn(walkedAt, walkedLength, walkedScore);
      size--;
    }
    return;
  }
  const bytes = (total + 7) >> 3;
  const drawn = allocate(bytes);
  if (drawn === 0) {
    outOfMemory();
    return;
  }
  memory.fill(drawn, 0, bytes);
  replyHeader(size);
  while (size !== 0) {
    const rank = randomBelow(total);
    const bit = <u8>(1 << (<u8>(rank & 7)));
    const byte = drawn + (rank >> 3);
    if ((load<u8>(byte) & bit) !== 0) continue;
    store<u8>(byte, load<u8>(byte) | bit);
    openWalk(root, rank, false);
    walk();
    replyDrawn(walkedAt, walkedLength, walkedScore);
    size--;
  }
  release(drawn);
}
