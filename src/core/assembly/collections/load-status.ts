/**
 * What a step of loading a value comes to (kinds.ts). A step that is LOAD_STOPPED for want of input
 * is taken again, from its beginning, when there is more: it must have had no effect.
 */
import { LOAD_CORRUPT, LOAD_OUT_OF_MEMORY } from '../layout';
import { dropText, fail, takeText, text, textLength } from '../snapshot/reader';
import { checkPack } from './listpack';
import { lacksMemory } from './ziplist';

/** `stopped` in snapshot/reader.ts says why. */
export const LOAD_STOPPED: i32 = 0;
export const LOAD_GOES_ON: i32 = 1;
export const LOAD_DONE: i32 = 2;
/** It has no elements: no such key is made. */
export const LOAD_EMPTY: i32 = 3;

/** @returns what is at this address, where the value takes its place. */
export function exchange(at: usize, value: u64): u64 {
  const before = load<u64>(at);
  store<u64>(at, value);
  return before;
}

/** @param why - LOAD_CORRUPT or LOAD_OUT_OF_MEMORY. @returns LOAD_STOPPED. */
export function stop(why: i32): i32 {
  fail(why);
  return LOAD_STOPPED;
}

/** @returns the text that was read, which is to be a listpack; 0: it is none, or memory lacks. */
export function takePack(): usize {
  if (checkPack(text, textLength) < 0) {
    dropText();
    fail(LOAD_CORRUPT);
    return 0;
  }
  const pack = takeText();
  if (pack === 0) fail(LOAD_OUT_OF_MEMORY);
  return pack;
}

/**
 * @param pack - what packOfZiplist() or the like has made of the text that was read.
 * @returns it; 0: it could not be made.
 */
export function madePack(pack: usize): usize {
  dropText();
  if (pack === 0) fail(lacksMemory ? LOAD_OUT_OF_MEMORY : LOAD_CORRUPT);
  return pack;
}
