/**
 * What a command is, for dispatch, COMMAND and access rules: all but its handler (spec.ts).
 *
 * @see redis/redis 7.0 src/commands/*.json
 */

export type CommandGroup =
  | 'bitmap'
  | 'connection'
  | 'generic'
  | 'pubsub'
  | 'sentinel'
  | 'server'
  | 'string'
  | 'transactions';

/** Flags that COMMAND INFO shows, in its order, then those that Redis keeps to itself. */
export type CommandFlag =
  | 'write' // May change the keyspace.
  | 'readonly'
  | 'denyoom' // May use more memory: refused when there is none.
  | 'admin'
  | 'pubsub'
  | 'noscript'
  | 'blocking'
  | 'loading' // Allowed while the node loads its data set.
  | 'stale' // Allowed on a replica that lost its master and must not serve old data.
  | 'skip_monitor'
  | 'skip_slowlog'
  | 'fast'
  | 'no_auth' // Allowed before AUTH.
  | 'no_async_loading'
  | 'no_multi'
  | 'allow_busy'
  | 'may_replicate' // Reaches replicas although it changes no key.
  | 'protected' // Needs enable-…-command.
  | 'touches_arbitrary_keys';

type AclCategory =
  | 'keyspace'
  | 'string'
  | 'bitmap'
  | 'pubsub'
  | 'admin'
  | 'dangerous'
  | 'connection'
  | 'transaction';

export type KeyFlag =
  | 'RO'
  | 'RW'
  | 'OW'
  | 'RM'
  | 'access'
  | 'update'
  | 'insert'
  | 'delete'
  | 'variable_flags';

/** Which arguments are keys. */
export interface KeySpec {
  readonly flags: readonly KeyFlag[];
  readonly notes?: string;
  /** Index of the first, the command's name being 0. */
  readonly first: number;
  /** Index of the last counted from the first, or from the end when negative (-1: the last one). */
  readonly last: number;
  /** Distance between two keys. */
  readonly step: number;
}

export interface CommandFacts {
  /** Lower case; a subcommand's own name without its container's. */
  readonly name: string;
  readonly group: CommandGroup;
  /** The version of Redis that brought it. */
  readonly since: string;
  readonly summary: string;
  readonly complexity: string;
  /** Number of arguments, name included (for a subcommand: both names); -N: at least N. */
  readonly arity: number;
  readonly flags: readonly CommandFlag[];
  /** Beyond those that flags imply. */
  readonly acl: readonly AclCategory[];
  readonly tips?: readonly string[];
  readonly keys?: readonly KeySpec[];
  /** The arguments in the notation of syntax.ts. */
  readonly syntax?: string;
  readonly deprecated?: { readonly since: string; readonly replacedBy: string };
  readonly subcommands?: readonly CommandFacts[];
  /** It tells those who WATCH by itself: what it names may be in another database. */
  readonly tellsWatchers?: boolean;
}

/** A command found: for a subcommand, with the container it is in. */
export interface ResolvedFacts {
  readonly spec: CommandFacts;
  readonly container?: CommandFacts;
}

/** One key, the first argument. */
export function oneKey(...flags: readonly KeyFlag[]): readonly KeySpec[] {
  return [{ flags, first: 1, last: 0, step: 1 }];
}

/** One key, the first argument behind a subcommand's name. */
export function subcommandKey(...flags: readonly KeyFlag[]): readonly KeySpec[] {
  return [{ flags, first: 2, last: 0, step: 1 }];
}

/** Keys from the first argument to the last. `step` 2: keys and values alternate. */
export function allKeys(step: number, ...flags: readonly KeyFlag[]): readonly KeySpec[] {
  return [{ flags, first: 1, last: -1, step }];
}

/**
 * The keys of a call of the command, by position. Calls that are too short have those they have.
 *
 * @param isWanted - by the flags of a key's place; all, if missing.
 */
export function keysOf(
  spec: CommandFacts,
  args: readonly Buffer[],
  isWanted: (flags: readonly KeyFlag[]) => boolean = () => true,
): Buffer[] {
  const keys: Buffer[] = [];
  for (const { flags, first, last, step } of spec.keys ?? []) {
    if (!isWanted(flags)) continue;
    const end = last < 0 ? args.length + last : first + last;
    for (let at = first; at <= end; at += step) {
      const key = args[at];
      if (key !== undefined) keys.push(key);
    }
  }
  return keys;
}

/** The name that errors and COMMAND show: `config|get` for a subcommand. */
export function fullName(spec: CommandFacts, container?: CommandFacts): string {
  return container === undefined ? spec.name : `${container.name}|${spec.name}`;
}

/** @param argc - the number of arguments, names included. */
export function fitsArity(spec: CommandFacts, argc: number): boolean {
  return spec.arity >= 0 ? argc === spec.arity : argc >= -spec.arity;
}
