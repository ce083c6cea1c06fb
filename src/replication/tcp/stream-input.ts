/**
 * The master's stream as it comes from a socket: pieces of any size, applied as soon as they hold
 * whole commands.
 */
import { alignmentOf } from '../../base/alignment.js';
import type { Applier, PieceResult } from '../apply.js';
import type { ReplicationEnvironment } from '../environment.js';
import { TransactionEdge } from '../transaction-edge.js';

/** Room to begin where the bytes begin within a word. */
const ALIGNMENT_ROOM = 8;

export class StreamInput {
  readonly #env: ReplicationEnvironment;
  readonly #applier: Applier;
  readonly #edge = new TransactionEdge();
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Trying again is vain before so many bytes are pending. */
  #neededBytes = 1;
  /** The last of what is pending is not this object's. */
  #isLent = false;

  constructor(env: ReplicationEnvironment, applier: Applier) {
    this.#env = env;
    this.#applier = applier;
  }

  /** @param bytes - to be left alone until keep(). */
  push(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#isLent = true;
  }

  /** What was pushed goes away now: copy what is still pending of it. */
  keep(): void {
    if (!this.#isLent) return;
    this.#isLent = false;
    const last = this.#pending.pop();
    if (last !== undefined) this.#pending.push(Buffer.from(last));
  }

  /**
   * Apply what can be.
   *
   * @returns `applied` even if what is pending is no whole command yet.
   */
  apply(): PieceResult {
    const { core } = this.#env;
    if (this.#pendingBytes < this.#neededBytes) return 'applied';
    const bytes = this.#pending.length === 1 ? this.#pending[0]! : Buffer.concat(this.#pending);
    if (this.#pending.length > 1) this.#isLent = false;
    const length = this.#edge.applicable(bytes);
    if (length === 0) {
      this.#keep(bytes);
      this.#neededBytes = bytes.length + 1;
      return 'applied';
    }
    const area = core.input(length + ALIGNMENT_ROOM);
    if (area === 0) return 'out-of-memory';
    const pointer = area + ((alignmentOf(bytes) - area) & (ALIGNMENT_ROOM - 1));
    core.u8.set(length === bytes.length ? bytes : bytes.subarray(0, length), pointer);
    const before = core.head();
    const result = this.#applier.run(pointer, length);
    const applied = core.head() - before;
    const rest = bytes.subarray(applied);
    this.#keep(rest);
    const isIncomplete = applied < length;
    this.#neededBytes = isIncomplete ? Math.max(core.need, rest.length + 1) : 1;
    return result;
  }

  #keep(rest: Buffer): void {
    this.#pending = rest.length === 0 ? [] : [rest];
    this.#pendingBytes = rest.length;
  }
}
