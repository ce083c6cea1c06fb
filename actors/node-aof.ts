/** A node's append-only file, put together from its parts. */
import type { AppendOnlyFile } from '../src/commands/node/persistence.js';
import type { Config } from '../src/config/config.js';
import type { Core } from '../src/core/core.js';
import type { SnapshotTurn } from '../src/core/snapshot-turn.js';
import { RingleaderError } from '../src/base/errors.js';
import type { Keyspace } from '../src/keyspace/keyspace.js';
import type { AofConfig } from '../src/persistence/aof-config.js';
import { AppendOnly } from '../src/persistence/append-only.js';
import type { AofDisk } from '../src/persistence/aof-disk.js';
import { AofLoad, type AofLoadProgress } from '../src/persistence/aof-load.js';
import type { AofLatencyEvent } from '../src/persistence/aof-writer.js';
import { DiskError } from '../src/persistence/disk.js';
import { type Manifest, partsOf } from '../src/persistence/manifest.js';
import type { LibraryStore } from '../src/rdb/libraries.js';
import type { Replicator } from '../src/replication/replicator.js';
import { runLoaded } from '../src/server/applied.js';
import type { NodeServices } from '../src/server/services.js';
import type { NodeSurroundings } from './node-surroundings.js';

const NO_DISK = 'this node keeps its data in memory only: it has no directory for a file';

export interface NodeAofParts {
  readonly around: NodeSurroundings;
  readonly core: Core;
  readonly keyspace: Keyspace;
  readonly libraries: LibraryStore;
  readonly turn: SnapshotTurn;
  readonly replicator: Pick<Replicator, 'role' | 'dataHistory' | 'resume'>;
  /** Made later than this. */
  readonly services: () => NodeServices;
}

export class NodeAof {
  readonly #parts: NodeAofParts;
  readonly #disk: AofDisk;
  readonly #file: AppendOnly;
  readonly control: AppendOnlyFile;
  #loading: { readonly startedAtSeconds: number; readonly progress: AofLoadProgress } | null = null;
  #willFlush = false;
  /** Replies that wait for the disk. */
  #waiting: (() => void)[] = [];

  constructor(parts: NodeAofParts) {
    const { around, core, turn } = parts;
    const { config, log, nodeConfig } = around;
    this.#parts = parts;
    this.#disk = around.disks.appendOnly;
    this.#file = new AppendOnly({
      core,
      libraries: parts.libraries,
      ring: core,
      turn,
      clock: around.clock,
      config: aofConfig(config),
      disk: this.#disk,
      processId: around.processId,
      log: (level, text) => log.write(level, text),
      soon: (task) => around.soon(task),
      later: (delayMs, task) => around.later(delayMs, task),
      onFatal: () => around.exit(1),
      beforeWrite() {
        const { aofFlushSleepMicros } = parts.services().switches;
        if (aofFlushSleepMicros > 0) around.nodeClock.sleep(aofFlushSleepMicros / 1000);
      },
      onLatency: (event, elapsedMs) => this.#noteLatency(event, elapsedMs),
      mustNotFail: () =>
        parts.replicator.role() === 'replica' && !config.replicaIgnoreDiskWriteErrors.value,
      history: () => (nodeConfig.notesHistory === true ? parts.replicator.dataHistory() : null),
    });
    this.control = this.#makeControl();
    config.aofDisableAutoGc.onChange((isDisabled) => {
      if (!isDisabled && this.#hasDisk) this.#file.files.deleteHistory();
      return null;
    });
    config.appendonly.onChange((isWanted) => {
      if (!this.#hasDisk) return isWanted ? NO_DISK : null;
      const refusal = this.#file.set(isWanted, this.#isInTransaction());
      around.beatSoon();
      return refusal;
    });
  }

  /** Whether it has a disk of its own. */
  get #hasDisk(): boolean {
    return this.#parts.around.disks.data !== null;
  }

  get isIdle(): boolean {
    return this.#file.isIdle;
  }

  /**
   * Read the data that the node begins with, and write on from there.
   *
   * @throws RingleaderError UNLOADABLE
   */
  async load(): Promise<void> {
    try {
      if (!this.#hasDisk) throw new DiskError(NO_DISK);
      const manifest = this.#file.findAtStart();
      if (partsOf(manifest).length > 0) {
        const load = this.#loadOf(manifest);
        await this.#loadInSlices(load);
        if (load.history !== null) this.#parts.replicator.resume(load.history);
      }
      this.#file.openAtStart();
    } catch (error) {
      throw this.#unloadable(error);
    } finally {
      this.#loading = null;
    }
  }

  async #loadInSlices(load: AofLoad): Promise<void> {
    const { log, clock, soon } = this.#parts.around;
    const startedAtMs = clock.wallMs();
    this.#loading = {
      startedAtSeconds: Math.floor(startedAtMs / 1000),
      progress: load.progress,
    };
    const slices = load.run();
    while (slices.next().done !== true) {
      await new Promise<void>((resolve) => soon(resolve));
    }
    const seconds = (clock.wallMs() - startedAtMs) / 1000;
    log.write('notice', `DB loaded from append only file: ${seconds.toFixed(3)} seconds`);
  }

  /** A full sync is about to replace all data. */
  beforeFullSync(): void {
    this.#file.stop();
  }

  /** The data are those of a full sync. */
  afterFullSync(): void {
    this.#file.restart();
    this.#parts.around.beatSoon();
  }

  onCron(): void {
    this.#file.onCron();
  }

  /**
   * The node ends: all is to be on the disk.
   *
   * @param isForced - it ends whatever becomes of the file.
   * @returns false: it must not, since what there is of a file that was turned on is worth nothing
   * yet.
   */
  finish(isForced: boolean): boolean {
    return this.#file.finish(isForced);
  }

  // ── The stream ────────────────────────────────────────────────────────────────────────────────

  /** So many bytes are about to be appended to the stream. */
  makeRoom(bytes: number): void {
    this.#file.makeRoom(bytes);
  }

  /** What was appended since `from` is for replicas alone. */
  skip(from: number): void {
    this.#file.skip(from);
  }

  /** Something was published, perhaps: it is written once this turn of the loop is over. */
  onBatchEnd(): void {
    if (this.#willFlush || this.#file.pending === 'none') return;
    this.#flushSoon();
  }

  /** @see BatchFlow.awaitDisk */
  awaitDisk(send: () => void): boolean {
    // Where that is quickly done it is written before its reply is sent, as in Redis.
    if (!this.#willFlush && this.#file.pending === 'few') this.#file.flush();
    if (!this.#file.owesSync) return false;
    this.#waiting.push(send);
    if (!this.#willFlush) this.#flushSoon();
    return true;
  }

  /** @see BatchFlow.syncNow */
  syncNow(): void {
    if (this.#file.owesSync) this.#file.flush();
  }

  /** One write, and where it is wanted one fsync, for all that came in this turn. */
  #flushSoon(): void {
    this.#willFlush = true;
    this.#parts.around.soon(() => {
      this.#willFlush = false;
      this.#file.flush();
      for (const send of this.#waiting.splice(0)) send();
    });
  }

  // ── Parts ─────────────────────────────────────────────────────────────────────────────────────

  #makeControl(): AppendOnlyFile {
    const file = this.#file;
    return {
      rewrite: (isQueued) => {
        if (!this.#hasDisk) return { state: 'refused', text: `ERR ${NO_DISK}` };
        const answer = file.rewriteInBackground(isQueued);
        this.#parts.around.beatSoon();
        return answer;
      },
      reload: () => this.#reload(),
      loading: () =>
        this.#loading && {
          startedAtSeconds: this.#loading.startedAtSeconds,
          ...this.#loading.progress,
        },
      whyNoWrites: () => file.whyNoWrites(),
      info: () => file.info(),
      get bufferBytes() {
        return file.bufferBytes;
      },
      resetCounts: () => file.resetCounts(),
    };
  }

  /** DEBUG LOADAOF. Replicas are not told: they have what is read. @returns why not; null: done. */
  #reload(): string | null {
    if (!this.#hasDisk) return `ERR ${NO_DISK}`;
    const { keyspace, around } = this.#parts;
    const { log } = around;
    this.#file.flush(true);
    try {
      const manifest = this.#file.findAtStart();
      keyspace.flushAll();
      this.#parts.libraries.flush();
      for (const _ of this.#loadOf(manifest).run());
    } catch (error) {
      if (!(error instanceof DiskError) && !(error instanceof RingleaderError)) throw error;
      log.write('warning', error.message);
      return 'ERR Error trying to load the AOF files, check server logs.';
    }
    log.write('warning', 'Append Only File loaded by DEBUG LOADAOF');
    return null;
  }

  #loadOf(manifest: Manifest): AofLoad {
    const { core, keyspace, around, services } = this.#parts;
    const { config, log } = around;
    const { names } = aofConfig(config);
    return new AofLoad(
      {
        disk: this.#disk,
        names,
        clock: around.clock,
        core,
        libraries: this.#parts.libraries,
        run(args, db) {
          keyspace.role.isApplying = true;
          try {
            return runLoaded(services(), args, db);
          } finally {
            keyspace.role.isApplying = false;
          }
        },
        loadsTruncated: config.aofLoadTruncated.value,
        checksum: config.rdbchecksum.value,
        log: (level, text) => log.write(level, text),
      },
      manifest,
    );
  }

  #unloadable(error: unknown): RingleaderError {
    if (!(error instanceof DiskError) && !(error instanceof RingleaderError)) throw error;
    const { config, log } = this.#parts.around;
    const text =
      error instanceof DiskError
        ? `Fatal error with the files in ${config.appenddirname.value}: ${error.message}. Exiting.`
        : error.message;
    log.write('warning', text);
    return new RingleaderError('UNLOADABLE', text, { cause: error });
  }

  /** Whether EXEC is running commands. */
  #isInTransaction(): boolean {
    return this.#parts
      .services()
      .clients.all()
      .some(({ collected }) => collected !== null);
  }

  #noteLatency(event: AofLatencyEvent, elapsedMs: number): void {
    const { latency, config, clock } = this.#parts.services();
    const seconds = Math.floor(clock.wallMicros() / 1e6);
    latency.add(event, elapsedMs * 1000, config.latencyMonitorThreshold.value, seconds);
  }
}

function aofConfig(config: Config): AofConfig {
  return {
    get isWanted() {
      return config.appendonly.value;
    },
    get names() {
      return { folder: config.appenddirname.value, file: config.appendfilename.value };
    },
    get fsync() {
      return config.appendfsync.value;
    },
    get sparesDiskOnRewrite() {
      return config.noAppendfsyncOnRewrite.value;
    },
    get rewritePercentage() {
      return config.autoAofRewritePercentage.value;
    },
    get rewriteMinBytes() {
      return config.autoAofRewriteMinSize.value;
    },
    get usesRdb() {
      return config.aofUseRdbPreamble.value;
    },
    get hasTimestamps() {
      return config.aofTimestampEnabled.value;
    },
    get syncsIncrementally() {
      return config.aofRewriteIncrementalFsync.value;
    },
    get keepsHistory() {
      return config.aofDisableAutoGc.value;
    },
    get compresses() {
      return config.rdbcompression.value;
    },
    get checksum() {
      return config.rdbchecksum.value;
    },
    get keySaveDelayMicros() {
      return config.rdbKeySaveDelay.value;
    },
  };
}
