/**
 * Commands that read whole hashes, or fields at random.
 *
 * @see redis/redis 7.0.15 src/t_hash.c, genericHgetallCommand(), hrandfieldWithCountCommand()
 */
import { parsed } from '../bytes';
import {
  drawField,
  fieldAt,
  fieldLength,
  nextField,
  openFields,
  valueAt,
  valueLength,
} from '../collections/hash';
import { ENCODING_LISTPACK } from '../collections/layout';
import { rootCount, rootEncoding } from '../collections/root';
import { valueOf } from '../keyspace/entry';
import { FLAG_RESP3, TYPE_HASH } from '../layout';
import { argc } from '../protocol/arguments';
import { isReplyBroken, replyArray, replyBulk, replyMap, replyNull } from '../protocol/reply';
import { noteElements } from '../slow';
import { flags } from '../state';
import { collectionToRead, REFUSED } from './collection';
import { areMany, closeDraws, isChosen, isFirstDraw, isPaired, openDraws, readDraw } from './draws';

const FIELDS: u32 = 1;
const VALUES: u32 = 2;

export function hgetall(): void {
  replyAll(FIELDS | VALUES);
}

export function hkeys(): void {
  replyAll(FIELDS);
}

export function hvals(): void {
  replyAll(VALUES);
}

function replyAll(parts: u32): void {
  const entry = collectionToRead(TYPE_HASH, 1);
  if (entry === REFUSED) return;
  const count = entry === 0 ? 0 : rootCount(valueOf(entry));
  if (parts === (FIELDS | VALUES)) replyMap(count);
  else replyArray(count);
  if (entry === 0) return;
  noteElements(count);
  openFields(valueOf(entry));
  while (nextField()) {
    if ((parts & FIELDS) !== 0) replyBulk(fieldAt, fieldLength);
    if ((parts & VALUES) !== 0) replyBulk(valueAt, valueLength);
  }
}

/** `HRANDFIELD key [count [WITHVALUES]]` */
export function hrandfield(): void {
  if (argc === 2) {
    const entry = collectionToRead(TYPE_HASH, 1);
    if (entry === REFUSED) return;
    if (entry === 0) {
      replyNull();
      return;
    }
    drawField(valueOf(entry));
    replyBulk(fieldAt, fieldLength);
    return;
  }
  if (!readDraw('WITHVALUES')) return;
  const wanted = parsed;
  const entry = collectionToRead(TYPE_HASH, 1);
  if (entry === REFUSED) return;
  if (entry === 0 || wanted === 0) {
    replyArray(0);
    return;
  }
  const root = valueOf(entry);
  if (wanted < 0) replyDrawn(root, <u64>-wanted);
  else replyDistinct(root, <u32>min<u64>(<u64>wanted, rootCount(root)));
}

function openReply(count: u64): void {
  const isFlat = isPaired && (flags & FLAG_RESP3) === 0;
  replyArray(<u32>min<u64>(isFlat ? count << 1 : count, u32.MAX_VALUE));
}

function replyField(): void {
  if (isPaired && (flags & FLAG_RESP3) !== 0) replyArray(2);
  replyBulk(fieldAt, fieldLength);
  if (isPaired) replyBulk(valueAt, valueLength);
}

/** Any field, any number of times. */
function replyDrawn(root: usize, count: u64): void {
  openReply(count);
  for (; count !== 0 && !isReplyBroken(); count--) {
    drawField(root);
    replyField();
  }
}

/** So many different fields, of which there are as many. */
function replyDistinct(root: usize, count: u32): void {
  openReply(count);
  const size = rootCount(root);
  if (rootEncoding(root) === ENCODING_LISTPACK || areMany(count, size)) {
    openFields(root);
    for (let left = size; count !== 0; left--) {
      nextField();
      if (!isChosen(count, left)) continue;
      replyField();
      count--;
    }
    return;
  }
  if (!openDraws()) return;
  while (count !== 0 && !isReplyBroken()) {
    drawField(root);
    if (!isFirstDraw(fieldAt, fieldLength)) continue;
    replyField();
    count--;
  }
  closeDraws();
}
