/**
 * What keeping data on disk needs of the node around it, as replication/environment.ts has it for
 * replication.
 */
import type { Clock } from '../base/time.js';
import type { KeyLoader } from '../core/loader.js';
import type { SnapshotMaker } from '../core/snapshots.js';
import type { SnapshotTurn } from '../core/snapshot-turn.js';
import type { RdbInfo } from '../rdb/encode.js';
import type { LibraryStore } from '../rdb/libraries.js';
import type { Disk } from './disk.js';
import type { Later } from './paced.js';
import type { SavePoint } from './save-points.js';

/** The part of the data core that is needed. @see src/core/core.ts */
export interface PersistenceCore {
  /** All of memory; made anew when it grows, so never kept over a call. */
  readonly u8: Uint8Array;
  readonly snapshots: SnapshotMaker;
  readonly loader: KeyLoader;
  /** Changes since the memory's beginning, modulo 2^32. */
  readonly dirty: number;
  setNow(unixMs: number): void;
  usedMemory(): number;
  /** @returns the checksum with these bytes added. */
  crc64(sum: bigint, bytes: Uint8Array): bigint;
}

/** Directives as they stand now. */
export interface PersistenceConfig {
  readonly savePoints: readonly SavePoint[];
  readonly dbfilename: string;
  readonly checksum: boolean;
  readonly compresses: boolean;
  readonly stopsWritesOnError: boolean;
  readonly syncsIncrementally: boolean;
  /** `rdb-key-save-delay` */
  readonly keySaveDelayMicros: number;
  /** `key-load-delay` */
  readonly keyLoadDelayMicros: number;
  /** `loading-process-events-interval-bytes` */
  readonly loadSliceBytes: number;
}

export type LogLevel = 'verbose' | 'notice' | 'warning';

export interface PersistenceEnvironment {
  readonly core: PersistenceCore;
  readonly turn: SnapshotTurn;
  readonly clock: Clock;
  readonly config: PersistenceConfig;
  /** Null: this node keeps nothing. */
  readonly disk: Disk | null;
  readonly processId: number;
  log(level: LogLevel, text: string): void;
  /** Libraries of functions; without it there are none. */
  readonly libraries?: LibraryStore;
  /** Where the data stand in a replication history; null: in none. */
  replication(): RdbInfo['replication'];
  /** Let what is waiting be done, then go on. */
  soon(task: () => void): void;
  readonly later: Later;
  /** Stop the node for so long, for tests; absent: never asked for. */
  sleep?(ms: number): void;
  /** There is something to do in the next turn of the cron, which else may be far off. */
  beatSoon(): void;
}
