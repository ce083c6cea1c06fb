/**
 * Commands at the ends of lists, and reads by index.
 *
 * @see redis/redis 7.0.15 src/t_list.c
 */
import { parsed, parseSigned } from '../bytes';
import {
  backward,
  elementAt,
  elementLength,
  forward,
  initList,
  popElements,
  pushElement,
  readHere,
  seek,
} from '../collections/quicklist';
import { rootCount } from '../collections/root';
import { closeChange, makeCollection, openChange } from '../keyspace/collections';
import { valueOf } from '../keyspace/entry';
import { TYPE_LIST } from '../layout';
import { arg, argc, argLength } from '../protocol/arguments';
import {
  replyArray,
  replyBulk,
  replyError,
  replyInteger,
  replyNull,
  replyNullArray,
} from '../protocol/reply';
import { noteSlow } from '../slow';
import { addDirty } from '../state';
import { collectionToChange, collectionToRead, collectionToWrite, REFUSED } from './collection';
import { propagateVerbatim } from './effects';
import { notAnInteger, outOfMemory, wrongArity } from './errors';
import { first, last, readRange } from './ranges';

/** A command that goes over more elements may take long. */
export const MANY_ELEMENTS: u32 = 4096;

export function lpush(): void {
  push(true, true);
}

export function rpush(): void {
  push(false, true);
}

export function lpushx(): void {
  push(true, false);
}

export function rpushx(): void {
  push(false, false);
}

/** @param makes - whether a list that is missing is made. */
function push(isHead: bool, makes: bool): void {
  let entry = collectionToChange(TYPE_LIST, 1);
  if (entry === REFUSED) return;
  if (entry === 0) {
    if (!makes) {
      replyInteger(0);
      return;
    }
    entry = makeCollection(TYPE_LIST, arg(1), argLength(1));
    if (entry === 0) {
      outOfMemory();
      return;
    }
    initList(valueOf(entry));
  }
  const root = valueOf(entry);
  for (let i: u32 = 2; i < argc; i++) {
    if (pushElement(root, isHead, arg(i), argLength(i))) continue;
    popElements(root, isHead, i - 2);
    closeChange(entry);
    outOfMemory();
    return;
  }
  const length = rootCount(root);
  closeChange(entry);
  addDirty(argc - 2);
  propagateVerbatim();
  replyInteger(length);
}

export function lpop(): void {
  pop(true, 'lpop');
}

export function rpop(): void {
  pop(false, 'rpop');
}

function pop(isHead: bool, name: string): void {
  if (argc > 3) {
    wrongArity(name);
    return;
  }
  const hasCount = argc === 3;
  let count: u64 = 1;
  if (hasCount) {
    if (!parseSigned(arg(2), argLength(2)) || parsed < 0) {
      replyError('-ERR value is out of range, must be positive');
      return;
    }
    count = parsed;
  }
  const entry = collectionToWrite(TYPE_LIST, 1);
  if (entry === REFUSED) return;
  if (entry === 0) {
    if (hasCount) replyNullArray();
    else replyNull();
    return;
  }
  if (count === 0) {
    replyArray(0);
    return;
  }
  openChange(entry);
  const root = valueOf(entry);
  const popped = <u32>min<u64>(count, rootCount(root));
  if (hasCount) replyArray(popped);
  seek(root, isHead ? 0 : rootCount(root) - 1);
  replyElements(popped, isHead);
  popElements(root, isHead, popped);
  closeChange(entry);
  addDirty(popped);
  propagateVerbatim();
}

/** Reply with so many elements, from the one that the walk stands on. */
function replyElements(count: u32, isForward: bool): void {
  if (count > MANY_ELEMENTS) noteSlow();
  for (let left = count; left !== 0; left--) {
    readHere();
    replyBulk(elementAt, elementLength);
    if (isForward) forward();
    else backward();
  }
}

export function llen(): void {
  const entry = collectionToRead(TYPE_LIST, 1);
  if (entry !== REFUSED) replyInteger(entry === 0 ? 0 : rootCount(valueOf(entry)));
}

export function lindex(): void {
  const entry = collectionToRead(TYPE_LIST, 1);
  if (entry === REFUSED) return;
  if (entry === 0) {
    replyNull();
    return;
  }
  if (!parseSigned(arg(2), argLength(2))) {
    notAnInteger();
    return;
  }
  if (!seekSigned(valueOf(entry), parsed)) {
    replyNull();
    return;
  }
  readHere();
  replyBulk(elementAt, elementLength);
}

/** Stand on an element. @param index - negative: from the end. @returns false: there is none. */
export function seekSigned(root: usize, index: i64): bool {
  const count = <i64>rootCount(root);
  if (index < 0) index += count;
  return index >= 0 && index < count && seek(root, <u32>index);
}

/**
 * The range that cutRange() has left; it may be empty: then `rangeLength` is 0.
 */
export let rangeStart: u32 = 0;
export let rangeLength: u32 = 0;

/** Cut the range that readRange() has read to `count` elements; negative ends are from the last. */
export function cutRange(count: i64): void {
  const start = max<i64>(first < 0 ? first + count : first, 0);
  const stop = min<i64>(last < 0 ? last + count : last, count - 1);
  rangeLength = 0;
  if (start > stop || start >= count) return;
  rangeStart = <u32>start;
  rangeLength = <u32>(stop - start + 1);
}

export function lrange(): void {
  if (!readRange(2)) return;
  const entry = collectionToRead(TYPE_LIST, 1);
  if (entry === REFUSED) return;
  if (entry === 0) {
    replyArray(0);
    return;
  }
  const root = valueOf(entry);
  cutRange(rootCount(root));
  replyArray(rangeLength);
  if (rangeLength === 0) return;
  seek(root, rangeStart);
  replyElements(rangeLength, true);
}
