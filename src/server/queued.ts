/** What a client has queued since MULTI. */
import type { CommandFlag } from '../commands/facts.js';
import type { Resolved } from '../commands/table.js';

interface QueuedCommand {
  readonly resolved: Resolved;
  readonly args: readonly Buffer[];
}

export class Transaction {
  /** A command could not be queued: EXEC will refuse. */
  failed = false;
  readonly #queue: QueuedCommand[] = [];
  readonly #flags = new Set<ReadonlySet<CommandFlag>>();
  #bytes = 0;

  /** In the order in which they came. */
  get queue(): readonly QueuedCommand[] {
    return this.#queue;
  }

  /** What they are flagged as; commands of the same flags once. */
  get flags(): Iterable<ReadonlySet<CommandFlag>> {
    return this.#flags;
  }

  /** Bytes of their arguments. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param flags - the command's; a script may have declared its own. */
  add(resolved: Resolved, args: readonly Buffer[], flags: ReadonlySet<CommandFlag>): void {
    this.#queue.push({ resolved, args });
    this.#flags.add(flags);
    for (const arg of args) this.#bytes += arg.length;
  }
}
