/**
 * The replica's half of a full sync: the bytes of a snapshot in, a keyspace out.
 *
 * A node that holds nothing loads them as they come. One that holds data keeps it until the new is
 * sure: neither a master that dies during the transfer nor a snapshot that is damaged, or holds
 * what this node cannot, may take the last copy of the data with it. There are two ways:
 *
 * - `kept`: the bytes are put by until all are there, and read once without storing anything. That
 *   costs the snapshot's size, and in the end a time in which nothing is served.
 * - `beside` (`repl-diskless-load swapdb`): they are loaded as they come into a second keyspace,
 *   which takes the first one's place when it is whole. That costs a second data set.
 *
 * @see redis/redis 7.0 src/replication.c, readSyncBulkPayload()
 */
import { RingleaderError } from '../../base/errors.js';
import { allocateAligned, alignmentOf } from '../../base/alignment.js';
import { LoadPace } from '../../core/load-pace.js';
import type { LoadedRun } from '../../core/loader.js';
import { CoreChecksum } from '../../rdb/core-checksum.js';
import { RdbDecoder } from '../../rdb/decode.js';
import type { ReplicationEnvironment } from '../environment.js';

export type ReceiverState =
  /** Bytes are coming in. */
  | { readonly state: 'receiving' }
  /** All are here; step() reads on. */
  | { readonly state: 'loading' }
  /** All is loaded beside the old data: swap(). */
  | { readonly state: 'complete' }
  /** The keyspace holds the snapshot. */
  | { readonly state: 'loaded'; readonly streamDb: number }
  /** What came is unusable. */
  | { readonly state: 'failed'; readonly reason: string };

export type Way = 'in-place' | 'kept' | 'beside';

/** @param isEmpty - the keyspace holds nothing worth keeping. */
export function wayToLoad(
  disklessLoad: 'disabled' | 'on-empty-db' | 'swapdb',
  isEmpty: boolean,
): Way {
  if (disklessLoad === 'swapdb') return 'beside';
  return isEmpty ? 'in-place' : 'kept';
}

/** What is done with the pieces that were kept: first all are checked, then all are loaded. */
type Pass = 'check' | 'load';

export class SnapshotReceiver {
  readonly way: Way;
  readonly #env: ReplicationEnvironment;
  readonly #isTrusted: boolean;
  /** Pieces that wait for the last one. */
  readonly #kept: Uint8Array[] = [];
  readonly #pace: LoadPace;
  #pass: Pass;
  #decoder: RdbDecoder;
  readonly #libraries: Buffer[] = [];
  #hasLibraries = false;
  #streamDb = 0;
  #hasAll = false;
  /** Of the kept pieces, those that the present pass is through with. */
  #donePieces = 0;
  /** The core's, by which it is seen that no other load came between. */
  #loadNumber = 0;
  /** The old data are gone. */
  hasEmptied = false;
  /** Keys are being loaded, wherever that is. */
  hasBegun = false;
  readBytes = 0;

  /** @param isTrusted - it comes from a core of this process: there is nothing to check. */
  constructor(env: ReplicationEnvironment, way: Way, isTrusted: boolean) {
    this.#env = env;
    this.way = way;
    this.#isTrusted = isTrusted;
    this.#pass = way !== 'kept' || isTrusted ? 'load' : 'check';
    this.#pace = new LoadPace(env);
    if (way === 'beside') env.core.loader.openIncoming();
    this.#decoder = this.#newDecoder();
  }

  /** Bytes of the snapshot that are loaded. */
  get loadedBytes(): number {
    return this.hasBegun ? this.#decoder.offset : 0;
  }

  /** Take the next bytes; afterwards their place is not needed any more. */
  take(bytes: Uint8Array): ReceiverState {
    this.readBytes += bytes.length;
    if (this.way !== 'kept') return this.#read(bytes);
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
    const bytes = this.#kept[this.#donePieces];
    if (bytes === undefined) return this.#progress();
    if (this.#pass === 'load') this.#kept[this.#donePieces] = EMPTY; // Frees it.
    this.#donePieces += 1;
    return this.#read(bytes);
  }

  /**
   * Half a snapshot is no data set; what is left of it must not be served or continued.
   *
   * @returns the byte at which it was broken off; null: nothing of it was loaded.
   */
  abandon(): number | null {
    if (this.way === 'beside') this.#env.core.loader.dropIncoming();
    else if (this.hasEmptied) this.#env.flushAll();
    if (this.hasBegun) this.#env.freeSoon();
    return this.hasBegun ? this.#decoder.offset : null;
  }

  /** The data set that was loaded beside the old one takes its place. */
  swap(): ReceiverState {
    const refused = this.#takeLibraries();
    if (refused !== null) return refused;
    this.#env.swapIncoming();
    this.hasEmptied = true;
    return { state: 'loaded', streamDb: this.#streamDb };
  }

  #newDecoder(): RdbDecoder {
    const { core } = this.#env;
    core.loader.setDb(0);
    this.#loadNumber = core.loader.number;
    const isCheck = this.#pass === 'check';
    return new RdbDecoder(
      {
        aux: (name, value) => {
          if (name === 'repl-stream-db') this.#streamDb = Number(value);
        },
        library: (code) => {
          if (this.way === 'in-place') this.#env.libraries?.load(code);
          else if (!this.#hasLibraries) this.#libraries.push(Buffer.from(code));
        },
        loadRun: (bytes) => this.#loadRun(bytes),
      },
      { checksum: this.#isSummed(isCheck) ? new CoreChecksum(core) : false },
    );
  }

  #loadRun(bytes: Uint8Array): LoadedRun {
    const { loader } = this.#env.core;
    if (loader.number !== this.#loadNumber) {
      throw new RingleaderError('PROTOCOL_ERROR', 'another load came between');
    }
    if (this.#pass === 'check') return loader.check(bytes);
    const run = this.way === 'beside' ? loader.runIncoming(bytes) : loader.run(bytes);
    this.#pace.wait();
    return run;
  }

  /** Bytes that never left memory need no sum, nor do those that were checked. */
  #isSummed(isCheck: boolean): boolean {
    return isCheck || (this.way !== 'kept' && !this.#isTrusted);
  }

  #read(bytes: Uint8Array): ReceiverState {
    if (this.#pass === 'load' && !this.hasBegun) {
      this.hasBegun = true;
      if (this.way !== 'beside') this.#empty();
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

  #empty(): void {
    this.hasEmptied = true;
    this.#env.flushAll();
    if (this.way === 'in-place') this.#env.libraries?.flush();
  }

  #progress(): ReceiverState {
    if (!this.#hasAll) return { state: 'receiving' };
    if (this.#donePieces < this.#kept.length) return { state: 'loading' };
    if (!this.#decoder.done) return failed('the snapshot ends early');
    if (this.way === 'beside') return { state: 'complete' };
    const refused = this.#takeLibraries();
    if (refused !== null) return refused;
    if (this.#pass === 'load') return { state: 'loaded', streamDb: this.#streamDb };
    this.#pass = 'load';
    this.#donePieces = 0;
    this.#decoder = this.#newDecoder();
    return { state: 'loading' };
  }

  /** Once, before the old data go unless those are trusted. @returns null, or why not. */
  #takeLibraries(): ReceiverState | null {
    if (this.way === 'in-place' || this.#hasLibraries) return null;
    this.#hasLibraries = true;
    try {
      this.#env.libraries?.replaceAll(this.#libraries);
    } catch (error) {
      if (!(error instanceof RingleaderError)) throw error;
      return failed(error.message);
    }
    return null;
  }
}

const EMPTY = new Uint8Array(0);

const failed = (reason: string): ReceiverState => ({ state: 'failed', reason });
