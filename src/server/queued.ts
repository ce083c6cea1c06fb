/** What a client has queued since MULTI. */
import type { CommandSpec } from '../commands/spec.js';
import type { Resolved } from '../commands/table.js';

interface QueuedCommand {
  readonly resolved: Resolved;
  readonly args: readonly Buffer[];
}

export class Transaction {
  /** A command could not be queued: EXEC will refuse. */
  failed = false;
  readonly #queue: QueuedCommand[] = [];
  readonly #specs = new Set<CommandSpec>();
  #bytes = 0;

  /** In the order in which they came. */
  get queue(): readonly QueuedCommand[] {
    return this.#queue;
  }

  /** The commands among them, each once. */
  get specs(): ReadonlySet<CommandSpec> {
    return this.#specs;
  }

  /** Bytes of their arguments. */
  get bytes(): number {
    return this.#bytes;
  }

  add(resolved: Resolved, args: readonly Buffer[]): void {
    this.#queue.push({ resolved, args });
    this.#specs.add(resolved.spec);
    for (const arg of args) this.#bytes += arg.length;
  }
}
