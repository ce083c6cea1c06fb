/**
 * The replica's half of a full sync: the bytes of a snapshot in, a keyspace out.
 *
 * A node that holds nothing loads them as they come. One that holds data keeps it until the whole
 * snapshot is there, and only then empties itself: a master that dies during the transfer must not
 * take the last copy of the data with it.
 *
 * @see redis/redis 7.0 src/replication.c, readSyncBulkPayload(), and `repl-diskless-load on-empty-db`
 */
import { RingleaderError } from '../../base/errors.js';
import { allocateInPhase, phaseOf } from '../../base/phase.js';
import { RdbDecoder } from '../../rdb/decode.js';
import type { ReplicationEnvironment } from '../environment.js';

export type ReceiverState =
  /** Bytes are coming in. */
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
  /** Pieces that wait for the last one; null: they are loaded as they come. */
  readonly #kept: Uint8Array[] | null;
  #streamDb = 0;
  #hasAll = false;
  #loadedPieces = 0;
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

  /** Take the next bytes; afterwards their place is not needed any more. */
  take(bytes: Uint8Array): ReceiverState {
    this.readBytes += bytes.length;
    if (this.#kept === null) return this.#load(bytes);
    const copy = allocateInPhase(bytes.length, phaseOf(bytes));
    copy.set(bytes);
    this.#kept.push(copy);
    return { state: 'receiving' };
  }

  /** Those were all. */
  end(): ReceiverState {
    this.#hasAll = true;
    return this.#progress();
  }

  /** While `loading`: load the next piece. */
  step(): ReceiverState {
    const bytes = this.#kept?.[this.#loadedPieces];
    if (this.#kept === null || bytes === undefined) return this.#progress();
    this.#kept[this.#loadedPieces] = EMPTY; // Frees it.
    this.#loadedPieces += 1;
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
      return failed(error.message);
    }
    return this.#progress();
  }

  #progress(): ReceiverState {
    if (!this.#hasAll) return { state: 'receiving' };
    if (this.#kept !== null && this.#loadedPieces < this.#kept.length) return { state: 'loading' };
    if (!this.#decoder.done) return failed('the snapshot ends early');
    return { state: 'loaded', streamDb: this.#streamDb };
  }
}

const EMPTY = new Uint8Array(0);

const failed = (reason: string): ReceiverState => ({ state: 'failed', reason });
