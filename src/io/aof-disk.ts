/** An append-only file's disk that is one. */
import {
  close,
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  statSync,
  truncateSync,
  write,
  writeSync,
  writevSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { AofDisk, AofFile, AppendOutcome } from '../persistence/aof-disk.js';
import { DiskError } from '../persistence/disk.js';
import { errnoText } from './errno-text.js';
import { fileDisk } from './file-disk.js';
import { makeFolders } from './make-folders.js';

const asyncDataSync = promisify(fdatasync);
const asyncWrite = promisify(write);

/** A write that takes longer is not waited for: the disk is full, or gone. */
const APPEND_TIMEOUT_MS = 2_000;
const NEVER = new Int32Array(new SharedArrayBuffer(4));

/** @param folder - the node's, asked at each use: CONFIG SET may change it. */
export function aofDisk(folder: () => string): AofDisk {
  const plain = fileDisk(folder);
  const at = (name: string): string => path.join(folder(), name);
  const sizeOf = (name: string): number | null => {
    const found = statSync(at(name), { throwIfNoEntry: false });
    return found === undefined || found.isDirectory() ? null : found.size;
  };
  return {
    hasFolder: (name) =>
      attempt(() => statSync(at(name), { throwIfNoEntry: false })?.isDirectory() === true),
    makeFolder: (name) => attempt(() => makeFolders(at(name))),
    sizeOf: (name) => attempt(() => sizeOf(name)),
    open: (name) => plain.open(name),
    create: (name) => plain.create(name),
    append: (name, isNew) =>
      attempt(() => {
        const handle = openSync(at(name), 'a', 0o644);
        if (isNew) ftruncateSync(handle);
        return new AppendedFile(handle);
      }),
    replace(name, temporary, text) {
      attempt(() => {
        const handle = openSync(at(temporary), 'w', 0o644);
        try {
          writeSync(handle, text, null, 'latin1');
          fsyncSync(handle);
        } finally {
          closeSync(handle);
        }
        renameSync(at(temporary), at(name));
        syncFolder(path.dirname(at(name))); // New files of the folder are on the disk with it.
      });
    },
    rename: (from, to) => attempt(() => renameSync(at(from), at(to))),
    remove: (name) => plain.remove(name),
    truncate: (name, length) => attempt(() => truncateSync(at(name), length)),
  };
}

function syncFolder(name: string): void {
  const handle = openSync(name, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

class AppendedFile implements AofFile {
  readonly #handle: number;
  /** Calls under way. */
  #uses = 0;
  /** What is being appended beside commands, and the length before. */
  #appending: { readonly before: number; readonly bytes: number } | null = null;
  #isClosed = false;
  length: number;

  constructor(handle: number) {
    this.#handle = handle;
    this.length = fstatSync(handle).size;
  }

  append(parts: readonly Uint8Array[]): AppendOutcome {
    const before = this.length;
    const total = parts.reduce((sum, { length }) => sum + length, 0);
    let done = 0;
    try {
      if (parts.length === 1) done = writeSync(this.#handle, parts[0]!);
      else done = writevSync(this.#handle, [...parts]);
      if (done < total) done += writeRest(this.#handle, parts, done);
      this.length = before + done;
      return { state: 'written' };
    } catch (error) {
      return { state: 'failed', reason: errnoText(error), keptBytes: this.#takeBack(before) };
    }
  }

  /** Half a command must not stay. @returns bytes that did. */
  #takeBack(length: number): number {
    const present = fstatSync(this.#handle).size;
    try {
      if (present > length) ftruncateSync(this.#handle, length);
      return 0;
    } catch {
      this.length = present;
      return present - length;
    }
  }

  syncNow(): void {
    attempt(() => fdatasyncSync(this.#handle));
  }

  async sync(): Promise<void> {
    this.#uses += 1;
    try {
      await asyncDataSync(this.#handle);
    } catch (error) {
      throw refused(error);
    } finally {
      this.#endUse();
    }
  }

  async appendBeside(bytes: Uint8Array): Promise<AppendOutcome> {
    const appending = { before: this.length, bytes: bytes.length };
    this.#appending = appending;
    this.#uses += 1;
    try {
      for (let done = 0; done < bytes.length;) {
        done += (await asyncWrite(this.#handle, bytes, done, bytes.length - done)).bytesWritten;
      }
      if (this.#appending === appending) this.length = appending.before + bytes.length;
      return { state: 'written' };
    } catch (error) {
      const keptBytes = this.#appending === appending ? this.#takeBack(appending.before) : 0;
      return { state: 'failed', reason: errnoText(error), keptBytes };
    } finally {
      if (this.#appending === appending) this.#appending = null;
      this.#endUse();
    }
  }

  awaitAppend(): boolean {
    const appending = this.#appending;
    if (appending === null) return true;
    const length = appending.before + appending.bytes;
    // No other thread writes to it, so its size says how far that is.
    for (let waitedMs = 0; fstatSync(this.#handle).size < length; waitedMs++) {
      if (waitedMs === APPEND_TIMEOUT_MS) return false;
      Atomics.wait(NEVER, 0, 0, 1);
    }
    this.#appending = null;
    this.length = length;
    return true;
  }

  #endUse(): void {
    this.#uses -= 1;
    if (this.#isClosed) this.#closeUnused();
  }

  close(): void {
    this.#isClosed = true;
    this.#closeUnused();
  }

  #closeUnused(): void {
    if (this.#uses === 0) close(this.#handle);
  }
}

/** A short write, as of a full disk, is tried once more for the rest: that says why. */
function writeRest(handle: number, parts: readonly Uint8Array[], done: number): number {
  const rest = Buffer.concat(parts).subarray(done);
  let written = 0;
  while (written < rest.length) written += writeSync(handle, rest, written);
  return written;
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw refused(error);
  }
}

function refused(error: unknown): DiskError {
  return new DiskError(errnoText(error), { cause: error });
}
