/**
 * Reading an append-only file back: the base, then the increments in order.
 *
 * A file that ends within a command or a transaction is cut back to where it is whole, if
 * `aof-load-truncated` allows it and it is the last one; anything else that is wrong ends the load.
 *
 * @see redis/redis 7.0.15 src/aof.c, loadAppendOnlyFiles(), loadSingleAppendOnlyFile(),
 * aofUpgradePrepare()
 */
import { RingleaderError } from '../base/errors.js';
import type { Clock } from '../base/time.js';
import type { KeyLoader } from '../core/loader.js';
import { RdbDecoder } from '../rdb/decode.js';
import type { LibraryStore } from '../rdb/libraries.js';
import { AofCommands, type AofFault, type LoadingCore, type RunCommand } from './aof-commands.js';
import type { AofDisk } from './aof-disk.js';
import type { DiskSource } from './disk.js';
import { type HistoryPosition, historyIn } from './data-position.js';
import type { LogLevel } from './environment.js';
import type { LoadedHistory } from './load.js';
import {
  EMPTY_MANIFEST,
  formatManifest,
  type Manifest,
  manifestName,
  parseManifest,
  partsOf,
  temporaryManifestName,
  withOldFile,
} from './manifest.js';

export interface AofNames {
  /** `appenddirname` and `appendfilename` */
  readonly folder: string;
  readonly file: string;
}

export interface AofLoadParts {
  readonly disk: AofDisk;
  readonly names: AofNames;
  readonly clock: Clock;
  readonly core: LoadingCore & {
    setNow(unixMs: number): void;
    setStreamDb(db: number): void;
    readonly loader: KeyLoader;
  };
  /** Libraries of functions; without it there are none. */
  readonly libraries?: LibraryStore;
  readonly run: RunCommand;
  readonly loadsTruncated: boolean;
  readonly checksum: boolean;
  readonly log: (level: LogLevel, text: string) => void;
}

/** What has been read, in bytes. */
export interface AofLoadProgress {
  readonly totalBytes: number;
  loadedBytes: number;
}

/** Read and executed before others are let in. */
const SLICE_BYTES = 1024 * 1024;
const MISSING = 'No such file or directory';
const RDB_MAGIC = Buffer.from('REDIS');

export const pathOf = ({ folder }: AofNames, name: string): string => `${folder}/${name}`;

/** @throws RingleaderError: it is there, and unusable. @throws DiskError */
export function readManifest(disk: AofDisk, names: AofNames): Manifest {
  const source = disk.open(pathOf(names, manifestName(names.file)));
  if (source === null) return EMPTY_MANIFEST;
  try {
    return parseManifest(Buffer.from(source.read(source.length + 1)).toString('latin1'));
  } finally {
    source.close();
  }
}

/** @throws DiskError */
export function writeManifest(disk: AofDisk, names: AofNames, manifest: Manifest): void {
  disk.replace(
    pathOf(names, manifestName(names.file)),
    pathOf(names, temporaryManifestName(names.file)),
    formatManifest(manifest),
  );
}

/** Make an old server's single file, if there is one, the base of a new set. @throws DiskError */
export function upgraded(
  { disk, names, log }: Pick<AofLoadParts, 'disk' | 'names' | 'log'>,
  manifest: Manifest,
): Manifest {
  if (disk.sizeOf(names.file) === null) return manifest;
  const isBegun =
    manifest.base?.name === names.file &&
    manifest.incrs.length === 0 &&
    disk.sizeOf(pathOf(names, names.file)) === null;
  if (partsOf(manifest).length > 0 && !isBegun) return manifest;
  disk.makeFolder(names.folder);
  const next = withOldFile(manifest, names.file);
  writeManifest(disk, names, next);
  disk.rename(names.file, pathOf(names, names.file));
  log(
    'notice',
    `Successfully migrated an old-style AOF file (${names.file}) into the AOF directory (${names.folder}).`,
  );
  return next;
}

/** Loads all parts of a manifest, slice by slice. */
export class AofLoad {
  readonly progress: AofLoadProgress;
  readonly #parts: AofLoadParts;
  readonly #manifest: Manifest;
  #position: HistoryPosition | null = null;
  #streamDb = 0;

  /** @throws RingleaderError DATA_UNUSABLE: a file is missing. @throws DiskError */
  constructor(parts: AofLoadParts, manifest: Manifest) {
    this.#parts = parts;
    this.#manifest = manifest;
    let totalBytes = 0;
    for (const { name } of partsOf(manifest)) {
      const size = parts.disk.sizeOf(pathOf(parts.names, name));
      if (size === null) {
        throw unusable(`Unable to obtain the AOF file ${name} length. stat: ${MISSING}`);
      }
      totalBytes += size;
    }
    this.progress = { totalBytes, loadedBytes: 0 };
  }

  /** Where the data that were loaded stand in a replication history; null: the files do not say. */
  get history(): LoadedHistory | null {
    return this.#position && { ...this.#position, streamDb: this.#streamDb };
  }

  /** Each turn loads a slice. @throws RingleaderError. @throws DiskError */
  *run(): Generator<void, void> {
    const { core } = this.#parts;
    const all = partsOf(this.#manifest);
    const { streamDb } = core;
    try {
      for (const [index, { name }] of all.entries()) {
        const startedAt = this.#parts.clock.monotonicMs();
        const isCut = yield* this.#loadFile(name);
        if (isCut && index < all.length - 1) {
          throw unusable('Fatal error: the truncated file is not the last file');
        }
        const seconds = (this.#parts.clock.monotonicMs() - startedAt) / 1000;
        const kind = index === 0 && this.#manifest.base !== null ? 'base' : 'incr';
        this.#parts.log(
          'notice',
          `DB loaded from ${kind} file ${name}: ${seconds.toFixed(3)} seconds`,
        );
      }
      this.#streamDb = Math.max(0, core.streamDb);
    } finally {
      core.setStreamDb(streamDb);
    }
  }

  /** @returns whether it had to be cut. */
  *#loadFile(name: string): Generator<void, boolean> {
    const { disk, names, core } = this.#parts;
    const source = disk.open(pathOf(names, name));
    if (source === null) {
      throw unusable(`Fatal error: can't open the append log file ${name} for reading: ${MISSING}`);
    }
    try {
      core.setStreamDb(0); // Each file selects its own.
      const first = Buffer.from(source.read(SLICE_BYTES));
      let rest: Uint8Array = first;
      let startsAt = 0;
      if (first.subarray(0, RDB_MAGIC.length).equals(RDB_MAGIC)) {
        const tail = yield* this.#loadRdb(name, source, first);
        rest = tail.bytes;
        startsAt = tail.at;
      }
      return yield* this.#loadCommands(name, source, rest, startsAt);
    } finally {
      source.close();
    }
  }

  /** @returns what follows the snapshot: an old file goes on with commands. */
  *#loadRdb(
    name: string,
    source: DiskSource,
    first: Uint8Array,
  ): Generator<void, { bytes: Uint8Array; at: number }> {
    const { core, clock, names, log } = this.#parts;
    const isOld = name === names.file;
    log(
      'notice',
      isOld ? 'Reading RDB preamble from AOF file...' : 'Reading RDB base file on AOF loading...',
    );
    const aux = new Map<string, string>();
    const decoder = new RdbDecoder(
      {
        aux: (field, value) => void aux.set(field, value),
        library: (code) => this.#parts.libraries?.load(code),
        loadRun: (bytes) => core.loader.run(bytes),
      },
      { checksum: this.#parts.checksum },
    );
    let bytes = first;
    let readBytes = 0;
    try {
      for (;;) {
        core.setNow(clock.wallMs());
        decoder.push(bytes);
        readBytes += bytes.length;
        this.progress.loadedBytes += bytes.length;
        if (decoder.done) break;
        yield;
        bytes = source.read(SLICE_BYTES);
        if (bytes.length === 0) decoder.end();
      }
    } catch (error) {
      if (!(error instanceof RingleaderError)) throw error;
      const what = isOld ? `RDB preamble of the AOF file ${name}` : `RDB base file ${name}`;
      throw unusable(
        `Error reading the ${what}, AOF loading aborted: ${error.message} (at offset ${decoder.offset})`,
      );
    }
    this.#position = historyIn(aux);
    if (isOld) log('notice', 'Reading the remaining AOF tail...');
    const used = bytes.length - (readBytes - decoder.offset);
    this.progress.loadedBytes -= bytes.length - used;
    return { bytes: bytes.subarray(used), at: decoder.offset };
  }

  *#loadCommands(
    name: string,
    source: DiskSource,
    first: Uint8Array,
    startsAt: number,
  ): Generator<void, boolean> {
    const { core, clock, run } = this.#parts;
    const commands = new AofCommands(core, run, startsAt);
    for (let bytes = first; bytes.length > 0; bytes = source.read(SLICE_BYTES)) {
      core.setNow(clock.wallMs());
      const fault = commands.push(bytes);
      if (fault !== null) throw this.#refusal(name, fault);
      this.progress.loadedBytes += bytes.length;
      yield;
    }
    const fault = commands.end();
    // What a base of commands says at its beginning is where all of it stands.
    if (name === this.#manifest.base?.name) this.#position = commands.note ?? this.#position;
    else if (commands.validUpTo > 0) this.#position = commands.position;
    if (fault === null) return false;
    if (fault.type !== 'cut') throw this.#refusal(name, fault);
    return this.#cut(name, commands.validUpTo, fault.isTransaction);
  }

  #cut(name: string, validUpTo: number, isTransaction: boolean): true {
    const { disk, names, log, loadsTruncated } = this.#parts;
    if (isTransaction) {
      log('warning', `Revert incomplete MULTI/EXEC transaction in AOF file ${name}`);
    }
    if (!loadsTruncated) {
      throw unusable(
        `Unexpected end of file reading the append only file ${name}. You can: 1) Make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>. 2) Alternatively you can set the 'aof-load-truncated' configuration option to yes and restart the server.`,
      );
    }
    log('warning', `!!! Warning: short read while loading the AOF file ${name}!!!`);
    log('warning', `!!! Truncating the AOF ${name} at offset ${validUpTo} !!!`);
    disk.truncate(pathOf(names, name), validUpTo);
    log('warning', `AOF ${name} loaded anyway because aof-load-truncated is enabled`);
    return true;
  }

  #refusal(name: string, fault: AofFault): RingleaderError {
    if (fault.type === 'unknown-command') {
      return unusable(`Unknown command '${fault.name}' reading the append only file ${name}`);
    }
    return unusable(
      `Bad file format reading the append only file ${name}: make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>`,
    );
  }
}

function unusable(what: string): RingleaderError {
  return new RingleaderError('UNLOADABLE', what);
}
