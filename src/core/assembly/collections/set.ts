/**
 * Sets: an intset, or an index of items (collections/members.ts), an item being u32 length and
 * bytes.
 *
 * Rule: an intset up to SET_MAX_INTSET members, all of them integers; what has been made an index
 * stays one.
 *
 * @see redis/redis 7.0.15 src/t_set.c
 */
import { release } from '../allocator/slabs';
import { parsed, parseSigned, writeSigned } from '../bytes';
import { randomBelow } from '../hash';
import {
  copyIntset,
  intsetAdd,
  intsetAt,
  intsetCount,
  intsetHas,
  intsetRemove,
  newIntset,
} from './intset';
import { ENCODING_INTSET, ENCODING_TABLE, SET_MAX_INTSET } from './layout';
import {
  addItem,
  drawItem,
  findItem,
  itemKey,
  membersCount,
  nextItem,
  nextItems,
  openItems,
  removeItem,
} from './members';
import { copyMembers, freeMembers, newMembers } from './members-index';
import { rootBlock, rootCount, rootEncoding, setRoot, setRootBlock, setRootCount } from './root';

/** Bytes of an item before the member. */
const ITEM_HEADER: u32 = 4;
/** An intset has at most so many, whatever is set. */
const MOST_INTEGERS: u32 = 1 << 30;

/** The member that was walked to or drawn: until the next call. */
export let memberAt: usize = 0;
export let memberLength: u32 = 0;

/** Results of addMember(). */
export const MEMBER_NEW: i32 = 1;
export const MEMBER_PRESENT: i32 = 0;
export const NO_ROOM_FOR_MEMBER: i32 = -1;

const DIGITS: usize = memory.data(32);

/** @returns false: memory is exhausted. */
export function initSet(root: usize, encoding: u32): bool {
  const block = encoding === ENCODING_INTSET ? newIntset() : newMembers(ITEM_HEADER);
  if (block !== 0) setRoot(root, block, 0, encoding);
  return block !== 0;
}

/** @returns the encoding of a set whose first member this is. */
export function encodingFor(member: usize, length: u32): u32 {
  return parseSigned(member, length) ? ENCODING_INTSET : ENCODING_TABLE;
}

export function hasMember(root: usize, member: usize, length: u32): bool {
  const block = rootBlock(root);
  if (rootEncoding(root) !== ENCODING_INTSET) return findItem(block, member, length) !== 0;
  return parseSigned(member, length) && intsetHas(block, parsed);
}

/**
 * @returns MEMBER_NEW, MEMBER_PRESENT or NO_ROOM_FOR_MEMBER: memory is exhausted, nothing has
 * changed.
 */
export function addMember(root: usize, member: usize, length: u32): i32 {
  if (rootEncoding(root) === ENCODING_INTSET) {
    if (parseSigned(member, length)) return addInteger(root, parsed);
    if (!convertSet(root)) return NO_ROOM_FOR_MEMBER;
  }
  const block = rootBlock(root);
  if (findItem(block, member, length) !== 0) return MEMBER_PRESENT;
  if (addItem(block, member, length, 0) === 0) return NO_ROOM_FOR_MEMBER;
  setRootCount(root, rootCount(root) + 1);
  return MEMBER_NEW;
}

function addInteger(root: usize, value: i64): i32 {
  const ints = rootBlock(root);
  if (intsetHas(ints, value)) return MEMBER_PRESENT;
  const longer = intsetAdd(ints, value);
  if (longer === 0) return NO_ROOM_FOR_MEMBER;
  setRoot(root, longer, rootCount(root) + 1, ENCODING_INTSET);
  // One too many makes it an index; without memory for that it stays as it is for now.
  if (rootCount(root) > min(load<u32>(SET_MAX_INTSET), MOST_INTEGERS)) convertSet(root);
  return MEMBER_NEW;
}

/** @returns whether there was such a member. */
export function removeMember(root: usize, member: usize, length: u32): bool {
  const block = rootBlock(root);
  if (rootEncoding(root) === ENCODING_INTSET) {
    if (!parseSigned(member, length) || !intsetHas(block, parsed)) return false;
    setRootBlock(root, intsetRemove(block, parsed));
  } else {
    const item = findItem(block, member, length);
    if (item === 0) return false;
    removeItem(block, item);
  }
  setRootCount(root, rootCount(root) - 1);
  return true;
}

/** Make an index of the intset. @returns false: memory is exhausted, nothing has changed. */
export function convertSet(root: usize): bool {
  const ints = rootBlock(root);
  const block = newMembers(ITEM_HEADER);
  if (block === 0) return false;
  const count = intsetCount(ints);
  for (let i: u32 = 0; i < count; i++) {
    readInteger(intsetAt(ints, i));
    findItem(block, memberAt, memberLength);
    if (addItem(block, memberAt, memberLength, 0) !== 0) continue;
    freeMembers(block, u32.MAX_VALUE);
    return false;
  }
  release(ints);
  setRoot(root, block, count, ENCODING_TABLE);
  return true;
}

function readInteger(value: i64): void {
  memberAt = DIGITS;
  memberLength = <u32>(writeSigned(DIGITS, value) - DIGITS);
}

let walkedRoot: usize = 0;
let walkedIndex: u32 = 0;
let walkedCursor: u32 = 0;

/** Begin to walk over the members with nextMember(); the set must not change meanwhile. */
export function openMembers(root: usize): void {
  openMembersAt(root, 0);
}

/** The same from a cursor on; the members of an intset all stand at cursor 0. */
export function openMembersAt(root: usize, cursor: u32): void {
  walkedRoot = root;
  walkedCursor = cursor;
  walkedIndex = 0;
  if (rootEncoding(root) !== ENCODING_INTSET) openItems(rootBlock(root), cursor);
}

/** @returns whether there is another member; `memberAt` and `memberLength` are it. */
export function nextMember(): bool {
  while (!nextMemberHere()) if (nextMembers() === 0) return false;
  return true;
}

/** The same, of those that stand at the cursor. */
export function nextMemberHere(): bool {
  const block = rootBlock(walkedRoot);
  if (rootEncoding(walkedRoot) === ENCODING_INTSET) {
    if (walkedIndex === intsetCount(block)) return false;
    readInteger(intsetAt(block, walkedIndex++));
    return true;
  }
  const item = nextItem();
  if (item === 0) return false;
  memberAt = itemKey(block, item);
  memberLength = load<u32>(item);
  return true;
}

/** Go on to the next cursor. @returns it; 0: all have been walked. */
export function nextMembers(): u32 {
  if (rootEncoding(walkedRoot) === ENCODING_INTSET) return 0;
  walkedCursor = nextItems(rootBlock(walkedRoot), walkedCursor);
  if (walkedCursor !== 0) openItems(rootBlock(walkedRoot), walkedCursor);
  return walkedCursor;
}

/** Draw a member at random, all alike. There must be some. */
export function drawMember(root: usize): void {
  const block = rootBlock(root);
  if (rootEncoding(root) === ENCODING_INTSET) {
    readInteger(intsetAt(block, randomBelow(rootCount(root))));
    return;
  }
  const item = drawItem(block);
  memberAt = itemKey(block, item);
  memberLength = load<u32>(item);
}

/** For assertions: the root counts what is there. */
export function isSetWhole(root: usize): bool {
  const block = rootBlock(root);
  const held = rootEncoding(root) === ENCODING_INTSET ? intsetCount(block) : membersCount(block);
  return held === rootCount(root);
}

/** Give the root a value of its own, as another's. @returns false: memory is exhausted. */
export function copySet(from: usize, to: usize): bool {
  const isPacked = rootEncoding(from) === ENCODING_INTSET;
  const block = isPacked ? copyIntset(rootBlock(from)) : copyMembers(rootBlock(from));
  if (block !== 0) setRoot(to, block, rootCount(from), rootEncoding(from));
  return block !== 0;
}

/** @returns what is left of a budget of blocks; 0: there may be more to free. */
export function freeSet(root: usize, budget: u32): u32 {
  if (rootEncoding(root) !== ENCODING_INTSET) return freeMembers(rootBlock(root), budget);
  release(rootBlock(root));
  return budget;
}
