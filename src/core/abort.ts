/** A broken invariant in the core, as an error of its host: it ends the node. */
import { AssertionError } from '../base/assert.js';
import type { SharedMemory } from '../base/shared-memory.js';

/**
 * What AssemblyScript's assert() calls.
 *
 * @returns a function of two strings in the memory (0: none) and a place in the source; it throws.
 */
export function aborter(memory: SharedMemory) {
  return (message: number, file: number, line: number, column: number): never => {
    const text = message === 0 ? 'invariant broken' : textAt(memory, message);
    throw new AssertionError(`the core: ${text} (${textAt(memory, file)}:${line}:${column})`);
  };
}

/** A string of AssemblyScript: UTF-16, its length in bytes, a u32, before it. */
function textAt({ buffer }: SharedMemory, at: number): string {
  const length = new DataView(buffer).getUint32(at - 4, true);
  return Buffer.from(new Uint8Array(buffer, at, length)).toString('utf16le');
}
