/**
 * What a step of loading a value comes to (kinds.ts). A step that is LOAD_STOPPED for want of input
 * is taken again, from its beginning, when there is more: it must have had no effect.
 */

/** `stopped` in snapshot/reader.ts says why. */
export const LOAD_STOPPED: i32 = 0;
export const LOAD_GOES_ON: i32 = 1;
export const LOAD_DONE: i32 = 2;
/** It has no elements: no such key is made. */
export const LOAD_EMPTY: i32 = 3;
