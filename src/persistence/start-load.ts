/**
 * The data that a node starts with: read from its disk before it serves clients.
 *
 * @see redis/redis 7.0.15 src/server.c, loadDataFromDisk()
 */
import { RingleaderError } from '../base/errors.js';
import { LoadPace } from '../core/load-pace.js';
import type { LoadedRun } from '../core/loader.js';
import { CoreChecksum } from '../rdb/core-checksum.js';
import { DiskError, type Disk, type DiskSource } from './disk.js';
import type { PersistenceEnvironment } from './environment.js';
import { type LoadedHistory, RdbLoad } from './load.js';

/** More at once would keep others waiting. */
const MAX_SLICE_BYTES = 1024 * 1024;

export interface LoadProgress {
  readonly startedAtSeconds: number;
  readonly totalBytes: number;
  readonly loadedBytes: number;
}

/** What came of it. */
export interface LoadResult {
  readonly keysLoaded: number;
  readonly keysExpired: number;
}

export interface LoadSink {
  /** @see RdbSink.loadRun */
  loadRun(bytes: Uint8Array): LoadedRun;
  /** Where the data stood; before there are any. */
  onHistory(history: LoadedHistory): void;
  /** A slice is in the keyspace. */
  onSlice(): void;
  totalKeys(): number;
  expiredKeys(): number;
}

export class StartLoad {
  readonly #env: PersistenceEnvironment;
  #load: RdbLoad | null = null;
  #startedAtSeconds = 0;

  constructor(env: PersistenceEnvironment) {
    this.#env = env;
  }

  /** @returns null: nothing is being loaded. */
  progress(): LoadProgress | null {
    if (this.#load === null) return null;
    const { totalBytes, loadedBytes } = this.#load;
    return { startedAtSeconds: this.#startedAtSeconds, totalBytes, loadedBytes };
  }

  /**
   * Load the RDB file, if there is one.
   *
   * @returns null: there is none.
   * @throws RingleaderError UNLOADABLE: it cannot be used. The log says why, at length.
   */
  async run(disk: Disk, sink: LoadSink): Promise<LoadResult | null> {
    const { clock, config } = this.#env;
    const begunAt = clock.monotonicMs();
    const source = this.#open(disk);
    if (source === null) return null;
    const load = new RdbLoad(
      source,
      (bytes) => sink.loadRun(bytes),
      (code) => this.#env.libraries?.load(code),
      config.checksum ? new CoreChecksum(this.#env.core) : null,
      (history) => sink.onHistory(history),
      () => Math.min(config.loadSliceBytes, MAX_SLICE_BYTES),
    );
    const pace = new LoadPace(this.#env);
    this.#load = load;
    this.#startedAtSeconds = Math.floor(clock.wallMs() / 1000);
    try {
      for (let isDone = false; !isDone;) {
        this.#env.core.setNow(clock.wallMs());
        isDone = load.step();
        pace.wait();
        sink.onSlice();
        await new Promise<void>((resolve) => this.#env.soon(resolve));
      }
    } catch (error) {
      throw this.#unloadable(error);
    } finally {
      this.#load = null;
      source.close();
    }
    const result = { keysLoaded: sink.totalKeys(), keysExpired: sink.expiredKeys() };
    this.#env.log(
      'notice',
      `Done loading RDB, keys loaded: ${result.keysLoaded}, keys expired: ${result.keysExpired}.`,
    );
    const seconds = (clock.monotonicMs() - begunAt) / 1000;
    this.#env.log('notice', `DB loaded from disk: ${seconds.toFixed(3)} seconds`);
    return result;
  }

  #open(disk: Disk): DiskSource | null {
    try {
      return disk.open(this.#env.config.dbfilename);
    } catch (error) {
      throw this.#unloadable(error);
    }
  }

  #unloadable(error: unknown): RingleaderError {
    if (error instanceof DiskError) {
      const text = `Fatal error loading the DB: ${error.message}. Exiting.`;
      this.#env.log('warning', text);
      return new RingleaderError('UNLOADABLE', text, { cause: error });
    }
    if (!(error instanceof RingleaderError)) throw error;
    this.#env.log('warning', error.message);
    this.#env.log('warning', 'Terminating server after rdb file reading failure.');
    return new RingleaderError('UNLOADABLE', error.message, { cause: error });
  }
}
