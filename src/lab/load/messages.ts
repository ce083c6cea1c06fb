/** What a load's thread is told and tells. All of it can be cloned to another thread. */
import type { RecordableHistogram } from 'node:perf_hooks';
import type { MessagePort } from 'node:worker_threads';

import type { SharedMemory } from '../../base/shared-memory.js';
import type { Batches } from './batches.js';

export interface LoadJob {
  readonly batches: Batches;
  readonly clients: number;
  /** Commands/s over all clients; null: as fast as they are answered. */
  readonly rate: number | null;
  /** ms between two samples. */
  readonly sampleEveryMs: number;
  /** Of the answers, in ns; with a rate, from when a batch was to start. */
  readonly response: RecordableHistogram;
  /** For each replica in the order of `Target.replicas`: from then until it has applied, in ns. */
  readonly applied: readonly RecordableHistogram[];
}

export interface Target {
  readonly via: 'tcp' | 'process';
  /** Which master: connections stay as long as it is the same. */
  readonly masterId: string;
  readonly host: string;
  readonly port: number;
  /** Null: the server is not in this process, and its offsets cannot be read. */
  readonly master: SharedMemory | null;
  /** The histograms' indexes: a node keeps its own when it becomes master. */
  readonly replicas: readonly { readonly histogram: number; readonly memory: SharedMemory }[];
  /** Every node's, for the samples' offsets. */
  readonly nodes: readonly SharedMemory[];
}

export type ToLoad =
  /** Connect there; whatever is under way elsewhere is lost. */
  | { readonly type: 'target'; readonly target: Target }
  /** The connection that a client asked for; null: there is none now. */
  | {
      readonly type: 'port';
      readonly client: number;
      readonly connection: {
        readonly port: MessagePort;
        readonly counters: SharedArrayBuffer;
      } | null;
    }
  | { readonly type: 'start' }
  /** Send no more, wait for what is under way, and report. */
  | { readonly type: 'stop' };

export interface Sample {
  /** Unix ms, with a fraction. */
  readonly at: number;
  /** Since the last sample: commands answered, refused by an error reply, and lost unanswered. */
  readonly answered: number;
  readonly refused: number;
  readonly lost: number;
  /** ms; null: nothing was answered. */
  readonly slowestMs: number | null;
  /** Of `Target.nodes`. */
  readonly offsets: readonly number[];
}

export interface LoadTotals {
  /** Unix ms, with a fraction: the first batch, the last answer. */
  readonly from: number;
  readonly to: number;
  readonly answered: number;
  readonly refused: number;
  readonly lost: number;
}

export type FromLoad =
  | { readonly type: 'ready' }
  | { readonly type: 'need-port'; readonly client: number }
  | { readonly type: 'sample'; readonly sample: Sample }
  | { readonly type: 'done'; readonly totals: LoadTotals };
