/**
 * Commands of the core that are called by other names (`rename-command`). The core finds none of
 * them by a name any more, so it hands them over; the host looks them up, and has them run by their
 * numbers. What it appends for replicas is as the client called it.
 *
 * @see redis/redis 7.0.15 src/server.c, struct redisServer, `orig_commands`
 */
import { assert } from '../base/assert.js';
import type { CoreExports } from './exports.js';

export class RenamedCommands {
  readonly #core: { readonly exports: CoreExports; idOf(name: string): number };
  /** Their numbers, by their own names. */
  readonly #ids = new Map<string, number>();

  constructor(core: { readonly exports: CoreExports; idOf(name: string): number }) {
    this.#core = core;
  }

  /** Hand a command over from now on, whatever it is called. @param name - its own. */
  add(name: string): void {
    const id = this.#core.idOf(name);
    if (id === 0) return;
    this.#ids.set(name, id);
    this.#core.exports.retireCommand(id);
  }

  /**
   * Run a command that was handed over for its name's sake.
   *
   * @param name - its own.
   * @param run - the core's run() or execute() of it alone.
   * @returns what that returns.
   */
  run(name: string, run: () => number): number {
    const id = this.#ids.get(name);
    assert(id !== undefined, `${name} is called by its own name`);
    this.#core.exports.nameCommand(id);
    const status = run();
    this.#core.exports.nameCommand(0);
    return status;
  }
}
