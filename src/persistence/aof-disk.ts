/**
 * What an append-only file needs of a disk, as an interface: files of the node's folder and of one
 * within it, by path. src/io implements it. Every call may throw, or reject with, a DiskError.
 */
import { DiskError, type DiskFile, type DiskSource } from './disk.js';

/** What came of a write at a file's end. */
export type AppendOutcome =
  | { readonly state: 'written' }
  /** `keptBytes` of it are in the file and could not be taken back; mostly none. */
  | { readonly state: 'failed'; readonly reason: string; readonly keptBytes: number };

/** A file that is written at its end. */
export interface AofFile {
  /** Bytes it has. */
  readonly length: number;
  /** @param parts - one after the other; shared memory will do. */
  append(parts: readonly Uint8Array[]): AppendOutcome;
  /**
   * The same while commands go on; nothing else is appended meanwhile. Never rejects.
   *
   * @param bytes - to be left alone until it is over.
   */
  appendBeside(bytes: Uint8Array): Promise<AppendOutcome>;
  /**
   * Wait for that, holding all else up.
   *
   * @returns whether it is over, and all is in the file; its promise then tells nothing new.
   */
  awaitAppend(): boolean;
  /** All that was written is on the disk when this returns. */
  syncNow(): void;
  sync(): Promise<void>;
  /** To be called once, also while a sync() is under way. */
  close(): void;
}

export interface AofDisk {
  hasFolder(name: string): boolean;
  /** It may be there. */
  makeFolder(name: string): void;
  /** @returns bytes; null: there is no such file. */
  sizeOf(name: string): number | null;
  open(name: string): DiskSource | null;
  /** Make a file anew, to be written beside commands. */
  create(name: string): DiskFile;
  /** @param isNew - what a file of that name has is lost; else it is written on. */
  append(name: string, isNew: boolean): AofFile;
  /** Put a file in another's place: whatever happens, it has the old text or the new. */
  replace(name: string, temporary: string, text: string): void;
  rename(from: string, to: string): void;
  /** It may be missing. */
  remove(name: string): void;
  truncate(name: string, length: number): void;
}

/** What it loses if that fails a power cut would have lost too, and a new base is on its way. */
export async function syncAndClose(file: AofFile): Promise<void> {
  try {
    await file.sync();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  } finally {
    file.close();
  }
}
