import test from 'ava';

import { Prng } from '../../src/base/prng.js';
import type { StateMachine } from '../../src/runtime/state-machine.js';
import { Host, type HostHandle } from '../../src/runtime/host.js';

type Message = { readonly type: 'add'; readonly n: number } | { readonly type: 'tick' };
type Effect =
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'again'; readonly message: Message }
  | { readonly type: 'wake'; readonly at: number };

/** Adds up; says so; a negative number breaks an invariant, 100 is answered with two more. */
const adder: StateMachine<number, number, Message, Effect> = {
  init: (start) => ({ state: start, ready: [{ type: 'wake', at: 50 }] }),
  step(sum, message, env) {
    if (message.type === 'tick') return { state: sum, ready: [say(`tick at ${env.now}`)] };
    if (message.n < 0) throw new Error('negative');
    const state = sum + message.n;
    const ready: Effect[] = [say(`sum ${state}`)];
    if (message.n === 100) {
      ready.push(again(1), again(2), say('asked for more'));
    }
    return { state, ready };
  },
};

function say(text: string): Effect {
  return { type: 'say', text };
}

function again(n: number): Effect {
  return { type: 'again', message: { type: 'add', n } };
}

/** A host on a clock that the test moves. */
function setUp(capacity = 8) {
  const said: string[] = [];
  const timers = new Set<{ at: number; callback: () => void }>();
  let now = 0;
  let reads = 0;
  const offered: string[] = [];
  const host = new Host(adder, 0, {
    perform(effect: Effect, _env, handle: HostHandle<Message>) {
      if (effect.type === 'say') said.push(effect.text);
      else if (effect.type === 'again') offered.push(handle.offer(effect.message));
      else handle.wakeAt(effect.at, { type: 'tick' });
    },
    clock: {
      wallMs: () => 0,
      monotonicMs: () => {
        reads += 1;
        return now;
      },
    },
    random: new Prng(1),
    schedule(delayMs, callback) {
      const timer = { at: now + delayMs, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    capacity,
  });
  const advance = (to: number): void => {
    now = to;
    for (const timer of timers) {
      if (timer.at > now) continue;
      timers.delete(timer);
      timer.callback();
    }
  };
  return { host, said, offered, timers, advance, clockReads: () => reads };
}

test('a step is done, effects in order, before the next message is taken', (t) => {
  const { host, said, offered } = setUp();
  t.is(host.offer({ type: 'add', n: 100 }), 'accepted');
  t.deepEqual(said, ['sum 100', 'asked for more', 'sum 101', 'sum 103']);
  t.deepEqual(offered, ['accepted', 'accepted']);
  t.is(host.state, 103);
  t.is(host.waiting, 0);
});

test('an offer beyond the bound is refused to the one who offers', (t) => {
  const { host, offered } = setUp(1);
  host.offer({ type: 'add', n: 100 });
  t.deepEqual(offered, ['accepted', 'full']);
});

test('the clock is read once a message', (t) => {
  const { host, clockReads } = setUp();
  const before = clockReads();
  host.offer({ type: 'add', n: 1 });
  t.is(clockReads(), before + 1);
});

test('the tick comes at its time, and a later wish replaces an earlier one', (t) => {
  const { host, said, advance, timers } = setUp();
  advance(49);
  t.deepEqual(said, []);
  host.wakeAt(70, { type: 'tick' });
  advance(69);
  t.deepEqual(said, []);
  advance(70);
  t.deepEqual(said, ['tick at 70']);
  t.is(timers.size, 0);
});

test('a broken invariant is not caught', (t) => {
  const { host } = setUp();
  t.throws(() => host.offer({ type: 'add', n: -1 }), { message: 'negative' });
});

test('a stopped host does nothing more', (t) => {
  const { host, said, advance, timers } = setUp();
  host.stop();
  t.is(host.offer({ type: 'add', n: 1 }), 'full');
  advance(1_000);
  t.deepEqual(said, []);
  t.is(timers.size, 0);
});

test('a flood leaves the event loop its turns', (t) => {
  const flood: StateMachine<null, number, number, number> = {
    init: () => ({ state: 0, ready: [] }),
    step: (count, n) => ({ state: count + 1, ready: [n] }),
  };
  const turns: (() => void)[] = [];
  const host = new Host(flood, null, {
    perform: (n: number, _env, handle) => handle.offer(n), // Each message begets another.
    clock: { wallMs: () => 0, monotonicMs: () => 0 },
    random: new Prng(1),
    schedule: (_delayMs, callback) => {
      turns.push(callback);
      return () => {};
    },
  });
  host.offer(1);
  const afterOneTurn = host.state;
  t.true(afterOneTurn > 0);
  turns.shift()?.();
  t.is(host.state, 2 * afterOneTurn);
});
