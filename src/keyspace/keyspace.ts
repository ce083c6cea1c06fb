/** All databases of a node. */
import type { Core } from '../core/core.js';
import { Database } from './database.js';
import type { ExpiryRole } from './core-database.js';

export class Keyspace {
  /** How many databases there are. */
  readonly databases: number;
  /** Whether expired keys are this node's to delete; the node keeps it up to date. */
  readonly role: ExpiryRole = { isReplica: false, isApplying: false };
  readonly #core: Core;
  readonly #all: readonly Database[];

  constructor(core: Core) {
    this.#core = core;
    this.databases = core.databases;
    this.#all = Array.from(
      { length: core.databases },
      (_, id) => new Database(core, id, this.role),
    );
  }

  /** @throws RangeError: there is no such database. */
  db(index: number): Database {
    const database = this.#all[index];
    if (database === undefined) throw new RangeError(`no database ${index}`);
    return database;
  }

  /** Keys of all databases. */
  totalKeys(): number {
    return this.#all.reduce((sum, database) => sum + database.size(), 0);
  }

  /** Keys whose expiry clients of this node gave while it was a replica. */
  ownExpiries(): number {
    return this.#all.reduce((sum, database) => sum + database.ownExpiresSize(), 0);
  }

  /** Exchange the contents of two databases. */
  swap(one: number, other: number): void {
    this.#core.exports.swapDatabases(one, other);
  }

  /**
   * Delete all keys of all databases.
   *
   * @param isLazy - free their memory afterwards, in slices.
   * @returns how many there were.
   */
  flushAll(isLazy = false): number {
    return this.#all.reduce((sum, database) => sum + database.flush(isLazy), 0);
  }
}
