/**
 * Keeps a transaction of the master's stream whole: from its MULTI on nothing is applied before its
 * EXEC is there, so that a client of the replica never sees half of one, nor a promoted replica has
 * half.
 *
 * Most streams have none: whether the bytes of a MULTI occur at all is found out without parsing.
 */
import { commandEnd, isExec, isMulti, mayBeginTransaction } from '../resp/stream-edge.js';

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
    if (!this.#isOpen && !mayBeginTransaction(pending)) return pending.length;
    let at = this.#scanned;
    let openedAt = 0;
    for (;;) {
      const end = commandEnd(pending, at);
      if (end === null) break;
      const command = pending.subarray(at, end);
      if (!this.#isOpen && isMulti(command)) {
        this.#isOpen = true;
        openedAt = at;
      } else if (this.#isOpen && isExec(command)) this.#isOpen = false;
      at = end;
    }
    this.#scanned = this.#isOpen ? at - openedAt : 0;
    return this.#isOpen ? openedAt : pending.length;
  }
}
