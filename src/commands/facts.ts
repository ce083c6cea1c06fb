/**
 * What a command is, for dispatch, COMMAND and access rules: all but its handler (spec.ts).
 *
 * @see redis/redis 7.0 src/commands/*.json
 */
import type { CoreFunction } from '../core/bindings.js';

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

/** The letters of notify-keyspace-events. */
export type EventClass = 'g' | '$' | 'x' | 'e' | 'n' | 'm';

/** A key that a command named, before and after it ran. */
export interface KeyChange {
  readonly existed: boolean;
  readonly exists: boolean;
}

type KeyEvent = readonly [EventClass, name: string];

/**
 * What happened to a key that a command named and may have changed.
 *
 * @param args - the command's.
 * @returns the key's events, in order.
 */
export type EventRule = (change: KeyChange, args: readonly Buffer[]) => readonly KeyEvent[];

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
  /** What keyspace notifications tell of the keys it names; nothing, unless it says so itself. */
  readonly events?: EventRule;
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

/**
 * Binds a command to the function of the data core that executes it (src/core/assembly/commands).
 */
export function core(file: string, name: string): CoreFunction {
  return { file, name };
}

// ── Which events a write makes, by what it named and what became of it: the rules of several
// commands. Commands that work on another database or on keys in pairs (COPY, MOVE, RENAME,
// RESTORE) tell theirs through their context. @see redis/redis 7.0.15, notifyKeyspaceEvent() in
// src/t_string.c, src/db.c…

/** The event of a key that got a time to live. */
export const EXPIRE: KeyEvent = ['g', 'expire'];

/** A value was stored: then the key is there. */
export function stored(name: string): EventRule {
  return ({ exists }) => (exists ? [['$', name]] : []);
}

/** The same, with a time to live. */
export const storedToExpire: EventRule = ({ exists }) => (exists ? [['$', 'set'], EXPIRE] : []);

export const deleted: EventRule = ({ existed, exists }) =>
  existed && !exists ? [['g', 'del']] : [];

/** A key got a time to live; one that is over deletes it. */
export const expiring: EventRule = ({ existed, exists }) => {
  if (!existed) return [];
  return exists ? [EXPIRE] : [['g', 'del']];
};
