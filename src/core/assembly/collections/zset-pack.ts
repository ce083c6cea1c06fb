/**
 * Small sorted sets: a listpack of members and scores in turn, in order.
 *
 * @see redis/redis 7.0.15 src/t_zset.c, zzlInsertAt(), zzlGetScore()
 */
import { blockSize, reallocate } from '../allocator/slabs';
import { compareBytes, writeSigned } from '../bytes';
import { writeDouble } from '../double-format';
import { double, readDouble } from '../double-parse';
import {
  endPlace,
  findElement,
  firstPlace,
  integer,
  isInteger,
  nextPlace,
  packBytes,
  readElement,
  readText,
  textAt,
  textLength,
} from './listpack';
import { bytesAsElement, insertText, placeAfter, removeElements } from './listpack-change';

/** Redis refuses to make larger ones. */
const MAX_PACK: u64 = 1 << 30;

/** The pair that readPair() read: until the next call. */
export let pairAt: usize = 0;
export let pairLength: u32 = 0;
export let pairScore: f64 = 0;

const PAIR_DIGITS: usize = memory.data(32);

/** @param at - the member's element. */
export function readPair(at: usize): void {
  readText(at);
  pairAt = textAt;
  pairLength = textLength;
  if (isInteger) {
    // Where its digits stand others are put when another listpack is read.
    pairAt = PAIR_DIGITS;
    memory.copy(PAIR_DIGITS, textAt, 24);
  }
  pairScore = packScore(nextPlace(at));
}

/** @param at - the score's element. */
export function packScore(at: usize): f64 {
  readElement(at);
  if (isInteger) return <f64>integer;
  return readDouble(textAt, textLength) ? double : 0;
}

/**
 * Put a pair in where it belongs. @returns the block; 0: memory is exhausted, nothing has changed.
 */
export function putPair(pack: usize, member: usize, length: u32, score: f64): usize {
  let at = firstPlace(pack);
  while (at !== 0) {
    const present = packScore(nextPlace(at));
    if (present > score) break;
    if (present === score) {
      readText(at);
      if (compareBytes(textAt, textLength, member, length) > 0) break;
    }
    at = nextPlace(nextPlace(at));
  }
  return insertPair(pack, at === 0 ? endPlace(pack) : at, member, length, score);
}

/**
 * Put a pair behind all others. @returns the block; 0: memory is exhausted, nothing has changed.
 */
export function appendPair(pack: usize, member: usize, length: u32, score: f64): usize {
  return insertPair(pack, endPlace(pack), member, length, score);
}

const SCORE_TEXT: usize = memory.data(32);

function insertPair(pack: usize, at: usize, member: usize, length: u32, score: f64): usize {
  const size = writeScore(score);
  // Room for both, so that the second finds it.
  const total = packBytes(pack);
  const wanted = <u64>total + bytesAsElement(member, length) + bytesAsElement(SCORE_TEXT, size);
  if (wanted > MAX_PACK) return 0;
  if (<u32>wanted > blockSize(pack)) {
    const moved = reallocate(pack, total, <u32>wanted);
    if (moved === 0) return 0;
    at = moved + (at - pack);
    pack = moved;
  }
  pack = insertText(pack, at, member, length);
  const next = nextPlace(placeAfter);
  pack = insertText(pack, next === 0 ? endPlace(pack) : next, SCORE_TEXT, size);
  assert(pack !== 0, 'a pair does not fit in where there is room for it');
  return pack;
}

/** Write a score as a listpack has it: an integer as one, where an i64 holds twice as much. */
function writeScore(score: f64): u32 {
  if (abs(score) <= 4611686018427387904) {
    const whole = <i64>score;
    if (<f64>whole === score) return <u32>(writeSigned(SCORE_TEXT, whole) - SCORE_TEXT);
  }
  return <u32>(writeDouble(SCORE_TEXT, score) - SCORE_TEXT);
}

/**
 * Give a member that is there another score.
 *
 * @returns the block; 0: memory is exhausted, nothing has changed.
 */
export function changePair(pack: usize, member: usize, length: u32, score: f64): usize {
  const old = packScore(nextPlace(findElement(firstPlace(pack), member, length, 2)));
  pack = putPair(pack, member, length, score);
  if (pack === 0) return 0;
  // It is there twice now, the lower score first.
  let at = findElement(firstPlace(pack), member, length, 2);
  if (score < old) at = findElement(nextPlace(nextPlace(at)), member, length, 2);
  return removeElements(pack, at, 2);
}

/** @returns how many pairs come before a member; -1: there is none. */
export function rankOfPair(pack: usize, member: usize, length: u32): i32 {
  const found = findElement(firstPlace(pack), member, length, 2);
  if (found === 0) return -1;
  let rank = 0;
  for (let at = firstPlace(pack); at !== found; at = nextPlace(nextPlace(at))) rank++;
  return rank;
}

/** Whether every score is one: an untrusted listpack may hold anything. */
export function hasScores(pack: usize): bool {
  for (let at = firstPlace(pack); at !== 0; at = nextPlace(at)) {
    at = nextPlace(at);
    if (at === 0) return false;
    readElement(at);
    if (!isInteger && !readDouble(textAt, textLength)) return false;
  }
  return true;
}
