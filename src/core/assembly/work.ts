/**
 * Slow commands: one that may take long ends its call, so that the host, whose clock the core
 * does not have, can tell what that one took.
 *
 * Rule: whoever handles more than MUCH_BYTES at once says so here, while he does; the parser says
 * when one of the commands that it parses ahead has more than MANY_ARGUMENTS. A command of more
 * than MUCH_BYTES makes a long input (the host's slices are shorter). Commands of which nothing of
 * this is true are bounded by a slice of input and a buffer of replies, and take less than a
 * millisecond altogether. One test per command is all it costs them.
 */

/** Bytes of a command, of a value, of an allocation. */
export const MUCH_BYTES: u32 = 256 * 1024;
export const MANY_ARGUMENTS: u32 = 256;

const DONE: u32 = 1;
const ANNOUNCED: u32 = 2;

/** 0: there is nothing to ask isMuchWork() about. */
export let workNoted: u32 = 0;

/** The command that is running handles much. */
export function noteMuchWork(): void {
  workNoted |= DONE;
}

/** A command that was parsed is large; it, or one beside it in the window, runs next. */
export function announceMuchWork(): void {
  workNoted |= ANNOUNCED;
}

/** @param inputBytes - of the call: in a long one there may be a long command. */
export function clearWork(inputBytes: u32): void {
  workNoted = inputBytes > MUCH_BYTES ? ANNOUNCED : 0;
}

export function forgetWorkDone(): void {
  workNoted &= ANNOUNCED;
}

/** Whether the command that just ran, of so many arguments and bytes, was a slow one. */
export function isMuchWork(argc: u32, bytes: usize): bool {
  return (workNoted & DONE) !== 0 || argc > MANY_ARGUMENTS || bytes > MUCH_BYTES;
}
