/**
 * Slow commands: one that may take long ends its call, so that the host, whose clock the core
 * does not have, can tell what that one took.
 *
 * Rule: code that handles more than SLOW_BYTES at once says so here, while it does; the parser says
 * when one of the commands that it parses ahead has more than MANY_ARGUMENTS. A command of more
 * than SLOW_BYTES makes a long input (the host's slices are shorter). Commands of which nothing of
 * this is true are bounded by a slice of input and a buffer of replies, and take less than a
 * millisecond altogether. One test per command is all it costs them.
 */

/** Bytes of a command, of a value, of an allocation. */
export const SLOW_BYTES: u32 = 256 * 1024;
export const MANY_ARGUMENTS: u32 = 256;

const DONE: u32 = 1;
const ANNOUNCED: u32 = 2;

/** 0: there is nothing to ask isSlow() about. */
export let slowNoted: u32 = 0;

/** The command that is running handles much. */
export function noteSlow(): void {
  slowNoted |= DONE;
}

/** The command that is running reads, copies or writes so many bytes. */
export function noteBytes(count: u64): void {
  if (count > SLOW_BYTES) noteSlow();
}

/** Elements of collections that a command walks over. */
const MANY_ELEMENTS: u32 = 4096;

/** The command that is running walks over so many elements. */
export function noteElements(count: u32): void {
  if (count > MANY_ELEMENTS) noteSlow();
}

/** A command that was parsed is large; it, or one beside it in the window, runs next. */
export function announceSlow(): void {
  slowNoted |= ANNOUNCED;
}

/** @param inputBytes - of the call: in a long one there may be a long command. */
export function clearSlow(inputBytes: u32): void {
  slowNoted = inputBytes > SLOW_BYTES ? ANNOUNCED : 0;
}

export function forgetNoted(): void {
  slowNoted &= ANNOUNCED;
}

/** Whether the command that just ran, of so many arguments and bytes, was a slow one. */
export function isSlow(argc: u32, bytes: usize): bool {
  return (slowNoted & DONE) !== 0 || argc > MANY_ARGUMENTS || bytes > SLOW_BYTES;
}
