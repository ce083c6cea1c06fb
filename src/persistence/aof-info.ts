/**
 * The fields `aof_…` of INFO's section persistence.
 *
 * @see redis/redis 7.0.15 src/server.c, genRedisInfoString()
 */
import type { AofWriter } from './aof-writer.js';

type Fields = readonly (readonly [string, string | number])[];

/** What became of rewrites. */
export interface RewriteCounts {
  /** Of the last one; -1: there was none. */
  lastTookSeconds: number;
  lastFailed: boolean;
  /** On end. */
  failures: number;
  begun: number;
}

export interface AofView {
  readonly isOn: boolean;
  readonly writer: AofWriter | null;
  readonly isScheduled: boolean;
  readonly counts: RewriteCounts;
  /** Of the one under way; -1: none is. */
  readonly rewriteTakesSeconds: number;
  readonly currentBytes: number;
  readonly baseBytes: number;
  readonly delayedSyncs: number;
}

/** @returns those there always are, and those of a file that is on, which INFO has elsewhere. */
export function aofInfo(view: AofView): { readonly always: Fields; readonly whileOn: Fields } {
  const { writer, counts } = view;
  const isRewriting = view.rewriteTakesSeconds >= 0;
  const isScheduled = view.isScheduled ? 1 : 0;
  return {
    always: [
      ['aof_enabled', view.isOn ? 1 : 0],
      ['aof_rewrite_in_progress', isRewriting ? 1 : 0],
      ['aof_rewrite_scheduled', isScheduled],
      ['aof_last_rewrite_time_sec', counts.lastTookSeconds],
      ['aof_current_rewrite_time_sec', view.rewriteTakesSeconds],
      ['aof_last_bgrewrite_status', counts.lastFailed ? 'err' : 'ok'],
      ['aof_rewrites', counts.begun],
      ['aof_rewrites_consecutive_failures', counts.failures],
      ['aof_last_write_status', writer === null || writer.error === null ? 'ok' : 'err'],
      ['aof_last_cow_size', 0],
    ],
    whileOn: view.isOn
      ? [
          ['aof_current_size', view.currentBytes],
          ['aof_base_size', view.baseBytes],
          ['aof_pending_rewrite', isScheduled],
          ['aof_buffer_length', writer?.pendingBytes ?? 0],
          ['aof_pending_bio_fsync', writer?.isSyncing === true ? 1 : 0],
          ['aof_delayed_fsync', view.delayedSyncs],
        ]
      : [],
  };
}
