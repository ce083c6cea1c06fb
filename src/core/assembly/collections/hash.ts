/**
 * Hashes: a listpack in which fields and values alternate, or an index of items of both
 * (collections/members.ts), an item being u32 field length, u32 value length, field, value.
 *
 * Rule: one block up to HASH_MAX_ENTRIES fields, none of which, and no value, is longer than
 * HASH_MAX_VALUE; what has been made an index stays one.
 *
 * @see redis/redis 7.0.15 src/t_hash.c
 */
import { release } from '../allocator/slabs';
import { copy } from '../bytes';
import { randomBelow } from '../hash';
import {
  findElement,
  firstPlace,
  isInteger,
  nextPlace,
  packCount,
  placeAt,
  readText,
  textAt,
  textLength,
} from './listpack';
import {
  appendText,
  copyPack,
  newPack,
  placeAfter,
  removeElements,
  replaceText,
} from './listpack-change';
import { ENCODING_LISTPACK, ENCODING_TABLE, HASH_MAX_ENTRIES, HASH_MAX_VALUE } from './layout';
import {
  addItem,
  drawItem,
  findItem,
  itemKey,
  itemTail,
  membersCount,
  nextItem,
  nextItems,
  openItems,
  removeItem,
  resizeItem,
} from './members';
import { copyMembers, freeMembers, newMembers } from './members-index';
import { HASH_ITEM_HEADER, HASH_VALUE_LENGTH } from './members-layout';
import { rootBlock, rootCount, rootEncoding, setRoot, setRootBlock, setRootCount } from './root';

/** The field and value that were found, walked to or drawn: until the next call. */
export let fieldAt: usize = 0;
export let fieldLength: u32 = 0;
export let valueAt: usize = 0;
export let valueLength: u32 = 0;

/** Results of putField(). */
export const FIELD_NEW: i32 = 1;
export const FIELD_CHANGED: i32 = 0;
export const NO_MEMORY: i32 = -1;

/** @returns false: memory is exhausted. */
export function initHash(root: usize): bool {
  const pack = newPack(0);
  if (pack !== 0) setRoot(root, pack, 0, ENCODING_LISTPACK);
  return pack !== 0;
}

/** @returns whether there is such a field; `valueAt` and `valueLength` are its value. */
export function findField(root: usize, field: usize, length: u32): bool {
  const block = rootBlock(root);
  if (rootEncoding(root) === ENCODING_LISTPACK) {
    const at = findElement(firstPlace(block), field, length, 2);
    if (at === 0) return false;
    readValue(nextPlace(at));
    return true;
  }
  const item = findItem(block, field, length);
  if (item === 0) return false;
  valueAt = itemTail(block, item);
  valueLength = load<u32>(item, HASH_VALUE_LENGTH);
  return true;
}

function readValue(at: usize): void {
  readText(at);
  valueAt = textAt;
  valueLength = textLength;
}

/** @returns FIELD_NEW, FIELD_CHANGED or NO_MEMORY: then nothing has changed. */
export function putField(root: usize, field: usize, length: u32, value: usize, size: u32): i32 {
  if (rootEncoding(root) === ENCODING_LISTPACK) {
    const limit = load<u32>(HASH_MAX_VALUE);
    if (length <= limit && size <= limit) return putPacked(root, field, length, value, size);
    if (!convertHash(root)) return NO_MEMORY;
  }
  return putItem(root, field, length, value, size);
}

function putPacked(root: usize, field: usize, length: u32, value: usize, size: u32): i32 {
  const pack = rootBlock(root);
  const at = findElement(firstPlace(pack), field, length, 2);
  if (at !== 0) {
    const changed = replaceText(pack, nextPlace(at), value, size);
    if (changed === 0) return NO_MEMORY;
    setRootBlock(root, changed);
    return FIELD_CHANGED;
  }
  if (rootCount(root) >= load<u32>(HASH_MAX_ENTRIES)) {
    return convertHash(root) ? putItem(root, field, length, value, size) : NO_MEMORY;
  }
  const longer = appendText(pack, field, length);
  if (longer === 0) return NO_MEMORY;
  const place = placeAfter - longer;
  const complete = appendText(longer, value, size);
  setRootBlock(root, complete !== 0 ? complete : removeElements(longer, longer + place, 1));
  if (complete === 0) return NO_MEMORY;
  setRootCount(root, rootCount(root) + 1);
  return FIELD_NEW;
}

function putItem(root: usize, field: usize, length: u32, value: usize, size: u32): i32 {
  const block = rootBlock(root);
  let item = findItem(block, field, length);
  const isNew = item === 0;
  item = isNew ? addItem(block, field, length, size) : resizeItem(block, item, size);
  if (item === 0) return NO_MEMORY;
  store<u32>(item, size, HASH_VALUE_LENGTH);
  copy(itemTail(block, item), value, size);
  if (!isNew) return FIELD_CHANGED;
  setRootCount(root, rootCount(root) + 1);
  return FIELD_NEW;
}

/** @returns whether there was such a field. */
export function removeField(root: usize, field: usize, length: u32): bool {
  const block = rootBlock(root);
  if (rootEncoding(root) === ENCODING_LISTPACK) {
    const at = findElement(firstPlace(block), field, length, 2);
    if (at === 0) return false;
    setRootBlock(root, removeElements(block, at, 2));
  } else {
    const item = findItem(block, field, length);
    if (item === 0) return false;
    removeItem(block, item);
  }
  setRootCount(root, rootCount(root) - 1);
  return true;
}

/** Make an index of the listpack. @returns false: memory is exhausted, nothing has changed. */
export function convertHash(root: usize): bool {
  const pack = rootBlock(root);
  const block = newMembers(HASH_ITEM_HEADER);
  if (block === 0) return false;
  for (let at = firstPlace(pack); at !== 0; at = nextPlace(at)) {
    readField(at);
    at = nextPlace(at);
    readValue(at);
    // An untrusted listpack may name a field twice: whoever converts it looks for that.
    let item = findItem(block, fieldAt, fieldLength);
    item = item !== 0 ? 0 : addItem(block, fieldAt, fieldLength, valueLength);
    if (item === 0) {
      freeMembers(block, u32.MAX_VALUE);
      return false;
    }
    store<u32>(item, valueLength, HASH_VALUE_LENGTH);
    copy(itemTail(block, item), valueAt, valueLength);
  }
  release(pack);
  setRoot(root, block, rootCount(root), ENCODING_TABLE);
  return true;
}

/** An integer of a field stands here while that of its value is read. */
const FIELD_DIGITS: usize = memory.data(32);

function readField(at: usize): void {
  readText(at);
  fieldLength = textLength;
  fieldAt = textAt;
  if (!isInteger) return;
  fieldAt = FIELD_DIGITS;
  memory.copy(FIELD_DIGITS, textAt, 24);
}

let walkedRoot: usize = 0;
let walkedPlace: usize = 0;
let walkedCursor: u32 = 0;

/** Begin to walk over the fields with nextField(); the hash must not change meanwhile. */
export function openFields(root: usize): void {
  openFieldsAt(root, 0);
}

/** The same from a cursor on; the fields of a listpack all stand at cursor 0. */
export function openFieldsAt(root: usize, cursor: u32): void {
  walkedRoot = root;
  walkedCursor = cursor;
  if (rootEncoding(root) === ENCODING_LISTPACK) walkedPlace = firstPlace(rootBlock(root));
  else openItems(rootBlock(root), cursor);
}

/** @returns whether there is another field; `fieldAt`… and `valueAt`… are it. */
export function nextField(): bool {
  while (!nextFieldHere()) if (nextFields() === 0) return false;
  return true;
}

/** The same, of those that stand at the cursor. */
export function nextFieldHere(): bool {
  if (rootEncoding(walkedRoot) === ENCODING_LISTPACK) {
    if (walkedPlace === 0) return false;
    readField(walkedPlace);
    const at = nextPlace(walkedPlace);
    readValue(at);
    walkedPlace = nextPlace(at);
    return true;
  }
  const item = nextItem();
  if (item === 0) return false;
  readItem(rootBlock(walkedRoot), item);
  return true;
}

/** Go on to the next cursor. @returns it; 0: all have been walked. */
export function nextFields(): u32 {
  if (rootEncoding(walkedRoot) === ENCODING_LISTPACK) return 0;
  walkedCursor = nextItems(rootBlock(walkedRoot), walkedCursor);
  if (walkedCursor !== 0) openItems(rootBlock(walkedRoot), walkedCursor);
  return walkedCursor;
}

function readItem(block: usize, item: usize): void {
  fieldAt = itemKey(block, item);
  fieldLength = load<u32>(item);
  valueAt = itemTail(block, item);
  valueLength = load<u32>(item, HASH_VALUE_LENGTH);
}

/** Draw a field at random, all alike. There must be some. */
export function drawField(root: usize): void {
  const block = rootBlock(root);
  if (rootEncoding(root) !== ENCODING_LISTPACK) {
    readItem(block, drawItem(block));
    return;
  }
  const at = placeAt(block, <i32>(randomBelow(rootCount(root)) << 1));
  readField(at);
  readValue(nextPlace(at));
}

/** For assertions: the root counts what is there. */
export function isHashWhole(root: usize): bool {
  const block = rootBlock(root);
  if (rootEncoding(root) !== ENCODING_LISTPACK) return membersCount(block) === rootCount(root);
  return packCount(block) === rootCount(root) << 1;
}

/** Give the root a value of its own, as another's. @returns false: memory is exhausted. */
export function copyHash(from: usize, to: usize): bool {
  const isPacked = rootEncoding(from) === ENCODING_LISTPACK;
  const block = isPacked ? copyPack(rootBlock(from)) : copyMembers(rootBlock(from));
  if (block !== 0) setRoot(to, block, rootCount(from), rootEncoding(from));
  return block !== 0;
}

/** @returns what is left of a budget of blocks; 0: there may be more to free. */
export function freeHash(root: usize, budget: u32): u32 {
  if (rootEncoding(root) !== ENCODING_LISTPACK) return freeMembers(rootBlock(root), budget);
  release(rootBlock(root));
  return budget;
}
