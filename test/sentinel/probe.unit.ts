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

/**
 * The master's links open at 0 and every question is answered at once; @returns when it is asked.
 */
function timesOf(
  question: string,
  profile: typeof fastProfile,
  untilMs: number,
  upAtMs: number,
): number[] {
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
    if (now === upAtMs) offer(now, { type: 'actor-up', address: { host: '::1', port: 1 } });
    if ((state.wakeAt ?? 0) <= now) offer(now, { type: 'tick' });
  }
  return asked;
}

test('in one process: often at first, then once a period, and often again after news', (t) => {
  const asked = timesOf('INFO', fastProfile, 8000, 6000);
  const within = (from: number, to: number): number =>
    asked.filter((at) => at >= from && at < to).length;
  t.true(within(0, 100) >= 4);
  t.true(within(0, 1000) <= 15);
  t.true(within(3000, 6000) <= 3);
  t.true(within(6000, 6100) >= 4);
});

test('across a network: once a period, as Redis asks', (t) => {
  t.deepEqual(timesOf('INFO', redisProfile, 25_000, 15_000), [1, 10_001, 20_001]);
});

test('in one process a ping leaves at each whole multiple of the period, whatever replies come', (t) => {
  const periodMs = pingPeriod(fastProfile, DOWN_AFTER_MS);
  const slots = timesOf('PING', fastProfile, 8000, 6000).map((at) => at / periodMs);
  t.true(slots.length >= 47);
  for (const [i, slot] of slots.slice(2).entries()) {
    t.is(Math.round(slot), Math.round(slots[i + 1]!) + 1);
    t.true(Math.abs(slot - Math.round(slot)) <= 0.2);
  }
});

test('across a network they leave a period after the last reply', (t) => {
  const [, second, third] = timesOf('PING', redisProfile, 5000, 9000);
  t.true(third! - second! >= 800 && third! - second! <= 1000);
});
