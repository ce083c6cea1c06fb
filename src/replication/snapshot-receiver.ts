/**
 * The replica's half of a full sync: numbered chunks in, a keyspace out.
 *
 * A node that holds nothing loads chunks as they come. One that holds data keeps it until the whole
 * snapshot is there, and only then empties itself: a master that dies during the transfer must not
 * take the last copy of the data with it.
 *
 * @see redis/redis 7.0 src/replication.c, readSyncBulkPayload(), and `repl-diskless-load on-empty-db`
 */
import { RingleaderError } from '../base/errors.js';
import { RdbDecoder } from '../rdb/decode.js';
import type { ReplicationEnvironment } from './environment.js';

export type ReceiverState =
  /** Chunks are coming in. */
  | { readonly state: 'receiving' }
  /** All are here; the keyspace is being filled from them. */
  | { readonly state: 'loading' }
  /** The keyspace holds the snapshot. */
  | { readonly state: 'loaded'; readonly streamDb: number }
  /** What came is unusable. */
  | { readonly state: 'failed'; readonly reason: string };

export class SnapshotReceiver {
  readonly #env: ReplicationEnvironment;
  readonly #decoder: RdbDecoder;
  /** Chunks that wait for the last one; null: they are loaded as they come. */
  readonly #kept: Uint8Array[] | null;
  #streamDb = 0;
  #nextChunk = 0;
  #hasAll = false;
  #loadedChunks = 0;
  /** The old data are gone. */
  hasEmptied = false;
  readBytes = 0;

  /** @param isEmpty - the keyspace holds nothing worth keeping. */
  constructor(env: ReplicationEnvironment, isEmpty: boolean) {
    this.#env = env;
    this.#kept = isEmpty ? null : [];
    this.#decoder = new RdbDecoder(
      {
        aux: (name, value) => {
          if (name === 'repl-stream-db') this.#streamDb = Number(value);
        },
        loadRun: (bytes) => env.core.loadRun(bytes),
      },
      { checksum: false },
    );
  }

  /** Clients are to be told LOADING: the keyspace is neither the old nor the new one. */
  get isLoading(): boolean {
    return this.hasEmptied;
  }

  /** Take a chunk. */
  take(chunk: number, bytes: Uint8Array, isLast: boolean): ReceiverState {
    if (chunk !== this.#nextChunk) return { state: 'failed', reason: 'a chunk was lost' };
    this.#nextChunk += 1;
    this.readBytes += bytes.length;
    this.#hasAll = isLast;
    if (this.#kept !== null) {
      this.#kept.push(bytes);
      return { state: isLast ? 'loading' : 'receiving' };
    }
    return this.#load(bytes);
  }

  /** While `loading`: load the next slice. */
  step(): ReceiverState {
    const bytes = this.#kept?.[this.#loadedChunks];
    if (this.#kept === null || bytes === undefined) return this.#progress();
    this.#kept[this.#loadedChunks] = EMPTY; // Frees it.
    this.#loadedChunks += 1;
    return this.#load(bytes);
  }

  #load(bytes: Uint8Array): ReceiverState {
    if (!this.hasEmptied) {
      this.hasEmptied = true;
      this.#env.flushAll();
    }
    this.#env.core.setNow(this.#env.clock.wallMs());
    try {
      this.#decoder.push(bytes);
    } catch (error) {
      if (!(error instanceof RingleaderError)) throw error;
      return { state: 'failed', reason: error.message };
    }
    return this.#progress();
  }

  #progress(): ReceiverState {
    if (!this.#hasAll) return { state: 'receiving' };
    if (this.#kept !== null && this.#loadedChunks < this.#kept.length) return { state: 'loading' };
    if (!this.#decoder.done) return { state: 'failed', reason: 'the snapshot ends early' };
    return { state: 'loaded', streamDb: this.#streamDb };
  }
}

const EMPTY = new Uint8Array(0);
