/**
 * The argument table: pairs of (u32 pointer, u32 length) into the input, of the command at hand.
 * It grows with a command's arguments and is what the host gets for commands that are its own.
 */
import { allocate, blockSize, reallocate } from '../allocator/slabs';
import { wordAt } from '../bytes';
import { ARGC, ARGV } from '../layout';

let table: usize = 0;
let capacity: u32 = 0;
export let argc: u32 = 0;

export function initArguments(): bool {
  table = allocate(8192);
  capacity = blockSize(table) >> 3;
  return table !== 0;
}

export function clearArguments(): void {
  argc = 0;
}

/** @returns false: memory is exhausted. */
export function pushArgument(at: usize, length: u32): bool {
  if (argc === capacity && !growArguments()) return false;
  const slot = table + ((<usize>argc) << 3);
  store<u32>(slot, <u32>at);
  store<u32>(slot, length, 4);
  argc++;
  return true;
}

function growArguments(): bool {
  if (capacity > 0x0fffffff) return false;
  const moved = reallocate(table, argc << 3, capacity << 4);
  if (moved === 0) return false;
  table = moved;
  capacity = blockSize(moved) >> 3;
  return true;
}

export function arg(index: u32): usize {
  return load<u32>(table + ((<usize>index) << 3));
}

export function argLength(index: u32): u32 {
  return load<u32>(table + ((<usize>index) << 3), 4);
}

/** An argument as a word in upper case (bytes.ts), to compare options with. */
export function argWord(index: u32): u64 {
  return wordAt(arg(index), argLength(index));
}

export function publishArguments(): void {
  store<u32>(ARGC, argc);
  store<u32>(ARGV, <u32>table);
}
