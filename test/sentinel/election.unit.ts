/** Counting votes: won, pending, split; and what no count may ever say. */
import test from 'ava';
import * as fc from 'fast-check';
import { considerCandidacy, countVotes } from '../../src/sentinel/election.js';
import {
  fastProfile,
  FILE,
  MYID,
  OTHER,
  redisProfile,
  startState,
  THIRD,
  turnAt,
} from './fixture.js';

test('a majority of all sentinels wins, not of those that voted', (t) => {
  t.deepEqual(countVotes(['a', 'a'], 3, 0, 2), { state: 'won', leader: 'a' });
  t.deepEqual(countVotes(['a'], 3, 0, 2), { state: 'pending' });
  t.deepEqual(countVotes(['a', 'a'], 5, 0, 2), { state: 'pending' });
  t.deepEqual(countVotes(['a', 'a'], 4, 0, 2), { state: 'pending' });
  t.deepEqual(countVotes(['a', 'a', 'a'], 4, 0, 2), { state: 'won', leader: 'a' });
});

test('a quorum above the majority is needed too', (t) => {
  t.deepEqual(countVotes(['a', 'a', 'a'], 5, 0, 4), { state: 'pending' });
  t.deepEqual(countVotes(['a', 'a', 'a', 'a'], 5, 0, 4), { state: 'won', leader: 'a' });
  t.deepEqual(countVotes(['a', 'a', 'a', 'b'], 5, 0, 4), { state: 'pending' });
  t.deepEqual(countVotes(['a', 'a', 'a', 'b', 'b'], 5, 0, 4), { state: 'split' });
});

test('one vote each is a split, and so is a voter that is gone', (t) => {
  t.deepEqual(countVotes(['a', 'b', 'c'], 3, 0, 2), { state: 'split' });
  t.deepEqual(countVotes(['a', 'b'], 3, 0, 2), { state: 'pending' });
  t.deepEqual(countVotes(['a', 'b'], 3, 1, 2), { state: 'split' });
});

test('two disjoint counts of one electorate never both win', (t) => {
  const votes = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(votes, fc.nat(), fc.integer({ min: 1, max: 9 }), (all, at, quorum) => {
      const cut = at % (all.length + 1);
      const one = countVotes(all.slice(0, cut), all.length, 0, quorum);
      const other = countVotes(all.slice(cut), all.length, 0, quorum);
      t.false(one.state === 'won' && other.state === 'won');
      // What is known so far is never contradicted by the votes that follow.
      const whole = countVotes(all, all.length, 0, quorum);
      if (one.state !== 'pending') t.deepEqual(whole, one);
    }),
  );
});

/** A master that is ODOWN for a sentinel of this run id, in a group of a, b and c. */
function candidacyAt(myid: string, isDown: (runid: string) => boolean): number {
  const file = FILE.replaceAll(myid, '0'.repeat(40)).replace(MYID, myid);
  const turn = turnAt(1000, startState(file.replaceAll('0'.repeat(40), MYID), fastProfile));
  const master = turn.masters.get('mymaster')!;
  for (const peer of master.sentinels.values()) {
    if (isDown(peer.runid)) turn.update(peer, { sdown: true });
  }
  considerCandidacy(turn, turn.update(turn.current(master), { odown: true }));
  return turn.current(master).candidacyAt ?? turn.now; // Null: it has stood already.
}

test('sentinels of one process stand in turn, and nobody waits for one that is down', (t) => {
  const { candidacyTurnMs, candidacyJitterMs } = fastProfile;
  t.true(candidacyJitterMs < candidacyTurnMs);
  const turnOf = (myid: string, isDown: (runid: string) => boolean): number =>
    Math.floor((candidacyAt(myid, isDown) - 1000) / candidacyTurnMs);
  t.is(
    turnOf(MYID, () => false),
    0,
  );
  t.is(
    turnOf(OTHER, () => false),
    1,
  );
  t.is(
    turnOf(THIRD, () => false),
    2,
  );
  t.is(
    turnOf(THIRD, (runid) => runid === OTHER),
    1,
  );
  t.is(
    turnOf(THIRD, () => true),
    0,
  );
});

test('after an attempt that the master survived, the next one waits for an election’s time only', (t) => {
  const startedAt = 1000;
  const stands = (profile: typeof fastProfile, answeredAt: number, afterMs: number): boolean => {
    const turn = turnAt(startedAt + afterMs, startState(FILE, profile));
    const master = turn.masters.get('mymaster')!;
    turn.setLink(master.link, { lastValidReplyAt: answeredAt });
    turn.update(master, { odown: true, failoverStartedAt: startedAt });
    considerCandidacy(turn, turn.current(master));
    const now = turn.current(master);
    return now.candidacyAt !== null || now.failoverState !== 'none';
  };
  const { electionTimeoutMs } = fastProfile;
  const spacedMs = 2 * startState().masters.get('mymaster')!.failoverTimeoutMs;
  for (const [profile, answeredAt, waitMs] of [
    [fastProfile, startedAt + 1, electionTimeoutMs],
    [fastProfile, startedAt, spacedMs],
    [redisProfile, startedAt + 1, spacedMs],
  ] as const) {
    t.false(stands(profile, answeredAt, waitMs - 1));
    t.true(stands(profile, answeredAt, waitMs));
  }
});
