/**
 * The vote: one per master and epoch, first come, first served.
 *
 * This is what makes two leaders in one epoch impossible: a leader needs a majority, and no
 * sentinel votes twice. The epoch of the last vote is in the configuration file before the vote is
 * told, so a restart cannot vote again; whom it voted for is not, hence a restarted sentinel has no
 * answer for that epoch rather than a second one.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelVoteLeader()
 */
import { announceEpoch } from './events.js';
import type { Master } from './state.js';
import type { Turn } from './turn.js';

export interface Vote {
  /** Null when this sentinel has no vote to tell. */
  readonly leader: string | null;
  readonly leaderEpoch: number;
}

/**
 * Vote for the candidate, or tell the vote already given in this epoch or a later one.
 *
 * @param epoch - the epoch the candidate asks for.
 * @param candidate - run id; this sentinel's own when it votes for itself.
 */
export function voteForLeader(turn: Turn, master: Master, epoch: number, candidate: string): Vote {
  if (turn.noteEpoch(epoch, candidate === turn.myid ? null : master.name))
    announceEpoch(turn, master);
  const { leader, leaderEpoch } = turn.current(master);
  if (leaderEpoch >= epoch || turn.currentEpoch > epoch) return { leader, leaderEpoch };

  turn.update(master, { leader: candidate, leaderEpoch: epoch });
  turn.persist();
  turn.event('+vote-for-leader', `${candidate} ${epoch}`, master.name);
  // Who votes for another leaves it the time for a failover before trying one.
  if (candidate !== turn.myid) {
    const failoverStartedAt = turn.now + turn.random.below(turn.profile.electionDesyncMs);
    turn.update(master, { failoverStartedAt, votedAt: turn.now, candidacyAt: null });
  }
  return { leader: candidate, leaderEpoch: epoch };
}
