/**
 * The keys that clients WATCH, so that EXEC can refuse when one has changed.
 *
 * The core has no versions of keys. Instead, while a client watches anything, writes are handed
 * over to TypeScript, which calls `touch` for the keys they name: watching costs other clients
 * nothing while it is not used.
 *
 * @see redis/redis 7.0 src/multi.c, watchForKey()
 */
import type { Client } from './client.js';
import type { Database } from '../keyspace/database.js';
import { latin1 } from '../commands/arguments.js';
import type { Tracking } from './tracking.js';

interface Watch {
  readonly db: number;
  readonly key: Buffer;
  /** Whether the key existed when it was first watched: its expiry touches it. */
  readonly existed: boolean;
}

export class Watches {
  readonly #tracking: Tracking;
  readonly #byClient = new Map<Client, Map<string, Watch>>();
  readonly #byKey = new Map<string, Set<Client>>();

  /** @param tracking - is told of the same changes. */
  constructor(tracking: Tracking) {
    this.#tracking = tracking;
  }

  /** Whether writes must be looked at. */
  get active(): boolean {
    return this.#byClient.size > 0 || this.#tracking.active;
  }

  watch(client: Client, key: Buffer, db: Database): void {
    const id = idOf(client.db, key);
    const watched = this.#byClient.get(client) ?? new Map<string, Watch>();
    this.#byClient.set(client, watched);
    if (watched.has(id)) return;
    watched.set(id, { db: client.db, key, existed: db.isLive(key) });
    const watchers = this.#byKey.get(id) ?? new Set();
    watchers.add(client);
    this.#byKey.set(id, watchers);
  }

  unwatch(client: Client): void {
    for (const id of this.#byClient.get(client)?.keys() ?? []) {
      const watchers = this.#byKey.get(id);
      watchers?.delete(client);
      if (watchers?.size === 0) this.#byKey.delete(id);
    }
    this.#byClient.delete(client);
    client.watchBroken = false;
  }

  isWatched(db: number, key: Uint8Array): boolean {
    return this.#byKey.has(idOf(db, key)) || this.#tracking.concerns(key);
  }

  /** The key has been written to. */
  touch(db: number, key: Uint8Array): void {
    for (const client of this.#byKey.get(idOf(db, key)) ?? []) client.watchBroken = true;
    this.#tracking.invalidate(key);
  }

  /**
   * A database is about to be emptied, or has been filled: the watched keys that are in it change.
   *
   * @param flushed - its index, or null for all.
   */
  touchFlushed(flushed: number | null, databases: (db: number) => Database): void {
    this.#tracking.invalidateAll();
    for (const [client, watched] of this.#byClient) {
      for (const { db, key } of watched.values()) {
        if ((flushed === null || flushed === db) && databases(db).isLive(key)) {
          client.watchBroken = true;
        }
      }
    }
  }

  /**
   * Two databases are about to be exchanged: the watched keys that are in either change, unless the
   * key that takes a missing one's place has expired already.
   */
  touchSwapped(one: number, other: number, databases: (db: number) => Database): void {
    for (const [client, watched] of this.#byClient) {
      for (const { db, key } of watched.values()) {
        if (db !== one && db !== other) continue;
        const isThere = databases(db).isLive(key);
        if (isThere || databases(db === one ? other : one).isLive(key)) client.watchBroken = true;
      }
    }
  }

  /** @returns whether a watched key that existed has expired since. */
  hasExpired(client: Client, databases: (db: number) => Database): boolean {
    const watched = [...(this.#byClient.get(client)?.values() ?? [])];
    return watched.some(({ db, key, existed }) => existed && !databases(db).isLive(key));
  }
}

function idOf(db: number, key: Uint8Array): string {
  return `${db}:${latin1(key)}`;
}
