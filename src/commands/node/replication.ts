/**
 * What commands ask of replication, and tell it; src/replication implements it, the actor joins
 * them.
 */
import type { RoleReply } from '../../base/role-reply.js';
import type { Address } from '../../base/address.js';
import type { CommandClient } from './clients.js';

/** What is answered while there is no data set to be asked about. */
export const LOADING = 'LOADING Redis is loading the dataset in memory';

/** Who this node replicates from, and to, and how far it is. */
export interface ReplicationState {
  role(): 'master' | 'replica';
  /** The master to follow, or null for a master. */
  master(): Address | null;
  /** The id of the history that this node is in. */
  replid(): string;
  /** The fields of INFO's section replication, from `role` on, in Redis' order. */
  info(): readonly (readonly [string, string | number])[];
  /** What ROLE answers, by role. Offsets are replication offsets. */
  roleReply(): RoleReply;
  /** The master asks how far this node is. */
  acknowledge(): void;
  /** @returns null, or why no client may write now: READONLY, NOREPLICAS… */
  canWrite(): string | null;
  /** @returns null, or why no client may read or write data now: of a strict cluster's node. */
  whyNotServing(): string | null;
  /** Whether writes, expiries and messages here enter the stream: mostly, on a master. */
  appends(): boolean;
  /** Whether this is a replica without a working link to its master. */
  isStale(): boolean;
  /** Whether FAILOVER is handing this node's role over. */
  isFailingOver(): boolean;
  /** Whether the data set is being loaded. */
  isLoading(): boolean;
  /** How far the loading of a full sync is; null: none is being loaded. */
  loadingFullSync(): {
    readonly startedAtSeconds: number;
    /** 0: not known before its end. */
    readonly totalBytes: number;
    readonly loadedBytes: number;
  } | null;
  /** Whether another data set is being loaded while clients are served from the old one. */
  isLoadingBeside(): boolean;
  /** The offset of the last byte this node published (a master), or applied (a replica). */
  offset(): number;
  /** Counts for INFO stats: synchronisations served and replication traffic. */
  syncCounts(): SyncCounts;
  /** CONFIG RESETSTAT. */
  resetCounts(): void;
  /** @returns how many replicas have acknowledged `offset`. */
  ackedReplicas(offset: number): number;
  /**
   * Wait until `replicas` of them have acknowledged `offset`, or the time is up.
   *
   * @param timeoutMs - 0: no limit.
   * @returns how many have, then.
   */
  wait(replicas: number, timeoutMs: number, offset: number): Promise<number>;
}

/** What clients ask for that changes who replicates from whom. */
export interface RoleChanges {
  /**
   * Follow another master, or (null) become one. Takes effect before the next command; the link is
   * made afterwards. Never called with the master already followed.
   *
   * @param requestedBy - the client that gave the command.
   * @param by - what it is in the log: a user's request, or a failover's.
   */
  replicaOf(master: Address | null, requestedBy: CommandClient, by?: 'user' | 'failover'): void;
  /**
   * Begin to hand this master's role to a replica.
   *
   * @param request - `target` null: to any that has everything; `timeoutMs` 0: no limit.
   * @param requestedBy - the client that gave the command.
   * @returns null, or why not, as Redis words it.
   */
  failover(
    request: {
      readonly target: Address | null;
      readonly force: boolean;
      readonly timeoutMs: number;
    },
    requestedBy: CommandClient,
  ): string | null;
  /** Begin another history with the data there are. */
  changeHistory(): void;
  /** @returns false: none is under way. */
  abortFailover(): boolean;
  /**
   * Serve a replica on a client's connection from now on.
   *
   * @param request - null: it asked with SYNC.
   * @returns null, or why not, as Redis words it.
   */
  serve(
    client: CommandClient,
    request: { readonly replid: string; readonly offset: number } | null,
  ): string | null;
}

interface SyncCounts {
  readonly full: number;
  readonly partialOk: number;
  readonly partialErr: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
}
