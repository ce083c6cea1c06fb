/** When a master that calls itself a replica is told to be master again. */
import test from 'ava';
import { advanceFailover } from '../../src/sentinel/failover.js';
import type { SentinelEffect } from '../../src/sentinel/messages.js';
import { fastProfile, redisProfile } from '../../src/sentinel/profile.js';
import type { Master } from '../../src/sentinel/state.js';
import { FILE, startState, turnAt } from './fixture.js';

const NOW = 100_000;
const open = { id: 1, open: true, since: 0 };
const SLAVEOF = 'SLAVEOF NO ONE';

interface Case {
  readonly profile?: typeof redisProfile;
  readonly master?: Partial<Master>;
  /** How long ago the master has answered last. */
  readonly silentMs?: number;
  readonly replicasAreDown?: boolean;
}

/** A leader chooses a replica, and finds none. @returns what it does, in words. */
function choose({
  profile = fastProfile,
  master = {},
  silentMs = 0,
  replicasAreDown = true,
}: Case): string[] {
  const turn = turnAt(NOW, startState(FILE, profile));
  const group = turn.update(turn.masters.get('mymaster')!, {
    sdown: true,
    sdownSince: NOW - 20_000,
    roleReported: 'replica',
    reportedMaster: { host: '127.0.0.1', port: 6380 },
    failoverState: 'select-replica',
    failoverStateAt: NOW - 10_000,
    ...master,
  });
  turn.setLink(group.link, { command: open, pubsub: open, lastValidReplyAt: NOW - silentMs });
  for (const replica of group.replicas.values()) turn.update(replica, { sdown: replicasAreDown });
  advanceFailover(turn, 'mymaster');
  return turn.finish().ready.flatMap((effect: SentinelEffect) => {
    if (effect.type === 'event') return [`${effect.channel} ${effect.payload}`];
    return effect.type === 'send' ? [effect.args.join(' ')] : [];
  });
}

test('it follows one of its own that is down, and no other is fit', (t) => {
  const done = choose({});
  t.true(done.includes('-failover-abort-no-good-slave master mymaster 127.0.0.1 6379'));
  t.true(done.includes(SLAVEOF));
  t.true(done.includes('+convert-to-master master mymaster 127.0.0.1 6379'));
});

test('not when it does not answer, says that it is master, or what it follows is up', (t) => {
  t.false(choose({ silentMs: 1001 }).includes(SLAVEOF));
  t.true(choose({ silentMs: 1000 }).includes(SLAVEOF));
  t.false(choose({ master: { roleReported: 'master' } }).includes(SLAVEOF));
  t.false(choose({ replicasAreDown: false }).includes(SLAVEOF));
});

test('not when it follows a server that is none of its own; by Redis’ rules never', (t) => {
  const reportedMaster = { host: '127.0.0.1', port: 7000 };
  t.false(choose({ master: { reportedMaster } }).includes(SLAVEOF));
  t.false(choose({ master: { reportedMaster: null } }).includes(SLAVEOF));
  t.false(choose({ profile: redisProfile }).includes(SLAVEOF));
});
