/**
 * Keys that clients watch, are blocked on or have in caches of their own, and what tells of their
 * changes.
 */
import type { Database } from '../../keyspace/database.js';
import type { Reply } from '../../resp/reply.js';
import type { EventClass } from '../facts.js';
import type { CommandClient, TrackingOptions } from './clients.js';

type Databases = (db: number) => Database;

/** WATCH: those that write to a key beside what their arguments name tell it. */
export interface WatchedKeys {
  watch(client: CommandClient, key: Buffer, db: Database): void;
  unwatch(client: CommandClient): void;
  touch(db: number, key: Uint8Array): void;
  touchFlushed(flushed: number | null, databases: Databases): void;
  touchSwapped(one: number, other: number, databases: Databases): void;
}

/** Clients blocked on keys: those that replace whole databases tell it. */
export interface BlockedKeys {
  /**
   * A database is another now: see which of the keys that clients are blocked on are ready, after
   * the command.
   *
   * @param db - null: all of them.
   */
  recheck(db: number | null): void;
}

/** Keys that clients have in caches of their own. */
export interface TrackedKeys<C extends CommandClient = CommandClient> {
  enable(client: C, options: TrackingOptions): void;
  disable(client: C): void;
}

export interface Transactions {
  /** From here on the client's commands are queued. */
  begin(client: CommandClient): void;
  /** Forget what is queued, and the keys that it watches. */
  discard(client: CommandClient): void;
  /**
   * Run what is queued.
   *
   * @returns what to answer; null: the replies are sent already.
   * @throws ReplyError: there is no transaction, or it cannot be run.
   */
  exec(client: CommandClient): Reply | null;
}

export interface KeyspaceNotices {
  notify(eventClass: EventClass, name: string, key: Uint8Array, db: number): void;
}

/** What the keyspace does by itself. */
export interface KeyspaceUpkeep {
  /** Go on soon with what a lazy flush has left. */
  freeSoon(): void;
  /** MEMORY PURGE. */
  purge(): void;
  resetCounts(): void;
}
