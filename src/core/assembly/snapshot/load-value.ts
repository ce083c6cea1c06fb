/**
 * Loading a collection from RDB: its key, then its value in steps, which may be more than one
 * call's input.
 *
 * Rule: a value of which some is loaded and some has not come is kept aside, its key with it, and
 * the next call goes on with it: so a collection larger than any buffer streams in, and each byte
 * is read once. It enters the keyspace when it is whole. Who gives up a load says so
 * (abandonValue).
 */
import { allocate, release } from '../allocator/slabs';
import { releaseValue } from '../collections/discarded-values';
import { exchangeProgress, loadValue, PROGRESS_SIZE, typeOfRdb } from '../collections/kinds';
import { LOAD_DONE, LOAD_GOES_ON, LOAD_STOPPED } from '../collections/load-status';
import { clearRoot, rootEncoding } from '../collections/root';
import { LOAD_CORRUPT, LOAD_MORE, LOAD_NUMBER, LOAD_OUT_OF_MEMORY } from '../layout';
import {
  beginReading,
  fail,
  openReader,
  readString,
  stopped,
  text,
  textBlock,
  textLength,
} from './reader';

/** The key and value at hand; the root leads to nothing when there is none. */
export let loadedKey: usize = 0;
export let loadedKeySize: u32 = 0;
export let loadedExpiry: i64 = 0;
export let loadedType: u32 = 0;
export const LOADED_ROOT: usize = memory.data(16);

let rdbType: u8 = 0;
/** To be released with the key; 0: the key stands in the input. */
let keyBlock: usize = 0;
/** Some of the value is loaded, and the rest has not come. */
let isKept: bool = false;

const KEY_TEXT: usize = memory.data(24);

export function isLoadingValue(): bool {
  return isKept;
}

/** Begin with the key behind a type. @returns LOAD_… */
export function loadKeyAndValue(type: u8, expiry: i64): i32 {
  clearRoot(LOADED_ROOT);
  rdbType = type;
  loadedType = typeOfRdb(type);
  loadedExpiry = expiry;
  keyBlock = 0;
  if (!readString(KEY_TEXT)) return LOAD_STOPPED;
  loadedKey = text;
  loadedKeySize = textLength;
  keyBlock = textBlock;
  return goOn();
}

/** Go on with what was kept. @returns LOAD_… */
export function goOnLoading(): i32 {
  isKept = false;
  return goOn();
}

function goOn(): i32 {
  let status = loadValue(rdbType, LOADED_ROOT);
  while (status === LOAD_GOES_ON) {
    beginReading();
    status = loadValue(rdbType, LOADED_ROOT);
  }
  if (status !== LOAD_STOPPED) return status;
  // Of what nothing is loaded yet the key is read again.
  if (stopped === LOAD_MORE && rootEncoding(LOADED_ROOT) !== 0) {
    if (keepKey()) return LOAD_STOPPED;
    fail(LOAD_OUT_OF_MEMORY);
  }
  dropLoaded();
  return LOAD_STOPPED;
}

function keepKey(): bool {
  if (keyBlock === 0) {
    const block = allocate(loadedKeySize);
    if (block === 0) return false;
    memory.copy(block, loadedKey, loadedKeySize);
    loadedKey = block;
    keyBlock = block;
  }
  isKept = true;
  return true;
}

/** The value is of no use. */
export function dropLoaded(): void {
  releaseValue(loadedType, LOADED_ROOT);
  forgetLoaded();
}

/** The value is another's now. */
export function forgetLoaded(): void {
  clearRoot(LOADED_ROOT);
  if (keyBlock !== 0) release(keyBlock);
  keyBlock = 0;
}

/** What was loading will not go on. */
export function abandonValue(): void {
  if (!isKept) return;
  isKept = false;
  noteOtherLoad();
  dropLoaded();
}

/** Whoever was loading in slices must not go on. */
export function noteOtherLoad(): void {
  store<u32>(LOAD_NUMBER, load<u32>(LOAD_NUMBER) + 1);
}

/**
 * Load a value, a type and what follows it, that must be there to its end.
 *
 * @returns LOAD_DONE; LOAD_STOPPED: `stopped` says why, and is not LOAD_MORE.
 */
export function loadWhole(at: usize, end: usize, root: usize): i32 {
  // A data set may be on its way, and in the middle of a value.
  if (isKept) exchangeProgress(loadedType, PROGRESS);
  const status = loadNow(at, end, root);
  if (isKept) exchangeProgress(loadedType, PROGRESS);
  return status;
}

/** Of the value that is kept, while another is loaded. */
const PROGRESS: usize = memory.data(PROGRESS_SIZE, 8);

function loadNow(at: usize, end: usize, root: usize): i32 {
  openReader(at + 1, end);
  const type = load<u8>(at);
  clearRoot(root);
  let status: i32;
  do status = loadValue(type, root);
  while (status === LOAD_GOES_ON);
  if (status === LOAD_DONE) return status;
  // A value without elements is none.
  if (status !== LOAD_STOPPED || stopped === LOAD_MORE) fail(LOAD_CORRUPT);
  releaseValue(typeOfRdb(type), root);
  clearRoot(root);
  return LOAD_STOPPED;
}
