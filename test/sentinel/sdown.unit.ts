/** SDOWN at its limits, and one to each side. */
import test from 'ava';
import { Prng } from '../../src/base/prng.js';
import { checkSubjectivelyDown, judge } from '../../src/sentinel/sdown.js';
import { newLink, newMaster } from '../../src/sentinel/state.js';
import type { Link, Master } from '../../src/sentinel/state.js';
import { Turn } from '../../src/sentinel/turn.js';
import { startState } from './fixture.js';

const DEMOTED_GRACE_MS = 20_000;
const master: Master = {
  ...newMaster('mymaster', { host: '127.0.0.1', port: 6379 }, 2, 0),
  downAfterMs: 1000,
};
const open = { id: 1, open: true, since: 0 };
const healthy: Link = { ...newLink(0), command: open, pubsub: open, pingPendingSince: null };
const isDown = (view: Master, link: Link, now: number): boolean =>
  judge(view, link, DEMOTED_GRACE_MS, now).down;

test('an unanswered ping older than down-after', (t) => {
  const link = { ...healthy, pingPendingSince: 500 };
  t.false(isDown(master, link, 1499));
  t.false(isDown(master, link, 1500));
  t.true(isDown(master, link, 1501));
  t.is(judge(master, link, DEMOTED_GRACE_MS, 600).limitAt, 1500);
});

test('a peer never reached is silent since it is known', (t) => {
  t.false(isDown(master, newLink(0), 1000));
  t.true(isDown(master, newLink(0), 1001));
});

test('without link or ping the last valid reply counts', (t) => {
  const link = { ...healthy, command: null, lastValidReplyAt: 300 };
  t.false(isDown(master, link, 1300));
  t.true(isDown(master, link, 1301));
});

test('an idle link with nothing asked is up', (t) => {
  t.false(isDown(master, healthy, 1_000_000));
  t.is(judge(master, healthy, DEMOTED_GRACE_MS, 0).limitAt, Infinity);
});

test('a master that calls itself a replica, after the grace', (t) => {
  const demoted: Master = { ...master, roleReported: 'replica', roleReportedAt: 100 };
  t.false(isDown(demoted, healthy, 21_100));
  t.true(isDown(demoted, healthy, 21_101));
});

test('a thread known to be dead needs no waiting', (t) => {
  t.true(isDown(master, { ...healthy, knownDead: true }, 0));
});

const masterOf = (turn: Turn): Master => turn.masters.get('mymaster')!;

test('silence is found in a tick, when what had arrived has been read, and in no other turn', (t) => {
  const start = { ...startState(), wakeAt: null };
  const turnOf = (now: number, isTick: boolean): Turn =>
    new Turn(start, { now, random: new Prng(1) }, isTick);
  const message = turnOf(1001, false);
  checkSubjectivelyDown(message, masterOf(message));
  t.false(masterOf(message).sdown);
  t.deepEqual(message.finish().ready, [{ type: 'wake', atMs: 1001 }]);
  const tick = turnOf(1001, true);
  checkSubjectivelyDown(tick, masterOf(tick));
  t.true(masterOf(tick).sdown);
  const news = turnOf(1, false);
  news.setLink(masterOf(news).link, { knownDead: true });
  checkSubjectivelyDown(news, masterOf(news));
  t.true(masterOf(news).sdown);
});
