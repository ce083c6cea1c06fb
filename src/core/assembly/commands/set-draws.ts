/**
 * SPOP and SRANDMEMBER: members at random.
 *
 * Rule: what was taken out goes to replicas as SREM, several of them as a transaction; all of a set
 * as a DEL.
 *
 * @see redis/redis 7.0.15 src/t_set.c, spopWithCountCommand(), srandmemberWithCountCommand()
 */
import { parsed, parseSigned } from '../bytes';
import { ENCODING_INTSET } from '../collections/layout';
import { rootCount, rootEncoding } from '../collections/root';
import {
  drawMember,
  memberAt,
  memberLength,
  nextMember,
  openMembers,
  removeMember,
} from '../collections/set';
import { closeChange, openChange } from '../keyspace/collections';
import { deleteFound } from '../keyspace/database';
import { valueOf } from '../keyspace/entry';
import { FLAG_DEFER_PUBLISH, TYPE_SET } from '../layout';
import { arg, argc, argLength } from '../protocol/arguments';
import {
  isReplyBroken,
  replyArray,
  replyBulk,
  replyError,
  replyNull,
  replySet,
} from '../protocol/reply';
import { addDirty, flags } from '../state';
import { addBytes, addWord, appendDelete, beginCommand, endCommand } from '../stream/propagate';
import { collectionToRead, collectionToWrite, REFUSED } from './collection';
import { areMany, closeDraws, isChosen, isFirstDraw, openDraws, readRandomCount } from './draws';
import { syntaxError } from './errors';

export function spop(): void {
  if (argc > 3) {
    syntaxError();
    return;
  }
  if (argc === 3 && (!parseSigned(arg(2), argLength(2)) || parsed < 0)) {
    replyError('-ERR value is out of range, must be positive');
    return;
  }
  const count = parsed;
  const entry = collectionToWrite(TYPE_SET, 1);
  if (entry === REFUSED) return;
  if (argc === 2) {
    if (entry === 0) replyNull();
    else takeOut(entry, 1);
  } else if (entry === 0 || count === 0) replySet(0);
  else if (<u64>count >= <u64>rootCount(valueOf(entry))) takeAll(entry);
  else {
    replySet(<u32>count);
    takeOut(entry, <u32>count);
  }
}

function takeAll(entry: usize): void {
  const root = valueOf(entry);
  const count = rootCount(root);
  replySet(count);
  openMembers(root);
  while (nextMember()) replyBulk(memberAt, memberLength);
  if (isReplyBroken()) return;
  deleteFound(entry);
  addDirty(count);
  appendDelete(arg(1), argLength(1));
}

function takeOut(entry: usize, count: u32): void {
  const root = valueOf(entry);
  const isWrapped = count > 1 && (flags & FLAG_DEFER_PUBLISH) === 0;
  openChange(entry);
  if (isWrapped) appendWord('MULTI');
  let taken: u32 = 0;
  for (; taken < count; taken++) {
    drawMember(root);
    replyBulk(memberAt, memberLength);
    // What no client will see is not taken out.
    if (isReplyBroken()) break;
    if (beginCommand(3)) {
      addWord('SREM');
      addBytes(arg(1), argLength(1));
      addBytes(memberAt, memberLength);
      endCommand();
    }
    // The member's own bytes are read before they are gone.
    removeMember(root, memberAt, memberLength);
  }
  if (isWrapped) appendWord('EXEC');
  closeChange(entry);
  addDirty(taken);
}

function appendWord(word: string): void {
  if (!beginCommand(1)) return;
  addWord(word);
  endCommand();
}

export function srandmember(): void {
  if (argc > 3) {
    syntaxError();
    return;
  }
  if (argc === 3 && !readRandomCount(2)) return;
  const wanted = parsed;
  const entry = collectionToRead(TYPE_SET, 1);
  if (entry === REFUSED) return;
  if (argc === 2) {
    if (entry === 0) replyNull();
    else replyDrawn(valueOf(entry), 1);
    return;
  }
  if (entry === 0 || wanted === 0) {
    replyArray(0);
    return;
  }
  const root = valueOf(entry);
  if (wanted < 0) {
    replyArray(<u32>min<u64>(<u64>-wanted, u32.MAX_VALUE));
    replyDrawn(root, <u64>-wanted);
  } else replyDistinct(root, <u32>min<u64>(<u64>wanted, rootCount(root)));
}

/** Any member, any number of times. */
function replyDrawn(root: usize, count: u64): void {
  for (; count !== 0 && !isReplyBroken(); count--) {
    drawMember(root);
    replyBulk(memberAt, memberLength);
  }
}

/** So many different members, of which there are as many. */
function replyDistinct(root: usize, count: u32): void {
  replyArray(count);
  const size = rootCount(root);
  if (rootEncoding(root) === ENCODING_INTSET || areMany(count, size)) {
    openMembers(root);
    for (let left = size; count !== 0; left--) {
      nextMember();
      if (!isChosen(count, left)) continue;
      replyBulk(memberAt, memberLength);
      count--;
    }
    return;
  }
  if (!openDraws()) return;
  while (count !== 0 && !isReplyBroken()) {
    drawMember(root);
    if (!isFirstDraw(memberAt, memberLength)) continue;
    replyBulk(memberAt, memberLength);
    count--;
  }
  closeDraws();
}
