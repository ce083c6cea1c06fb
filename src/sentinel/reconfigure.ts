/**
 * Tell nodes whom to follow: SLAVEOF, to one replica as the new master, to the others after it.
 *
 * The replies are not looked at: what counts is what INFO shows afterwards.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelSendSlaveOf(), sentinelFailoverReconfNextSlave(),
 * sentinelFailoverDetectEnd()
 */
import type { Address } from '../base/address.js';
import { announce } from './events.js';
import { send } from './links.js';
import { askInfo } from './probe.js';
import { canSend, currentMasterAddress } from './state.js';
import type { Master, Replica } from './state.js';
import type { Turn } from './turn.js';

/**
 * Make a node follow the address, or be a master (null). Its clients are disconnected so that they
 * ask the sentinels again.
 *
 * Redis gets it as a transaction that also rewrites its configuration file. A node of the process
 * gets INFO right behind it, which brings the confirmation back in one round trip.
 */
export function sendReplicaOf(
  turn: Turn,
  node: Master | Replica,
  address: Address | null,
): boolean {
  if (!canSend(turn.link(node.link))) return false;
  const ignored = (...args: string[]): void => send(turn, node.link, args, 'ignored');
  const transaction = turn.profileOf(node.link).replicaOfInTransaction;
  if (transaction) ignored('MULTI');
  if (address === null) ignored('SLAVEOF', 'NO', 'ONE');
  else {
    const { host, port } = turn.shown(address);
    ignored('SLAVEOF', host, String(port));
  }
  if (transaction) ignored('CONFIG', 'REWRITE');
  ignored('CLIENT', 'KILL', 'TYPE', 'normal');
  ignored('CLIENT', 'KILL', 'TYPE', 'pubsub');
  if (transaction) ignored('EXEC');
  askInfo(turn, node);
  return true;
}

/** State reconf-replicas: move the other replicas over, at most `parallelSyncs` at a time. */
export function reconfigureReplicas(turn: Turn, master: Master): boolean {
  const target = currentMasterAddress(master);
  let busy = 0;
  for (const { reconf } of master.replicas.values()) {
    if (reconf === 'sent' || reconf === 'in-progress') busy++;
  }
  for (const replica of master.replicas.values()) {
    if (busy >= master.parallelSyncs) break;
    const { name, reconf, reconfSentAt } = replica;
    if (name === master.promoted || reconf === 'done' || reconf === 'in-progress') continue;
    if (reconf === 'sent' && reconfSentAt !== null) {
      // It took the order and does not act on it: others are waiting. It is fixed later
      // (refresh.ts).
      const timeoutAt = reconfSentAt + turn.profileOf(replica.link).reconfTimeoutMs;
      if (turn.now <= timeoutAt) {
        turn.wakeBy(timeoutAt + 1);
        continue;
      }
      announce(turn, '-slave-reconf-sent-timeout', replica);
      turn.update(replica, { reconf: 'done' });
      continue;
    }
    if (!sendReplicaOf(turn, replica, target)) continue;
    turn.update(replica, { reconf: 'sent', reconfSentAt: turn.now });
    turn.wakeBy(turn.now + turn.profileOf(replica.link).reconfTimeoutMs + 1);
    announce(turn, '+slave-reconf-sent', replica);
    busy++;
  }
  return detectEnd(turn, turn.current(master));
}

/** The failover ends when every reachable replica is moved, or when its time is over. */
function detectEnd(turn: Turn, master: Master): boolean {
  const promoted = master.promoted === null ? undefined : master.replicas.get(master.promoted);
  if (promoted === undefined || promoted.sdown) return false;

  const left = [...master.replicas.values()].filter(
    ({ name, reconf, sdown }) => name !== promoted.name && reconf !== 'done' && !sdown,
  );
  const timeoutAt = master.failoverStateAt + master.failoverTimeoutMs;
  const late = turn.now > timeoutAt;
  if (left.length > 0 && !late) {
    turn.wakeBy(timeoutAt + 1);
    return false;
  }
  if (late) announce(turn, '+failover-end-for-timeout', master);
  announce(turn, '+failover-end', master);
  turn.update(master, { failoverState: 'update-config', failoverStateAt: turn.now });
  if (late) {
    // A last try for those that could not be reached in time.
    for (const replica of left) {
      if (replica.reconf === 'sent' || !sendReplicaOf(turn, replica, promoted.address)) continue;
      announce(turn, '+slave-reconf-sent-be', replica);
      turn.update(replica, { reconf: 'sent' });
    }
  }
  return true;
}
