/**
 * Becoming the leader of a failover: when to stand, and who has won.
 *
 * The winner needs the votes of a majority of all sentinels known, alive or not, and of at least
 * the quorum. A minority cut off from the rest therefore elects no leader, however long it tries.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelStartFailoverIfNeeded(), sentinelGetLeader(),
 * sentinelFailoverWaitStart()
 */
import type { Millis } from '../base/time.js';
import { announce, announceEpoch } from './events.js';
import { askOthers } from './odown.js';
import { votesNeeded } from './quorum.js';
import { canShareEpoch, candidacyEpoch, isOvertaken } from './shared-epoch.js';
import { crash } from './simulated-failure.js';
import { inFailover } from './state.js';
import type { Master, Peer } from './state.js';
import type { Turn } from './turn.js';
import { voteForLeader } from './vote.js';

/** What the votes known so far decide. `split`: no candidate can win this epoch any more. */
export type Outcome =
  | { readonly state: 'won'; readonly leader: string }
  | { readonly state: 'pending' }
  | { readonly state: 'split' };

/**
 * Count the votes of one epoch.
 *
 * @param votes - run ids voted for, one per sentinel that voted.
 * @param voters - all sentinels known, this one included.
 * @param abstaining - of those, how many have not voted and never will.
 * @param quorum - the master's quorum, which a leader needs even where a majority is less.
 */
export function countVotes(
  votes: readonly string[],
  voters: number,
  abstaining: number,
  quorum: number,
): Outcome {
  const needed = votesNeeded(voters, quorum);
  const tally = new Map<string, number>();
  for (const vote of votes) tally.set(vote, (tally.get(vote) ?? 0) + 1);

  let most = 0;
  for (const [leader, count] of tally) {
    if (count >= needed) return { state: 'won', leader };
    most = Math.max(most, count);
  }
  const outstanding = voters - votes.length - abstaining;
  return most + outstanding < needed ? { state: 'split' } : { state: 'pending' };
}

/** Stand as a candidate when the master is ODOWN and no other attempt is recent. */
export function considerCandidacy(turn: Turn, master: Master): void {
  if (!master.odown || inFailover(master)) return;
  const earliestAt = (master.failoverStartedAt ?? -Infinity) + spacing(turn, master);
  if (turn.now < earliestAt) return turn.wakeBy(earliestAt);

  let { candidacyAt } = master;
  if (candidacyAt === null) {
    candidacyAt = turn.now + candidacyDelay(turn, master);
    turn.update(master, { candidacyAt });
  }
  if (turn.now < candidacyAt) return turn.wakeBy(candidacyAt);
  startFailover(turn, master, false);
}

/**
 * How long after one attempt the next one may begin: two failover-timeouts, as in Redis. Ours waits
 * for what can still come of the first one only. Safety does not rest on the wait: an epoch has one
 * leader, and a later epoch's configuration wins.
 */
function spacing(turn: Turn, master: Master): Millis {
  const usualMs = 2 * master.failoverTimeoutMs;
  if (hasSilentLeader(turn, master)) return 0;
  return hasAnsweredSince(turn, master) ? Math.min(usualMs, electionLimit(turn, master)) : usualMs;
}

/**
 * Whether the master has answered since the last attempt: it was given up (or would have been told
 * of by the end of an election), and this is another death.
 */
function hasAnsweredSince(turn: Turn, { link, failoverStartedAt }: Master): boolean {
  if (!turn.profile.guards || failoverStartedAt === null) return false;
  return turn.link(link).lastValidReplyAt > failoverStartedAt;
}

/** A candidate gives up after this. */
const electionLimit = ({ profile }: Turn, { failoverTimeoutMs }: Master): Millis =>
  Math.min(profile.electionTimeoutMs, failoverTimeoutMs);

/**
 * Whether the one that this sentinel has voted for has fallen silent since: ours then does not
 * leave it the time for a failover. If it wakes up and goes on, the later epoch stands, as when
 * that time is over. One that was silent when it asked lives, though this sentinel cannot reach it.
 */
function hasSilentLeader(turn: Turn, { leader, votedAt, sentinels }: Master): boolean {
  if (!turn.profile.guards || leader === null || votedAt === null) return false;
  const peer = sentinels.get(leader);
  return peer !== undefined && peer.sdown && (peer.sdownSince ?? 0) > votedAt;
}

/**
 * How long to let others stand first: a turn for each that is up, as far as this sentinel knows,
 * and has a smaller run id. Only a wait comes of it, so it does no harm where two count
 * differently.
 */
function candidacyDelay(turn: Turn, master: Master): Millis {
  const { candidacyJitterMs, candidacyTurnMs } = turn.profile;
  const first = [...master.sentinels.values()].filter(
    (peer) => peer.runid < turn.myid && !isGone(turn, peer),
  );
  return first.length * candidacyTurnMs + turn.random.below(candidacyJitterMs + 1);
}

/**
 * Enter a new epoch as a candidate.
 *
 * @param forced - by SENTINEL FAILOVER: it goes on whatever the others say.
 * @param coordinated - the master is to hand over.
 */
export function startFailover(
  turn: Turn,
  master: Master,
  forced: boolean,
  coordinated = false,
): void {
  const failoverEpoch = candidacyEpoch(turn, master, forced);
  if (turn.noteEpoch(failoverEpoch, forced ? null : master.name)) announceEpoch(turn, master);
  turn.update(master, {
    failoverState: 'wait-start',
    candidacyAt: null,
    forced,
    coordinated,
    takeBackFrom: null,
  });
  announce(turn, '+try-failover', master);
  stand(turn, master, failoverEpoch);
}

/** Ask for votes in this epoch, which has begun. */
function stand(turn: Turn, master: Master, failoverEpoch: number): void {
  turn.update(master, {
    failoverStateAt: turn.now,
    failoverEpoch,
    failoverStartedAt: turn.now + turn.random.below(turn.profile.electionDesyncMs),
  });
  // The own vote first: it must be on disk before a peer is asked to add to it.
  voteForLeader(turn, master, failoverEpoch, turn.myid);
  askOthers(turn, turn.current(master), true);
}

/** State wait-start: go on as leader, or give up. @returns whether the state changed. */
export function awaitElection(turn: Turn, master: Master): boolean {
  const outcome = electionOutcome(turn, master);
  const elected = outcome.state === 'won' && outcome.leader === turn.myid;
  if (elected || master.forced) {
    announce(turn, '+elected-leader', master);
    if (turn.simulate.afterElection) crash(turn);
    turn.update(master, { failoverState: 'select-replica', failoverStateAt: turn.now });
    announce(turn, '+failover-state-select-slave', master);
    return true;
  }
  if (outcome.state === 'pending' && standsAgain(turn, master)) return false;
  const giveUpAt = (master.failoverStartedAt ?? turn.now) + electionLimit(turn, master);
  const split = outcome.state === 'split' && turn.profile.retrySplitVote && canElect(turn, master);
  if (turn.now <= giveUpAt && !split) {
    turn.wakeBy(giveUpAt + 1);
    return false;
  }
  announce(turn, '-failover-abort-not-elected', master);
  abortFailover(turn, master);
  if (split) {
    // No sentinel leads this epoch, so there is none to make room for.
    const candidacyAt = turn.now + candidacyDelay(turn, master);
    turn.update(master, { failoverStartedAt: null, candidacyAt });
    turn.wakeBy(candidacyAt);
  }
  return true;
}

/**
 * Stand again in the epoch that has overtaken this candidate, once it has had the time for answers
 * that were on their way. @returns whether it does.
 */
function standsAgain(turn: Turn, master: Master): boolean {
  if (!isOvertaken(turn, master) || !canShareEpoch(turn, master)) return false;
  const dueAt = master.failoverStateAt + turn.profile.askPeriodMs;
  if (turn.now < dueAt) turn.wakeBy(dueAt);
  else stand(turn, master, turn.currentEpoch);
  return true;
}

function electionOutcome(turn: Turn, master: Master): Outcome {
  const outcome = countOfEpoch(turn, master);
  if (outcome.state === 'won' || !isOvertaken(turn, master)) return outcome;
  // Who has heard of a newer epoch votes in this one no more. If others stand in that one this
  // candidate may join them; if none is known to, a new one is needed.
  const { profile, epochOpenedFor, now } = turn;
  const isLost = profile.sharesEpochs && epochOpenedFor === null;
  const dueAt = master.failoverStateAt + profile.askPeriodMs;
  if (isLost && now < dueAt) turn.wakeBy(dueAt);
  return { state: isLost && now >= dueAt ? 'split' : 'pending' };
}

function countOfEpoch(turn: Turn, master: Master): Outcome {
  // By Redis' rules an epoch matters no more once a newer one has begun.
  if (isOvertaken(turn, master) && !turn.profile.sharesEpochs) return { state: 'pending' };
  const votes: string[] = [];
  if (master.leader !== null && master.leaderEpoch === master.failoverEpoch) {
    votes.push(master.leader);
  }
  let abstaining = 1 - votes.length;
  for (const peer of master.sentinels.values()) {
    if (peer.leader !== null && peer.leaderEpoch === master.failoverEpoch) votes.push(peer.leader);
    else if (isGone(turn, peer)) abstaining++;
  }
  const outcome = countVotes(votes, master.sentinels.size + 1, abstaining, master.quorum);
  // A winner whose thread ended leads nothing.
  const winner = outcome.state === 'won' ? master.sentinels.get(outcome.leader) : undefined;
  const gone = winner !== undefined && turn.link(winner.link).knownDead;
  return gone ? { state: 'split' } : outcome;
}

/** Whether no vote is to be expected of it: its thread has ended, or it is silent. */
const isGone = (turn: Turn, peer: Peer): boolean => peer.sdown || turn.link(peer.link).knownDead;

/**
 * Whether those that are up are enough to elect a leader: only then is there a point in asking them
 * again at once. A minority would go from epoch to epoch as fast as it can, for nothing.
 */
function canElect(turn: Turn, master: Master): boolean {
  const peers = [...master.sentinels.values()];
  const up = 1 + peers.filter((peer) => !isGone(turn, peer)).length;
  return up >= votesNeeded(peers.length + 1, master.quorum);
}

/**
 * Give the failover up. Only before the promotion is confirmed: from then on it goes to its end.
 */
export function abortFailover(turn: Turn, master: Master): void {
  turn.update(master, {
    failoverState: 'none',
    failoverStateAt: turn.now,
    forced: false,
    coordinated: false,
    promoted: null,
  });
}
