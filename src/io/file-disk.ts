/** A disk that is one: the files of a folder. */
import {
  accessSync,
  close,
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  fsync,
  fsyncSync,
  open,
  openSync,
  readSync,
  renameSync,
  rmSync,
  write,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Disk, DiskError, type DiskFile, type DiskSource } from '../persistence/disk.js';
import { errnoText } from './errno-text.js';

const asyncOpen = promisify(open);
const asyncClose = promisify(close);
const asyncSync = promisify(fsync);
const asyncDataSync = promisify(fdatasync);
const asyncWrite = promisify(write);

/** @param folder - asked at each use: CONFIG SET may change it. */
export function fileDisk(folder: () => string): Disk {
  const at = (name: string): string => path.join(folder(), name);
  return {
    get folder() {
      return path.resolve(folder());
    },
    create: (name) => attempt(() => new WrittenFile(openSync(at(name), 'w', 0o644))),
    open(name) {
      try {
        return new ReadFile(openSync(at(name), 'r'));
      } catch (error) {
        if (Object(error).code === 'ENOENT') return null;
        throw refused(error);
      }
    },
    renameNow(from, to) {
      attempt(() => {
        renameSync(at(from), at(to));
        const handle = openSync(folder(), 'r');
        try {
          fsyncSync(handle);
        } finally {
          closeSync(handle);
        }
      });
    },
    rename: (from, to) =>
      attemptAsync(async () => {
        renameSync(at(from), at(to));
        const handle = await asyncOpen(folder(), 'r');
        try {
          await asyncSync(handle);
        } finally {
          await asyncClose(handle);
        }
      }),
    remove: (name) => attempt(() => rmSync(at(name), { force: true })),
  };
}

/** @returns why a folder cannot be worked in, in the system's words; null: it can. */
export function whyNoFolder(name: string): string | null {
  try {
    accessSync(name === '' ? '' : `${name}${path.sep}`, constants.X_OK);
    return null;
  } catch (error) {
    return errnoText(error);
  }
}

class WrittenFile implements DiskFile {
  readonly #handle: number;
  length = 0;

  constructor(handle: number) {
    this.#handle = handle;
  }

  writeNow(bytes: Uint8Array): void {
    attempt(() => {
      for (let done = 0; done < bytes.length;) {
        const count = writeSync(this.#handle, bytes, done, bytes.length - done);
        done += count;
        this.length += count;
      }
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return attemptAsync(async () => {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await asyncWrite(this.#handle, bytes, done, bytes.length - done);
        done += bytesWritten;
        this.length += bytesWritten;
      }
    });
  }

  syncNow(): void {
    attempt(() => fsyncSync(this.#handle));
  }

  /** The length is part of the data, and all that a reader needs. */
  sync(): Promise<void> {
    return attemptAsync(() => asyncDataSync(this.#handle));
  }

  close(): void {
    attempt(() => closeSync(this.#handle));
  }
}

class ReadFile implements DiskSource {
  readonly length: number;
  readonly modifiedAtMs: number;
  readonly #handle: number;
  #buffer = Buffer.alloc(0);

  constructor(handle: number) {
    this.#handle = handle;
    const { size, mtimeMs } = fstatSync(handle);
    this.length = size;
    this.modifiedAtMs = mtimeMs;
  }

  read(maxBytes: number): Uint8Array {
    if (this.#buffer.length < maxBytes) this.#buffer = Buffer.allocUnsafeSlow(maxBytes);
    const count = attempt(() => readSync(this.#handle, this.#buffer, 0, maxBytes, null));
    return this.#buffer.subarray(0, count);
  }

  close(): void {
    closeSync(this.#handle);
  }
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw refused(error);
  }
}

async function attemptAsync(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    throw refused(error);
  }
}

function refused(error: unknown): DiskError {
  return new DiskError(errnoText(error), { cause: error });
}
