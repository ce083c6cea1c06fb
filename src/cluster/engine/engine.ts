/**
 * What runs a cluster's nodes and sentinels: threads of this process, processes of ours, or real
 * servers. `Cluster` is the same above each of them.
 *
 * What an engine cannot do it refuses with UNSUPPORTED, naming itself and the call.
 */
import type { MessagePort } from 'node:worker_threads';

import type { Address } from '../../base/address.js';
import type { SharedMemory } from '../../base/shared-memory.js';
import type { Cache } from '../../cache/cache.js';
import type { ClusterHandle } from '../../cache/handle.js';
import type { CacheOptions } from '../../cache/options.js';
import type { Fault } from '../../runtime/faults.js';
import type { Detection } from '../../runtime/messages.js';
import type { RemoteOperator } from '../../runtime/operator.js';
import type { Group } from '../agreement.js';
import type { BatchChannel, BatchOptions } from '../client/batch.js';
import type { Client } from '../client/client.js';
import type { ClientOptions } from '../client/client-options.js';
import type { NodeInfo, SentinelInfo } from '../members.js';

/** Each call takes what `Cluster` has checked. */
export interface Engine {
  /** The cluster, as it is asked whether all agree. */
  readonly group: Group;
  readonly masterId: string;
  readonly following: Address | null;
  nodes(): NodeInfo[];
  sentinels(): SentinelInfo[];
  client(options: ClientOptions): Client;
  batches(id: string, options: BatchOptions): BatchChannel;
  handle(): ClusterHandle;
  cache(options: CacheOptions): Promise<Cache<unknown>>;
  openConnection(id: string): { port: MessagePort; counters: SharedArrayBuffer } | null;
  memories(): { id: string; memory: SharedMemory }[];
  /** @throws RingleaderError NO_SUCH_ACTOR */
  record(id: string): unknown;
  kill(id: string, detect: Detection | undefined): Promise<void>;
  inject(id: string, fault: Fault): void;
  pause(id: string): Promise<void>;
  resume(id: string): void;
  cut(a: string, b: string): void;
  /** One pair, or all. */
  heal(a?: string, b?: string): void;
  operator(id: string): RemoteOperator;
  stop(): Promise<void>;
}
