/**
 * One epoch for the elections of many masters.
 *
 * All masters that a sentinel watches share its epoch, and a vote asked for in an epoch that is
 * over is refused. By Redis' rules each candidacy opens an epoch of its own. So when hundreds of
 * masters die at once, each election ends those before it: votes are split again and again, and
 * each time two failover-timeouts go by.
 *
 * A vote is for one master in one epoch, so elections of different masters can be held in the same
 * one. Ours stands in the epoch that an election of another master has opened, and a candidate that
 * an epoch has overtaken stands again in the new one. What makes elections safe is as before: for
 * one master a sentinel has one vote an epoch, which is on disk before it is told, a leader needs a
 * majority and the quorum, and the later epoch's configuration wins. Redis' sentinels take part:
 * they vote once for a master in an epoch too, and do not ask who has opened it.
 *
 * An epoch that nobody has asked for a vote in is not shared: SENTINEL FAILOVER takes one without.
 */
import { inFailover } from './state.js';
import type { Master } from './state.js';
import type { Turn } from './turn.js';

/** The epoch for a candidacy that begins now. */
export function candidacyEpoch(turn: Turn, master: Master, forced: boolean): number {
  return !forced && canShareEpoch(turn, master) ? turn.currentEpoch : turn.currentEpoch + 1;
}

/**
 * Whether the current epoch is one that this sentinel can still stand in: it was opened for another
 * master (who opened it for this one stands already), and the own vote has not been given.
 */
export function canShareEpoch(
  { profile, currentEpoch, epochOpenedFor }: Turn,
  master: Master,
): boolean {
  if (!profile.sharesEpochs || epochOpenedFor === null) return false;
  if (epochOpenedFor === master.name) return false;
  return master.leaderEpoch < currentEpoch && master.configEpoch < currentEpoch;
}

/** Whether an epoch has begun after the one that this candidate stands in. */
export const isOvertaken = ({ currentEpoch }: Turn, { failoverEpoch }: Master): boolean =>
  failoverEpoch !== currentEpoch;

/** The epoch in which a candidate asks for votes; who is no candidate names the current one. */
export function askedEpoch({ profile, currentEpoch }: Turn, master: Master): number {
  // Redis asks in the current one: votes that are of no use to a candidate of an earlier epoch.
  const stands = profile.sharesEpochs && inFailover(master);
  return stands ? master.failoverEpoch : currentEpoch;
}
