/**
 * Commands that change lists within.
 *
 * @see redis/redis 7.0.15 src/t_list.c
 */
import { parsed, parseSigned } from '../bytes';
import { isElement } from '../collections/listpack';
import {
  atNode,
  atPlace,
  backward,
  enterNode,
  firstNode,
  forward,
  isPlain,
  lastNode,
  nodeBlock,
  nodeBytes,
  popElements,
} from '../collections/quicklist';
import { insertHere, removeHere, replaceHere } from '../collections/quicklist-change';
import { equal } from '../bytes';
import { rootCount } from '../collections/root';
import { closeChange, openChange } from '../keyspace/collections';
import { valueOf } from '../keyspace/entry';
import { TYPE_LIST } from '../layout';
import { arg, argLength, argWord } from '../protocol/arguments';
import { replyError, replyInteger, replyOk } from '../protocol/reply';
import { noteSlow } from '../slow';
import { addDirty } from '../state';
import { collectionToWrite, REFUSED } from './collection';
import { propagateVerbatim } from './effects';
import { notAnInteger, outOfMemory, syntaxError } from './errors';
import { cutRange, MANY_ELEMENTS, rangeLength, rangeStart, seekSigned } from './lists';
import { readRange } from './ranges';
import { AFTER, BEFORE } from './words';

/** Whether the element that the walk stands on is an argument. */
export function isArgument(index: u32): bool {
  const text = arg(index);
  const length = argLength(index);
  if (!isPlain(atNode)) return isElement(atPlace, text, length);
  return nodeBytes(atNode) === length && equal(nodeBlock(atNode), text, length);
}

export function lset(): void {
  const entry = collectionToWrite(TYPE_LIST, 1);
  if (entry === REFUSED) return;
  if (entry === 0) {
    replyError('-ERR no such key');
    return;
  }
  if (!parseSigned(arg(2), argLength(2))) {
    notAnInteger();
    return;
  }
  const root = valueOf(entry);
  if (!seekSigned(root, parsed)) {
    replyError('-ERR index out of range');
    return;
  }
  openChange(entry);
  const isDone = replaceHere(root, arg(3), argLength(3));
  closeChange(entry);
  if (!isDone) {
    outOfMemory();
    return;
  }
  addDirty(1);
  propagateVerbatim();
  replyOk();
}

/** `LINSERT key BEFORE | AFTER pivot element` */
export function linsert(): void {
  const where = argWord(2);
  if (where !== BEFORE && where !== AFTER) {
    syntaxError();
    return;
  }
  const entry = collectionToWrite(TYPE_LIST, 1);
  if (entry === REFUSED) return;
  if (entry === 0) {
    replyInteger(0);
    return;
  }
  const root = valueOf(entry);
  if (rootCount(root) > MANY_ELEMENTS) noteSlow();
  let isThere = enterNode(firstNode(root), true);
  while (isThere && !isArgument(3)) isThere = forward();
  if (!isThere) {
    replyInteger(-1);
    return;
  }
  openChange(entry);
  const isDone = insertHere(root, where === AFTER, arg(4), argLength(4));
  closeChange(entry);
  if (!isDone) {
    outOfMemory();
    return;
  }
  addDirty(1);
  propagateVerbatim();
  replyInteger(rootCount(root));
}

/** `LREM key count element`: all, or so many from the beginning or, negative, from the end. */
export function lrem(): void {
  if (!parseSigned(arg(2), argLength(2))) {
    notAnInteger();
    return;
  }
  const isForward = parsed >= 0;
  const limit = <u64>(isForward ? parsed : -parsed);
  const entry = collectionToWrite(TYPE_LIST, 1);
  if (entry === REFUSED) return;
  if (entry === 0) {
    replyInteger(0);
    return;
  }
  const root = valueOf(entry);
  if (rootCount(root) > MANY_ELEMENTS) noteSlow();
  let removed: u64 = 0;
  let isThere = enterNode(isForward ? firstNode(root) : lastNode(root), isForward);
  while (isThere) {
    if (!isArgument(3)) {
      isThere = isForward ? forward() : backward();
      continue;
    }
    if (removed === 0) openChange(entry);
    isThere = removeHere(root, isForward);
    removed++;
    if (removed === limit) break;
  }
  if (removed !== 0) {
    closeChange(entry);
    addDirty(<u32>removed);
    propagateVerbatim();
  }
  replyInteger(removed);
}

/** `LTRIM key start stop` */
export function ltrim(): void {
  if (!readRange(2)) return;
  const entry = collectionToWrite(TYPE_LIST, 1);
  if (entry === REFUSED) return;
  if (entry !== 0) {
    const root = valueOf(entry);
    const count = rootCount(root);
    cutRange(count);
    if (rangeLength !== count) trim(entry, count);
  }
  replyOk();
}

/** Take out what is not in the range that was read. */
function trim(entry: usize, count: u32): void {
  const root = valueOf(entry);
  const before = rangeLength === 0 ? count : rangeStart;
  const removed = count - rangeLength;
  if (removed > MANY_ELEMENTS) noteSlow();
  openChange(entry);
  popElements(root, true, before);
  popElements(root, false, removed - before);
  closeChange(entry);
  addDirty(removed);
  propagateVerbatim();
}
