/**
 * Who may do what, as commands see it: users, what they are permitted, what was denied (ACL).
 *
 * src/server/acl implements it.
 */
import type { AccessUser } from './user.js';
import type { CommandClient } from '../node/clients.js';
import type { ResolvedFacts } from '../facts.js';

/** A connection, as far as rules are concerned with it: of a node or of a sentinel. */
export type AccessClient = Pick<
  CommandClient,
  | 'authenticated'
  | 'user'
  | 'transaction'
  | 'channels'
  | 'patterns'
  | 'shardChannels'
  | 'closeAfterReply'
  | 'describe'
> & { readonly output: Pick<CommandClient['output'], 'kill'> };

/** What a rule set denies of a call. */
export interface Denial {
  readonly what: 'command' | 'key' | 'channel';
  /** Index of the argument. */
  readonly at: number;
}

export interface DenialEntry {
  readonly count: number;
  readonly reason: Denial['what'] | 'auth';
  readonly context: DenialContext;
  readonly object: string;
  readonly username: string;
  /** Unix ms of the last time. */
  readonly lastMs: number;
  /** CLIENT LIST's line of the one it last happened to. */
  readonly clientInfo: string;
}

export type DenialContext = 'toplevel' | 'multi' | 'lua';

export interface AccessControl {
  /** By name. */
  users(): readonly AccessUser[];
  user(name: string): AccessUser | undefined;
  /** Whether the default user has no password. */
  readonly isOpen: boolean;
  /**
   * Make a user, or change one: all rules are in force, or none.
   *
   * @returns null, or what is wrong.
   */
  setUser(name: string, rules: readonly string[]): string | null;
  /**
   * @param by - its own connection, if it has to end, ends behind its reply. @returns whether there
   * was one.
   */
  deleteUser(name: string, by: AccessClient): boolean;
  /**
   * Make a connection that user's. Failures are logged.
   *
   * @param command - as it was given: `AUTH`.
   */
  authenticate(client: AccessClient, name: string, password: Uint8Array, command: string): boolean;
  /** Make a connection the default user's, as a new one is. */
  greet(client: AccessClient): void;
  /** Whether the client has to authenticate before anything else. */
  mustAuthenticate(client: AccessClient): boolean;
  /** @param user - null: may do everything. */
  check(user: AccessUser | null, resolved: ResolvedFacts, args: readonly Buffer[]): Denial | null;
  /** Whether the user may make this call, and read any key beside: SORT's BY and GET. */
  readsAllKeys(user: AccessUser | null, resolved: ResolvedFacts, args: readonly Buffer[]): boolean;
  /** @returns names of commands, or null: there is no such category. */
  namesInCategory(category: string): readonly string[] | null;
  /**
   * Read the users' file. @returns null, or all that is wrong with it; then nothing has changed.
   */
  load(by: AccessClient): string | null;
  /** Write it. @returns false: it could not be written, which is logged. */
  save(): boolean;
  /** The newest first. */
  readonly denials: readonly DenialEntry[];
  resetDenials(): void;
}
