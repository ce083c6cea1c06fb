/** One vote per epoch, whatever is asked in whatever order, with crashes in between. */
import test from 'ava';
import * as fc from 'fast-check';
import { parseConfig } from '../../src/sentinel/config-file.js';
import { redisProfile } from '../../src/sentinel/profile.js';
import { start } from '../../src/sentinel/start.js';
import { voteForLeader } from '../../src/sentinel/vote.js';
import { MYID, OTHER, startState, THIRD, turnAt } from './fixture.js';

test('any sequence of requests and restarts gives each epoch one leader at most', (t) => {
  const request = fc.record({
    epoch: fc.integer({ min: 1, max: 6 }),
    candidate: fc.constantFrom(MYID, OTHER, THIRD),
    restart: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 20 }), (requests) => {
      let state = startState();
      let disk = '';
      const leaders = new Map<number, string>();
      for (const { epoch, candidate, restart } of requests) {
        const turn = turnAt(0, state);
        const vote = voteForLeader(turn, turn.masters.get('mymaster')!, epoch, candidate);
        const step = turn.finish();
        ({ state } = step);
        for (const effect of step.ready) if (effect.type === 'persist') disk = effect.configText;
        if (vote.leader !== null) {
          t.is(leaders.get(vote.leaderEpoch) ?? vote.leader, vote.leader);
          leaders.set(vote.leaderEpoch, vote.leader);
        }
        if (restart && disk !== '') {
          const config = { file: parseConfig(disk), address: state.address, profile: redisProfile };
          ({ state } = start(config, turn));
        }
      }
    }),
  );
});

test('who votes for another makes room for its failover', (t) => {
  const turn = turnAt(5000);
  voteForLeader(turn, turn.masters.get('mymaster')!, 3, OTHER);
  const { failoverStartedAt, votedAt } = turn.masters.get('mymaster')!;
  t.true(failoverStartedAt !== null && failoverStartedAt >= 5000);
  t.is(votedAt, 5000);

  const own = turnAt(5000);
  voteForLeader(own, own.masters.get('mymaster')!, 3, MYID);
  t.is(own.masters.get('mymaster')!.failoverStartedAt, null);
});

test('the vote is on disk before the answer leaves', (t) => {
  const turn = turnAt(0);
  const vote = voteForLeader(turn, turn.masters.get('mymaster')!, 3, OTHER);
  const answer = { master: 'mymaster', down: false, ...vote };
  turn.effect({ type: 'answer', to: OTHER, answer });
  const types = turn.finish().ready.map(({ type }) => type);
  t.deepEqual(types, ['event', 'event', 'persist', 'answer']);
});
