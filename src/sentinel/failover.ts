/**
 * The failover, from the candidacy to the switch: one state after the other, each with its limit.
 *
 *   wait-start → select-replica → send-slaveof-no-one → wait-promotion → reconf-replicas →
 *   update-config → (a new record under the new address)
 *
 * Up to wait-promotion it can be given up; the confirmation of the promotion comes with INFO
 * (refresh.ts) and from then on it goes to its end.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelFailoverStateMachine()
 */
import { assertNever } from '../base/assert.js';
import { abortFailover, awaitElection } from './election.js';
import { announce } from './events.js';
import { handoverLimit, sendHandover } from './handover.js';
import { reconfigureReplicas, sendReplicaOf } from './reconfigure.js';
import { replicaAt } from './replica-at.js';
import { changeAddress } from './reset.js';
import { figuresDueAt, figuresMissingUntil, selectReplica } from './select-replica.js';
import type { Master } from './state.js';
import type { Turn } from './turn.js';

/** Go as far as what is known allows. */
export function advanceFailover(turn: Turn, name: string): void {
  for (;;) {
    const master = turn.masters.get(name);
    if (master === undefined || !advance(turn, master)) return;
  }
}

/** @returns whether the state changed, so that the next one may have its turn. */
function advance(turn: Turn, master: Master): boolean {
  switch (master.failoverState) {
    case 'none':
      return false;
    case 'wait-start':
      return awaitElection(turn, master);
    case 'select-replica':
      return select(turn, master);
    case 'send-slaveof-no-one':
      return promote(turn, master);
    case 'wait-promotion':
      return abortWhenLate(turn, master);
    case 'reconf-replicas':
      return reconfigureReplicas(turn, master);
    case 'update-config':
      switchToPromoted(turn, master);
      return true;
    default:
      return assertNever(master.failoverState);
  }
}

function select(turn: Turn, master: Master): boolean {
  const dueAt = figuresDueAt(turn, master);
  if (dueAt !== null) {
    turn.wakeBy(dueAt);
    return false;
  }
  const replica = selectReplica(turn, master);
  const missingUntil = replica === null ? figuresMissingUntil(turn, master) : null;
  if (missingUntil !== null) {
    turn.wakeBy(missingUntil);
    return false;
  }
  if (replica === null) {
    announce(turn, '-failover-abort-no-good-slave', master);
    reinstate(turn, master);
    abortFailover(turn, master);
    return true;
  }
  announce(turn, '+selected-slave', replica);
  turn.update(master, {
    promoted: replica.name,
    failoverState: 'send-slaveof-no-one',
    failoverStateAt: turn.now,
  });
  announce(turn, '+failover-state-send-slaveof-noone', replica);
  return true;
}

/**
 * A guard of ours: the master answers, and is down for calling itself a replica: of one of its own,
 * which was promoted and died before any sentinel had heard of it. No other is fit, so none of them
 * would ever be master again: this one is told to be.
 */
function reinstate(turn: Turn, master: Master): void {
  const { reportedMaster, roleReported, downAfterMs } = master;
  if (!turn.profile.guards || roleReported !== 'replica' || reportedMaster === null) return;
  if (turn.now - turn.link(master.link).lastValidReplyAt > downAfterMs) return;
  const followed = replicaAt(turn, master, reportedMaster);
  if (followed?.sdown !== true || !sendReplicaOf(turn, master, null)) return;
  announce(turn, '+convert-to-master', master);
}

function promote(turn: Turn, master: Master): boolean {
  const replica = master.promoted === null ? undefined : master.replicas.get(master.promoted);
  const isAsked = (): boolean =>
    replica !== undefined &&
    (master.coordinated ? sendHandover(turn, master, replica) : sendReplicaOf(turn, replica, null));
  if (replica === undefined || !isAsked()) return abortWhenLate(turn, master);
  announce(turn, '+failover-state-wait-promotion', replica);
  turn.update(master, { failoverState: 'wait-promotion', failoverStateAt: turn.now });
  return true;
}

/** The replica cannot be reached, or does not turn into a master: give up in the end. */
function abortWhenLate(turn: Turn, master: Master): boolean {
  const limitAt = master.coordinated
    ? handoverLimit(master)
    : master.failoverStateAt + master.failoverTimeoutMs;
  if (turn.now <= limitAt) {
    turn.wakeBy(limitAt + 1);
    return false;
  }
  announce(turn, '-failover-abort-slave-timeout', master);
  const { coordinated, failoverState, promoted } = master;
  abortFailover(turn, master);
  if (coordinated && failoverState === 'wait-promotion') {
    turn.update(master, { takeBackFrom: promoted });
  }
  return true;
}

function switchToPromoted(turn: Turn, master: Master): void {
  const promoted = master.promoted === null ? undefined : master.replicas.get(master.promoted);
  const { address } = promoted ?? master;
  const { host, port } = turn.shown(address);
  const old = turn.shown(master.address);
  const { name } = master;
  turn.event('+switch-master', `${name} ${old.host} ${old.port} ${host} ${port}`, name);
  changeAddress(turn, master, address);
}
