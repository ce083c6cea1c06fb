/** One library of functions, as RDB has it. @see redis/redis 7.0.15 src/rdb.c, rdbFunctionLoad() */
import type { RdbCursor } from './cursor.js';
import { OPCODE_FUNCTION2 } from './opcodes.js';

/**
 * Read what stands behind an opcode. Release candidates of Redis 7.0 kept name and engine apart.
 */
export function readLibrary(cursor: RdbCursor, opcode: number): Buffer {
  if (opcode === OPCODE_FUNCTION2) return cursor.string();
  const name = cursor.string();
  const engine = cursor.string();
  if (cursor.length() !== 0) cursor.string(); // A description.
  const code = cursor.string();
  return Buffer.concat([
    Buffer.from(`#!${engine.toString('latin1')} name=${name.toString('latin1')}\n`, 'latin1'),
    code,
  ]);
}
