/**
 * Commands that read whole hashes, or fields at random.
 *
 * @see redis/redis 7.0.15 src/t_hash.c, genericHgetallCommand(), hrandfieldWithCountCommand()
 */
import { parsed, wordAt } from '../bytes';
import { freeMembers, newMembers } from '../collections/members-index';
import { addItem, findItem } from '../collections/members';
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
import { randomBelow } from '../hash';
import { valueOf } from '../keyspace/entry';
import { FLAG_RESP3, TYPE_HASH } from '../layout';
import { arg, argc, argLength } from '../protocol/arguments';
import {
  breakReply,
  isReplyBroken,
  replyArray,
  replyBulk,
  replyError,
  replyMap,
  replyNull,
} from '../protocol/reply';
import { noteElements } from '../slow';
import { flags } from '../state';
import { collectionToRead, readRandomCount, REFUSED } from './collection';
import { syntaxError } from './errors';
import { THVALUES, WITHVALU } from './words';

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

/** So few of all fields are drawn one by one; more are chosen in one walk. */
const FEW: u64 = 3;

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
  if (!readCount()) return;
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

let withValues: bool = false;

/**
 * Read the count, to `parsed`, and whether values are wanted.
 * @returns false: an error is replied.
 */
function readCount(): bool {
  if (!readRandomCount(2)) return false;
  withValues = argc === 4;
  if (argc > 4 || (withValues && !isWithValues())) {
    syntaxError();
    return false;
  }
  if (!withValues || (parsed >= -(i64.MAX_VALUE / 2) && parsed <= i64.MAX_VALUE / 2)) return true;
  replyError('-ERR value is out of range');
  return false;
}

/** A word of ten letters: told by its first eight and its last. */
function isWithValues(): bool {
  if (argLength(3) !== 10) return false;
  return wordAt(arg(3), 8) === WITHVALU && wordAt(arg(3) + 2, 8) === THVALUES;
}

function openReply(count: u64): void {
  const isFlat = withValues && (flags & FLAG_RESP3) === 0;
  replyArray(<u32>min<u64>(isFlat ? count << 1 : count, u32.MAX_VALUE));
}

function replyField(): void {
  if (withValues && (flags & FLAG_RESP3) !== 0) replyArray(2);
  replyBulk(fieldAt, fieldLength);
  if (withValues) replyBulk(valueAt, valueLength);
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
  if (rootEncoding(root) === ENCODING_LISTPACK || count * FEW > <u64>size) {
    // Each with the probability that those still wanted make of those still to come.
    openFields(root);
    let left = count;
    for (let rest = size; left !== 0; rest--) {
      nextField();
      if (left !== rest && randomBelow(rest) >= left) continue;
      replyField();
      left--;
    }
    return;
  }
  const drawn = newMembers(4);
  if (drawn === 0) {
    breakReply();
    return;
  }
  for (let left = count; left !== 0;) {
    drawField(root);
    if (findItem(drawn, fieldAt, fieldLength) !== 0) continue;
    if (addItem(drawn, fieldAt, fieldLength, 0) === 0) {
      breakReply();
      break;
    }
    replyField();
    left--;
  }
  freeMembers(drawn, u32.MAX_VALUE);
}
