/** What a simulated cluster is made of. */
import type { Millis } from '../base/time.js';
import { redisProfile, type SentinelProfile } from '../sentinel/profile.js';
import type { NetworkOptions } from './network.js';

/** What the sentinels call the master. */
export const GROUP = 'mymaster';

/** The coordinator's id. */
export const COORDINATOR = 'coordinator';

/**
 * Who is a thread of one process, and so has shared memory, wires and a supervisor; the others are
 * a process each, on a machine of its own, reached over TCP. `mixed`: all but the last node and the
 * last sentinel are threads.
 */
export type Placement = 'threads' | 'processes' | 'mixed';

/** `min-replicas-to-write` and `min-replicas-max-lag`. */
export interface MinReplicas {
  /** At least 1. */
  readonly toWrite: number;
  readonly maxLagSeconds: number;
}

export interface WorldOptions {
  /** Masters that the same sentinels watch; more than one of processes only. */
  readonly groups: number;
  /** Of each group: a master and its replicas. */
  readonly nodes: number;
  readonly sentinels: number;
  /** Whether sentinels know each other and all replicas from the start; else they find these. */
  readonly startsAcquainted: boolean;
  /** They are in the first group. */
  readonly clients: number;
  readonly placement: Placement;
  readonly quorum: number;
  readonly downAfterMs: Millis;
  readonly failoverTimeoutMs: Millis;
  readonly parallelSyncs: number;
  /** Of the sentinels: for elections and what is in the process; for what is reached over TCP. */
  readonly profile: SentinelProfile;
  readonly remoteProfile: SentinelProfile;
  readonly network: NetworkOptions;
  /** Whether sentinels are told when a thread of their process ends. */
  readonly deathIsKnown: boolean;
  /** Whether a coordinator carries what sentinels of the process ask each other. */
  readonly coordinator: boolean;
  /** Whether a promotion fences the old master's memory. */
  readonly fencing: boolean;
  /** Whether replies wait until a majority of the nodes holds what they tell; of threads alone. */
  readonly strict: boolean;
  /** Null: masters write whatever becomes of their replicas. */
  readonly minReplicas: MinReplicas | null;
  /** Whether nodes keep an append-only file, and when it is synced. */
  readonly disk: 'none' | 'always' | 'everysec';
  readonly backlogBytes: number;
  /** More of redis.conf, for all nodes. */
  readonly directives: Readonly<Record<string, string>>;
}

/** Processes as they mostly are: a master, two replicas and three sentinels by Redis' periods. */
export const REAL_PROCESSES: WorldOptions = {
  groups: 1,
  nodes: 3,
  sentinels: 3,
  startsAcquainted: false,
  clients: 2,
  placement: 'processes',
  quorum: 2,
  downAfterMs: 2000,
  failoverTimeoutMs: 6000,
  parallelSyncs: 1,
  profile: redisProfile,
  remoteProfile: redisProfile,
  network: { delayMs: 20, slowMs: 300, loss: 0, duplication: 0 },
  deathIsKnown: false,
  coordinator: false,
  fencing: false,
  strict: false,
  disk: 'none',
  backlogBytes: 256 * 1024,
  minReplicas: null,
  directives: {},
};

/** Whether the actor with this number, of so many of its kind, is a thread of the process. */
export function isInside(placement: Placement, index: number, count: number): boolean {
  if (placement === 'mixed') return index < count - 1;
  return placement === 'threads';
}
