/** What is kept on disk: files of all data, and the append-only file. */

/** The append-only file. */
export interface AppendOnlyFile {
  /**
   * BGREWRITEAOF. @param isQueued - EXEC runs it: the data must be those after all of its commands.
   */
  rewrite(isQueued: boolean): { readonly state: 'ok' | 'refused'; readonly text: string };
  /** DEBUG LOADAOF. @returns the error; null: done. */
  reload(): string | null;
  /** What of it has been read at the start; null: it is not being read. */
  loading(): {
    readonly startedAtSeconds: number;
    readonly totalBytes: number;
    readonly loadedBytes: number;
  } | null;
  /** @returns null, or why no client may write now, as Redis words it. */
  whyNoWrites(): string | null;
  /** INFO's fields: those there always are, and those of a file that is on. */
  info(): {
    readonly always: readonly (readonly [string, string | number])[];
    readonly whileOn: readonly (readonly [string, string | number])[];
  };
  /** Not in the file yet. */
  readonly bufferBytes: number;
  /** CONFIG RESETSTAT. */
  resetCounts(): void;
}

/** What is kept on disk; src/persistence implements it. */
export interface SavedData {
  /** SAVE. */
  save(): SaveAnswer;
  /**
   * BGSAVE.
   *
   * @param options - `schedule`: if it cannot be now, let it be as soon as it can. `isQueued`: EXEC
   * runs it, and the data must be those after all of its commands.
   */
  saveInBackground(options: { readonly schedule: boolean; readonly isQueued: boolean }): SaveAnswer;
  /** Unix seconds. */
  readonly lastSaveSeconds: number;
  /** Snapshots begun beside commands, for files and for replicas: for each Redis would fork. */
  readonly snapshotsBegun: number;
  /**
   * DEBUG RELOAD.
   *
   * @param saves - write the file before it is read.
   * @param empty - have the old data gone; called once the file is known to be usable.
   * @returns whether it is done; if not the log says why.
   */
  reload(saves: boolean, empty: () => void): boolean;
  /** FLUSHALL has emptied the keyspace. */
  onFlushAll(): void;
  /** @returns null, or why clients may not write: MISCONF. */
  whyNoWrites(): string | null;
  /** How far the load at the start is; null: it is over. */
  loading(): LoadProgress | null;
  /** The fields `rdb_…` of INFO's section persistence. */
  info(): readonly (readonly [string, string | number])[];
  /** CONFIG RESETSTAT. */
  resetCounts(): void;
}

type SaveAnswer =
  | { readonly state: 'ok'; readonly text: string }
  | { readonly state: 'refused'; readonly text: string };

interface LoadProgress {
  readonly startedAtSeconds: number;
  readonly totalBytes: number;
  readonly loadedBytes: number;
}
