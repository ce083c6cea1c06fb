/** Where commands of a stream of RESP begin and end, found without running them. */
import { CommandScan } from './command-scan.js';

const MULTI = Buffer.from('\r\n$5\r\nMULTI\r\n');
const EXEC = Buffer.from('\r\n$4\r\nEXEC\r\n');
const LOWER_MULTI = Buffer.from('\r\n$5\r\nmulti\r\n');

/**
 * Whether a transaction may begin within these bytes; without that they need no parsing.
 *
 * The word by itself is looked for first: what its line begins with stands before every argument of
 * five bytes, and takes twenty times as long to search for.
 */
export function mayBeginTransaction(bytes: Buffer): boolean {
  return (
    (bytes.includes('MULTI', 0, 'latin1') && bytes.includes(MULTI)) ||
    (bytes.includes('multi', 0, 'latin1') && bytes.includes(LOWER_MULTI))
  );
}

/** @param command - one, whole. */
export const isMulti = (command: Buffer): boolean => isCommand(command, MULTI);
/** @param command - one, whole. */
export const isExec = (command: Buffer): boolean => isCommand(command, EXEC);

/** `*1`, and the rest of it. */
function isCommand(command: Buffer, name: Buffer): boolean {
  if (command.length !== name.length + 2) return false;
  const rest = command.subarray(2);
  return rest.equals(name) || rest.toString('latin1').toUpperCase() === name.toString('latin1');
}

/** @returns where the command that begins at `at` ends; null: not within these bytes. */
export function commandEnd(bytes: Buffer, at: number): number | null {
  if (at >= bytes.length) return null;
  const needed = new CommandScan().advance([bytes.subarray(at)], Number.MAX_SAFE_INTEGER);
  return needed <= bytes.length - at ? at + needed : null;
}
