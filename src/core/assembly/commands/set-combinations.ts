/**
 * Intersections, unions and differences of sets, replied or stored.
 *
 * A key that is missing is an empty set.
 *
 * @see redis/redis 7.0.15 src/t_set.c, sinterGenericCommand(), sunionDiffGenericCommand()
 */
import { allocate, release } from '../allocator/slabs';
import { parsed, parseSigned } from '../bytes';
import { releaseValue } from '../collections/discarded-values';
import { ENCODING_INTSET, ROOT_SIZE } from '../collections/layout';
import { clearRoot, rootCount } from '../collections/root';
import {
  addMember,
  hasMember,
  initSet,
  memberAt,
  memberLength,
  NO_ROOM_FOR_MEMBER,
  nextMember,
  openMembers,
  removeMember,
} from '../collections/set';
import { deleteFound, lookupRead, lookupWrite, NO_EXPIRY, setFound } from '../keyspace/database';
import { typeOf, valueOf } from '../keyspace/entry';
import { TYPE_SET } from '../layout';
import { arg, argc, argLength, argWord } from '../protocol/arguments';
import {
  closeCounted,
  openCounted,
  replyBulk,
  replyError,
  replyInteger,
  replySet,
} from '../protocol/reply';
import { noteElements } from '../slow';
import { addDirty } from '../state';
import { propagateVerbatim } from './effects';
import { outOfMemory, syntaxError, wrongType } from './errors';
import { LIMIT } from './words';

/** u32 roots of the sets that the command names, 0 for one that is missing. */
let sets: usize = 0;
let setCount: u32 = 0;

function setAt(index: u32): usize {
  return load<u32>(sets + ((<usize>index) << 2));
}

function putSet(index: u32, root: usize): void {
  store<u32>(sets + ((<usize>index) << 2), <u32>root);
}

/** Look up `count` keys from an argument on. @returns false: an error is replied. */
function openSets(first: u32, count: u32): bool {
  sets = allocate(count << 2);
  setCount = count;
  if (sets === 0) {
    outOfMemory();
    return false;
  }
  for (let i: u32 = 0; i < count; i++) {
    const entry = lookupRead(arg(first + i), argLength(first + i));
    if (entry !== 0 && typeOf(entry) !== TYPE_SET) {
      release(sets);
      wrongType();
      return false;
    }
    putSet(i, entry === 0 ? 0 : valueOf(entry));
    noteElements(countAt(i));
  }
  return true;
}

function countAt(index: u32): u32 {
  const root = setAt(index);
  return root === 0 ? 0 : rootCount(root);
}

/** Put the set with the fewest members first: it is walked, the others are asked. */
function smallestFirst(): void {
  let smallest: u32 = 0;
  for (let i: u32 = 1; i < setCount; i++) if (countAt(i) < countAt(smallest)) smallest = i;
  const root = setAt(smallest);
  putSet(smallest, setAt(0));
  putSet(0, root);
}

/** Whether the member that is walked to is in all the other sets. */
function isInAll(): bool {
  const member = memberAt;
  const length = memberLength;
  for (let i: u32 = 1; i < setCount; i++) {
    if (setAt(i) !== setAt(0) && !hasMember(setAt(i), member, length)) return false;
  }
  return true;
}

/** Whether it is in any of them. */
function isInAny(): bool {
  for (let i: u32 = 1; i < setCount; i++) {
    if (setAt(i) !== 0 && hasMember(setAt(i), memberAt, memberLength)) return true;
  }
  return false;
}

/** The result that is made. */
const RESULT: usize = memory.data(16);

/** @returns false: memory is exhausted, and there is no result. */
function openResult(): bool {
  clearRoot(RESULT);
  return initSet(RESULT, ENCODING_INTSET);
}

function dropResult(): void {
  releaseValue(TYPE_SET, RESULT);
}

/** @returns false: memory is exhausted. */
function intersect(): bool {
  smallestFirst();
  if (setAt(0) === 0) return true;
  openMembers(setAt(0));
  while (nextMember()) if (isInAll() && !addCurrent()) return false;
  return true;
}

function addCurrent(): bool {
  return addMember(RESULT, memberAt, memberLength) !== NO_ROOM_FOR_MEMBER;
}

/** @returns false: memory is exhausted. */
function unite(): bool {
  for (let i: u32 = 0; i < setCount; i++) {
    if (setAt(i) === 0) continue;
    openMembers(setAt(i));
    while (nextMember()) if (!addCurrent()) return false;
  }
  return true;
}

/**
 * Ask the other sets for each member of the first, or take their members out of a copy of it:
 * whichever is less work.
 *
 * @returns false: memory is exhausted.
 */
function subtract(): bool {
  const first = setAt(0);
  if (first === 0) return true;
  let asked: u64 = 0;
  let walked: u64 = 0;
  for (let i: u32 = 0; i < setCount; i++) {
    if (i !== 0 && setAt(i) === first) return true;
    if (setAt(i) !== 0) asked += rootCount(first);
    walked += countAt(i);
  }
  openMembers(first);
  if (asked >> 1 <= walked) {
    while (nextMember()) if (!isInAny() && !addCurrent()) return false;
    return true;
  }
  while (nextMember()) if (!addCurrent()) return false;
  for (let i: u32 = 1; i < setCount && rootCount(RESULT) !== 0; i++) {
    if (setAt(i) === 0) continue;
    openMembers(setAt(i));
    while (nextMember()) removeMember(RESULT, memberAt, memberLength);
  }
  return true;
}

const INTERSECTION: i32 = 0;
const UNION: i32 = 1;
const DIFFERENCE: i32 = 2;

/** Make the result. @returns false: memory is exhausted, which is replied. */
function combine(operation: i32): bool {
  let isMade = openResult();
  if (isMade) {
    if (operation === INTERSECTION) isMade = intersect();
    else isMade = operation === UNION ? unite() : subtract();
  }
  release(sets);
  if (!isMade) {
    dropResult();
    outOfMemory();
  }
  return isMade;
}

function replyCombined(operation: i32): void {
  if (!openSets(1, argc - 1) || !combine(operation)) return;
  replySet(rootCount(RESULT));
  openMembers(RESULT);
  while (nextMember()) replyBulk(memberAt, memberLength);
  dropResult();
}

function storeCombined(operation: i32): void {
  if (!openSets(2, argc - 2) || !combine(operation)) return;
  const count = rootCount(RESULT);
  const found = lookupWrite(arg(1), argLength(1));
  if (count === 0) {
    dropResult();
    if (found !== 0) deleteFound(found);
  } else if (!setFound(found, arg(1), argLength(1), RESULT, ROOT_SIZE, NO_EXPIRY, TYPE_SET)) {
    dropResult();
    outOfMemory();
    return;
  }
  if (count !== 0 || found !== 0) {
    addDirty(1);
    propagateVerbatim();
  }
  replyInteger(count);
}

/** What members have in common is replied as it is found. */
export function sinter(): void {
  if (!openSets(1, argc - 1)) return;
  smallestFirst();
  if (setAt(0) === 0) replySet(0);
  else {
    let count: u32 = 0;
    openCounted();
    openMembers(setAt(0));
    while (nextMember()) {
      if (!isInAll()) continue;
      replyBulk(memberAt, memberLength);
      count++;
    }
    closeCounted(count, true);
  }
  release(sets);
}

export function sinterstore(): void {
  storeCombined(INTERSECTION);
}

export function sunion(): void {
  replyCombined(UNION);
}

export function sunionstore(): void {
  storeCombined(UNION);
}

export function sdiff(): void {
  replyCombined(DIFFERENCE);
}

export function sdiffstore(): void {
  storeCombined(DIFFERENCE);
}

/** `SINTERCARD numkeys key [key …] [LIMIT limit]` */
export function sintercard(): void {
  if (!parseSigned(arg(1), argLength(1)) || parsed < 1) {
    replyError('-ERR numkeys should be greater than 0');
    return;
  }
  if (parsed > <i64>argc - 2) {
    replyError("-ERR Number of keys can't be greater than number of args");
    return;
  }
  const keys = <u32>parsed;
  let limit: i64 = 0;
  for (let i = keys + 2; i < argc; i++) {
    if (argWord(i) !== LIMIT || i + 1 === argc) {
      syntaxError();
      return;
    }
    i++;
    if (!parseSigned(arg(i), argLength(i)) || parsed < 0) {
      replyError("-ERR LIMIT can't be negative");
      return;
    }
    limit = parsed;
  }
  if (!openSets(2, keys)) return;
  let count: i64 = 0;
  smallestFirst();
  if (setAt(0) !== 0) {
    openMembers(setAt(0));
    while ((limit === 0 || count < limit) && nextMember()) if (isInAll()) count++;
  }
  release(sets);
  replyInteger(count);
}
