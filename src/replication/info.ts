/**
 * The replication section of INFO: Redis' fields, in Redis' order, with Redis' meanings.
 *
 * One difference is meant: the backlog of a node is its ring, which is always there, so
 * `repl_backlog_active` is 1 from the start (until it is given up, backlog-ttl.ts) and offsets
 * count from the first write, where Redis waits for the first replica.
 *
 * @see redis/redis 7.0 src/server.c, genRedisInfoString()
 */
import type { Address } from '../base/address.js';
import type { Millis } from '../base/time.js';
import type { ReplicationConfig } from './environment.js';
import type { LinkState } from '../base/role-reply.js';
import { isMinReplicasActive, secondsBetween } from './min-replicas.js';
import type { Window } from './psync.js';
import { type ReplicaRecord, stageWord } from './replica-record.js';
import type { ReplicationIds } from './replication-id.js';

/** A replica's link, as INFO shows it. Times are monotonic ms. */
interface LinkInfo {
  readonly master: Address;
  readonly state: LinkState;
  readonly heardAt: Millis;
  /** Null: it has never been up since this node became a replica. */
  readonly downSince: Millis | null;
  /** Whether the node's data have an offset. */
  readonly canContinue: boolean;
  /** Null: none is under way. */
  readonly fullSync: { readonly readBytes: number; readonly totalBytes: number | null } | null;
}

/** @returns null: there is no link. */
export function linkInfo(
  link: Omit<LinkInfo, 'master'> & { readonly master: LinkInfo['master'] | null },
): LinkInfo | null {
  const { master, state, heardAt, downSince, canContinue, fullSync } = link;
  if (master === null) return null;
  return { master, state, heardAt, downSince, canContinue, fullSync };
}

export interface ReplicationView {
  readonly ids: ReplicationIds;
  readonly window: Window;
  /** Null: this node is a master. */
  readonly link: LinkInfo | null;
  readonly replicas: readonly ReplicaRecord[];
  readonly goodReplicas: number;
  readonly failoverState: string;
  /** Whether there is a backlog to continue from. */
  readonly isBacklogActive: boolean;
  readonly config: ReplicationConfig;
  readonly now: { readonly wallMs: Millis; readonly monotonicMs: Millis };
}

type Field = readonly [string, string | number];

export function replicationInfo(view: ReplicationView): Field[] {
  const { ids, window, replicas, config } = view;
  const histlen = window.head - window.histStart;
  const isCounting = isMinReplicasActive(
    config.minReplicasToWrite,
    config.minReplicasMaxLagSeconds,
  );
  return [
    ['role', view.link === null ? 'master' : 'slave'],
    ...(view.link === null ? [] : linkFields(view, view.link)),
    ['connected_slaves', replicas.length],
    ...(isCounting ? [['min_slaves_good_slaves', view.goodReplicas] as const] : []),
    ...replicas.map((record, index) => replicaField(record, index, view.now.wallMs)),
    ['master_failover_state', view.failoverState],
    ['master_replid', ids.replid],
    ['master_replid2', ids.replid2],
    ['master_repl_offset', window.head],
    ['second_repl_offset', ids.secondReplOffset],
    ['repl_backlog_active', view.isBacklogActive ? 1 : 0],
    ['repl_backlog_size', config.replBacklogBytes],
    ['repl_backlog_first_byte_offset', view.isBacklogActive ? window.histStart + 1 : 0],
    ['repl_backlog_histlen', view.isBacklogActive ? histlen : 0],
  ];
}

function linkFields(view: ReplicationView, link: LinkInfo): Field[] {
  const { config, window, now } = view;
  const isUp = link.state === 'connected';
  const isSyncing = link.state === 'sync';
  // Redis shows 1 while there is neither a master nor the memory of one.
  const offset = link.canContinue ? window.head : 1;
  const silentSeconds = Math.floor((now.monotonicMs - link.heardAt) / 1000);
  const downSeconds =
    link.downSince === null ? -1 : Math.floor((now.monotonicMs - link.downSince) / 1000);
  const fields: Field[] = [
    ['master_host', link.master.host],
    ['master_port', link.master.port],
    ['master_link_status', isUp ? 'up' : 'down'],
    ['master_last_io_seconds_ago', isUp ? silentSeconds : -1],
    ['master_sync_in_progress', isSyncing ? 1 : 0],
    ['slave_read_repl_offset', offset],
    ['slave_repl_offset', offset],
  ];
  if (isSyncing) {
    const read = link.fullSync?.readBytes ?? 0;
    // Of one that is sent while it is made that is not known before its end.
    const total = link.fullSync?.totalBytes ?? 0;
    fields.push(
      ['master_sync_total_bytes', total],
      ['master_sync_read_bytes', read],
      ['master_sync_left_bytes', total - read],
      ['master_sync_perc', (total === 0 ? 0 : (read / total) * 100).toFixed(2)],
      ['master_sync_last_io_seconds_ago', silentSeconds],
    );
  }
  if (!isUp) fields.push(['master_link_down_since_seconds', downSeconds]);
  fields.push(
    ['slave_priority', config.replicaPriority],
    ['slave_read_only', config.replicaReadOnly ? 1 : 0],
    ['replica_announced', config.replicaAnnounced ? 1 : 0],
  );
  return fields;
}

function replicaField(record: ReplicaRecord, index: number, wallMs: Millis): Field {
  const { session, stage, offset, ackedAt } = record;
  const isOnline = stage === 'online';
  const lag = isOnline ? secondsBetween(ackedAt, wallMs) : 0;
  // Redis knows no offset of a replica before its first ack.
  const shownOffset = isOnline ? offset : 0;
  return [
    `slave${index}`,
    `ip=${session.host},port=${session.port},state=${stageWord(record)},offset=${shownOffset},lag=${lag}`,
  ];
}
