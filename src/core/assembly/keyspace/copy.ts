/**
 * Entries given to another key or another database: moved, or copied.
 */
import { releaseValue } from '../collections/discarded-values';
import { copyValue } from '../collections/kinds';
import { clearRoot } from '../collections/root';
import { TYPE_STRING } from '../layout';
import { beforeChange } from '../snapshot/snapshot';
import { countsFrequency, database, table, useDatabase } from '../state';
import { accessOf, setAccess, touch } from './access';
import { deleteEntry, lookupWrite, NO_EXPIRY, peek, setFound } from './database';
import { expireAt, formOf, hasExpiry, isString, typeOf, valueLength, valueOf } from './entry';
import { placeOf } from './table';

/**
 * Move an entry of the current database to another key or database, replacing what is there.
 *
 * @returns false: memory is exhausted, nothing has changed.
 */
export function moveEntry(entry: usize, to: i32, key: usize, keySize: u32): bool {
  // A snapshot takes it while it is whole: a collection is then handed over, not copied.
  beforeChange(table, entry);
  if (!putCopy(entry, to, key, keySize, valueOf(entry))) return false;
  if (countsFrequency) carryFrequency(entry, to, key, keySize);
  if (!isString(entry)) clearRoot(valueOf(entry));
  deleteEntry(entry, placeOf(table, entry));
  return true;
}

/** Being moved is a use; a new entry has that already where only the time counts. */
function carryFrequency(entry: usize, to: i32, key: usize, keySize: u32): void {
  touch(entry);
  const from = database;
  useDatabase(to);
  setAccess(peek(key, keySize), accessOf(entry));
  useDatabase(from);
}

/**
 * Give a value and its expiry to another key or database as well, replacing what is there.
 *
 * @returns false: memory is exhausted, nothing has changed.
 */
export function copyEntry(entry: usize, to: i32, key: usize, keySize: u32): bool {
  const type = typeOf(entry);
  if (type === TYPE_STRING) return putCopy(entry, to, key, keySize, valueOf(entry));
  if (!copyValue(type, valueOf(entry), COPIED)) return false;
  if (putCopy(entry, to, key, keySize, COPIED)) return true;
  releaseValue(type, COPIED);
  return false;
}

/** The root of a copy. */
const COPIED: usize = memory.data(16);

function putCopy(entry: usize, to: i32, key: usize, keySize: u32, value: usize): bool {
  const from = database;
  const at = hasExpiry(entry) ? expireAt(entry) : NO_EXPIRY;
  const form = typeOf(entry) | formOf(entry);
  useDatabase(to);
  const target = lookupWrite(key, keySize);
  const isStored = setFound(target, key, keySize, value, valueLength(entry), at, form);
  useDatabase(from);
  return isStored;
}
