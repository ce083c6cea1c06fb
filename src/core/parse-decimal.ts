/** Decimal text of many digits as a double: what the core leaves to its host (double-parse.ts). */
import type { SharedMemory } from '../base/shared-memory.js';

/** @returns a function of where a number stands in the memory; JavaScript rounds as C does. */
export function decimalParser(memory: SharedMemory) {
  return (at: number, length: number): number =>
    Number(Buffer.from(memory.buffer, at >>> 0, length).toString('latin1'));
}
