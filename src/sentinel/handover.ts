/**
 * A coordinated failover: the master itself hands over, by FAILOVER. It lets writes wait, follows
 * the chosen replica once that has everything, and no write that was acknowledged is lost.
 *
 * The master gives up by itself when its time is over; if it had already begun to follow a replica
 * that did not take over, it is told to go back (FAILOVER ABORT), but only while that replica says
 * that it is none: if it cannot be asked, it may be master, and two would be worse than none. Then
 * the master calls itself a replica, and is failed over for that (sdown.ts).
 *
 * @see valkey-io/valkey 9.0 src/sentinel.c, SENTINEL FAILOVER … COORDINATED
 */
import type { Millis } from '../base/time.js';
import type { Reply } from '../resp/reply.js';
import { announce } from './events.js';
import { send } from './links.js';
import { canSend } from './state.js';
import type { Master, Replica } from './state.js';
import type { Turn } from './turn.js';

/** Writes wait no longer than this, however long a failover may take. */
const LONGEST_PAUSE_MS: Millis = 10_000;

/** @returns why the master cannot be asked to hand over, or null. */
export function whyNoHandover(turn: Turn, master: Master): string | null {
  if (master.sdown || master.roleReported !== 'master' || !canSend(turn.link(master.link))) {
    return 'ERR The master cannot be reached: it cannot take part in a coordinated failover';
  }
  if (master.infoText?.includes('master_failover_state:') !== true) {
    return 'ERR The master does not support FAILOVER: it cannot take part in a coordinated failover';
  }
  return null;
}

/** How long the master may take to hand over. */
function pauseMs({ failoverTimeoutMs }: Master): Millis {
  return Math.ceil(Math.min(failoverTimeoutMs / 2, LONGEST_PAUSE_MS));
}

/** When a hand-over that has not shown in the replica's INFO has failed. */
export function handoverLimit(master: Master): Millis {
  return master.failoverStateAt + 2 * pauseMs(master);
}

/** Ask the master to hand over to the replica. @returns false: it cannot be reached. */
export function sendHandover(turn: Turn, master: Master, replica: Replica): boolean {
  if (!canSend(turn.link(master.link))) return false;
  const address = turn.shown(replica.address);
  const target = [address.host, String(address.port)];
  const args = ['FAILOVER', 'TO', ...target, 'TIMEOUT', String(pauseMs(master))];
  send(turn, master.link, args, 'failover');
  return true;
}

/**
 * It is done. No order of a sentinel has changed their roles, so their files still have the old
 * ones: a promoted node that starts again would follow its replica, which follows it. And the old
 * master's clients have to ask who is master now.
 */
export function endHandover(turn: Turn, master: Master, replica: Replica): void {
  for (const { link } of [replica, master]) {
    if (!canSend(turn.link(link)) || !turn.profileOf(link).replicaOfInTransaction) continue;
    send(turn, link, ['CONFIG', 'REWRITE'], 'ignored');
  }
  if (!canSend(turn.link(master.link))) return;
  for (const type of ['normal', 'pubsub']) {
    send(turn, master.link, ['CLIENT', 'KILL', 'TYPE', type], 'ignored');
  }
}

/** What the master answers to FAILOVER. @returns whether it refuses, so that nothing will come. */
export function isRefused(turn: Turn, master: Master, value: Reply): boolean {
  const { coordinated, failoverState } = master;
  if (value.type !== 'error' || !coordinated || failoverState !== 'wait-promotion') return false;
  announce(turn, '-failover-abort-master-refused', master, ` ${value.text}`);
  return true;
}

/** A hand-over has failed: have the master be one again, as soon as both can be asked. */
export function takeBack(turn: Turn, master: Master): void {
  const { takeBackFrom } = master;
  if (takeBackFrom === null) return;
  const replica = master.replicas.get(takeBackFrom);
  if (replica === undefined || replica.roleReported === 'master') {
    turn.update(master, { takeBackFrom: null });
    return;
  }
  const isHeard = replica.infoAt !== null && replica.infoAt > master.failoverStateAt;
  if (!isHeard || !canSend(turn.link(master.link))) return;
  turn.update(master, { takeBackFrom: null });
  send(turn, master.link, ['FAILOVER', 'ABORT'], 'ignored');
}
