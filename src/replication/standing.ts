/**
 * How a node stands in its replication, at the moment at which it is asked: what INFO and ROLE
 * show, whether clients may write, whether replicas can be served. Nothing here changes anything.
 */
import type { RoleReply } from '../base/role-reply.js';
import type { AckWaiters } from './ack-waiters.js';
import type { BacklogTtl } from './backlog-ttl.js';
import type { ReplicationEnvironment } from './environment.js';
import type { FailoverView } from './failover.js';
import type { FailoverControl } from './failover-control.js';
import { linkInfo, replicationInfo } from './info.js';
import { whyTooFewReplicas } from './min-replicas.js';
import type { OwnHistory } from './own-history.js';
import { backlogWindow, type Window } from './psync.js';
import type { ReplicaFeed } from './replica-feed.js';
import type { ReplicaLink } from './replica-link.js';
import type { Strict } from './strict/strict.js';
import { roleReply } from './role-reply.js';

export type Role = 'master' | 'replica';

const READ_ONLY = "READONLY You can't write against a read only replica.";

/** A node's replication, as its Replicator has put it together. */
export interface ReplicationParts {
  readonly env: ReplicationEnvironment;
  readonly history: OwnHistory;
  readonly link: ReplicaLink;
  readonly feed: ReplicaFeed;
  readonly failover: FailoverControl;
  readonly waiters: AckWaiters;
  readonly backlog: BacklogTtl;
  /** Null: the cluster is not strict. */
  readonly strict: Strict | null;
}

export class Standing {
  readonly #parts: ReplicationParts;

  constructor(parts: ReplicationParts) {
    this.#parts = parts;
  }

  role(): Role {
    return this.#parts.link.state === 'none' ? 'master' : 'replica';
  }

  /** Whether the keyspace is being filled by a full sync: nothing may be served from it. */
  isLoading(): boolean {
    const { link, env } = this.#parts;
    const isSyncing = link.fullSync?.isLoading ?? false;
    return isSyncing || env.isLoadingData?.() === true;
  }

  /** Whether this is a replica without a working link. */
  isStale(): boolean {
    return this.role() === 'replica' && this.#parts.link.state !== 'connected';
  }

  /** Whether no handshake, snapshot, failover or WAIT is under way. */
  isSettled(): boolean {
    const { link, feed, failover, waiters, strict } = this.#parts;
    const isLinked = link.state === 'none' || link.state === 'connected';
    const isAtRest = isLinked && failover.state === 'no-failover' && strict?.isSettled !== false;
    return isAtRest && waiters.isEmpty && feed.isSettled;
  }

  /** @returns null, or why no client may write, as Redis words it. */
  whyNoWrites(): string | null {
    const { config } = this.#parts.env;
    if (this.role() === 'replica') return config.replicaReadOnly ? READ_ONLY : null;
    return this.whyNotServing() ?? whyTooFewReplicas(config, () => this.#goodReplicas());
  }

  /** @returns null, or why no client may read either: of a strict cluster's node. */
  whyNotServing(): string | null {
    return this.#parts.strict?.whyNotServing() ?? null;
  }

  /** Whether what happens here enters the stream: a strict master is a candidate first. */
  appends(): boolean {
    return this.role() === 'master' && this.#parts.strict?.isEstablished !== false;
  }

  /** @returns null, or why no replica can be served now, as Redis words it. */
  whyNoReplicas(): string | null {
    const { env, failover, strict } = this.#parts;
    if (failover.state !== 'no-failover') return "NOMASTERLINK Can't SYNC while failing over";
    if (this.isLoading()) return 'LOADING Redis is loading the dataset in memory';
    const whyNot = strict?.whyNoReplicas() ?? null;
    if (whyNot !== null) return whyNot;
    if (this.isStale() && strict?.servesCandidate !== true)
      return "NOMASTERLINK Can't SYNC while not connected with my master";
    return env.core.isFenced() ? 'ERR this node has been replaced' : null;
  }

  /** INFO's section replication. */
  info(): (readonly [string, string | number])[] {
    const { env, history, link, feed, failover, backlog, strict } = this.#parts;
    const { clock, config } = env;
    const now = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
    const fields: (readonly [string, string | number])[] = replicationInfo({
      ids: history.ids,
      window: this.#window(),
      link: linkInfo(link),
      replicas: feed.records(),
      goodReplicas: this.#goodReplicas(),
      isBacklogActive: backlog.isActive,
      failoverState: failover.state,
      config,
      now,
    });
    fields.push(...feed.slowInfo(now.monotonicMs));
    return strict === null ? fields : [...fields, ...strict.info()];
  }

  roleReply(): RoleReply {
    const { env, link, feed } = this.#parts;
    return roleReply(link, feed.records(), env.core.head());
  }

  /** What the steps of a failover go by. */
  failoverView(): FailoverView {
    const { env, feed } = this.#parts;
    const replicas = feed.records().map(({ session: { host, port }, stage, offset }) => {
      return { host, port, isOnline: stage === 'online', offset };
    });
    const now = env.clock.monotonicMs();
    return { isMaster: this.role() === 'master', replicas, head: env.core.head(), now };
  }

  /** Counted when asked for: directives, roles, replicas and their lag change at any time. */
  #goodReplicas(): number {
    const { config, clock } = this.#parts.env;
    return this.#parts.feed.countGood(config.minReplicasMaxLagSeconds, clock.wallMs());
  }

  #window(): Window {
    const { core, config } = this.#parts.env;
    const keptFrom = this.#parts.feed.keptFrom();
    return backlogWindow(core.histStart, core.head(), config.replBacklogBytes, keptFrom);
  }
}
