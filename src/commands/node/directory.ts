/** The table of commands, as commands ask for it. */
import type { CommandFacts, ResolvedFacts } from '../facts.js';

/** The table of commands, for COMMAND. */
export interface CommandDirectory {
  /** How many commands there are, subcommands not counted. */
  readonly size: number;
  /** Commands, without their subcommands. */
  all(): readonly CommandFacts[];
  /** @returns the command that the arguments call (a subcommand where there are some), or null. */
  lookup(args: readonly (Uint8Array | undefined)[]): ResolvedFacts | null;
  /** @returns the command of a name as COMMAND takes it: `get`, `config|get`; or null. */
  find(name: string): ResolvedFacts | null;
}
