/**
 * The argument table: pairs of (u32 pointer, u32 length) into the input.
 *
 * It holds the arguments of all commands that were parsed ahead (commands/window.ts), one behind
 * the other; `argc` and arg() are about the one that is selected. It grows as it must, and the
 * selected command's part is what the host gets for commands that are its own.
 */
import { allocate, blockSize, reallocate } from '../allocator/slabs';
import { wordAt } from '../bytes';
import { ARGC, ARGV } from '../layout';

let table: usize = 0;
let capacity: u32 = 0;
/** Slots taken: by commands parsed before, and by the one that is being parsed. */
let taken: u32 = 0;
/** The selected command's slots, and how many. */
let argv: usize = 0;
export let argc: u32 = 0;

export function initArguments(): bool {
  table = allocate(8192);
  capacity = blockSize(table) >> 3;
  return table !== 0;
}

/** Forget all commands. */
export function clearArguments(): void {
  taken = 0;
}

/** @returns where the next argument goes: a command's first slot. */
export function nextSlot(): u32 {
  return taken;
}

/** Forget the arguments from a slot on. */
export function dropArguments(first: u32): void {
  taken = first;
}

/** @returns false: memory is exhausted. @inline */
export function pushArgument(at: usize, length: u32): bool {
  if (taken === capacity && !growArguments()) return false;
  const slot = table + ((<usize>taken) << 3);
  store<u32>(slot, <u32>at);
  store<u32>(slot, length, 4);
  taken++;
  return true;
}

/** Select a command: arg() and `argc` are about it. */
export function selectArguments(first: u32, count: u32): void {
  argv = table + ((<usize>first) << 3);
  argc = count;
}

function growArguments(): bool {
  if (capacity > 0x0fffffff) return false;
  const moved = reallocate(table, taken << 3, capacity << 4);
  if (moved === 0) return false;
  table = moved;
  capacity = blockSize(moved) >> 3;
  return true;
}

export function arg(index: u32): usize {
  if (CHECKED) assert(index < argc, 'there is no such argument');
  return load<u32>(argv + ((<usize>index) << 3));
}

export function argLength(index: u32): u32 {
  if (CHECKED) assert(index < argc, 'there is no such argument');
  return load<u32>(argv + ((<usize>index) << 3), 4);
}

/** An argument as a word in upper case (bytes.ts), to compare options with. */
export function argWord(index: u32): u64 {
  return wordAt(arg(index), argLength(index));
}

/** Whether an argument is a word, in any case: one of more letters than argWord() has. */
export function argIs(index: u32, word: string): bool {
  const length = <u32>word.length;
  if (argLength(index) !== length) return false;
  const at = arg(index);
  for (let i: u32 = 0; i < length; i++) {
    if ((load<u8>(at + i) & 0xdf) !== <u8>word.charCodeAt(i)) return false;
  }
  return true;
}

export function publishArguments(): void {
  store<u32>(ARGC, argc);
  store<u32>(ARGV, <u32>argv);
}
