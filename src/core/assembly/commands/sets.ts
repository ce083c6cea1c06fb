/**
 * Commands on the members of one set, and SMOVE.
 *
 * @see redis/redis 7.0.15 src/t_set.c
 */
import {
  addMember,
  encodingFor,
  hasMember,
  initSet,
  memberAt,
  memberLength,
  MEMBER_NEW,
  NO_ROOM_FOR_MEMBER,
  nextMember,
  openMembers,
  removeMember,
} from '../collections/set';
import { rootCount } from '../collections/root';
import { closeChange, makeCollection, openChange } from '../keyspace/collections';
import { lookupWrite } from '../keyspace/database';
import { typeOf, valueOf } from '../keyspace/entry';
import { TYPE_SET } from '../layout';
import { arg, argc, argLength } from '../protocol/arguments';
import { replyArray, replyBulk, replyInteger, replySet } from '../protocol/reply';
import { noteElements } from '../slow';
import { addDirty } from '../state';
import { collectionToChange, collectionToRead, propagateFirst, REFUSED } from './collection';
import { propagateVerbatim } from './effects';
import { outOfMemory, wrongType } from './errors';

/**
 * @param first - the argument that is to be its first member.
 * @returns a new set at a key, open for a change; 0: memory is exhausted.
 */
function makeSet(key: u32, first: u32): usize {
  const entry = makeCollection(TYPE_SET, arg(key), argLength(key));
  if (entry === 0) return 0;
  if (initSet(valueOf(entry), encodingFor(arg(first), argLength(first)))) return entry;
  closeChange(entry);
  return 0;
}

export function sadd(): void {
  let entry = collectionToChange(TYPE_SET, 1);
  if (entry === REFUSED) return;
  if (entry === 0) entry = makeSet(1, 2);
  if (entry === 0) {
    outOfMemory();
    return;
  }
  const root = valueOf(entry);
  let added: u32 = 0;
  let at: u32 = 2;
  for (; at < argc; at++) {
    const result = addMember(root, arg(at), argLength(at));
    if (result === NO_ROOM_FOR_MEMBER) break;
    if (result === MEMBER_NEW) added++;
  }
  closeChange(entry);
  addDirty(added);
  if (at < argc) {
    if (added !== 0) propagateFirst(at);
    outOfMemory();
    return;
  }
  if (added !== 0) propagateVerbatim();
  replyInteger(added);
}

export function srem(): void {
  const entry = collectionToChange(TYPE_SET, 1);
  if (entry === REFUSED) return;
  let removed: u32 = 0;
  if (entry !== 0) {
    const root = valueOf(entry);
    for (let i: u32 = 2; i < argc && rootCount(root) !== 0; i++) {
      if (removeMember(root, arg(i), argLength(i))) removed++;
    }
    closeChange(entry);
  }
  if (removed !== 0) {
    addDirty(removed);
    propagateVerbatim();
  }
  replyInteger(removed);
}

/** The member is added to the one set before it is taken from the other: memory may end. */
export function smove(): void {
  const source = lookupWrite(arg(1), argLength(1));
  const target = lookupWrite(arg(2), argLength(2));
  if (source === 0) {
    replyInteger(0);
    return;
  }
  if (typeOf(source) !== TYPE_SET || (target !== 0 && typeOf(target) !== TYPE_SET)) {
    wrongType();
    return;
  }
  const member = arg(3);
  const length = argLength(3);
  const isThere = hasMember(valueOf(source), member, length);
  if (!isThere || source === target) {
    replyInteger(isThere ? 1 : 0);
    return;
  }
  const added = moveInto(target, member, length);
  if (added === NO_ROOM_FOR_MEMBER) {
    outOfMemory();
    return;
  }
  openChange(source);
  removeMember(valueOf(source), member, length);
  closeChange(source);
  addDirty(added === MEMBER_NEW ? 2 : 1);
  propagateVerbatim();
  replyInteger(1);
}

/** @returns as addMember(). */
function moveInto(target: usize, member: usize, length: u32): i32 {
  const entry = target !== 0 ? target : makeSet(2, 3);
  if (entry === 0) return NO_ROOM_FOR_MEMBER;
  if (target !== 0) openChange(entry);
  const added = addMember(valueOf(entry), member, length);
  closeChange(entry);
  return added;
}

export function smembers(): void {
  const entry = collectionToRead(TYPE_SET, 1);
  if (entry === REFUSED) return;
  replySet(entry === 0 ? 0 : rootCount(valueOf(entry)));
  if (entry === 0) return;
  noteElements(rootCount(valueOf(entry)));
  openMembers(valueOf(entry));
  while (nextMember()) replyBulk(memberAt, memberLength);
}

export function sismember(): void {
  const entry = collectionToRead(TYPE_SET, 1);
  if (entry !== REFUSED) replyInteger(isMember(entry, 2));
}

export function smismember(): void {
  const entry = collectionToRead(TYPE_SET, 1);
  if (entry === REFUSED) return;
  replyArray(argc - 2);
  for (let i: u32 = 2; i < argc; i++) replyInteger(isMember(entry, i));
}

function isMember(entry: usize, index: u32): i64 {
  return entry !== 0 && hasMember(valueOf(entry), arg(index), argLength(index)) ? 1 : 0;
}

export function scard(): void {
  const entry = collectionToRead(TYPE_SET, 1);
  if (entry !== REFUSED) replyInteger(entry === 0 ? 0 : rootCount(valueOf(entry)));
}
