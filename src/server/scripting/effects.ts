/**
 * What a script adds to the stream: the effects of its commands, between MULTI and EXEC if there
 * is more than one, published together at its end.
 *
 * Rule: the core appends a write while it runs it, so MULTI goes in front of the first; it is
 * taken out again when no second has come. Within a transaction the transaction's own are enough.
 *
 * @see redis/redis 7.0.15 src/server.c, propagatePendingCommands()
 */
import type { Core } from '../../core/core.js';
import { encodeCommand, roomFor } from '../../resp/encode-command.js';

const MULTI_BYTES = encodeCommand(['MULTI']).length;

export interface EffectsParts {
  readonly core: Pick<Core, 'append' | 'appended' | 'cutAppended'>;
  /** See BatchFlow. */
  makeRoom(bytes: number): void;
}

export class Effects {
  readonly #parts: EffectsParts;
  readonly #wraps: boolean;
  /** Behind SELECT, before MULTI; -1: nothing was appended. */
  #beginning = -1;
  #calls = 0;
  /** The stream's, so that EXEC needs no SELECT in front. */
  #db = 0;
  /** Bytes that AOF and replicas must find in the ring at once. */
  #bytes = 0;

  /** @param wraps - false: within a transaction, or on a replica. */
  constructor(parts: EffectsParts, wraps: boolean) {
    this.#parts = parts;
    this.#wraps = wraps;
  }

  /** Run a command that may write. */
  around<T>(db: number, args: readonly Buffer[], run: () => T): T {
    const { core } = this.#parts;
    this.#bytes += roomFor(args) + 2 * MULTI_BYTES;
    this.#parts.makeRoom(2 * this.#bytes);
    if (!this.#wraps) return run();
    if (this.#beginning < 0) {
      core.append(db, ['MULTI']);
      this.#beginning = core.appended - MULTI_BYTES;
    }
    const before = core.appended;
    const result = run();
    if (core.appended > before) {
      this.#calls++;
      this.#db = db;
    }
    return result;
  }

  /** The script is over. */
  end(): void {
    if (this.#beginning < 0) return;
    const { core } = this.#parts;
    if (this.#calls < 2 && core.cutAppended(this.#beginning, MULTI_BYTES)) return;
    core.append(this.#db, ['EXEC']);
  }
}
