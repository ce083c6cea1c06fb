/**
 * Values as bytes, for the host: DUMP and RESTORE, and a collection's elements page by page.
 */
import { release } from '../allocator/slabs';
import {
  findField,
  initHash,
  NO_MEMORY,
  putField,
  valueAt,
  valueLength as fieldValueLength,
} from '../collections/hash';
import { rdbTypeOf, saveValue, typeOfRdb, writePage } from '../collections/kinds';
import { releaseValue } from '../collections/discarded-values';
import { PAGE_CURSOR, PAGE_LEN, PAGE_PTR, ROOT_SIZE } from '../collections/layout';
import { LOAD_DONE } from '../collections/load-status';
import { rootCount, rootEncoding } from '../collections/root';
import { LOAD_OUT_OF_MEMORY, TYPE_HASH, TYPE_STRING } from '../layout';
import { abandonValue, loadWhole, noteOtherLoad } from '../snapshot/load-value';
import { stopped } from '../snapshot/reader';
import {
  closeWriter,
  openWriter,
  writeByte,
  writePlain,
  writtenBlock,
  writtenLength,
} from '../snapshot/writer';
import { begin } from '../state';
import { closeChange, makeCollection, openChange } from './collections';
import { lookupWrite, setFound } from './database';
import { isString, typeOf, valueLength, valueOf } from './entry';
import { expiryOf } from './host';

/** Of what was written last. */
let block: usize = 0;

/** What was written for the host begins anew. */
export function openPage(): void {
  if (block !== 0) release(block);
  block = 0;
  openWriter(0, 0, 4096);
}

/** @returns false: memory is exhausted. */
export function closePage(): bool {
  const isWhole = closeWriter();
  block = writtenBlock;
  store<u32>(PAGE_PTR, <u32>block);
  store<u32>(PAGE_LEN, isWhole ? writtenLength : 0);
  return isWhole;
}

/**
 * Write an entry's value as RDB has it, the type before it, to PAGE_PTR.
 * @returns false: no memory.
 */
export function dumpEntry(entry: usize): bool {
  openPage();
  const type = typeOf(entry);
  if (type === TYPE_STRING) {
    writeByte(<u8>TYPE_STRING);
    writePlain(valueOf(entry), valueLength(entry));
  } else {
    writeByte(rdbTypeOf(type, valueOf(entry)));
    saveValue(type, valueOf(entry));
  }
  return closePage();
}

/**
 * Write the elements at a cursor (kinds.ts) to PAGE_PTR, the next to PAGE_CURSOR. @returns false:
 * no memory.
 */
export function readPage(entry: usize, cursor: u32): bool {
  openPage();
  store<u32>(PAGE_CURSOR, writePage(typeOf(entry), valueOf(entry), cursor));
  return closePage();
}

/** The value that is being restored. */
const RESTORED: usize = memory.data(16);

/**
 * Store a collection given as RDB has it, the type before it, whatever the key held before.
 *
 * @returns 1; 0: these are no such bytes; -1: memory is exhausted. Then nothing has changed.
 */
export function restoreKey(
  database: i32,
  flags: u32,
  key: usize,
  keySize: u32,
  size: u32,
  mode: i32,
  at: i64,
): i32 {
  begin(flags, database);
  const payload = key + keySize;
  const type = typeOfRdb(load<u8>(payload));
  if (loadWhole(payload, payload + size, RESTORED) !== LOAD_DONE) {
    return stopped === LOAD_OUT_OF_MEMORY ? -1 : 0;
  }
  const found = lookupWrite(key, keySize);
  if (setFound(found, key, keySize, RESTORED, ROOT_SIZE, expiryOf(mode, at), type)) return 1;
  releaseValue(type, RESTORED);
  return -1;
}

/**
 * Find a field of an entry that holds a hash: its value is at PAGE_PTR, until something is changed.
 *
 * @returns whether there is such a field.
 */
export function findHashField(entry: usize, field: usize, length: u32): bool {
  if (!findField(valueOf(entry), field, length)) return false;
  store<u32>(PAGE_PTR, <u32>valueAt);
  store<u32>(PAGE_LEN, fieldValueLength);
  return true;
}

/**
 * Set a field of the hash at a key, whose type has been looked at; key, field and value stand one
 * behind the other.
 *
 * @returns false: memory is exhausted, nothing has changed.
 */
export function putHashField(
  database: i32,
  flags: u32,
  key: usize,
  keySize: u32,
  fieldSize: u32,
  size: u32,
): bool {
  begin(flags, database);
  let entry = lookupWrite(key, keySize);
  if (entry !== 0) openChange(entry);
  else {
    entry = makeCollection(TYPE_HASH, key, keySize);
    if (entry === 0) return false;
    if (!initHash(valueOf(entry))) {
      closeChange(entry);
      return false;
    }
  }
  const field = key + keySize;
  const result = putField(valueOf(entry), field, fieldSize, field + fieldSize, size);
  closeChange(entry);
  return result !== NO_MEMORY;
}

/** @returns ENCODING_* of an entry that holds a collection; 0: a string. */
export function encodingOf(entry: usize): u32 {
  return isString(entry) ? 0 : rootEncoding(valueOf(entry));
}

/** @returns the elements of an entry that holds a collection. */
export function elementCount(entry: usize): u32 {
  return rootCount(valueOf(entry));
}

/** What loadEntries() had begun will not go on; another load may begin. */
export function abandonLoad(): void {
  abandonValue();
  noteOtherLoad();
}
