/**
 * What keeping data needs of a disk: files of one folder, by name, as an interface, so that the
 * rules touch no file system. src/io implements it; a node without a folder, and the tests, have
 * one in memory.
 *
 * Each thing that takes long comes in two kinds: `…Now` holds the node up until it is done, the
 * other lets it go on with commands meanwhile.
 */

/** What the disk said no to. `message` is the system's words for it: `No space left on device`. */
export class DiskError extends Error {
  override readonly name = 'DiskError';
}

/** A file that is written at its end. Every call may throw, or reject with, a DiskError. */
export interface DiskFile {
  /** Bytes it has, those written by now. */
  readonly length: number;
  writeNow(bytes: Uint8Array): void;
  /** @param bytes - to be left alone until the promise is settled. One call at a time. */
  write(bytes: Uint8Array): Promise<void>;
  /** All that was written is on the disk when this returns. */
  syncNow(): void;
  /** May be under way beside one write(); what that writes is not part of it. */
  sync(): Promise<void>;
  /** Not while a call is under way. */
  close(): void;
}

/** A file that is read from its beginning. Every call may throw a DiskError. */
export interface DiskSource {
  /** Bytes it had when it was opened. */
  readonly length: number;
  /** Unix ms of the last write to it. */
  readonly modifiedAtMs: number;
  /** @returns the next bytes, up to so many, valid until the next call; none at the end. */
  read(maxBytes: number): Uint8Array;
  close(): void;
}

/** Files of one folder. Every call may throw, or reject with, a DiskError. */
export interface Disk {
  /** Where they are, for messages. */
  readonly folder: string;
  /** Make a file anew; one of that name loses its contents. */
  create(name: string): DiskFile;
  /** @returns null: there is no such file. */
  open(name: string): DiskSource | null;
  /** Give a file another's name and place; afterwards the name, too, is on the disk. */
  renameNow(from: string, to: string): void;
  /** The same: the name is the other at once, and on the disk when the promise is settled. */
  rename(from: string, to: string): Promise<void>;
  /** It may be missing. */
  remove(name: string): void;
}
