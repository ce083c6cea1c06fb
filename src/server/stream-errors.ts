/**
 * Errors where there should be none: a command of a master's stream that fails on its replica means
 * that the two have parted, and a replica that makes its master answer would break the stream.
 *
 * What runs in the core sends no answer there; that something failed shows in its counters, and
 * then which command it was.
 *
 * @see redis/redis 7.0.15 src/networking.c, afterErrorReply()
 */
import { assert } from '../base/assert.js';
import type { Core } from '../core/core.js';
import type { NodeLog } from '../commands/node/process.js';
import type { Config } from '../config/config.js';
import type { NodeStats } from './observation/stats.js';

export interface StreamErrorParts {
  readonly config: Config;
  readonly log: NodeLog;
  readonly stats: NodeStats;
  readonly core: Core;
  /** Names of all commands. */
  readonly names: readonly string[];
}

export class StreamErrors {
  readonly #parts: StreamErrorParts;
  readonly #coreCommands: readonly { readonly name: string; readonly id: number }[];
  /** Error replies of the core when the piece began. */
  #errors = 0;
  /** How often each has failed or was refused, as of then. */
  #failed: readonly number[] = [];
  #failedAt = -1;

  constructor(parts: StreamErrorParts) {
    this.#parts = parts;
    this.#coreCommands = parts.names
      .map((name) => ({ name, id: parts.core.idOf(name) }))
      .filter(({ id }) => id !== 0);
  }

  /** A piece of the stream is about to be applied. */
  begin(): void {
    this.#errors = this.#parts.core.counters().errorReplies;
    if (this.#errors === this.#failedAt) return;
    this.#failedAt = this.#errors;
    this.#failed = this.#countFailed();
  }

  /** It has been applied. */
  end(): void {
    const { core } = this.#parts;
    if (core.counters().errorReplies === this.#errors) return;
    const before = this.#failed;
    const after = this.#countFailed();
    for (const [at, { name }] of this.#coreCommands.entries()) {
      for (let count = before[at] ?? 0; count < (after[at] ?? 0); count += 1) {
        this.#onFailure('ERR', name);
      }
    }
  }

  /**
   * A command of the master's stream has failed here. @param name - null: there is no such command.
   */
  fromMaster(error: string, name: string | null): void {
    this.end(); // What has failed in the core came before it.
    this.begin();
    this.#onFailure(error, name);
  }

  /** A replica's command, which it should not have sent, has failed here. */
  fromReplica(error: string, name: string): void {
    this.#report('master', 'replica', error, name);
    this.#parts.stats.unexpectedErrors += 1;
  }

  #onFailure(error: string, name: string | null): void {
    const { config, stats } = this.#parts;
    const command = name ?? '<unknown>';
    this.#report('replica', 'master', error, command);
    stats.unexpectedErrors += 1;
    const ends = config.replicaReadOnly.value && config.propagationErrorBehavior.value !== 'ignore';
    assert(
      !ends,
      `This replica panicked sending an error to its master after processing the command '${command}'`,
    );
  }

  #report(from: string, to: string, error: string, command: string): void {
    this.#parts.log.write(
      'warning',
      `== CRITICAL == This ${from} is sending an error to its ${to}: '-${error}' after processing the command '${command}'`,
    );
  }

  #countFailed(): readonly number[] {
    return this.#coreCommands.map(({ id }) => {
      const { failed, rejected } = this.#parts.core.commandCounters(id);
      return failed + rejected;
    });
  }
}
