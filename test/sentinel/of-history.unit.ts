/** Whose data a replica has, and what comes of it. */
import test from 'ava';
import { considerCandidacy } from '../../src/sentinel/election.js';
import { historyStanding, lostBytes } from '../../src/sentinel/of-history.js';
import { selectReplica } from '../../src/sentinel/select-replica.js';
import type { Replica } from '../../src/sentinel/state.js';
import type { Turn } from '../../src/sentinel/turn.js';
import { fastProfile, FILE, OTHER, redisProfile, startState, turnAt } from './fixture.js';

const NOW = 100_000;
const open = { id: 1, open: true, since: 0 };
const master = { host: '127.0.0.1', port: 6379 };
const sibling = { host: '127.0.0.1', port: 6381 };
const foreign = { host: '10.0.0.9', port: 6379 };

const at = (offset: number): string => `role:master\r\nmaster_repl_offset:${offset}\r\n`;

const info = (replid: string): string => `role:slave\r\nmaster_replid:${replid.repeat(40)}\r\n`;

/** The master of the fixture, dead, with replicas as given, in the order of their ports. */
function groupOf(turn: Turn, replicas: readonly Partial<Replica>[], replid: string | null) {
  const infoText = replid === null ? null : info(replid);
  const dead = { sdown: true, sdownSince: NOW - 100, infoText };
  turn.update(turn.masters.get('mymaster')!, dead);
  [...turn.masters.get('mymaster')!.replicas.values()].forEach((known, i) => {
    const changes = { infoAt: NOW, roleReported: 'replica' as const, ...replicas[i] };
    const { link } = turn.update(known, changes);
    turn.setLink(link, { command: open, pubsub: open, lastValidReplyAt: NOW });
  });
  return turn.masters.get('mymaster')!;
}

function standing(replica: Partial<Replica>, replid: string | null): string {
  const turn = turnAt(NOW);
  const group = groupOf(turn, [replica], replid);
  return historyStanding(turn, group, [...group.replicas.values()][0]!);
}

test('who is in the master’s history, in another one, or outside of the group', (t) => {
  t.is(standing({ infoText: info('a'), reportedMaster: foreign }, 'a'), 'same');
  t.is(standing({ infoText: info('b'), reportedMaster: master }, 'a'), 'other');
  t.is(standing({ infoText: info('b'), reportedMaster: sibling }, 'a'), 'other');
  t.is(standing({ infoText: info('b'), roleReported: 'master' }, 'a'), 'other');
  t.is(standing({ infoText: info('b'), reportedMaster: foreign }, 'a'), 'outside');
});

test('where the histories are not known, whom a replica follows decides', (t) => {
  t.is(standing({ infoText: info('b'), reportedMaster: master }, null), 'same');
  t.is(standing({ infoText: null, reportedMaster: sibling }, 'a'), 'other');
});

test('the highest offset counts among the master’s data; Redis’ rules compare any', (t) => {
  const stale = { infoText: info('b'), reportedMaster: master, offset: 900 };
  const fresh = { infoText: info('a'), reportedMaster: master, offset: 100 };
  for (const [profile, port] of [
    [fastProfile, 6381],
    [redisProfile, 6380],
  ] as const) {
    const turn = turnAt(NOW, startState(FILE, profile));
    t.is(selectReplica(turn, groupOf(turn, [stale, fresh], 'a'))?.address.port, port);
  }
});

test('nobody of the group has the master’s data: the others of it may do, a stranger may not', (t) => {
  const stale = { infoText: info('b'), reportedMaster: master, offset: 1 };
  const stranger = { infoText: info('c'), reportedMaster: foreign, offset: 900 };
  const turn = turnAt(NOW, startState(FILE, fastProfile));
  t.is(selectReplica(turn, groupOf(turn, [stranger, stale], 'a'))?.address.port, 6381);
  t.is(selectReplica(turn, groupOf(turn, [stranger, stranger], 'a')), null);
});

test('a master that has started anew with less', (t) => {
  t.is(lostBytes(at(900), at(0)), 900);
  t.is(lostBytes(at(900), at(900)), 0);
  t.is(lostBytes(null, at(0)), 0);
});

test('a leader that has fallen silent is not waited for; by Redis’ rules it is', (t) => {
  for (const [profile, sdownSince, waits] of [
    [fastProfile, null, true],
    [fastProfile, NOW - 1, false],
    // It was when it asked for the vote: it lives, though it cannot be reached from here.
    [fastProfile, NOW - 3, true],
    [redisProfile, NOW - 1, true],
  ] as const) {
    const turn = turnAt(NOW, startState(FILE, profile));
    const group = turn.masters.get('mymaster')!;
    turn.update(group.sentinels.get(OTHER)!, { sdown: sdownSince !== null, sdownSince });
    const voted = { leader: OTHER, odown: true, failoverStartedAt: NOW - 1, votedAt: NOW - 2 };
    considerCandidacy(turn, turn.update(turn.current(group), voted));
    const { candidacyAt, failoverState } = turn.current(group);
    t.is(candidacyAt === null && failoverState === 'none', waits);
  }
});
