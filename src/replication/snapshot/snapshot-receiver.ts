/**
 * The replica's half of a full sync: the bytes of a snapshot in, a keyspace out.
 *
 * A node that holds nothing loads them as they come. One that holds data keeps it until the whole
 * snapshot is there and has been read once without storing anything: neither a master that dies
 * during the transfer nor a snapshot that is damaged, or holds what this node cannot, may take the
 * last copy of the data with it.
 *
 * @see redis/redis 7.0 src/replication.c, readSyncBulkPayload(), and `repl-diskless-load
 * on-empty-db`
 */
import { RingleaderError } from '../../base/errors.js';
import { allocateAligned, alignmentOf } from '../../base/alignment.js';
import { CoreChecksum } from '../../rdb/core-checksum.js';
import { RdbDecoder } from '../../rdb/decode.js';
import type { ReplicationEnvironment } from '../environment.js';

export type ReceiverState =
  /** Bytes are coming in. */
  | { readonly state: 'receiving' }
  /** All are here; step() reads on. */
  | { readonly state: 'loading' }
  /** The keyspace holds the snapshot. */
  | { readonly state: 'loaded'; readonly streamDb: number }
  /** What came is unusable. */
  | { readonly state: 'failed'; readonly reason: string };

/** What is done with the pieces that were kept: first all are checked, then all are loaded. */
type Pass = 'check' | 'load';

export class SnapshotReceiver {
  readonly #env: ReplicationEnvironment;
  readonly #isTrusted: boolean;
  /** Pieces that wait for the last one; null: they are loaded as they come. */
  readonly #kept: Uint8Array[] | null;
  #pass: Pass;
  #decoder: RdbDecoder;
  #streamDb = 0;
  #hasAll = false;
  /** Of the kept pieces, those that the present pass is through with. */
  #donePieces = 0;
  /** The old data are gone. */
  hasEmptied = false;
  readBytes = 0;

  /**
   * @param isEmpty - the keyspace holds nothing worth keeping.
   * @param isTrusted - the snapshot comes from a core of this process: there is nothing to check.
   */
  constructor(env: ReplicationEnvironment, isEmpty: boolean, isTrusted: boolean) {
    this.#env = env;
    this.#isTrusted = isTrusted;
    this.#kept = isEmpty ? null : [];
    this.#pass = isEmpty || isTrusted ? 'load' : 'check';
    this.#decoder = this.#newDecoder();
  }

  /** Clients are to be told LOADING: the keyspace is neither the old nor the new one. */
  get isLoading(): boolean {
    return this.hasEmptied;
  }

  /** Take the next bytes; afterwards their place is not needed any more. */
  take(bytes: Uint8Array): ReceiverState {
    this.readBytes += bytes.length;
    if (this.#kept === null) return this.#read(bytes);
    const copy = allocateAligned(bytes.length, alignmentOf(bytes));
    copy.set(bytes);
    this.#kept.push(copy);
    return { state: 'receiving' };
  }

  /** Those were all. */
  end(): ReceiverState {
    this.#hasAll = true;
    return this.#progress();
  }

  /** While `loading`: read the next piece. */
  step(): ReceiverState {
    const bytes = this.#kept?.[this.#donePieces];
    if (this.#kept === null || bytes === undefined) return this.#progress();
    if (this.#pass === 'load') this.#kept[this.#donePieces] = EMPTY; // Frees it.
    this.#donePieces += 1;
    return this.#read(bytes);
  }

  #newDecoder(): RdbDecoder {
    const { core } = this.#env;
    core.loader.setDb(0);
    const isCheck = this.#pass === 'check';
    return new RdbDecoder(
      {
        aux: (name, value) => {
          if (name === 'repl-stream-db') this.#streamDb = Number(value);
        },
        library: (code) => {
          if (!isCheck) this.#env.libraries?.load(code);
        },
        loadRun: (bytes) => (isCheck ? core.loader.check(bytes) : core.loader.run(bytes)),
      },
      { checksum: this.#isSummed(isCheck) ? new CoreChecksum(core) : false },
    );
  }

  /** Bytes that never left memory need no sum, nor do those that were checked. */
  #isSummed(isCheck: boolean): boolean {
    return isCheck || (this.#kept === null && !this.#isTrusted);
  }

  #read(bytes: Uint8Array): ReceiverState {
    if (this.#pass === 'load' && !this.hasEmptied) {
      this.hasEmptied = true;
      this.#env.flushAll();
      this.#env.libraries?.flush();
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
    if (this.#kept !== null && this.#donePieces < this.#kept.length) return { state: 'loading' };
    if (!this.#decoder.done) return failed('the snapshot ends early');
    if (this.#pass === 'load') return { state: 'loaded', streamDb: this.#streamDb };
    this.#pass = 'load';
    this.#donePieces = 0;
    this.#decoder = this.#newDecoder();
    return { state: 'loading' };
  }
}

const EMPTY = new Uint8Array(0);

const failed = (reason: string): ReceiverState => ({ state: 'failed', reason });
