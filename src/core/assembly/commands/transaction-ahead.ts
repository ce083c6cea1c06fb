/**
 * A transaction that lies whole in the input, of commands of the core alone: the host, which has
 * been handed its MULTI, can run it at once (src/server/whole-transaction.ts).
 */
import {
  arg,
  argc,
  argIs,
  argLength,
  dropArguments,
  nextSlot,
  publishArguments,
  selectArguments,
} from '../protocol/arguments';
import { commandEnd, COMPLETE, isInline, parseCommand } from '../protocol/parser';
import { findCommand, hasArity, isOwnCall, isWrite } from './table';

/** More than so many commands are queued one by one. */
const MOST: u32 = 1024;

let commands: u32 = 0;
let writes: u32 = 0;
let bodyBytes: u32 = 0;

/** Of the transaction that was found: its commands. */
export function aheadCommands(): u32 {
  return commands;
}

/** … and how many of them may write. */
export function aheadWrites(): u32 {
  return writes;
}

/** … and the bytes of all of them, up to the EXEC. */
export function aheadBytes(): u32 {
  return bodyBytes;
}

/**
 * To be called when the host has been handed a command, with the input behind that.
 *
 * @returns the bytes up to the end of the EXEC; 0: the command was no MULTI, or what follows it is
 *   no such transaction. The argument table then is what it was.
 */
export function transactionAhead(from: usize, end: usize): u32 {
  if (argc !== 1 || argLength(0) !== 5 || !argIs(0, 'MULTI')) return 0;
  const first = nextSlot();
  const length = look(from, end, first);
  dropArguments(first);
  if (length !== 0) return length;
  // Parsing may have moved the table.
  selectArguments(first - 1, 1);
  publishArguments();
  return 0;
}

function look(from: usize, end: usize, first: u32): u32 {
  commands = 0;
  writes = 0;
  for (let at = from; at < end && commands <= MOST; at = commandEnd) {
    dropArguments(first);
    if (parseCommand(at, end, true) !== COMPLETE || isInline) return 0;
    const count = nextSlot() - first;
    if (count === 0) return 0;
    selectArguments(first, count);
    if (count === 1 && argLength(0) === 4 && argIs(0, 'EXEC')) {
      bodyBytes = <u32>(at - from);
      return <u32>(commandEnd - from);
    }
    const id = findCommand(arg(0), argLength(0));
    if (!isOwnCall(id, count) || !hasArity(id, count)) return 0;
    if (isWrite(id)) writes++;
    commands++;
  }
  return 0;
}
