/**
 * The files that an append-only file consists of, and the manifest that says so: each change is
 * made on the disk first, and is undone there if it cannot be made whole.
 *
 * @see redis/redis 7.0.15 src/aof.c, openNewIncrAofForAppend(), backgroundRewriteDoneHandler()
 */
import type { AofDisk, AofFile } from './aof-disk.js';
import { type AofNames, pathOf, readManifest, upgraded, writeManifest } from './aof-load.js';
import { DiskError } from './disk.js';
import type { LogLevel } from './environment.js';
import {
  EMPTY_MANIFEST,
  type Manifest,
  partsOf,
  temporaryIncrName,
  withNewBase,
  withNewIncr,
  withRewrittenIncrs,
} from './manifest.js';

export interface AofFilesParts {
  readonly disk: AofDisk;
  readonly config: {
    readonly names: AofNames;
    readonly usesRdb: boolean;
    readonly keepsHistory: boolean;
  };
  readonly processId: number;
  readonly log: (level: LogLevel, text: string) => void;
}

/** What is to become of the increments when there is a new base. */
export type IncrsAfterRewrite =
  /** The temporary one is the first. */
  | 'begin'
  /** The last one is being written. */
  | 'keep-last'
  | 'none';

export class AofFiles {
  readonly #parts: AofFilesParts;
  #manifest: Manifest = EMPTY_MANIFEST;

  constructor(parts: AofFilesParts) {
    this.#parts = parts;
  }

  /** What there is to be read. @throws RingleaderError. @throws DiskError */
  find(): Manifest {
    const { disk, config, log } = this.#parts;
    const found = readManifest(disk, config.names);
    this.#manifest = upgraded({ disk, names: config.names, log }, found);
    return this.#manifest;
  }

  /** @throws DiskError */
  makeFolder(): void {
    this.#parts.disk.makeFolder(this.#parts.config.names.folder);
  }

  /**
   * The increment to go on with, or the first one, after a first base where there is none.
   *
   * @param writeBase - writes all data to the temporary base.
   * @throws DiskError. @throws what `writeBase` throws.
   */
  openAtStart(writeBase: () => void): AofFile {
    const { disk, config, log } = this.#parts;
    const { names } = config;
    this.makeFolder();
    let manifest = this.#manifest;
    const hasIncr = manifest.incrs.length > 0;
    if (partsOf(manifest).length === 0) {
      manifest = withNewBase(manifest, names.file, config.usesRdb);
      writeBase();
      const { name } = manifest.base!;
      disk.rename(this.temporaryBase, pathOf(names, name));
      log('notice', `Creating AOF base file ${name} on server start`);
    }
    if (!hasIncr) manifest = withNewIncr(manifest, names.file);
    const { name } = manifest.incrs.at(-1)!;
    const file = disk.append(pathOf(names, name), false);
    if (manifest !== this.#manifest) writeManifest(disk, names, manifest);
    log('notice', `${hasIncr ? 'Opening' : 'Creating'} AOF incr file ${name} on server start`);
    this.#manifest = manifest;
    this.deleteHistory();
    return file;
  }

  /** An increment that no manifest names, for the time until there is a base. @throws DiskError */
  openTemporaryIncr(): AofFile {
    return this.#parts.disk.append(this.#temporaryIncr, true);
  }

  /** @throws DiskError: nothing has changed. */
  openNewIncr(): AofFile {
    const { disk, config, log } = this.#parts;
    const { names } = config;
    const manifest = withNewIncr(this.#manifest, names.file);
    const { name } = manifest.incrs.at(-1)!;
    const file = disk.append(pathOf(names, name), true);
    try {
      writeManifest(disk, names, manifest);
    } catch (error) {
      file.close();
      throw error;
    }
    log('notice', `Creating AOF incr file ${name} on background rewrite`);
    this.#manifest = manifest;
    return file;
  }

  /**
   * The temporary base is whole: from now on it is what counts. @throws DiskError: all stays as it
   * was.
   */
  takeBase(incrs: IncrsAfterRewrite): void {
    const { disk, config, log } = this.#parts;
    const { names } = config;
    let manifest = withNewBase(this.#manifest, names.file, config.usesRdb);
    const { name } = manifest.base!;
    const made = [pathOf(names, name)];
    try {
      disk.rename(this.temporaryBase, pathOf(names, name));
      log(
        'notice',
        `Successfully renamed the temporary AOF base file ${this.temporaryBase} into ${name}`,
      );
      if (incrs === 'begin') {
        manifest = withNewIncr(manifest, names.file);
        const incr = manifest.incrs.at(-1)!.name;
        disk.rename(this.#temporaryIncr, pathOf(names, incr));
        made.push(pathOf(names, incr));
        const from = temporaryIncrName(names.file);
        log('notice', `Successfully renamed the temporary AOF incr file ${from} into ${incr}`);
      }
      manifest = withRewrittenIncrs(manifest, incrs !== 'none');
      writeManifest(disk, names, manifest);
    } catch (error) {
      for (const path of made) this.#removeQuietly(path);
      throw error;
    }
    this.#manifest = manifest;
    this.deleteHistory();
  }

  /** What was replaced goes, unless it is to be kept; that it stays does no harm. */
  deleteHistory(): void {
    const { disk, config, log } = this.#parts;
    const { history } = this.#manifest;
    if (history.length === 0 || config.keepsHistory) return;
    for (const { name } of history) {
      log('notice', `Removing the history file ${name} in the background`);
      this.#removeQuietly(pathOf(config.names, name));
    }
    const manifest = { ...this.#manifest, history: [] };
    try {
      writeManifest(disk, config.names, manifest);
      this.#manifest = manifest;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      log('warning', `Can't write the AOF manifest file: ${error.message}`);
    }
  }

  removeTemporaryBase(): void {
    this.#removeQuietly(this.temporaryBase);
  }

  removeTemporaryIncr(): void {
    this.#removeQuietly(this.#temporaryIncr);
  }

  get temporaryBase(): string {
    return `temp-rewriteaof-bg-${this.#parts.processId}.aof`;
  }

  /** Bytes of the base. */
  get baseBytes(): number {
    return this.#sizeOf(this.#manifest.base?.name);
  }

  /** Bytes of base and increments. @param isLastOpen - what it has, its writer knows. */
  bytesWithout(isLastOpen: boolean): number {
    const { incrs } = this.#manifest;
    const counted = isLastOpen ? incrs.slice(0, -1) : incrs;
    return counted.reduce((sum, { name }) => sum + this.#sizeOf(name), this.baseBytes);
  }

  get #temporaryIncr(): string {
    const { names } = this.#parts.config;
    return pathOf(names, temporaryIncrName(names.file));
  }

  #sizeOf(name: string | undefined): number {
    if (name === undefined) return 0;
    return this.#parts.disk.sizeOf(pathOf(this.#parts.config.names, name)) ?? 0;
  }

  #removeQuietly(name: string): void {
    try {
      this.#parts.disk.remove(name);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#parts.log('warning', `Can't remove ${name}: ${error.message}`);
    }
  }
}
