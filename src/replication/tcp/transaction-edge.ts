/**
 * Keeps a transaction of the master's stream whole: from its MULTI on nothing is applied before its
 * EXEC is there, so that a client of the replica never sees half of one, nor a promoted replica has half.
 *
 * Most streams have none: whether the bytes of a MULTI occur at all is found out without parsing.
 */
import { CommandScan } from '../../resp/command-scan.js';

const MULTI = Buffer.from('\r\n$5\r\nMULTI\r\n');
const EXEC = Buffer.from('\r\n$4\r\nEXEC\r\n');

export class TransactionEdge {
  /** Bytes of the pending ones that have been looked at; beyond 0 a transaction is open. */
  #scanned = 0;
  #isOpen = false;

  /**
   * @param pending - begins with a command, and ends anywhere.
   * @returns how many bytes of it may be applied now. The others have to be shown again, with more
   * behind them.
   */
  applicable(pending: Buffer): number {
    if (!this.#isOpen && pending.indexOf(MULTI) === -1) return pending.length;
    let at = this.#scanned;
    let openedAt = 0;
    for (;;) {
      const end = commandEnd(pending, at);
      if (end === null) break;
      const command = pending.subarray(at, end);
      if (!this.#isOpen && isCommand(command, MULTI)) {
        this.#isOpen = true;
        openedAt = at;
      } else if (this.#isOpen && isCommand(command, EXEC)) this.#isOpen = false;
      at = end;
    }
    this.#scanned = this.#isOpen ? at - openedAt : 0;
    return this.#isOpen ? openedAt : pending.length;
  }
}

/** `*1`, and the rest of it. */
function isCommand(command: Buffer, name: Buffer): boolean {
  return command.length === name.length + 2 && command.subarray(2).equals(name);
}

/** @returns where the command that begins at `at` ends; null: not within these bytes. */
function commandEnd(bytes: Buffer, at: number): number | null {
  if (at >= bytes.length) return null;
  const needed = new CommandScan().advance([bytes.subarray(at)], Number.MAX_SAFE_INTEGER);
  return needed <= bytes.length - at ? at + needed : null;
}
