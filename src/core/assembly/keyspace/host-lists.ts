/**
 * Lists, for commands of the host: elements read and taken, each as u32 length and bytes at
 * PAGE_PTR. The keys must hold lists.
 */
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
import { TYPE_LIST } from '../layout';
import { writeRaw, writeU32, writtenBlock } from '../snapshot/writer';
import { begin } from '../state';
import { closeChange, makeCollection, openChange } from './collections';
import { lookupQuietly, lookupWrite } from './database';
import { valueOf } from './entry';
import { closePage, openPage } from './host-values';

/** Write so many elements, from an index on. @returns false: memory is exhausted. */
function writeElements(root: usize, index: u32, count: u32, isForward: bool): bool {
  openPage();
  let isThere = count !== 0 && seek(root, index);
  for (let left = count; isThere && left !== 0; left--) {
    readHere();
    writeU32(elementLength);
    writeRaw(elementAt, elementLength);
    isThere = isForward ? forward() : backward();
  }
  return closePage();
}

/** @returns false: memory is exhausted. */
export function readList(
  database: i32,
  flags: u32,
  key: usize,
  keySize: u32,
  index: u32,
  count: u32,
): bool {
  begin(flags, database);
  const entry = lookupQuietly(key, keySize);
  return writeElements(entry === 0 ? 0 : valueOf(entry), index, entry === 0 ? 0 : count, true);
}

/** Take up to so many elements off an end. @returns how many; -1: memory is exhausted. */
export function popList(
  database: i32,
  flags: u32,
  key: usize,
  keySize: u32,
  isHead: bool,
  count: u32,
): i32 {
  begin(flags, database);
  const entry = lookupWrite(key, keySize);
  if (entry === 0) return 0;
  const root = valueOf(entry);
  const present = rootCount(root);
  const popped = min(count, present);
  if (!writeElements(root, isHead ? 0 : present - 1, popped, isHead)) return -1;
  openChange(entry);
  popElements(root, isHead, popped);
  closeChange(entry);
  return popped;
}

/**
 * Take an element off one list and put it on another, or on the same.
 *
 * @returns 1; 0: there is none; -1: memory is exhausted, nothing has changed.
 */
export function moveElement(
  database: i32,
  flags: u32,
  from: usize,
  fromSize: u32,
  to: usize,
  toSize: u32,
  fromHead: bool,
  toHead: bool,
): i32 {
  begin(flags, database);
  const source = lookupWrite(from, fromSize);
  if (source === 0) return 0;
  const root = valueOf(source);
  if (!writeElements(root, fromHead ? 0 : rootCount(root) - 1, 1, fromHead)) return -1;
  const length = load<u32>(writtenBlock);
  const text = writtenBlock + 4;
  const target = lookupWrite(to, toSize);
  if (target === source) return turn(source, fromHead, toHead, text, length) ? 1 : -1;
  if (!pushTo(target, to, toSize, toHead, text, length)) return -1;
  // Made or made longer, the target has left the source where it was.
  openChange(source);
  popElements(root, fromHead, 1);
  closeChange(source);
  return 1;
}

/** @param target - the entry at the key; 0: none yet. */
function pushTo(
  target: usize,
  key: usize,
  keySize: u32,
  isHead: bool,
  text: usize,
  length: u32,
): bool {
  let entry = target;
  if (entry !== 0) openChange(entry);
  else {
    entry = makeCollection(TYPE_LIST, key, keySize);
    if (entry === 0) return false;
    initList(valueOf(entry));
  }
  const isPushed = pushElement(valueOf(entry), isHead, text, length);
  closeChange(entry);
  return isPushed;
}

/** Within one list. What it gave up has room for it, should there be none at the other end. */
function turn(entry: usize, fromHead: bool, toHead: bool, text: usize, length: u32): bool {
  const root = valueOf(entry);
  openChange(entry);
  popElements(root, fromHead, 1);
  const isTurned = pushElement(root, toHead, text, length);
  if (!isTurned) pushElement(root, fromHead, text, length);
  closeChange(entry);
  return isTurned;
}
