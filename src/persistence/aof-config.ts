/** What an append-only file's directives say. */
import type { AofNames } from './aof-load.js';

/** Directives as they stand now. */
export interface AofConfig {
  readonly isWanted: boolean;
  readonly names: AofNames;
  readonly fsync: 'always' | 'everysec' | 'no';
  readonly sparesDiskOnRewrite: boolean;
  readonly rewritePercentage: number;
  readonly rewriteMinBytes: number;
  readonly usesRdb: boolean;
  readonly hasTimestamps: boolean;
  readonly syncsIncrementally: boolean;
  readonly keepsHistory: boolean;
  readonly checksum: boolean;
  readonly compresses: boolean;
  /** `rdb-key-save-delay` */
  readonly keySaveDelayMicros: number;
}
