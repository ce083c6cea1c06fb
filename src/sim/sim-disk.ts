/**
 * A disk in memory that survives its node's crash, without what was not synced yet.
 *
 * It implements both of persistence's interfaces over the same files: src/persistence/disk.ts and
 * aof-disk.ts.
 */
import type { AofDisk, AofFile, AppendOutcome } from '../persistence/aof-disk.js';
import { type Disk, DiskError, type DiskFile, type DiskSource } from '../persistence/disk.js';
import { append, type GrowingBytes } from './growing-bytes.js';

interface File extends GrowingBytes {
  /** What of them is on the disk. */
  synced: number;
  modifiedAtMs: number;
}

const WRITTEN: AppendOutcome = { state: 'written' };

export class SimDisk {
  readonly #files = new Map<string, File>();
  readonly #folders = new Set<string>();
  readonly #nowMs: () => number;

  /** @param nowMs - Unix ms. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The machine has lost power: what was not synced is gone. */
  loseUnsynced(): void {
    for (const file of this.#files.values()) cutOff(file, file.synced);
  }

  /** Files of its folder, for what saves and loads all data. */
  asDisk(): Disk {
    return {
      folder: '',
      create: (name) => this.#create(name),
      open: (name) => this.#open(name),
      renameNow: (from, to) => this.#rename(from, to),
      rename: async (from, to) => this.#rename(from, to),
      remove: (name) => void this.#files.delete(name),
    };
  }

  /** The same for an append-only file. */
  asAofDisk(): AofDisk {
    return {
      hasFolder: (name) => this.#folders.has(name),
      makeFolder: (name) => void this.#folders.add(name),
      sizeOf: (name) => this.#files.get(name)?.length ?? null,
      open: (name) => this.#open(name),
      create: (name) => this.#create(name),
      append: (name, isNew) => this.#append(name, isNew),
      replace: (name, _temporary, text) => {
        const bytes = Buffer.from(text, 'latin1');
        const { length } = bytes;
        this.#files.set(name, { bytes, length, synced: length, modifiedAtMs: this.#nowMs() });
      },
      rename: (from, to) => this.#rename(from, to),
      remove: (name) => void this.#files.delete(name),
      truncate: (name, length) => {
        const file = this.#files.get(name);
        if (file === undefined) throw new DiskError('No such file or directory');
        cutOff(file, length);
        file.synced = Math.min(file.synced, length);
      },
    };
  }

  #make(name: string): File {
    const file = { bytes: Buffer.alloc(0), length: 0, synced: 0, modifiedAtMs: this.#nowMs() };
    this.#files.set(name, file);
    return file;
  }

  #write(file: File, parts: readonly Uint8Array[]): void {
    for (const part of parts) append(file, part);
    file.modifiedAtMs = this.#nowMs();
  }

  #create(name: string): DiskFile {
    const file = this.#make(name);
    const sync = (): void => {
      file.synced = file.length;
    };
    return {
      get length() {
        return file.length;
      },
      writeNow: (bytes) => this.#write(file, [bytes]),
      write: async (bytes) => this.#write(file, [bytes]),
      syncNow: sync,
      sync: async () => sync(),
      close() {},
    };
  }

  #append(name: string, isNew: boolean): AofFile {
    const found = this.#files.get(name);
    const file = isNew || found === undefined ? this.#make(name) : found;
    const sync = (): void => {
      file.synced = file.length;
    };
    return {
      get length() {
        return file.length;
      },
      append: (parts) => {
        this.#write(file, parts);
        return WRITTEN;
      },
      appendBeside: async (bytes) => {
        this.#write(file, [bytes]);
        return WRITTEN;
      },
      awaitAppend: () => true,
      syncNow: sync,
      sync: async () => sync(),
      close() {},
    };
  }

  #open(name: string): DiskSource | null {
    const file = this.#files.get(name);
    if (file === undefined) return null;
    const { length, modifiedAtMs } = file;
    const bytes = file.bytes.subarray(0, length);
    let at = 0;
    return {
      length,
      modifiedAtMs,
      read(maxBytes) {
        const next = bytes.subarray(at, at + maxBytes);
        at += next.length;
        return next;
      },
      close() {},
    };
  }

  #rename(from: string, to: string): void {
    const file = this.#files.get(from);
    if (file === undefined) throw new DiskError('No such file or directory');
    this.#files.delete(from);
    this.#files.set(to, file);
    file.synced = Math.max(file.synced, 0);
  }
}

/** A copy stays: who reads the file reads on what was there. */
function cutOff(file: File, length: number): void {
  file.bytes = Buffer.from(file.bytes.subarray(0, Math.min(length, file.length)));
  file.length = file.bytes.length;
}
