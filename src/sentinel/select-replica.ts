/**
 * Which replica to promote.
 *
 * First who may: up, connected, heard of lately, not too long without its master, priority not 0.
 * Then who is best: lowest priority number, most data, smallest run id, so that two sentinels with
 * the same knowledge choose the same one. Ours: among those with the master's data (of-history.ts).
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelSelectSlave(), compareSlavesForPromotion()
 */
import type { Millis } from '../base/time.js';
import { announce } from './events.js';
import { historyStanding } from './of-history.js';
import { INFO_RETRY_MS } from './probe.js';
import { isConnected } from './state.js';
import type { Master, Replica } from './state.js';
import type { Turn } from './turn.js';

/** A replica that has not answered a PING for this long is not promoted. */
const PING_VALID_MS: Millis = 5000;
/** Nor one whose INFO is older, while the master is down and INFO comes every second. */
const INFO_VALID_MS: Millis = 5000;
/** With the master up (a manual failover) INFO may be this many periods old. */
const INFO_VALID_PERIODS = 3;

/** @returns the replica to promote, or null if none is fit. */
export function selectReplica(turn: Turn, master: Master): Replica | null {
  const fit = [...master.replicas.values()].filter((replica) => isFit(turn, master, replica));
  const best = fit.toSorted(comparePromotion);
  return (turn.profile.guards ? ofHistory(turn, master, best) : best)[0] ?? null;
}

/** Those with the master's data, in their order; if there is none, those of the group. */
function ofHistory(turn: Turn, master: Master, fit: readonly Replica[]): readonly Replica[] {
  const standing = new Map(
    fit.map((replica) => [replica, historyStanding(turn, master, replica)] as const),
  );
  for (const replica of fit) {
    if (standing.get(replica) === 'outside') announce(turn, '+slave-of-other-master', replica);
  }
  const same = fit.filter((replica) => standing.get(replica) === 'same');
  return same.length > 0 ? same : fit.filter((replica) => standing.get(replica) === 'other');
}

function isFit(turn: Turn, master: Master, replica: Replica): boolean {
  if (replica.sdown || !hasLink(turn, replica)) return false;
  if (turn.now - turn.link(replica.link).lastValidReplyAt > PING_VALID_MS) return false;
  if (replica.priority === 0) return false;

  const validMs = master.sdown
    ? INFO_VALID_MS
    : INFO_VALID_PERIODS * turn.profileOf(replica.link).infoPeriodMs;
  if (replica.infoAt === null || turn.now - replica.infoAt > validMs) return false;

  // Since the master failed it has been without it, of course; ten down-after more is too long.
  return replica.masterLinkDownMs <= failedForMs(turn, master) + 10 * master.downAfterMs;
}

/**
 * Ours: a master that calls itself a replica has failed since it does, not since its SDOWN for
 * that, two periods of INFO later. One that was promoted, and died before its file said so, follows
 * one of its own replicas when it is back, and these follow it: their links are down that long.
 */
function failedForMs(turn: Turn, master: Master): Millis {
  const { sdown, sdownSince, roleReported, roleReportedAt } = master;
  if (!sdown || sdownSince === null) return 0;
  const isDemoted = turn.profile.guards && roleReported === 'replica';
  return turn.now - (isDemoted ? Math.min(sdownSince, roleReportedAt) : sdownSince);
}

function hasLink(turn: Turn, replica: Replica): boolean {
  return isConnected(replica, turn.link(replica.link));
}

/** Sort order: the replica to promote first. */
export function comparePromotion(a: Replica, b: Replica): number {
  if (a.priority !== b.priority) return a.priority - b.priority;
  if (a.offset !== b.offset) return b.offset - a.offset;
  const [runidA, runidB] = [a.runid?.toLowerCase(), b.runid?.toLowerCase()];
  if (runidA === runidB) return 0;
  if (runidA === undefined) return 1;
  if (runidB === undefined) return -1;
  return runidA < runidB ? -1 : 1;
}

/**
 * Whether to wait before choosing: a reachable replica's figures are from before the master failed.
 *
 * Redis gets them in time because its timer gives the replies 100 ms; here an election can be over
 * before the first INFO is back.
 *
 * @returns until when to wait at most; null when there is nothing to wait for.
 */
export const figuresDueAt = (turn: Turn, master: Master): Millis | null =>
  awaitedUntil(turn, master, turn.profile.freshInfoWaitMs, (replica) => hasLink(turn, replica));

/**
 * With no replica fit to be promoted there is more reason to wait: for as long as an INFO may take
 * before it is asked again; and for a link that is being opened as well, to a master of a moment
 * ago for one, whose successor has died at once.
 */
export const figuresMissingUntil = (turn: Turn, master: Master): Millis | null =>
  turn.profile.guards ? awaitedUntil(turn, master, INFO_RETRY_MS, () => true) : null;

/** @param isAwaited - whether a replica that is not down may soon say what it has. */
function awaitedUntil(
  turn: Turn,
  master: Master,
  waitMs: Millis,
  isAwaited: (replica: Replica) => boolean,
): Millis | null {
  const { sdown, sdownSince, failoverStateAt } = master;
  if (!sdown || sdownSince === null) return null;
  const dueAt = failoverStateAt + waitMs;
  if (turn.now >= dueAt) return null;
  const isMissing = (replica: Replica): boolean =>
    replica.infoAt === null || replica.infoAt < sdownSince || !hasLink(turn, replica);
  for (const replica of master.replicas.values()) {
    const mayServe = !replica.sdown && replica.priority !== 0;
    if (mayServe && isMissing(replica) && isAwaited(replica)) return dueAt;
  }
  return null;
}
