/** When a master is asked next: soon after news, then less and less often. */
import test from 'ava';
import { sentinel } from '../../actors/sentinel.js';
import { Prng } from '../../src/base/prng.js';
import { reply } from '../../src/resp/reply.js';
import type { LinkId, SentinelEffect, SentinelMessage } from '../../src/sentinel/messages.js';
import type { SentinelState } from '../../src/sentinel/state.js';
import { pingPeriod } from '../../src/sentinel/profile.js';
import { fastProfile, FILE, redisProfile, startState } from './fixture.js';

/** As FILE says. */
const DOWN_AFTER_MS = 1000;
const INFO = 'run_id:x\r\nrole:master\r\n';

interface Days {
  readonly profile: typeof fastProfile;
  readonly untilMs: number;
  /** What is heard besides, and when. `link`: of the master's commands. */
  readonly heard?: ReadonlyMap<number, (link: LinkId) => SentinelMessage>;
}

const heart =
  (beats: boolean) =>
  (link: LinkId): SentinelMessage => ({ type: 'heart', link, beats });

const NEWS = (): SentinelMessage => ({
  type: 'node-news',
  address: { host: '127.0.0.1', port: 6379 },
});

const UP = (): SentinelMessage => ({ type: 'actor-up', address: { host: '::1', port: 1 } });

/**
 * The master's links open at 0 and every question is answered at once; @returns when it is asked.
 */
function timesOf(question: string, { profile, untilMs, heard }: Days): number[] {
  const env = { random: new Prng(1), wallMs: 0 };
  let state: SentinelState = startState(FILE, profile);
  let command: LinkId | null = null;
  const asked: number[] = [];
  const offer = (now: number, message: SentinelMessage): void => {
    const step = sentinel.step(state, message, { ...env, now });
    state = step.state;
    for (const effect of step.ready) react(now, effect);
  };
  const react = (now: number, effect: SentinelEffect): void => {
    if (effect.type === 'open-link' && effect.address.port === 6379) {
      if (effect.kind === 'command') command = effect.link;
      offer(now, { type: 'link-opened', isLocal: true, localHost: null, link: effect.link });
    }
    if (effect.type !== 'send' || effect.link !== command) return;
    const { link, tag, args } = effect;
    if (args[0] === question) asked.push(now);
    const value = tag === 'info' ? reply.bulk(INFO) : reply.simple('PONG');
    if (tag !== 'hello') offer(now, { type: 'reply', link, tag, value });
  };
  for (let now = 1; now <= untilMs; now++) {
    const message = heard?.get(now);
    if (message !== undefined) offer(now, message(command!));
    if ((state.wakeAt ?? 0) <= now) offer(now, { type: 'tick' });
  }
  return asked;
}

test('in one process: often at first, then once a period, and often again after news', (t) => {
  const heard = new Map([[6000, UP]]);
  const asked = timesOf('INFO', { profile: fastProfile, untilMs: 8000, heard });
  const within = (from: number, to: number): number =>
    asked.filter((at) => at >= from && at < to).length;
  t.true(within(0, 100) >= 4);
  t.true(within(0, 1000) <= 15);
  t.true(within(3000, 6000) <= 3);
  t.true(within(6000, 6100) >= 4);
});

test('across a network: once a period, as Redis asks', (t) => {
  const heard = new Map([[15_000, UP]]);
  const asked = timesOf('INFO', { profile: redisProfile, untilMs: 25_000, heard });
  t.deepEqual(asked, [1, 10_001, 20_001]);
});

test('a node of the process that says so is asked at once', (t) => {
  const days = { profile: fastProfile, untilMs: 35_000 };
  const usual = timesOf('INFO', days);
  t.false(usual.includes(31_234));
  t.deepEqual(timesOf('INFO', { ...days, heard: new Map([[31_234, NEWS]]) }), [...usual, 31_234]);
});

test('in one process a ping leaves at each whole multiple of the period, whatever replies come', (t) => {
  const periodMs = pingPeriod(fastProfile, DOWN_AFTER_MS);
  const heard = new Map([[6000, UP]]);
  const asked = timesOf('PING', { profile: fastProfile, untilMs: 8000, heard });
  const slots = asked.map((at) => at / periodMs);
  t.true(slots.length >= 47);
  for (const [i, slot] of slots.slice(2).entries()) {
    t.is(Math.round(slot), Math.round(slots[i + 1]!) + 1);
    t.true(Math.abs(slot - Math.round(slot)) <= 0.2);
  }
});

test('one whose heart is heard is pinged once a second, and at once when it falls silent', (t) => {
  const heard = new Map([
    [1001, heart(true)],
    [5334, heart(false)],
  ]);
  const asked = timesOf('PING', { profile: fastProfile, untilMs: 5600, heard });
  const later = asked.filter((at) => at >= 1001).map((at) => Math.round(at / 100) * 100);
  t.deepEqual(later, [2000, 3000, 4000, 5000, 5300, 5500]);
});

test('while all hearts are heard, what is due leaves in one wake, at whole seconds', (t) => {
  const heard = new Map([[1001, heart(true)]]);
  const days = { profile: fastProfile, untilMs: 60_000, heard };
  for (const [question, periodMs] of [
    ['INFO', 10_000],
    ['PUBLISH', 2000],
  ] as const) {
    const asked = timesOf(question, days).filter((at) => at > 40_000);
    t.true(asked.length >= 2);
    for (const [i, at] of asked.entries()) {
      t.true(Math.abs(at - Math.round(at / 1000) * 1000) <= 40);
      if (i > 0) t.true(Math.abs(at - asked[i - 1]! - periodMs) <= 40);
    }
  }
});

test('across a network they leave a period after the last reply', (t) => {
  const heard = new Map([[9000, UP]]);
  const [, second, third] = timesOf('PING', { profile: redisProfile, untilMs: 5000, heard });
  t.true(third! - second! >= 800 && third! - second! <= 1000);
});

/**
 * The master's heart is heard, then its connection closes; @returns when it is found down.
 *
 * @param heardAgoMs - how long before it last beat; absent: the host did not listen.
 */
function downAt(heardAgoMs?: number): number {
  const env = { random: new Prng(1), wallMs: 0 };
  let state: SentinelState = startState(FILE, fastProfile);
  let command: LinkId | null = null;
  let found = -1;
  const offer = (now: number, message: SentinelMessage): void => {
    const step = sentinel.step(state, message, { ...env, now });
    state = step.state;
    for (const effect of step.ready) react(now, effect);
  };
  const react = (now: number, effect: SentinelEffect): void => {
    if (effect.type === 'open-link' && effect.address.port === 6379 && now < 5000) {
      if (effect.kind === 'command') command = effect.link;
      offer(now, { type: 'link-opened', isLocal: true, localHost: null, link: effect.link });
    }
    if (effect.type === 'event' && effect.channel === '+sdown') {
      if (effect.payload.startsWith('master') && found === -1) found = now;
    }
    if (effect.type !== 'send' || effect.tag !== 'ping') return;
    const value = reply.simple('PONG');
    offer(now, { type: 'reply', link: effect.link, tag: 'ping', value });
  };
  for (let now = 1; now <= 8000; now++) {
    if (now === 2001) offer(now, heart(true)(command!));
    if (now === 5900) offer(now, { type: 'link-closed', link: command!, why: '', heardAgoMs });
    if ((state.wakeAt ?? 0) <= now) offer(now, { type: 'tick' });
  }
  return found;
}

test('beats date the silence of one that was not asked, when its connection closes', (t) => {
  t.is(downAt(100), 5800 + DOWN_AFTER_MS + 1);
  t.true(downAt() <= 5000 + 2 * 20 + DOWN_AFTER_MS); // Not listened to: the last PONG's word.
});
