/**
 * What HRANDFIELD, SRANDMEMBER and ZRANDMEMBER have in common: how many elements are asked for, and
 * which are taken where none may come twice.
 */
import { parsed, parseSigned } from '../bytes';
import { addItem, findItem } from '../collections/members';
import { freeMembers, newMembers } from '../collections/members-index';
import { randomBelow } from '../hash';
import { arg, argc, argIs, argLength } from '../protocol/arguments';
import { breakReply, replyError } from '../protocol/reply';
import { notAnInteger, syntaxError } from './errors';

/**
 * Read how many elements are to be drawn, to `parsed`: negative, any of them any number of times.
 *
 * @returns false: an error is replied.
 */
export function readRandomCount(index: u32): bool {
  if (!parseSigned(arg(index), argLength(index))) {
    notAnInteger();
    return false;
  }
  if (parsed !== i64.MIN_VALUE) return true;
  replyError(
    '-ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807',
  );
  return false;
}

/** Whether readDraw() met the word: each element is replied with what belongs to it. */
export let isPaired: bool = false;

/**
 * Read what is to be drawn: `parsed` is how many.
 *
 * @param word - which may follow.
 * @returns false: an error is replied.
 */
export function readDraw(word: string): bool {
  if (!readRandomCount(2)) return false;
  isPaired = argc === 4;
  if (argc > 4 || (isPaired && !argIs(3, word))) {
    syntaxError();
    return false;
  }
  if (!isPaired || (parsed >= -(i64.MAX_VALUE / 2) && parsed <= i64.MAX_VALUE / 2)) return true;
  replyError('-ERR value is out of range');
  return false;
}

/** Whether so many of all are better chosen in one walk than drawn one by one. */
export function areMany(wanted: u32, size: u32): bool {
  return <u64>wanted * 3 > <u64>size;
}

/**
 * In a walk, whether the next element is taken: with the probability that those still wanted make
 * of those still to come.
 */
export function isChosen(wanted: u32, left: u32): bool {
  return wanted === left || randomBelow(left) < wanted;
}

/** Those that have been drawn one by one. */
let drawn: usize = 0;

/** Begin to draw one by one. @returns false: memory is exhausted, and the reply broken. */
export function openDraws(): bool {
  drawn = newMembers(4);
  if (drawn === 0) breakReply();
  return drawn !== 0;
}

/** @returns whether a text had not been drawn yet. Without memory the reply is broken. */
export function isFirstDraw(at: usize, length: u32): bool {
  if (findItem(drawn, at, length) !== 0) return false;
  if (addItem(drawn, at, length, 0) !== 0) return true;
  breakReply();
  return false;
}

export function closeDraws(): void {
  freeMembers(drawn, u32.MAX_VALUE);
}
