/**
 * What a backlog and the replicas' output buffers cost in memory, by Redis' version.
 *
 * Up to 6.2 the backlog is a ring of its own, allocated whole, and every replica that lags has a
 * buffer of its own beside it: the same bytes once more for each. From 7.0 on there is one list of
 * blocks, which the backlog and all replicas refer to; the slowest of them decides how long it is.
 *
 * @see redis/redis 6.2 src/replication.c, createReplicationBacklog(), feedReplicationBacklog()
 * @see redis/redis 7.0 src/replication.c, feedReplicationBuffer(),
 * incrementalTrimReplicationBacklog()
 */
import { unusable } from '../../base/refuse.js';

export type RedisVersion = '6.2' | '7';

/**
 * @param text - as `7.0.15`, `6.2` or `8`.
 * @throws RingleaderError CONFIG_INVALID
 */
export function toVersion(name: string, text: string): RedisVersion {
  const [, major] = /^v?(\d+)(?:\.\d+)*$/.exec(text) ?? [];
  if (major === undefined || Number(major) < 3) {
    throw unusable(name, 'a version is a number such as 6.2 or 7', JSON.stringify(text));
  }
  return Number(major) >= 7 ? '7' : '6.2';
}

export interface MemoryCost {
  /** While all replicas follow; bytes. */
  readonly steady: number;
  /** While all replicas take a full sync at the busiest moment of the series. */
  readonly duringSync: number;
  /** At most, with all replicas at the hard limit. */
  readonly most: number;
}

/** A block's header and its node in the list, for each 16 kb. */
const HEADER_SHARE = 64 / (16 * 1024);

/** What so many bytes take up in blocks. */
const blocks = (bytes: number): number => bytes * (1 + HEADER_SHARE);

export function memoryCost(
  version: RedisVersion,
  backlogBytes: number,
  syncBytes: number,
  hardLimitBytes: number,
  replicas: number,
): MemoryCost {
  if (version === '6.2') {
    return {
      steady: backlogBytes,
      duringSync: backlogBytes + replicas * syncBytes,
      most: backlogBytes + replicas * hardLimitBytes,
    };
  }
  const shared = (bytes: number): number =>
    blocks(Math.max(backlogBytes, replicas === 0 ? 0 : bytes));
  return {
    steady: blocks(backlogBytes),
    duringSync: shared(syncBytes),
    most: shared(hardLimitBytes),
  };
}

/**
 * How far the backlog may hold more than its size: never anything up to 6.2. From 7.0 on whole
 * blocks are given back, and only while more than the size remains, so up to two blocks stay.
 */
export function backlogSlack(version: RedisVersion, backlogBytes: number): number {
  return version === '6.2' ? 0 : 2 * Math.max(backlogBytes / 16, 16 * 1024);
}
