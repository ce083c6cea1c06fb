/**
 * What a command is, for dispatch, COMMAND and access rules: all but its handler (spec.ts).
 *
 * @see redis/redis 7.0 src/commands/*.json
 */
import type { CoreFunction } from '../core/bindings.js';
import type { KeyPlace, KeySpec } from './key-specs.js';

export { allKeys, oneKey, subcommandKey } from './key-specs.js';

export type CommandGroup =
  | 'bitmap'
  | 'cluster'
  | 'connection'
  | 'generic'
  | 'geo'
  | 'hash'
  | 'hyperloglog'
  | 'list'
  | 'pubsub'
  | 'scripting'
  | 'sentinel'
  | 'server'
  | 'set'
  | 'sorted-set'
  | 'stream'
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
  | 'asking' // Allowed on the new node of a slot that moves.
  | 'fast'
  | 'no_auth' // Allowed before AUTH.
  | 'no_mandatory_keys' // It may have keys, and need not.
  | 'no_async_loading'
  | 'no_multi'
  | 'allow_busy'
  | 'may_replicate' // Reaches replicas although it changes no key.
  | 'protected' // Needs enable-…-command.
  | 'touches_arbitrary_keys';

type AclCategory =
  | 'keyspace'
  | 'set'
  | 'sortedset'
  | 'list'
  | 'hash'
  | 'string'
  | 'bitmap'
  | 'hyperloglog'
  | 'geo'
  | 'stream'
  | 'pubsub'
  | 'admin'
  | 'dangerous'
  | 'connection'
  | 'transaction'
  | 'scripting'
  | 'blocking';

/** The letters of notify-keyspace-events. */
export type EventClass = 'g' | '$' | 'l' | 's' | 'h' | 'z' | 't' | 'x' | 'e' | 'n' | 'm';

/** A key that a command named, before and after it ran. */
export interface KeyChange {
  readonly existed: boolean;
  readonly exists: boolean;
  /** Which of the keys that the command names and may change: 0 is the first. */
  readonly index: number;
  /** How many changes it made in all, as Redis' `dirty` counts them. */
  readonly changes: number;
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
  /** What later versions added to it, each with its version. */
  readonly history?: readonly (readonly [since: string, change: string])[];
  readonly summary: string;
  readonly complexity: string;
  /** Number of arguments, name included (for a subcommand: both names); -N: at least N. */
  readonly arity: number;
  readonly flags: readonly CommandFlag[];
  /** Beyond those that flags imply. */
  readonly acl: readonly AclCategory[];
  readonly tips?: readonly string[];
  readonly keys?: readonly KeySpec[];
  /**
   * The command's own search, where its key specs do not find all keys or cannot tell how they are
   * used: keys that are unknown, incomplete, or of variable flags.
   */
  readonly findKeys?: (args: readonly Buffer[]) => readonly KeyPlace[];
  /**
   * Which argument names a member (a field) of the collection at the first key: the core brings it
   * into the cache ahead (src/core/assembly/commands/window.ts).
   */
  readonly memberAt?: 2 | 3;
  /** Its arguments are channels that it listens to or publishes on: the first, or all. */
  readonly channels?: { readonly many: boolean; readonly arePatterns: boolean };
  /** The arguments in the notation of syntax.ts. */
  readonly syntax?: string;
  /** For the inside of a server, not for applications. */
  readonly isInternal?: boolean;
  /** What is not as in Redis 7.0.15, for docs/commands.md. */
  readonly differs?: string;
  readonly deprecated?: { readonly since: string; readonly replacedBy: string };
  readonly subcommands?: readonly CommandFacts[];
  /** It tells those who WATCH by itself: what it names may be in another database. */
  readonly tellsWatchers?: boolean;
  /** It tells of a key that is there, to WATCH and listeners, even if it has changed nothing. */
  readonly tellsUnchanged?: boolean;
  /** Whether it changed something, but not this key that it names. */
  readonly leaves?: (change: KeyChange) => boolean;
  /** What keyspace notifications tell of the keys it names; nothing, unless it says so itself. */
  readonly events?: EventRule;
}

/** A command found: for a subcommand, with the container it is in. */
export interface ResolvedFacts {
  readonly spec: CommandFacts;
  readonly container?: CommandFacts;
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

/** A collection was changed, and is there. */
export function changed(eventClass: EventClass, name: string): EventRule {
  return ({ exists }) => (exists ? [[eventClass, name]] : []);
}

/** Something was taken out of a collection, which is gone with the last of it. */
export function removed(eventClass: EventClass, name: string): EventRule {
  return ({ existed, exists }) => {
    if (!existed) return [];
    return exists
      ? [[eventClass, name]]
      : [
          [eventClass, name],
          ['g', 'del'],
        ];
  };
}

/** A result was stored at the key; an empty one leaves none there. */
export function storedResult(eventClass: EventClass, name: string): EventRule {
  return (change, args) => (change.exists ? [[eventClass, name]] : deleted(change, args));
}
