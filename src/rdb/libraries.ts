/**
 * Libraries of functions in RDB: an opcode and the library's code each, in files as in FUNCTION
 * DUMP's payload, which has DUMP's footer.
 *
 * @see redis/redis 7.0.15 src/rdb.c, rdbSaveFunctions(), rdbFunctionLoad(); src/functions.c,
 * functionDumpCommand()
 */
import { RingleaderError } from '../base/errors.js';
import { Incomplete, RdbCursor } from './cursor.js';
import { withFooter } from './dump.js';
import { encodeLibraries } from './encode.js';
import { readLibrary } from './library-entry.js';
import { OPCODE_FUNCTION2, OPCODE_FUNCTION_PRE_GA } from './opcodes.js';

const FOOTER_BYTES = 10;

/** The libraries of a node, for what saves and loads all its data. */
export interface LibraryStore {
  /** The code of each. */
  codes(): readonly Uint8Array[];
  /** @throws RingleaderError PROTOCOL_ERROR: it cannot be loaded. */
  load(code: Buffer): void;
  /** Forget all. */
  flush(): void;
  /** Have these and no others. @throws RingleaderError PROTOCOL_ERROR: nothing has changed. */
  replaceAll(codes: readonly Buffer[]): void;
}

/** @returns FUNCTION DUMP's payload. */
export function dumpLibraries(codes: readonly Uint8Array[]): Buffer {
  return withFooter(encodeLibraries(codes));
}

/** @param payload - one that is intact. @returns the libraries' codes, or why there are none. */
export function readLibraries(
  payload: Uint8Array,
):
  | { readonly state: 'read'; readonly codes: readonly Buffer[] }
  | { readonly state: 'refused'; readonly text: string } {
  const codes: Buffer[] = [];
  const cursor = new RdbCursor(payload);
  try {
    while (payload.length - cursor.position > FOOTER_BYTES) {
      const opcode = cursor.byte();
      if (opcode !== OPCODE_FUNCTION2 && opcode !== OPCODE_FUNCTION_PRE_GA) {
        return { state: 'refused', text: 'given type is not a function' };
      }
      codes.push(readLibrary(cursor, opcode));
    }
  } catch (error) {
    if (error instanceof Incomplete || error instanceof RingleaderError) {
      return { state: 'refused', text: 'Failed loading library payload' };
    }
    throw error;
  }
  return { state: 'read', codes };
}
