/**
 * FAILOVER: a master hands its role to one of its replicas, and nothing is lost.
 *
 *   waiting-for-sync        clients' writes wait; a replica is looked for that has everything
 *   failover-in-progress    this node follows that replica, and its PSYNC says: take over
 *
 * From the first on it can be given up: this node is the master again, and writes go on. With FORCE
 * the second begins when the time is up, whatever the replica lacks.
 *
 * Nothing here asks or tells another node anything; replicator.ts does what these steps say.
 *
 * @see redis/redis 7.0 src/replication.c, failoverCommand(), updateFailoverStatus()
 */
import { joinHostPort } from '../base/host-port.js';
import type { Millis } from '../base/time.js';

export interface FailoverTarget {
  readonly host: string;
  readonly port: number;
}

/** What FAILOVER asks for. */
export interface FailoverRequest {
  /** Null: any replica that has everything. */
  readonly target: FailoverTarget | null;
  readonly force: boolean;
  /** 0: no limit. */
  readonly timeoutMs: Millis;
}

export type Failover =
  | { readonly state: 'no-failover' }
  | {
      readonly state: 'waiting-for-sync';
      readonly target: FailoverTarget | null;
      readonly force: boolean;
      /** Monotonic ms; null: no limit. */
      readonly deadlineAt: Millis | null;
    }
  | { readonly state: 'failover-in-progress'; readonly target: FailoverTarget };

export const NO_FAILOVER: Failover = { state: 'no-failover' };

/** A replica, as far as it matters here. */
export interface FailoverCandidate extends FailoverTarget {
  readonly isOnline: boolean;
  /** The last byte that it is known to have. */
  readonly offset: number;
}

/** The node at the moment of a decision. */
export interface FailoverView {
  readonly isMaster: boolean;
  readonly replicas: readonly FailoverCandidate[];
  /** The offset of the last byte published. */
  readonly head: number;
  /** Monotonic ms. */
  readonly now: Millis;
}

export type FailoverStart =
  | { readonly type: 'refused'; /** As Redis words it. */ readonly error: string }
  | { readonly type: 'begun'; readonly failover: Failover; readonly log: string };

/** Decide on a FAILOVER. */
export function beginFailover(
  present: Failover,
  { target, force, timeoutMs }: FailoverRequest,
  { isMaster, replicas, now }: FailoverView,
): FailoverStart {
  if (present.state !== 'no-failover') return refused('FAILOVER already in progress.');
  if (!isMaster) return refused('FAILOVER is not valid when server is a replica.');
  if (replicas.length === 0) return refused('FAILOVER requires connected replicas.');
  if (force && (timeoutMs === 0 || target === null)) {
    return refused('FAILOVER with force option requires both a timeout and target HOST and IP.');
  }
  if (target !== null) {
    const replica = find(replicas, target);
    if (replica === undefined) return refused('FAILOVER target HOST and PORT is not a replica.');
    if (!replica.isOnline) return refused('FAILOVER target replica is not online.');
  }
  const deadlineAt = timeoutMs === 0 ? null : now + timeoutMs;
  return {
    type: 'begun',
    failover: { state: 'waiting-for-sync', target, force, deadlineAt },
    log: `FAILOVER requested to ${nameOf(target)}.`,
  };
}

const refused = (text: string): FailoverStart => ({ type: 'refused', error: `ERR ${text}` });

export type FailoverStep =
  | { readonly type: 'wait' }
  /** Follow the target; it takes over. */
  | { readonly type: 'go'; readonly target: FailoverTarget; readonly log: string }
  | { readonly type: 'abort'; readonly reason: string };

/** Decide, at each cron turn and acknowledgement, what comes next. */
export function stepFailover(failover: Failover, view: FailoverView): FailoverStep {
  if (failover.state !== 'waiting-for-sync') return { type: 'wait' };
  const { target, force, deadlineAt } = failover;
  if (deadlineAt !== null && deadlineAt <= view.now) {
    if (!force || target === null) {
      return { type: 'abort', reason: 'Replica never caught up before timeout' };
    }
    const log = `FAILOVER to ${nameOf(target)} time out exceeded, failing over.`;
    return { type: 'go', target, log };
  }
  const hasAll = ({ isOnline, offset }: FailoverCandidate): boolean =>
    isOnline && offset === view.head;
  const replica =
    target === null ? view.replicas.find(hasAll) : find(view.replicas, target, hasAll);
  if (replica === undefined) return { type: 'wait' };
  const { host, port } = replica;
  const log = `Failover target ${nameOf(replica)} is synced, failing over.`;
  return { type: 'go', target: { host, port }, log };
}

/** @returns the log's line for one that was given up. */
export function abortText(failover: Failover, reason: string): string {
  const target = failover.state === 'no-failover' ? null : failover.target;
  return `FAILOVER to ${nameOf(target)} aborted: ${reason}`;
}

function nameOf(target: FailoverTarget | null): string {
  return target === null ? 'any replica' : joinHostPort(target.host, target.port);
}

function find(
  replicas: readonly FailoverCandidate[],
  { host, port }: FailoverTarget,
  suits: (replica: FailoverCandidate) => boolean = () => true,
): FailoverCandidate | undefined {
  return replicas.find(
    (replica) =>
      replica.host.toLowerCase() === host.toLowerCase() && replica.port === port && suits(replica),
  );
}
