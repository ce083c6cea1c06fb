/**
 * Applying: run a piece of the master's stream, which lies in the core's input area.
 *
 * There is no cursor to keep. A replica's own head *is* what it has applied, because the core
 * appends to its own ring, verbatim, exactly the commands it has executed. A piece may end inside a
 * command; what the core did not consume has to be given to it again, with more behind it. The core
 * also follows the stream's SELECTs.
 *
 * No JavaScript runs per command, but for those the core hands over; and while there are observers
 * (StreamObserver), the core is given one command at a time.
 */
import { assert } from '../base/assert.js';
import { RingleaderError } from '../base/errors.js';
import {
  FLAG_APPLY,
  FLAG_REPLICA,
  STATUS_COMMAND,
  STATUS_DONE,
  STATUS_FENCED,
  STATUS_OUT_OF_MEMORY,
} from '../core/assembly/layout.js';
import { firstCommand } from '../resp/first-command.js';
import type { ReplicationEnvironment } from './environment.js';
import type { StreamEnd } from './master-session.js';
import { markOf } from './strict/mark.js';

export type PieceResult =
  | 'applied'
  | Extract<StreamEnd, 'corrupt' | 'out-of-memory' | 'parted' | 'fenced'>;

export interface ApplierOwner {
  /** The stream asks how far this node is. */
  onAckWanted(): void;
  /** All of the stream up to here is confirmed. @see strict/mark.ts */
  onMark(ballot: number): void;
}

export class Applier {
  readonly #env: ReplicationEnvironment;
  readonly #owner: ApplierOwner;

  constructor(env: ReplicationEnvironment, owner: ApplierOwner) {
    this.#env = env;
    this.#owner = owner;
  }

  /**
   * Apply the whole commands of a piece.
   *
   * @param pointer - where in the core's memory it lies, as `core.input()` said.
   * @returns what stopped it. However that may be, the core's head says what is applied; of an
   * incomplete command at the end, `core.need` says how many bytes it takes at least.
   */
  run(pointer: number, length: number): PieceResult {
    const { core, clock } = this.#env;
    core.setNow(clock.wallMs());
    this.#env.beforeApplying?.(length);
    const startedAt = clock.monotonicMs();
    const result = this.#execute(pointer, length);
    this.#env.onApplied?.(clock.monotonicMs() - startedAt);
    return result;
  }

  #execute(pointer: number, length: number): PieceResult {
    const { core } = this.#env;
    const start = core.head();
    const { observer } = this.#env;
    const isObserved = observer?.isActive() === true;
    let at = 0;
    while (at < length) {
      const rest = pointer + at;
      const one = isObserved ? firstCommand(core.u8.subarray(rest, pointer + length)) : null;
      const after = one === null ? null : observer?.before(one.args, this.#db);
      const status = core.execute(rest, one?.length ?? length - at, FLAG_APPLY | FLAG_REPLICA, 0);
      if (status === STATUS_FENCED) return 'fenced';
      if (status === STATUS_OUT_OF_MEMORY) return 'out-of-memory';
      if (status !== STATUS_DONE && status !== STATUS_COMMAND) return 'corrupt';
      at += core.consumed;
      assert(one === null || core.consumed === one.length, 'a whole command is dealt with');
      if (status === STATUS_COMMAND) {
        if (!this.#applyHandedOver()) return 'parted';
      } else if (one === null) break;
      after?.(this.#db);
      assert(core.head() === start + at, 'a replica publishes exactly what it applied');
    }
    return 'applied';
  }

  /** @returns false: there is no memory for it. */
  #applyHandedOver(): boolean {
    const args = this.#env.core.args();
    try {
      const ballot = markOf(args);
      if (ballot !== null) this.#owner.onMark(ballot);
      else if (isGetAck(args)) this.#owner.onAckWanted();
      else this.#env.applyCommand(args, this.#db);
      return true;
    } catch (error) {
      if (!(error instanceof RingleaderError) || error.code !== 'OUT_OF_MEMORY') throw error;
      return false;
    }
  }

  /** The database that the stream has selected. */
  get #db(): number {
    return Math.max(0, this.#env.core.streamDb);
  }
}

/** `REPLCONF GETACK *`: the master wants to know how far this node is. */
function isGetAck([name, option]: readonly Buffer[]): boolean {
  return isWord(name, 'replconf') && isWord(option, 'getack');
}

function isWord(bytes: Buffer | undefined, word: string): boolean {
  return bytes?.length === word.length && bytes.toString('latin1').toLowerCase() === word;
}
