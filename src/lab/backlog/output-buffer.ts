/**
 * What piles up for a replica during a full sync, and the limit that lets it finish.
 *
 * From the fork on the master keeps everything it writes for the replica: while the snapshot is
 * made, while it is sent, and while the replica loads it and reads nothing. If that reaches
 * `client-output-buffer-limit replica`, the master drops the replica, which asks again, has nothing
 * the backlog could continue, and starts over: the same full sync, the same write rate, the same
 * limit, without end. So the limit must hold the largest window of that length that there was.
 *
 * Redis' rules (checkClientOutputBufferLimits(), src/networking.c):
 * - hard: at that many bytes or more the replica is dropped at once. From 7.0 on a hard limit below
 *   `repl-backlog-size` counts as that size.
 * - soft: dropped when the bytes have been that many for more than so many seconds on end.
 * - 0 turns either off. The default is `256mb 64mb 60`.
 * What counts is memory, not bytes: some 64 bytes more for each block of 16 kb, and whole blocks.
 */
import { type Series, longestSegment, meanRate } from './series.js';
import { countBelow, gridSizes, MIN_BACKLOG_BYTES } from './size-grid.js';
import { measureWindows } from './windows.js';

export interface FullSyncOptions {
  /** Bytes of the snapshot, about those of the data set. */
  readonly datasetBytes: number;
  /** Bytes a second from the master, shared by the replicas that sync at the same time. */
  readonly linkRate: number;
  /** Bytes a second at which the master writes a snapshot and a replica loads one. */
  readonly saveRate: number;
  readonly loadRate: number;
  readonly replicas: number;
  /** The snapshot goes straight to the sockets (the default from 7.0 on), not to a file first. */
  readonly diskless: boolean;
}

export interface OutputLimit {
  readonly hardBytes: number;
  readonly softBytes: number;
  readonly softSeconds: number;
}

/** Redis' default. @see redis/redis 7.0 src/config.c, clientBufferLimitsDefaults */
export const DEFAULT_LIMIT: OutputLimit = {
  hardBytes: 256 * 2 ** 20,
  softBytes: 64 * 2 ** 20,
  softSeconds: 60,
};

/** How long each part of a full sync takes; seconds. */
export interface SyncPhases {
  readonly snapshot: number;
  readonly transfer: number;
  readonly load: number;
  /** From the fork until the replica reads on: what piles up is written in that time. */
  readonly total: number;
}

export interface OutputBufferSizing {
  readonly phases: SyncPhases;
  /** The most that was written in that time, at any moment of the series; bytes. */
  readonly largest: number;
  readonly typical: number;
  /** Until what piled up has been sent as well; Infinity: the link is slower than the writers. */
  readonly caughtUpSeconds: number;
  readonly limit: OutputLimit;
  /** The share of full syncs that Redis' default limit would cut: by the hard one, by the soft. */
  readonly defaultCuts: { readonly hard: number; readonly soft: number };
  /** The series is shorter than a full sync; its windows are scaled up. */
  readonly isExtrapolated: boolean;
}

/** Blocks' headers, and the last block counting whole. */
const OVERHEAD = 1.01;
const BLOCK_BYTES = 16 * 1024;
/** On top of the largest seen: another day may be worse. */
const HEADROOM = 1.25;

export function syncPhases(options: FullSyncOptions): SyncPhases {
  const { datasetBytes, linkRate, saveRate, loadRate, replicas, diskless } = options;
  const snapshot = datasetBytes / saveRate;
  const transfer = (datasetBytes * Math.max(1, replicas)) / linkRate;
  const load = datasetBytes / loadRate;
  // Without a file in between, making and sending go on at the same time.
  const sent = diskless ? Math.max(snapshot, transfer) : snapshot + transfer;
  return { snapshot, transfer, load, total: sent + load };
}

/**
 * @param backlogBytes - the limit is not below it.
 * @param largestValueBytes - of one write; it must fit beside what has piled up.
 */
export function sizeOutputBuffer(
  series: Series,
  options: FullSyncOptions,
  backlogBytes: number,
  largestValueBytes: number,
): OutputBufferSizing {
  const phases = syncPhases(options);
  const window = windowsOf(series, phases.total);
  const rate = meanRate(series) * Math.max(1, options.replicas);
  const free = options.linkRate - rate;
  const backlogOfAll = window.largest * Math.max(1, options.replicas);
  const caughtUpSeconds = free > 0 ? phases.total + backlogOfAll / free : Infinity;

  const needed = (window.largest + largestValueBytes) * OVERHEAD + 2 * BLOCK_BYTES;
  const hardBytes = roundUp(Math.max(needed * HEADROOM, backlogBytes));
  const softSeconds = Number.isFinite(caughtUpSeconds)
    ? Math.max(60, Math.ceil((caughtUpSeconds * HEADROOM) / 10) * 10)
    : 0;
  return {
    phases,
    largest: window.largest,
    typical: window.typical,
    caughtUpSeconds,
    limit: {
      hardBytes,
      // Half the hard limit, for longer than any full sync: a replica that hangs is still dropped.
      softBytes: softSeconds === 0 ? 0 : roundUp(hardBytes / 2),
      softSeconds,
    },
    defaultCuts: cuts(series, phases, backlogBytes),
    isExtrapolated: window.isExtrapolated,
  };
}

/**
 * Reached the hard limit, or the soft one for longer than its seconds, before the replica reads.
 */
function cuts(
  series: Series,
  phases: SyncPhases,
  backlogBytes: number,
): { readonly hard: number; readonly soft: number } {
  const { softBytes, softSeconds } = DEFAULT_LIMIT;
  const hardBytes = Math.max(DEFAULT_LIMIT.hardBytes, backlogBytes);
  const hard = windowsOf(series, phases.total).share(hardBytes / OVERHEAD);
  const early = phases.total - softSeconds;
  const soft = early > 0 ? windowsOf(series, early).share(softBytes / OVERHEAD) : 0;
  return { hard, soft };
}

function windowsOf(
  series: Series,
  seconds: number,
): {
  readonly largest: number;
  readonly typical: number;
  readonly isExtrapolated: boolean;
  share(bytes: number): number;
} {
  const longest = longestSegment(series);
  const isExtrapolated = seconds >= longest;
  const measured = isExtrapolated ? longest / 2 : seconds;
  const adjustment = { scale: isExtrapolated ? seconds / measured : 1, addedBytes: 0 };
  if (seconds <= 0) return { largest: 0, typical: 0, isExtrapolated, share: () => 0 };
  const { largestWorst } = measureWindows(series, measured, gridSizes(0), adjustment);
  const sizes = gridSizes(largestWorst);
  const { linear } = measureWindows(series, measured, sizes, adjustment);
  return {
    largest: largestWorst,
    typical:
      sizes[
        Math.max(
          0,
          linear.findIndex((share) => share <= 0.5),
        )
      ] ?? MIN_BACKLOG_BYTES,
    isExtrapolated,
    share: (bytes) => linear[countBelow(bytes, linear.length)] ?? 0,
  };
}

/** @returns the next whole megabyte, or 16 of them for large sizes. */
function roundUp(bytes: number): number {
  const unit = bytes > 2 ** 30 ? 16 * 2 ** 20 : 2 ** 20;
  return Math.ceil(bytes / unit) * unit;
}
