/**
 * Keys loaded into the core from a snapshot's bytes: of a file, of a master, or of an append-only
 * file's base.
 *
 * @see src/core/assembly/snapshot/load.ts
 */
import { RingleaderError } from '../base/errors.js';
import {
  CONSUMED,
  FLAG_CHECK_ONLY,
  FLAG_INCOMING,
  FLAG_REPLICA,
  LOAD_CORRUPT,
  LOAD_DB,
  LOAD_EXPIRED,
  LOAD_KEYS,
  LOAD_MORE,
  LOAD_NUMBER,
  LOAD_OUT_OF_MEMORY,
  NEED,
} from './assembly/layout.js';
import type { CoreExports } from './exports.js';
import type { MemoryView } from './memory-view.js';
import { outOfMemory } from './out-of-memory.js';

/** What became of bytes that were to be loaded. */
export interface LoadedRun {
  /** Bytes that are in the keyspace now. */
  readonly consumed: number;
  /**
   * How many must follow them for the key they stop at; 0: they stop at what the core does not
   * load, or cannot.
   */
  readonly neededBytes: number;
}

export interface KeyLoader {
  /** A load begins, in this database; SELECTDB changes it. What another had begun is dropped. */
  setDb(db: number): void;
  /**
   * Load keys from RDB bytes (the part between header and footer), as far as they are the core's.
   *
   * @param flags - FLAG_REPLICA keeps keys that have expired, for the master to delete; without it
   * a DEL for each is appended, to be published.
   * @throws RingleaderError PROTOCOL_ERROR: the bytes do not begin with RDB; OUT_OF_MEMORY.
   */
  run(bytes: Uint8Array, flags?: number): LoadedRun;
  /** As run(), but nothing is stored: whether these bytes could be loaded. */
  check(bytes: Uint8Array): LoadedRun;
  /** As run(), into a data set beside the one that is served. */
  runIncoming(bytes: Uint8Array): LoadedRun;
  /** Such a data set is about to come; is thrown away, to be freed in slices. */
  openIncoming(): void;
  dropIncoming(): void;
  /** It takes the place of the one that is served, which is freed in slices (CoreUpkeep.free). */
  swapIncoming(): void;
  /** Another than at a load's last call: it was broken off by another load. */
  readonly number: number;
  /** Keys that loads have stored, since the memory's beginning; modulo 2^32. */
  readonly keys: number;
}

/** What it needs of the core. */
interface CoreParts extends MemoryView {
  readonly exports: CoreExports;
  scratch(bytes: Uint8Array): number;
}

export class CoreLoader implements KeyLoader {
  readonly #core: CoreParts;

  constructor(core: CoreParts) {
    this.#core = core;
  }

  /** Expired keys that run() has left out, since the memory's beginning. */
  get expired(): number {
    return this.#core.readU32(LOAD_EXPIRED);
  }

  get db(): number {
    return this.#core.readU32(LOAD_DB);
  }

  setDb(db: number): void {
    this.#core.exports.abandonLoad();
    this.#core.writeU32(LOAD_DB, db);
  }

  run(bytes: Uint8Array, flags = FLAG_REPLICA): LoadedRun {
    const core = this.#core;
    const status = core.exports.loadEntries(core.scratch(bytes), bytes.length, flags);
    const consumed = core.readU32(CONSUMED);
    if (status === LOAD_CORRUPT && consumed === 0) {
      throw new RingleaderError('PROTOCOL_ERROR', 'no RDB: a bad key');
    }
    if (status === LOAD_OUT_OF_MEMORY) throw outOfMemory(bytes.length);
    return { consumed, neededBytes: status === LOAD_MORE ? core.readU32(NEED) : 0 };
  }

  check(bytes: Uint8Array): LoadedRun {
    return this.run(bytes, FLAG_CHECK_ONLY);
  }

  get number(): number {
    return this.#core.readU32(LOAD_NUMBER);
  }

  get keys(): number {
    return this.#core.readU32(LOAD_KEYS);
  }

  runIncoming(bytes: Uint8Array): LoadedRun {
    return this.run(bytes, FLAG_REPLICA | FLAG_INCOMING);
  }

  openIncoming(): void {
    this.#core.exports.openIncoming();
  }

  swapIncoming(): void {
    this.#core.exports.swapIncoming();
  }

  dropIncoming(): void {
    this.#core.exports.dropIncoming();
  }
}
