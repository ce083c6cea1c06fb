/**
 * A node's data on disk: when they are saved, what came of it, and what commands may know of that.
 *
 * One save at a time; a save in the background and a replica's snapshot exclude each other
 * (snapshot-turn.ts). How the file is written is in save.ts, how it is read in load.ts.
 *
 * @see redis/redis 7.0.15 src/rdb.c, saveCommand(), bgsaveCommand(),
 * backgroundSaveDoneHandlerDisk()
 */
import type { SnapshotHolder } from '../core/snapshot-turn.js';
import { RingleaderError } from '../base/errors.js';
import { CoreChecksum } from '../rdb/core-checksum.js';
import { type Disk, DiskError } from './disk.js';
import { RdbLoad } from './load.js';
import { MemoryDisk } from './memory-disk.js';
import type { PersistenceEnvironment } from './environment.js';
import { BackgroundSave, type SaveOutcome, saveNow } from './save.js';
import { dueSavePoint, mayTry, type SaveState } from './save-points.js';
import { type LoadProgress, type LoadResult, type LoadSink, StartLoad } from './start-load.js';

/** What a command is answered: a status, or an error. */
export type SaveAnswer =
  | { readonly state: 'ok'; readonly text: string }
  | { readonly state: 'refused'; readonly text: string };

const IN_PROGRESS = 'ERR Background save already in progress';
const ANOTHER_CHILD =
  "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE whenever possible.";
const NO_DISK = 'ERR this node keeps its data in memory only: it has no directory to save them to';
const UNKNOWN_ERROR = 'ERR'; // As Redis has it: the log says what went wrong.
const MISCONF =
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled, because this instance is configured to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.";
/** A save that cannot be interrupted: it is over before another could want the turn. */
const UNINTERRUPTED: SnapshotHolder = { kind: 'rdb', giveUp() {} };

const NOTHING: LoadResult = { keysLoaded: 0, keysExpired: 0 };

export class Persistence {
  readonly #env: PersistenceEnvironment;
  readonly #load: StartLoad;
  #background: BackgroundSave | null = null;
  /** What core.dirty was when all changes up to then were saved. */
  #savedDirty: number;
  #lastSaveSeconds: number;
  #lastTrySeconds = 0;
  #lastFailed = false;
  /** Of the last save in the background; -1: there was none. */
  #lastTookSeconds = -1;
  #saves = 0;
  #isScheduled = false;
  #loaded: LoadResult = NOTHING;

  constructor(env: PersistenceEnvironment) {
    this.#env = env;
    this.#load = new StartLoad(env);
    this.#savedDirty = env.core.dirty;
    this.#lastSaveSeconds = this.#nowSeconds(); // At the start the data count as saved.
    env.turn.whenFree(({ kind, startedAtSeconds }) => {
      if (kind !== 'rdb' || startedAtSeconds === undefined) return;
      this.#lastTookSeconds = this.#nowSeconds() - startedAtSeconds; // For replicas, perhaps.
    });
  }

  /** SAVE: all else waits. */
  save(): SaveAnswer {
    const { disk } = this.#env;
    if (disk === null) return refused(NO_DISK);
    if (this.isSaving) return refused(IN_PROGRESS);
    this.#saves += 1;
    return this.#saveNow(disk) ? ok('OK') : refused(UNKNOWN_ERROR);
  }

  /**
   * BGSAVE.
   *
   * @param options - `schedule`: if it cannot be now, let it be as soon as it can. `isQueued`: EXEC
   * runs it, and the data must be those after all of its commands.
   */
  saveInBackground(options: {
    readonly schedule: boolean;
    readonly isQueued: boolean;
  }): SaveAnswer {
    const { disk } = this.#env;
    if (disk === null) return refused(NO_DISK);
    if (this.isSaving) return refused(IN_PROGRESS);
    const isRewriting = this.#env.turn.isTaken;
    if (options.isQueued || (options.schedule && isRewriting)) {
      this.#isScheduled = true;
      this.#env.beatSoon();
      return ok('Background saving scheduled');
    }
    if (isRewriting) return refused(ANOTHER_CHILD);
    return this.#begin(disk) ? ok('Background saving started') : refused(IN_PROGRESS);
  }

  /**
   * The last save before the end: whatever is under way is given up for it.
   *
   * @returns whether it is done.
   */
  saveAtEnd(): boolean {
    const { disk } = this.#env;
    return disk !== null && this.#saveNow(disk);
  }

  /** Give up a save in the background, if there is one. */
  abandon(): void {
    this.#background?.abandon();
  }

  /** In the background, be it for replicas. */
  get isSaving(): boolean {
    return this.#background !== null || this.#env.turn.holder?.kind === 'rdb';
  }

  /** Whether it saves by itself, at the end as well. */
  get hasSavePoints(): boolean {
    return this.#env.disk !== null && this.#env.config.savePoints.length > 0;
  }

  /**
   * FLUSHALL has emptied all: what is being saved or sent to replicas is not wanted any more, and
   * where the data are saved by themselves the file is emptied as well.
   */
  onFlushAll(): void {
    const { disk, turn } = this.#env;
    this.abandon();
    turn.onFlushed();
    if (disk !== null && this.hasSavePoints) this.#saveNow(disk);
  }

  /** Nothing will have to be saved as time goes by. */
  get isIdle(): boolean {
    if (this.loading() !== null) return false;
    if (this.#env.disk === null || this.#background !== null) return true; // Its end is an event.
    const isSavedSoon = this.#env.config.savePoints.length > 0 && this.changesSinceSave > 0;
    return !this.#isScheduled && !isSavedSoon;
  }

  /** Ten times a second, while there is something to do. */
  onCron(): void {
    const { disk, config, turn } = this.#env;
    if (this.loading() !== null) return;
    if (disk === null || this.#background !== null || turn.isTaken) return;
    const state = this.#state();
    const now = this.#nowSeconds();
    const point = dueSavePoint(config.savePoints, state, now);
    if (point !== null) {
      this.#env.log('notice', `${point.changes} changes in ${point.seconds} seconds. Saving...`);
      this.#begin(disk);
    } else if (this.#isScheduled && mayTry(state, now)) {
      if (this.#begin(disk)) this.#isScheduled = false;
    }
  }

  /**
   * Read the data that the node begins with. @throws RingleaderError UNLOADABLE: the log says why.
   */
  async load(sink: LoadSink): Promise<void> {
    const { disk, core } = this.#env;
    if (disk === null) return;
    this.#env.beatSoon(); // The clients that come meanwhile are to be seen to.
    this.#loaded = (await this.#load.run(disk, sink)) ?? NOTHING;
    this.#savedDirty = core.dirty;
  }

  /**
   * DEBUG RELOAD: read the file, all of it at once. What is there is not given up before the file
   * has been read once without anything being stored.
   *
   * @param saves - write it first. Without a folder that is a file in memory, and must be.
   * @param empty - have the old data gone.
   * @returns whether it is done; if not the log says why.
   */
  reload(saves: boolean, empty: () => void): boolean {
    const { disk, core, config } = this.#env;
    const from = disk ?? new MemoryDisk();
    if (saves && !this.#saveNow(from)) return false;
    const keysBefore = core.loader.keys;
    try {
      for (const isCheck of [true, false]) {
        const source = from.open(config.dbfilename);
        if (source === null) throw new DiskError('No such file or directory');
        if (!isCheck) empty();
        core.loader.setDb(0);
        const load = new RdbLoad(
          source,
          (bytes) => (isCheck ? core.loader.check(bytes) : core.loader.run(bytes)),
          (code) => (isCheck ? undefined : this.#env.libraries?.load(code)),
          isCheck && config.checksum ? new CoreChecksum(core) : null,
          () => {},
        );
        try {
          while (!load.step());
        } finally {
          source.close();
        }
      }
    } catch (error) {
      if (!(error instanceof RingleaderError) && !(error instanceof DiskError)) throw error;
      this.#env.log('warning', error.message);
      return false;
    }
    this.#savedDirty = core.dirty;
    this.noteLoaded(core.loader.keys - keysBefore);
    return true;
  }

  /** So many keys have been read in the place of those there were. */
  noteLoaded(keysLoaded: number): void {
    this.#loaded = { keysLoaded, keysExpired: 0 };
  }

  /** How far that is; null: it is over. */
  loading(): LoadProgress | null {
    return this.#load.progress();
  }

  /** CONFIG RESETSTAT. */
  resetCounts(): void {
    this.#saves = 0;
    this.#env.turn.begun = 0;
  }

  get snapshotsBegun(): number {
    return this.#env.turn.begun;
  }

  /** Unix seconds. */
  get lastSaveSeconds(): number {
    return this.#lastSaveSeconds;
  }

  get changesSinceSave(): number {
    return (this.#env.core.dirty - this.#savedDirty) >>> 0;
  }

  /** @returns null, or why clients may not write, as Redis words it. */
  whyNoWrites(): string | null {
    const { config } = this.#env;
    const isStopped = this.#lastFailed && config.stopsWritesOnError && this.hasSavePoints;
    return isStopped ? MISCONF : null;
  }

  /** The fields `rdb_…` of INFO's section persistence. */
  info(): readonly (readonly [string, string | number])[] {
    const { holder } = this.#env.turn;
    const startedAt =
      this.#background?.startedAtSeconds ??
      (holder?.kind === 'rdb' ? holder.startedAtSeconds : undefined);
    return [
      ['rdb_changes_since_last_save', this.changesSinceSave],
      ['rdb_bgsave_in_progress', this.isSaving ? 1 : 0],
      ['rdb_last_save_time', this.#lastSaveSeconds],
      ['rdb_last_bgsave_status', this.#lastFailed ? 'err' : 'ok'],
      ['rdb_last_bgsave_time_sec', this.#lastTookSeconds],
      [
        'rdb_current_bgsave_time_sec',
        startedAt === undefined ? -1 : this.#nowSeconds() - startedAt,
      ],
      ['rdb_saves', this.#saves],
      ['rdb_last_cow_size', 0],
      ['rdb_last_load_keys_expired', this.#loaded.keysExpired],
      ['rdb_last_load_keys_loaded', this.#loaded.keysLoaded],
    ];
  }

  #saveNow(disk: Disk): boolean {
    const { turn, config } = this.#env;
    this.abandon();
    turn.seize(UNINTERRUPTED, 'the data are being saved');
    try {
      const { dirty } = this.#env.core;
      if (!saveNow(this.#env, disk, config.dbfilename)) return false;
      this.#savedDirty = dirty;
    } finally {
      turn.giveBack(UNINTERRUPTED);
    }
    this.#lastSaveSeconds = this.#nowSeconds();
    this.#lastFailed = false;
    return true;
  }

  /** @returns false: another snapshot is under way. */
  #begin(disk: Disk): boolean {
    const { turn, config, core, processId } = this.#env;
    const holder: SnapshotHolder = { kind: 'rdb', giveUp: () => this.abandon() };
    if (!turn.take(holder)) return false;
    const { dirty } = core;
    this.#saves += 1;
    this.#lastTrySeconds = this.#nowSeconds();
    const save = new BackgroundSave(this.#env, disk, config.dbfilename, () =>
      turn.giveBack(holder),
    );
    this.#background = save;
    this.#env.log('notice', `Background saving started by pid ${processId}`);
    void save.run().then((outcome) => this.#onEnd(save, outcome, dirty));
    return true;
  }

  #onEnd(save: BackgroundSave, outcome: SaveOutcome, dirty: number): void {
    if (this.#background === save) this.#background = null;
    this.#lastTookSeconds = this.#nowSeconds() - save.startedAtSeconds;
    if (outcome === 'abandoned') {
      this.#env.log('warning', 'Background saving terminated by signal 10'); // As a child of Redis'.
      return;
    }
    this.#lastFailed = outcome === 'failed';
    if (this.#lastFailed) {
      this.#env.log('warning', 'Background saving error');
      return;
    }
    this.#env.log('notice', 'Background saving terminated with success');
    this.#savedDirty = dirty;
    this.#lastSaveSeconds = this.#nowSeconds();
  }

  #state(): SaveState {
    return {
      changes: this.changesSinceSave,
      lastSaveSeconds: this.#lastSaveSeconds,
      lastTrySeconds: this.#lastTrySeconds,
      lastFailed: this.#lastFailed,
    };
  }

  #nowSeconds(): number {
    return Math.floor(this.#env.clock.wallMs() / 1000);
  }
}

const ok = (text: string): SaveAnswer => ({ state: 'ok', text });
const refused = (text: string): SaveAnswer => ({ state: 'refused', text });
