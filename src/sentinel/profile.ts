/**
 * The sentinel's periods and bounds, as data.
 *
 * `redisProfile` has Redis' values. `networkProfile` is for what is reached over TCP: the same
 * bounds of safety, but what Redis leaves to its timer is asked when something has changed.
 * `fastProfile` is for actors of one process, where a ping costs microseconds and a thread's exit
 * is an event. What a user sets per master (down-after, failover-timeout) is in none of them.
 *
 * @see redis/redis 7.0 src/sentinel.c, the SENTINEL_* constants
 */
import type { Millis } from '../base/time.js';

export interface SentinelProfile {
  /** Bounds of the time between PINGs. */
  readonly minPingPeriodMs: Millis;
  readonly maxPingPeriodMs: Millis;
  /** Between them it is this part of down-after: what is believed down late is asked seldom. */
  readonly pingShare: number;
  /**
   * Pings leave at whole multiples of their period. Sentinels of one process have one clock, so a
   * sentinel wakes once for all that it pings, and a node once for all that ping it. Otherwise a
   * period after the last reply, as in Redis.
   */
  readonly pingsInStep: boolean;
  /** A node of the process tells of what changes meanwhile (`node-news`). */
  readonly infoPeriodMs: Millis;
  /** INFO period for replicas while a failover is under way. */
  readonly failoverInfoPeriodMs: Millis;
  /** The same while their master is down, or their link to it is. */
  readonly downInfoPeriodMs: Millis;
  /** Between two questions to the same sentinel; its answer is forgotten after five of these. */
  readonly askPeriodMs: Millis;
  readonly helloPeriodMs: Millis;
  /**
   * After anything new about a group (a node, a sentinel, a thread that came up) there is likely to
   * be more: the master gets hellos and INFO at this period, which grows with the time since then
   * until it is the usual one.
   */
  readonly discoveryPeriodMs: Millis;
  /** Between two attempts to open the same link. */
  readonly reconnectPeriodMs: Millis;
  /** A link younger than this is not dropped for being silent. */
  readonly minLinkAgeMs: Millis;
  /** A gap between two steps longer than this starts TILT. */
  readonly tiltTriggerMs: Millis;
  /** Redis' is thirty ping periods: by then every figure is fresh again. */
  readonly tiltPeriodMs: Millis;
  /** A replica that took SLAVEOF but does not show it within this is left for later. */
  readonly reconfTimeoutMs: Millis;
  /** A candidate gives up after this (or failover-timeout, if less). */
  readonly electionTimeoutMs: Millis;
  /** Bound of the random part of a failover's start time, which spaces the next attempts. */
  readonly electionDesyncMs: Millis;
  /**
   * Bound of the random wait between ODOWN and the candidacy. Redis has it from its timer, whose
   * period changes at random between 50 and 100 ms; without it all sentinels vote for themselves.
   */
  readonly candidacyJitterMs: Millis;
  /**
   * Beside the jitter, a sentinel lets each of those that it believes to be up and whose run id is
   * smaller go first by so much. All hear of a thread's death in the same moment, and a jitter as
   * short as a failover here may take does not keep them apart; nor do 12 ms where the threads are
   * new and have two cores for all of them. Redis has none.
   */
  readonly candidacyTurnMs: Millis;
  /**
   * When all that are up have voted and no candidate can win any more, try again at once in a new
   * epoch (each in its turn, as for the first candidacy) instead of after two failover-timeouts.
   */
  readonly retrySplitVote: boolean;
  /**
   * Elections of several masters are held in one epoch (shared-epoch.ts); else, as in Redis, each
   * opens one, which ends all that are under way.
   */
  readonly sharesEpochs: boolean;
  /** The leader waits up to this for INFO newer than the master's failure before it selects. */
  readonly freshInfoWaitMs: Millis;
  /**
   * A master may call itself a replica for down-after and this long before it counts as down: a
   * failover's leader has that time to announce the new configuration. Redis' is two INFO periods.
   */
  readonly demotedGraceMs: Millis;
  /** A replica may call itself a master this long before it is reconfigured. */
  readonly roleGraceMs: Millis;
  /**
   * What Redis' sentinel does not look at: a replica in the master's own history comes before one
   * that is not (of-history.ts); a leader that has fallen silent is not waited for, nor is an
   * attempt after which the master has answered (election.ts); a master that has started anew with
   * less data is told of.
   */
  readonly guards: boolean;
  /** Send SLAVEOF inside MULTI with CONFIG REWRITE, as for real Redis. */
  readonly replicaOfInTransaction: boolean;
  /** Of a master for which the configuration says nothing else. */
  readonly defaultDownAfterMs: Millis;
  readonly defaultFailoverTimeoutMs: Millis;
  /** A script that runs longer is killed. */
  readonly scriptMaxRuntimeMs: Millis;
  /** Before a script that failed is run for the second time; doubled before each further one. */
  readonly scriptRetryDelayMs: Millis;
}

/** ms between two PINGs of an instance that is believed down after so many ms. */
export function pingPeriod(profile: SentinelProfile, downAfterMs: Millis): Millis {
  const { minPingPeriodMs, maxPingPeriodMs, pingShare } = profile;
  return Math.min(maxPingPeriodMs, Math.max(minPingPeriodMs, downAfterMs * pingShare));
}

export const redisProfile: SentinelProfile = {
  minPingPeriodMs: 0,
  maxPingPeriodMs: 1000,
  pingShare: 1,
  pingsInStep: false,
  infoPeriodMs: 10_000,
  failoverInfoPeriodMs: 1000,
  downInfoPeriodMs: 1000,
  askPeriodMs: 1000,
  helloPeriodMs: 2000,
  discoveryPeriodMs: 10_000,
  reconnectPeriodMs: 1000,
  minLinkAgeMs: 15_000,
  tiltTriggerMs: 2000,
  tiltPeriodMs: 30_000,
  reconfTimeoutMs: 10_000,
  electionTimeoutMs: 10_000,
  electionDesyncMs: 1000,
  candidacyJitterMs: 100,
  candidacyTurnMs: 0,
  retrySplitVote: false,
  sharesEpochs: false,
  freshInfoWaitMs: 1000,
  demotedGraceMs: 20_000,
  roleGraceMs: 8000,
  guards: false,
  replicaOfInTransaction: true,
  defaultDownAfterMs: 30_000,
  defaultFailoverTimeoutMs: 180_000,
  scriptMaxRuntimeMs: 60_000,
  scriptRetryDelayMs: 30_000,
};

export const networkProfile: SentinelProfile = {
  ...redisProfile,
  minPingPeriodMs: 25,
  pingShare: 1 / 4,
  failoverInfoPeriodMs: 100,
  askPeriodMs: 250,
  discoveryPeriodMs: 100,
  reconnectPeriodMs: 250,
  candidacyJitterMs: 8,
  candidacyTurnMs: 10,
  retrySplitVote: true,
  sharesEpochs: true,
  guards: true,
  freshInfoWaitMs: 100,
};

export const fastProfile: SentinelProfile = {
  ...redisProfile,
  minPingPeriodMs: 50,
  maxPingPeriodMs: 1000,
  pingShare: 1 / 6,
  pingsInStep: true,
  failoverInfoPeriodMs: 20,
  downInfoPeriodMs: 20,
  askPeriodMs: 100,
  discoveryPeriodMs: 20,
  reconnectPeriodMs: 50,
  electionTimeoutMs: 500,
  electionDesyncMs: 20,
  candidacyJitterMs: 1,
  candidacyTurnMs: 25,
  retrySplitVote: true,
  sharesEpochs: true,
  guards: true,
  freshInfoWaitMs: 100,
  tiltPeriodMs: 1500,
  demotedGraceMs: 2000,
  roleGraceMs: 1000,
  replicaOfInTransaction: false,
};
