/**
 * Reading the data from a file at the start, in slices, so that whoever asks meanwhile is answered
 * LOADING.
 *
 * What is wrong with a file is said with the offset at which it was found, and nothing of the file
 * counts: who loads it at the start ends, and who reloads it has checked it before the old data go.
 *
 * @see redis/redis 7.0.15 src/rdb.c, rdbLoad(); src/server.c, loadDataFromDisk()
 */
import { RingleaderError } from '../base/errors.js';
import { type Checksum, RdbDecoder, type RdbSink } from '../rdb/decode.js';
import type { DiskSource } from './disk.js';

/** What the file says of where its data stood in a replication history. */
export interface LoadedHistory {
  readonly replid: string;
  readonly offset: number;
  /** The database that the stream after `offset` starts in. */
  readonly streamDb: number;
}

/** Read and put into the keyspace before others are let in. */
const SLICE_BYTES = 1024 * 1024;

export class RdbLoad {
  readonly totalBytes: number;
  readonly #source: DiskSource;
  readonly #decoder: RdbDecoder;
  readonly #sliceBytes: () => number;
  readonly #aux = new Map<string, string>();
  #loadedBytes = 0;

  /**
   * @param loadRun - takes the keys. @see RdbSink
   * @param library - takes libraries of functions.
   * @param checksum - adds its bytes up; null: the sum at its end is not looked at.
   * @param onHistory - called once before there are keys, if the file says where its data stood.
   * @param sliceBytes - how many are read at once, asked each time.
   */
  constructor(
    source: DiskSource,
    loadRun: NonNullable<RdbSink['loadRun']>,
    library: NonNullable<RdbSink['library']>,
    checksum: Checksum | null,
    onHistory: (history: LoadedHistory) => void,
    sliceBytes: () => number = () => SLICE_BYTES,
  ) {
    this.#source = source;
    this.#sliceBytes = sliceBytes;
    this.totalBytes = source.length;
    const sink: RdbSink = {
      aux: (name, value) => void this.#aux.set(name, value),
      library,
      loadRun: (bytes) => {
        const history = this.#takeHistory();
        if (history !== null) onHistory(history);
        return loadRun(bytes);
      },
    };
    this.#decoder = new RdbDecoder(sink, { checksum: checksum ?? false });
  }

  get loadedBytes(): number {
    return this.#loadedBytes;
  }

  /**
   * Read on.
   *
   * @returns whether all has been read.
   * @throws RingleaderError PROTOCOL_ERROR: the file is no RDB, or holds what is not supported.
   * @throws DiskError
   */
  step(): boolean {
    const bytes = this.#source.read(this.#sliceBytes());
    if (bytes.length === 0) {
      this.#failing(() => this.#decoder.end());
      return true;
    }
    this.#failing(() => this.#decoder.push(bytes));
    this.#loadedBytes += bytes.length;
    return this.#decoder.done;
  }

  /** What the file says of replication, once, as soon as it has said all; null: not now. */
  #takeHistory(): LoadedHistory | null {
    const replid = this.#aux.get('repl-id');
    const offset = Number(this.#aux.get('repl-offset') ?? -1);
    const streamDb = Number(this.#aux.get('repl-stream-db') ?? -1);
    if (replid === undefined || offset === -1 || streamDb === -1) return null;
    this.#aux.clear();
    const isUsable =
      /^[0-9a-f]{40}$/.test(replid) &&
      isBetween(offset, MAX_OFFSET) &&
      isBetween(streamDb, 2 ** 31);
    return isUsable ? { replid, offset, streamDb } : null;
  }

  #failing(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof RingleaderError)) throw error;
      throw new RingleaderError(
        error.code,
        `Internal error in RDB reading offset ${this.#decoder.offset} of ${this.totalBytes} -> ${error.message}`,
        { cause: error },
      );
    }
  }
}

/** An offset beyond this cannot be counted on from. */
const MAX_OFFSET = 2 ** 52;

function isBetween(value: number, limit: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < limit;
}
