/**
 * Collections at keys: made, opened for a change, and closed after it.
 *
 * Rule: from openChange() or makeCollection() on until closeChange() the key's stripe is open
 * (versions.ts), and a snapshot under way has the key as it was. No other key may be changed
 * meanwhile. A collection that is left without elements is deleted, but a stream.
 */
import { isWhole } from '../collections/kinds';
import { rootCount, setRoot } from '../collections/root';
import { ROOT_SIZE } from '../collections/layout';
import { TYPE_STREAM } from '../layout';
import { beforeChange } from '../snapshot/snapshot';
import { table } from '../state';
import { touch } from './access';
import { create, deleteEntry, NO_EXPIRY, peek } from './database';
import { typeOf, valueOf } from './entry';
import { placeOf } from './table';
import { closeStripe, openEntry } from './versions';

/** An entry is about to change. */
export function openChange(entry: usize): void {
  beforeChange(table, entry);
  touch(entry);
  openEntry(table.lowMask, entry);
}

/**
 * Make an entry for a key that is missing, its root leading to nothing: the caller gives it a
 * value, or closes it, which deletes it.
 *
 * @returns 0: memory is exhausted.
 */
export function makeCollection(type: u32, key: usize, keySize: u32): usize {
  peek(key, keySize);
  const entry = create(key, keySize, type, 0, ROOT_SIZE, NO_EXPIRY);
  if (entry === 0) closeStripe();
  else setRoot(valueOf(entry), 0, 0, 0);
  return entry;
}

/** A change is complete. @returns whether the key is gone with its last element. */
export function closeChange(entry: usize): bool {
  if (CHECKED) assert(isWhole(typeOf(entry), valueOf(entry)), 'a root counts what is not there');
  if (rootCount(valueOf(entry)) !== 0 || typeOf(entry) === TYPE_STREAM) {
    closeStripe();
    return false;
  }
  deleteEntry(entry, placeOf(table, entry));
  return true;
}
