/** The keys of a database, visited and drawn. */
import { NOW, SCAN_LEN, SCAN_PTR } from '../core/assembly/layout.js';
import type { CoreDatabase } from './core-database.js';

export class Keys {
  readonly #db: CoreDatabase;

  constructor(db: CoreDatabase) {
    this.#db = db;
  }

  /**
   * Visit about `count` keys: SCAN's guarantee, that a key there from the first call to the last
   * is visited at least once. Keys whose time has come are not visited.
   *
   * @param cursor - what the last call returned; 0n begins. Anything is allowed.
   * @returns the cursor to go on with; 0n: the whole database has been visited.
   */
  scan(cursor: bigint, count: number, visit: (key: Buffer) => void): bigint {
    const { core, id } = this.#db;
    const from = Number(BigInt.asUintN(32, cursor)) | 0;
    const next = core.exports.scan(id, from, Math.min(count, 0x7fffffff)) >>> 0;
    for (const key of this.#scanned()) visit(key);
    return BigInt(next);
  }

  /** The keys that the last scan found; those whose time has come are deleted. */
  #scanned(): Buffer[] {
    const { core, entries, role } = this.#db;
    const list = core.readU32(SCAN_PTR);
    const nowMs = core.readI64(NOW);
    const keys: Buffer[] = [];
    const expired: Buffer[] = [];
    const length = core.readU32(SCAN_LEN);
    for (let i = 0; i < length; i++) {
      const entry = core.readU32(list + i * 4);
      const isExpired = entries.isVolatile(entry) && entries.expireAt(entry) < nowMs;
      const key = entries.key(entry);
      if (isExpired && !role.isApplying) expired.push(key);
      else keys.push(key);
    }
    // Deleting moves entries about, so it waits until all keys have been read.
    for (const key of expired) this.#db.lookup(key, false);
    return keys;
  }

  /** All keys, each at least once; keys that come or go meanwhile may be missed or met. */
  *all(): IterableIterator<Buffer> {
    let cursor = 0n;
    do {
      const batch: Buffer[] = [];
      cursor = this.scan(cursor, 1000, (key) => batch.push(key));
      yield* batch;
    } while (cursor !== 0n);
  }

  /**
   * @returns a key drawn at random; null: there is none. On a replica whose keys have all expired
   * it may be one of those, as in Redis.
   */
  random(): Buffer | null {
    const { core, entries, id } = this.#db;
    for (let tries = 0; ; tries++) {
      const entry = core.exports.randomEntry(id) >>> 0;
      if (entry === 0) return null;
      const key = entries.key(entry);
      if (tries === 100 || this.#db.lookup(key, false) !== 0) return key;
    }
  }
}
