/** What there is to ask of a node's replication, by commands, INFO and the node itself. */
import type { Address } from '../base/address.js';
import type { RoleReply } from '../base/role-reply.js';
import type { FullSync } from './full-sync.js';
import type { SyncCounters } from './replica-feed.js';
import type { ReplicaRecord } from './replica-record.js';
import type { ReplicationIds } from './replication-id.js';
import type { ReplicationParts, Role, Standing } from './standing.js';
import type { Strict } from './strict/strict.js';
import { countAcked } from './wait.js';

export abstract class ReplicationFacts {
  protected abstract readonly standing: Standing;
  protected abstract readonly parts: ReplicationParts;

  role(): Role {
    return this.standing.role();
  }

  /** The master to follow; null for a master. */
  master(): Address | null {
    return this.parts.link.master;
  }

  /** The offset of the last byte this node published or applied. */
  offset(): number {
    return this.parts.env.core.head();
  }

  /** The id of the history that this node is in. */
  replid(): string {
    return this.parts.history.ids.replid;
  }

  ids(): ReplicationIds {
    return this.parts.history.ids;
  }

  /** Resyncs served and bytes moved since the start, for INFO stats. */
  syncCounts(): SyncCounters & { readonly inputBytes: number } {
    return { ...this.parts.feed.counts(), inputBytes: this.parts.link.inputBytes };
  }

  /** CONFIG RESETSTAT. */
  resetCounts(): void {
    this.parts.feed.resetCounts();
    this.parts.link.resetCounts();
  }

  /** Whether the keyspace is being filled by a full sync: nothing may be served from it. */
  isLoading(): boolean {
    return this.standing.isLoading();
  }

  /** How far the loading of a full sync is; null: none is being loaded. */
  loadingFullSync(): ReturnType<FullSync['loading']> {
    return this.parts.link.fullSync?.loading() ?? null;
  }

  /** Whether a full sync is loaded while the old data are served. */
  isLoadingBeside(): boolean {
    return this.parts.link.fullSync?.isLoadingBeside ?? false;
  }

  /** Whether this is a replica without a working link. */
  isStale(): boolean {
    return this.standing.isStale();
  }

  /** @returns null, or why no client may write, as Redis words it. */
  canWrite(): string | null {
    return this.standing.whyNoWrites();
  }

  /** @returns null, or why no client may read either: of a strict cluster's node. */
  whyNotServing(): string | null {
    return this.standing.whyNotServing();
  }

  /** Whether what happens here enters the stream. */
  appends(): boolean {
    return this.standing.appends();
  }

  /** What replies wait for in a strict cluster; null: in none. */
  get majority(): Pick<Strict, 'holds' | 'wait'> | null {
    return this.parts.strict;
  }

  /** Whether time alone changes nothing within a second. */
  get isSettled(): boolean {
    return this.standing.isSettled();
  }

  /** INFO's section replication. */
  info(): (readonly [string, string | number])[] {
    return this.standing.info();
  }

  roleReply(): RoleReply {
    return this.standing.roleReply();
  }

  replicas(): readonly ReplicaRecord[] {
    return this.parts.feed.records();
  }

  ackedReplicas(offset: number): number {
    return countAcked(this.parts.feed.offsets(), offset);
  }
}
