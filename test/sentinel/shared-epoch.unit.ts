/** Elections of two masters in one epoch; and what still keeps each of them safe. */
import test from 'ava';
import { sentinel } from '../../actors/sentinel.js';
import { Prng } from '../../src/base/prng.js';
import { awaitElection, startFailover } from '../../src/sentinel/election.js';
import type { Question } from '../../src/sentinel/messages.js';
import { answerQuestion } from '../../src/sentinel/odown.js';
import { networkProfile, redisProfile } from '../../src/sentinel/profile.js';
import type { Master } from '../../src/sentinel/state.js';
import type { Turn } from '../../src/sentinel/turn.js';
import { voteForLeader } from '../../src/sentinel/vote.js';
import { FILE, MYID, OTHER, startState, THIRD, turnAt } from './fixture.js';

const SECOND = FILE.replaceAll('mymaster', 'second')
  .replaceAll(' 63', ' 73')
  .replace(/^sentinel myid.*$/m, '');
const TWO = FILE + SECOND;
const [ONE, NOW] = [1, 10_000];

const two = (profile = networkProfile, now = NOW): Turn => turnAt(now, startState(TWO, profile));
const masterOf = (turn: Turn, name: string): Master => turn.masters.get(name)!;
const epochOf = (turn: Turn, name: string): number => masterOf(turn, name).failoverEpoch;

function stand(turn: Turn, name: string, forced = false): void {
  startFailover(turn, masterOf(turn, name), forced);
}

test('the second master is stood for in the epoch of the first; by Redis’ rules in a new one', (t) => {
  for (const [profile, epoch] of [
    [networkProfile, ONE],
    [redisProfile, 2],
  ] as const) {
    const turn = two(profile);
    stand(turn, 'mymaster');
    stand(turn, 'second');
    t.deepEqual([epochOf(turn, 'mymaster'), epochOf(turn, 'second')], [ONE, epoch]);
    t.is(turn.currentEpoch, epoch);
  }
});

test('an epoch is stood in for another master than it was opened for, and only with a free vote', (t) => {
  const asked = (name: string): Turn => {
    const turn = two();
    voteForLeader(turn, masterOf(turn, name), 5, OTHER);
    return turn;
  };
  const sharing = asked('mymaster');
  stand(sharing, 'second');
  t.is(epochOf(sharing, 'second'), 5);

  const voted = asked('mymaster');
  stand(voted, 'mymaster');
  t.is(epochOf(voted, 'mymaster'), 6, 'the vote in 5 is given');

  // It has heard of the request for another master first, and has no vote left all the same.
  const both = asked('second');
  voteForLeader(both, masterOf(both, 'mymaster'), 5, OTHER);
  stand(both, 'mymaster');
  t.is(epochOf(both, 'mymaster'), 6);

  const configured = asked('mymaster');
  configured.update(masterOf(configured, 'second'), { configEpoch: 5 });
  stand(configured, 'second');
  t.is(epochOf(configured, 'second'), 6, 'a configuration of 5 is known');
});

test('an epoch that no vote was asked for in is not shared', (t) => {
  const heard = two();
  heard.noteEpoch(5, null);
  stand(heard, 'second');
  t.is(epochOf(heard, 'second'), 6);

  const forced = two();
  stand(forced, 'mymaster', true);
  stand(forced, 'second');
  t.deepEqual([epochOf(forced, 'mymaster'), epochOf(forced, 'second')], [1, 2]);

  const opened = two();
  stand(opened, 'mymaster');
  stand(opened, 'second', true);
  t.is(epochOf(opened, 'second'), 2);
});

/** A candidate for `mymaster` in epoch 1, overtaken by epoch 2. */
function overtaken(now: number, openedFor: string | null): Turn {
  const turn = two(networkProfile, now);
  stand(turn, 'mymaster');
  turn.update(masterOf(turn, 'mymaster'), { failoverStateAt: NOW });
  turn.noteEpoch(2, openedFor);
  return turn;
}

test('a candidate that an epoch has overtaken stands in it, once answers have had their time', (t) => {
  const { askPeriodMs } = networkProfile;
  for (const [afterMs, openedFor, epoch] of [
    [askPeriodMs - 1, 'second', 1],
    [askPeriodMs, 'second', 2],
    [askPeriodMs, 'mymaster', 1],
  ] as const) {
    const turn = overtaken(NOW + afterMs, openedFor);
    awaitElection(turn, masterOf(turn, 'mymaster'));
    const { failoverState, failoverEpoch, leaderEpoch } = masterOf(turn, 'mymaster');
    t.is(failoverState, 'wait-start');
    t.is(failoverEpoch, epoch);
    t.is(leaderEpoch, epoch, 'its own vote');
  }
});

test('one that is overtaken by an epoch without an election makes room, and tries again', (t) => {
  const turn = overtaken(NOW + networkProfile.askPeriodMs, null);
  for (const peer of masterOf(turn, 'mymaster').sentinels.values()) {
    turn.setLink(peer.link, { knownDead: false });
  }
  awaitElection(turn, masterOf(turn, 'mymaster'));
  const { failoverState, candidacyAt } = masterOf(turn, 'mymaster');
  t.is(failoverState, 'none');
  t.true(candidacyAt !== null && candidacyAt - turn.now < 100);
});

/** Whether votes of this epoch elect the candidate of epoch 1. */
function won(leaderEpoch: number): boolean {
  const turn = overtaken(NOW, 'second');
  for (const runid of [OTHER, THIRD]) {
    const peer = masterOf(turn, 'mymaster').sentinels.get(runid)!;
    turn.update(peer, { leader: MYID, leaderEpoch });
  }
  awaitElection(turn, masterOf(turn, 'mymaster'));
  return masterOf(turn, 'mymaster').failoverState === 'select-replica';
}

test('a majority of an epoch that is over still elects; votes of a later one count in that only', (t) => {
  t.true(won(1));
  t.false(won(2));
});

test('in one epoch two masters have a vote each, and each has one', (t) => {
  const turn = two();
  const ask = (port: number, candidate: string): string | null => {
    const question: Question = {
      master: '',
      address: { host: '127.0.0.1', port },
      epoch: 1,
      candidate,
    };
    return answerQuestion(turn, question).leader;
  };
  t.deepEqual(
    [ask(6379, OTHER), ask(7379, THIRD), ask(6379, THIRD), ask(7379, OTHER)],
    [OTHER, THIRD, OTHER, THIRD],
  );
});

test('a message about one master leaves the records of the others alone, and their wakes', (t) => {
  const env = { now: 0, wallMs: 0, random: new Prng(1) };
  const first = sentinel.step(startState(TWO, networkProfile), { type: 'tick' }, env).state;
  const question = {
    master: '',
    address: { host: '127.0.0.1', port: 6379 },
    epoch: 1,
    candidate: OTHER,
  };
  const { state } = sentinel.step(
    first,
    { type: 'question', from: OTHER, question },
    { ...env, now: 5 },
  );
  t.not(state.masters.get('mymaster'), first.masters.get('mymaster'));
  t.is(state.masters.get('second'), first.masters.get('second'));
  t.is(state.dueAt.get('second'), first.dueAt.get('second'));

  // A tick looks at those that are due, and at all once the clock has been set back.
  const quiet = new Map([
    ['mymaster', 900],
    ['second', 300],
  ]);
  const looked = (dueAt: ReadonlyMap<string, number>, now: number): string[] => {
    const before = { ...state, dueAt, previousStepAt: now - 1 };
    const after = sentinel.step(before, { type: 'tick' }, { ...env, now }).state;
    return [...after.dueAt].filter(([name, at]) => at !== dueAt.get(name)).map(([name]) => name);
  };
  t.deepEqual(looked(quiet, 299), []);
  t.deepEqual(looked(quiet, 300), ['second']);
  t.deepEqual(looked(quiet, 900), ['mymaster', 'second']);
  t.deepEqual(looked(new Map([...quiet].map(([name]) => [name, 9000])), 300), [
    'mymaster',
    'second',
  ]);
});
