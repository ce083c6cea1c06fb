/** Who may be promoted, each bound at its limit; and the order among those. */
import test from 'ava';
import * as fc from 'fast-check';
import {
  comparePromotion,
  figuresDueAt,
  figuresMissingUntil,
  selectReplica,
} from '../../src/sentinel/select-replica.js';
import { networkProfile, redisProfile } from '../../src/sentinel/profile.js';
import { newMaster, newReplica } from '../../src/sentinel/state.js';
import type { Link, Master, Replica } from '../../src/sentinel/state.js';
import type { Turn } from '../../src/sentinel/turn.js';
import { FILE, startState, turnAt } from './fixture.js';

const NOW = 100_000;
const open = { id: 1, open: true, since: 0 };

/** A dead master and one fit replica, changed as the case wants it. */
function choose(
  replica: Partial<Replica>,
  link: Partial<Link> = {},
  master: Partial<Master> = {},
  profile = redisProfile,
): boolean {
  const turn: Turn = turnAt(NOW, startState(FILE, profile));
  const dead = turn.update(turn.masters.get('mymaster')!, {
    sdown: true,
    sdownSince: NOW - 2000,
    replicas: new Map(),
    ...master,
  });
  const fit = newReplica(dead, { host: '127.0.0.1', port: 6380 }, 0);
  turn.put({ ...fit, infoAt: NOW, ...replica });
  turn.setLink(fit.link, { command: open, pubsub: open, lastValidReplyAt: NOW, ...link });
  return selectReplica(turn, turn.current(dead)) !== null;
}

test('a fit replica is chosen', (t) => {
  t.true(choose({}));
});

test('down, disconnected, or priority 0: never', (t) => {
  t.false(choose({ sdown: true }));
  t.false(choose({}, { command: null }));
  t.false(choose({}, { pubsub: null }));
  t.false(choose({}, { command: { ...open, open: false } }));
  t.false(choose({ priority: 0 }));
});

test('silent for more than five seconds: never', (t) => {
  t.true(choose({}, { lastValidReplyAt: NOW - 5000 }));
  t.false(choose({}, { lastValidReplyAt: NOW - 5001 }));
});

test('INFO older than five seconds while the master is down, thirty while it is up', (t) => {
  t.true(choose({ infoAt: NOW - 5000 }));
  t.false(choose({ infoAt: NOW - 5001 }));
  t.false(choose({ infoAt: null }));
  const up = { sdown: false };
  t.true(choose({ infoAt: NOW - 30_000 }, {}, up));
  t.false(choose({ infoAt: NOW - 30_001 }, {}, up));
});

test('an INFO that is on its way is waited for longer where no replica is fit without it', (t) => {
  const waits = (
    profile: typeof redisProfile,
    afterMs: number,
    infoAt: number,
    more: { readonly link?: Partial<Link>; readonly replica?: Partial<Replica> } = {},
  ): boolean[] => {
    const turn = turnAt(NOW + afterMs, startState(FILE, profile));
    const dead = turn.update(turn.masters.get('mymaster')!, {
      sdown: true,
      sdownSince: NOW - 1,
      failoverStateAt: NOW,
    });
    for (const replica of dead.replicas.values()) {
      turn.update(replica, { infoAt, ...more.replica });
      turn.setLink(replica.link, { command: open, pubsub: open, ...more.link });
    }
    const now = turn.current(dead);
    return [figuresDueAt(turn, now) !== null, figuresMissingUntil(turn, now) !== null];
  };
  const { freshInfoWaitMs } = networkProfile;
  t.deepEqual(waits(networkProfile, freshInfoWaitMs - 1, NOW - 2), [true, true]);
  t.deepEqual(waits(networkProfile, freshInfoWaitMs, NOW - 2), [false, true]);
  t.deepEqual(waits(networkProfile, 999, NOW - 2), [false, true]);
  t.deepEqual(waits(networkProfile, 1000, NOW - 2), [false, false]);
  t.deepEqual(waits(networkProfile, 0, NOW), [false, false], 'it is here');
  const link = { command: { ...open, open: false } };
  t.deepEqual(waits(networkProfile, 999, NOW, { link }), [false, true], 'its link is being opened');
  t.deepEqual(waits(networkProfile, 1000, NOW, { link }), [false, false]);
  const replica = { sdown: true };
  t.deepEqual(waits(networkProfile, 999, NOW - 2, { link, replica }), [false, false], 'it is down');
  t.deepEqual(waits(redisProfile, 999, NOW - 2, { link }), [false, false], 'Redis does not');
  t.deepEqual(waits(redisProfile, 999, NOW - 2), [true, false], 'Redis’ own wait is as long');
});

test('without its master for longer than the failure plus ten down-after', (t) => {
  t.true(choose({ masterLinkDownMs: 2000 + 10_000 }));
  t.false(choose({ masterLinkDownMs: 2000 + 10_001 }));
});

test('a master that calls itself a replica has failed since it does; by Redis’ rules since its SDOWN', (t) => {
  const demoted = { roleReported: 'replica', roleReportedAt: NOW - 23_000 } as const;
  const sinceRole = { masterLinkDownMs: 23_000 + 10_000 };
  const ours = (replica: Partial<Replica>, master: Partial<Master>): boolean =>
    choose(replica, {}, master, networkProfile);
  t.true(ours(sinceRole, demoted));
  t.false(ours({ masterLinkDownMs: 23_000 + 10_001 }, demoted));
  t.false(ours(sinceRole, { ...demoted, roleReported: 'master' }));
  t.false(choose(sinceRole, {}, demoted));
  t.true(ours({ masterLinkDownMs: 2000 + 10_000 }, { ...demoted, roleReportedAt: NOW }));
});

test('order: priority, then offset, then run id; a missing run id last', (t) => {
  const master = newMaster('mymaster', { host: '127.0.0.1', port: 6379 }, 2, 0);
  const base = newReplica(master, { host: '127.0.0.1', port: 6380 }, 0);
  const first = (a: Partial<Replica>, b: Partial<Replica>): boolean =>
    comparePromotion({ ...base, ...a }, { ...base, ...b }) < 0;
  t.true(first({ priority: 1, offset: 0 }, { priority: 2, offset: 9 }));
  t.true(first({ offset: 2, runid: 'z' }, { offset: 1, runid: 'a' }));
  t.true(first({ runid: 'A' }, { runid: 'b' }));
  t.true(first({ runid: 'z' }, { runid: null }));
  t.false(first({ runid: null }, { runid: null }));
});

test('the order is one: everybody with the same knowledge chooses the same', (t) => {
  const master = newMaster('mymaster', { host: '127.0.0.1', port: 6379 }, 2, 0);
  const replica = fc
    .record({
      priority: fc.integer({ min: 1, max: 3 }),
      offset: fc.integer({ min: 0, max: 3 }),
      runid: fc.option(fc.constantFrom('aa', 'Ab', 'b')),
    })
    .map((fields) => ({ ...newReplica(master, { host: 'h', port: 1 }, 0), ...fields }));
  fc.assert(
    fc.property(replica, replica, replica, (a, b, c) => {
      t.is(Math.sign(comparePromotion(a, b)), -Math.sign(comparePromotion(b, a)) || 0);
      if (comparePromotion(a, b) <= 0 && comparePromotion(b, c) <= 0) {
        t.true(comparePromotion(a, c) <= 0);
      }
    }),
  );
});
