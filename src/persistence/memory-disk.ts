/**
 * A disk in memory: of a node that has no folder, which still can write its data and read them
 * back.
 */
import { type Disk, DiskError } from './disk.js';

export class MemoryDisk implements Disk {
  readonly folder = '';
  readonly #files = new Map<string, Buffer>();

  create(name: string): ReturnType<Disk['create']> {
    const chunks: Buffer[] = [];
    let length = 0;
    this.#files.set(name, Buffer.alloc(0));
    const writeNow = (bytes: Uint8Array): void => {
      chunks.push(Buffer.from(bytes));
      length += bytes.length;
    };
    const syncNow = (): void => {
      this.#files.set(name, Buffer.concat(chunks));
    };
    return {
      get length() {
        return length;
      },
      writeNow,
      async write(bytes) {
        writeNow(bytes);
      },
      syncNow,
      async sync() {
        syncNow();
      },
      close: syncNow,
    };
  }

  open(name: string): ReturnType<Disk['open']> {
    const bytes = this.#files.get(name);
    if (bytes === undefined) return null;
    let at = 0;
    return {
      length: bytes.length,
      modifiedAtMs: 0, // No file of this disk outlives the node.
      read(maxBytes) {
        const next = bytes.subarray(at, at + maxBytes);
        at += next.length;
        return next;
      },
      close() {},
    };
  }

  renameNow(from: string, to: string): void {
    const bytes = this.#files.get(from);
    if (bytes === undefined) throw new DiskError('No such file or directory');
    this.#files.delete(from);
    this.#files.set(to, bytes);
  }

  async rename(from: string, to: string): Promise<void> {
    this.renameNow(from, to);
  }

  remove(name: string): void {
    this.#files.delete(name);
  }
}
