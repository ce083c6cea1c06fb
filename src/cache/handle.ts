/**
 * What other threads need in order to reach a cluster: a value that structured clone carries.
 *
 * It holds shared memory and names, no ports: the same handle serves any number of threads, by
 * `workerData` or a message. `attach(handle)` turns it into a cache there.
 *
 *   directory, one SharedArrayBuffer a cluster: 3 × i32, atomic
 *     +0  how often anything of what follows, or of the nodes, has changed
 *     +4  the index of the actor that is master; written before the change is counted
 *     +8  1: no node takes writes, the master is a server outside; 0: that one does
 */
import type { MessagePort } from 'node:worker_threads';

import type { SharedMemory } from '../base/shared-memory.js';
import { RingleaderError } from '../base/errors.js';
import { refusal } from '../base/refuse.js';
import type { ReaderModule } from '../keyspace/shared-reader.js';

export const DIRECTORY_BYTES = 12;
export const CHANGES = 0;
export const MASTER = 1;
export const IS_READ_ONLY = 2;

/** A cluster, as another thread finds it. Opaque; post it, and give it to `attach`. */
export interface ClusterHandle {
  readonly kind: 'ringleader-cluster';
  /** The process whose memory it is. */
  readonly pid: number;
  /** Which cluster of the process. */
  readonly id: string;
  /** The thread that it was started in. */
  readonly threadId: number;
  readonly directory: SharedArrayBuffer;
  readonly reader: ReaderModule;
  /** Nodes evict keys when memory is full: they want to know what is used. */
  readonly evicts: boolean;
  readonly password: string | null;
}

/** One node, in one of its lives. */
export interface SharedNode {
  readonly id: string;
  readonly index: number;
  readonly memory: SharedMemory;
}

/** Attached thread → the cluster's. */
export type AttachedMessage =
  /** A connection to this node has been used: send another one. */
  { readonly type: 'connect'; readonly id: string };

/** The cluster's thread → an attached one. */
export type AccessMessage =
  | { readonly type: 'welcome'; readonly slot: number; readonly nodes: readonly SharedNode[] }
  | { readonly type: 'refused'; readonly reason: string }
  /** A node has begun another life. */
  | { readonly type: 'node'; readonly node: SharedNode }
  /** A connection to a node, for when it is wanted. */
  | {
      readonly type: 'connection';
      readonly id: string;
      readonly index: number;
      readonly port: MessagePort;
      readonly counters: SharedArrayBuffer;
    }
  | { readonly type: 'master'; readonly id: string };

/** What is sent to the cluster's thread, with a port for the two kinds of messages above. */
export interface AttachRequest {
  readonly ringleader: 'attach';
  readonly id: string;
  readonly port: MessagePort;
}

/** @throws RingleaderError CONFIG_INVALID: it is no handle, or not one of this process. */
export function checkHandle(handle: unknown): ClusterHandle {
  if (!isHandle(handle)) {
    throw refusal('what is to be attached to', 'what cluster.handle() returned', handle);
  }
  if (handle.pid !== process.pid) {
    throw new RingleaderError(
      'CONFIG_INVALID',
      `cannot attach to a cluster of process ${handle.pid} from process ${process.pid}: its memory is ` +
        'shared by the threads of one process; from others, connect to its ports (cluster.clientOptions)',
    );
  }
  if (!(handle.directory instanceof SharedArrayBuffer)) {
    throw new RingleaderError(
      'CONFIG_INVALID',
      'cannot attach to the cluster: the handle has lost its shared memory; post it as it is, not as JSON',
    );
  }
  return handle;
}

function isHandle(value: unknown): value is ClusterHandle {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    value.kind === 'ringleader-cluster'
  );
}
