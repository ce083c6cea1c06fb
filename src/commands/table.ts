/**
 * The commands of a node, by name.
 *
 * @see redis/redis 7.0 src/server.c, lookupCommand(), commandCheckExistence(), commandCheckArity()
 */
import { ReplyError, wrongArity } from '../resp/reply.js';
import { latin1, quotable, wordArg } from './arguments.js';
import { fitsArity, fullName } from './facts.js';
import type { CommandSpec } from './spec.js';

/** A command found: for a subcommand, with the container it is in. */
export interface Resolved {
  readonly spec: CommandSpec;
  readonly container?: CommandSpec;
}

export class CommandTable {
  readonly #commands = new Map<string, Resolved>();
  /** By container, then by name. */
  readonly #subcommands = new Map<CommandSpec, ReadonlyMap<string, Resolved>>();

  readonly #renamed = new Set<CommandSpec>();

  constructor(specs: readonly CommandSpec[]) {
    for (const spec of specs) {
      this.#commands.set(spec.name, { spec });
      const entries = spec.subcommands?.map(
        (subcommand) => [subcommand.name, { spec: subcommand, container: spec }] as const,
      );
      if (entries !== undefined) this.#subcommands.set(spec, new Map(entries));
    }
  }

  /**
   * Call a command by another name from now on, or, with an empty one, by none.
   *
   * @param from - as the table has it now.
   * @returns null, or why not.
   * @see redis/redis 7.0.15 src/config.c, loadServerConfigFromString(), `rename-command`
   */
  rename(from: string, to: string): string | null {
    const [name, other] = [from.toLowerCase(), to.toLowerCase()];
    const command = this.#commands.get(name);
    if (command === undefined) return 'No such command in rename-command';
    if (name === other) return null;
    if (this.#commands.has(other)) return 'Target command name already exists';
    this.#commands.delete(name);
    if (other !== '') this.#commands.set(other, command);
    this.#renamed.add(command.spec);
    return null;
  }

  /** Whether a command is called by another name than its own, or by none. */
  isRenamed(spec: CommandSpec): boolean {
    return this.#renamed.has(spec);
  }

  get renamed(): ReadonlySet<CommandSpec> {
    return this.#renamed;
  }

  /** Commands, without their subcommands. */
  all(): readonly CommandSpec[] {
    return Array.from(this.#commands.values(), ({ spec }) => spec);
  }

  get size(): number {
    return this.#commands.size;
  }

  /** @returns the command that the arguments call (a subcommand where there are some), or null. */
  lookup(args: readonly (Uint8Array | undefined)[]): Resolved | null {
    const command = this.#commands.get(wordArg(args[0]));
    if (command?.spec.subcommands === undefined || args.length < 2) return command ?? null;
    return this.#subcommands.get(command.spec)?.get(wordArg(args[1])) ?? null;
  }

  /** @returns the command of a name as COMMAND takes it: `get`, `config|get`; or null. */
  find(name: string): Resolved | null {
    const parts = name.split('|');
    if (parts.length > 2) return null;
    const resolved = this.lookup(parts.map((part) => Buffer.from(part, 'latin1')));
    return parts.length === 2 && resolved?.container === undefined ? null : resolved;
  }

  /**
   * @returns the command to run.
   * @throws ReplyError: there is none, or the number of arguments is wrong.
   */
  resolve(args: readonly Uint8Array[]): Resolved {
    const resolved = this.lookup(args);
    if (resolved === null) throw new ReplyError(this.unknown(args));
    if (!fitsArity(resolved.spec, args.length)) throw new ReplyError(this.wrongArity(resolved));
    return resolved;
  }

  /** @returns what to say of a command with too few or too many arguments. */
  wrongArity({ spec, container }: Resolved): string {
    return wrongArity(fullName(spec, container));
  }

  /** @returns what to say of a command that there is not. */
  unknown(args: readonly Uint8Array[]): string {
    const name = latin1(args[0]);
    if (this.#commands.has(name.toLowerCase())) {
      const help = `Try ${name.toUpperCase()} HELP.`;
      return `ERR unknown subcommand '${quotable(args[1], 128)}'. ${help}`;
    }
    let beginning = '';
    for (const arg of args.slice(1)) {
      if (beginning.length >= 128) break;
      beginning += `'${quotable(arg, 128 - beginning.length)}' `;
    }
    return `ERR unknown command '${quotable(args[0], 128)}', with args beginning with: ${beginning}`;
  }
}
