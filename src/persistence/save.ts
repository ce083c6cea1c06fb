/**
 * Writing the data to a file: into a temporary one, onto the disk, then under its name, so that
 * whatever ends the process leaves the old file or the new one, whole.
 *
 * Without fork there is one thread for both: a save in the background is done in slices between
 * commands. While one slice is on its way to the disk the next is made.
 *
 * @see redis/redis 7.0.15 src/rdb.c, rdbSave()
 */
import { RingleaderError } from '../base/errors.js';
import { DiskError, type Disk, type DiskFile } from './disk.js';
import type { PersistenceEnvironment } from './environment.js';
import { Paced } from './paced.js';
import { RdbImage } from './rdb-image.js';

/** What is made and written before commands are let in again. */
const SLICE_BYTES = 128 * 1024;
/** In one go: fewer, longer writes. */
const WHOLE_SLICE_BYTES = 1024 * 1024;
/**
 * So much is written before the system is told to begin with the disk, not to have all of it to do
 * at the end.
 */
const SYNC_EACH_BYTES = 4 * 1024 * 1024;

export type SaveOutcome = 'saved' | 'failed' | 'abandoned';

/** @returns the name under which a process writes. */
export function temporaryName(processId: number): string {
  return `temp-${processId}.rdb`;
}

/** Save now, holding all else up. @returns whether it is done; if not the log says why. */
export function saveNow(env: PersistenceEnvironment, disk: Disk, name: string): boolean {
  const steps = new SaveSteps(env, disk, temporaryName(env.processId), name);
  const image = new RdbImage(env);
  try {
    const file = steps.create();
    for (;;) {
      const slice = image.next(WHOLE_SLICE_BYTES);
      steps.now = 'rdbSaveRio';
      file.writeNow(slice.bytes);
      slice.give();
      if (slice.isLast) break;
    }
    steps.now = 'fsync';
    file.syncNow();
    steps.close();
    steps.now = 'rename';
    disk.renameNow(steps.temporary, name);
    env.log('notice', 'DB saved on disk');
    return true;
  } catch (error) {
    steps.fail(error);
    return false;
  } finally {
    image.end();
  }
}

/** A save between commands. */
export class BackgroundSave {
  readonly startedAtSeconds: number;
  readonly #env: PersistenceEnvironment;
  readonly #image: RdbImage;
  readonly #steps: SaveSteps;
  readonly #disk: Disk;
  readonly #name: string;
  readonly #onSnapshotEnd: () => void;
  readonly #paced: Paced;
  #isAbandoned = false;

  /** The data are those of now. @param onSnapshotEnd - the core can make another. */
  constructor(env: PersistenceEnvironment, disk: Disk, name: string, onSnapshotEnd: () => void) {
    this.#env = env;
    this.#disk = disk;
    this.#name = name;
    this.#steps = new SaveSteps(env, disk, temporaryName(env.processId), name);
    this.#image = new RdbImage(env);
    this.#onSnapshotEnd = onSnapshotEnd;
    this.#paced = new Paced(() => env.config.keySaveDelayMicros, env.later);
    this.startedAtSeconds = Math.floor(env.clock.wallMs() / 1000);
  }

  /** Make and write it. Never rejects; the log says what went wrong. */
  async run(): Promise<SaveOutcome> {
    try {
      const file = this.#steps.create();
      await this.#writeAll(file);
      if (this.#isAbandoned) return 'abandoned';
      this.#steps.now = 'fsync';
      await file.sync();
      this.#steps.close();
      if (this.#isAbandoned) return 'abandoned';
      this.#steps.now = 'rename';
      await this.#disk.rename(this.#steps.temporary, this.#name);
      this.#env.log('notice', 'DB saved on disk');
      return 'saved';
    } catch (error) {
      if (this.#isAbandoned) return 'abandoned';
      this.#steps.fail(error);
      return 'failed';
    } finally {
      this.#endImage();
      if (this.#isAbandoned) this.#steps.closeQuietly();
    }
  }

  /**
   * Stop, as a forked child is killed: the old file stays. The snapshot ends before this returns.
   */
  abandon(): void {
    this.#isAbandoned = true;
    this.#paced.end();
    this.#endImage();
    // The name is free at once; the file itself is closed when what is under way on it is over.
    this.#steps.remove();
  }

  async #writeAll(file: DiskFile): Promise<void> {
    this.#steps.now = 'rdbSaveRio';
    let writing: Promise<void> = Promise.resolve();
    let syncing: Promise<void> = Promise.resolve();
    let syncedBytes = 0;
    try {
      while (!this.#isAbandoned) {
        const slice = this.#image.next(this.#paced.sliceBytes(SLICE_BYTES));
        if (slice.isLast) this.#onSnapshotEnd();
        await writing;
        writing = file.write(slice.bytes).finally(() => slice.give());
        writing.catch(() => {}); // It is awaited in the next turn, or at the end.
        if (slice.isLast) break;
        await this.#paced.pause();
        const unsynced = file.length - syncedBytes;
        if (!this.#env.config.syncsIncrementally || unsynced < SYNC_EACH_BYTES) continue;
        await syncing;
        syncedBytes = file.length;
        syncing = file.sync();
        syncing.catch(() => {});
      }
      await writing;
      await syncing;
    } finally {
      await Promise.allSettled([writing, syncing]); // The file may be closed only then.
    }
  }

  #endImage(): void {
    this.#image.end();
    this.#onSnapshotEnd();
  }
}

/** The file under way, and which step it is at: for the message if that fails. */
class SaveSteps {
  now = 'fopen';
  readonly temporary: string;
  readonly #env: PersistenceEnvironment;
  readonly #disk: Disk;
  readonly #name: string;
  #file: DiskFile | null = null;

  constructor(env: PersistenceEnvironment, disk: Disk, temporary: string, name: string) {
    this.#env = env;
    this.#disk = disk;
    this.temporary = temporary;
    this.#name = name;
  }

  create(): DiskFile {
    this.#file = this.#disk.create(this.temporary);
    return this.#file;
  }

  close(): void {
    this.now = 'fclose';
    const file = this.#file;
    this.#file = null;
    file?.close();
  }

  fail(error: unknown): void {
    if (!(error instanceof DiskError) && !(error instanceof RingleaderError)) throw error;
    this.#env.log('warning', this.#words(error.message));
    this.discard();
  }

  /** Close and remove what was written. */
  discard(): void {
    this.closeQuietly();
    this.remove();
  }

  /** What is closed is not needed: whether all of it got to the disk does not matter. */
  closeQuietly(): void {
    ignoringDisk(() => this.close());
  }

  remove(): void {
    ignoringDisk(() => this.#disk.remove(this.temporary));
  }

  #words(reason: string): string {
    const { folder } = this.#disk;
    if (this.now === 'fopen') {
      return `Failed opening the temp RDB file ${this.temporary} (in server root dir ${folder}) for saving: ${reason}`;
    }
    if (this.now === 'rename') {
      return `Error moving temp DB file ${this.temporary} on the final destination ${this.#name} (in server root dir ${folder}): ${reason}`;
    }
    return `Write error saving DB on disk(${this.now}): ${reason}`;
  }
}

function ignoringDisk(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}
