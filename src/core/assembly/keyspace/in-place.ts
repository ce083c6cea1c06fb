/**
 * Strings changed where they stand: longer, or ready to be written into.
 */
import { blockSize } from '../allocator/slabs';
import { ENTRY_IS_RAW, TYPE_STRING } from '../layout';
import { beforeChange } from '../snapshot/snapshot';
import { table } from '../state';
import { touch } from './access';
import { create, NO_EXPIRY, reshape } from './database';
import {
  addForm,
  expireAt,
  hasExpiry,
  headerSize,
  keyLength,
  setValueLength,
  valueLength,
  valueOf,
} from './entry';
import { SLOW_BYTES, noteSlow } from '../slow';
import { closeStripe, openEntry } from './versions';

/**
 * Put bytes behind a string's value.
 *
 * @returns false: memory is exhausted, nothing has changed.
 */
export function appendValue(found: usize, more: usize, moreSize: u32): bool {
  beforeChange(table, found);
  const size = valueLength(found);
  openEntry(table.lowMask, found);
  const entry = growEntry(found, <u64>size + moreSize);
  if (entry !== 0) {
    memory.copy(valueOf(entry) + size, more, moreSize);
    setValueLength(entry, size + moreSize);
    addForm(entry, ENTRY_IS_RAW);
  }
  closeStripe();
  if (entry === 0) return false;
  touch(entry);
  return true;
}

/**
 * Make a string ready to be changed in place, up to byte `size`: what it lacks of that is zeros.
 *
 * @param found - what the lookup of the key returned; 0: it is made.
 * @returns the entry where it now is, to be changed before any other call, then closeStripe(); 0:
 * memory
 *   is exhausted, nothing has changed.
 */
export function extendString(found: usize, key: usize, keySize: u32, size: u64): usize {
  let entry = found;
  if (found === 0) {
    if (size > MAX_ROOM - keySize) return 0;
    entry = create(key, keySize, TYPE_STRING, 0, <u32>size, NO_EXPIRY);
    if (entry === 0) return 0;
  } else {
    beforeChange(table, found);
    openEntry(table.lowMask, found);
    const present = valueLength(found);
    if (size > present) {
      entry = growEntry(found, size);
      if (entry === 0) {
        closeStripe();
        return 0;
      }
      if (<u32>size - present > SLOW_BYTES) noteSlow();
      memory.fill(valueOf(entry) + present, 0, <u32>size - present);
      setValueLength(entry, <u32>size);
    }
    touch(entry);
  }
  addForm(entry, ENTRY_IS_RAW);
  return entry;
}

/** No entry is longer, its header aside. */
const MAX_ROOM: u32 = 0xffe00000;

/**
 * Give an entry room for a value of `size` bytes, or more than it has: a block is made half as
 * large again as needed, up to 1 MiB more, because who makes a string longer once does it again.
 *
 * @returns the entry where it now is; 0: memory is exhausted, nothing has changed.
 */
function growEntry(found: usize, size: u64): usize {
  const room = size + headerSize(found) + keyLength(found);
  if (room <= blockSize(found)) return found;
  if (room > MAX_ROOM) return 0;
  const wanted = <u32>room;
  const at = hasExpiry(found) ? expireAt(found) : NO_EXPIRY;
  const entry = reshape(found, wanted + min<u32>(wanted >> 1, 1 << 20), at, true);
  return entry !== 0 ? entry : reshape(found, wanted, at, true);
}
