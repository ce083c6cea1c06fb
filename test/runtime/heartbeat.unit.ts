import test from 'ava';

import { ControlWords } from '../../src/runtime/control.js';
import { Heartbeat, untilBeat } from '../../src/runtime/heartbeat.js';

test('beats are due a tenth of the period before its whole multiples, in every thread', (t) => {
  t.is(untilBeat(1_000, 200), 180);
  t.is(untilBeat(1_100, 200), 80);
  t.is(untilBeat(1_120, 200), 60);
});

test('a timer that ends early, or a beat that came late, makes no second one at once', (t) => {
  t.is(untilBeat(1_179.5, 200), 200.5);
  t.is(untilBeat(1_121, 200), 259);
});

test('one that something waits for comes soon, and whoever watches sees it', async (t) => {
  const control = new ControlWords();
  const alive = setInterval(() => {}, 1_000); // A heartbeat keeps no thread alive.
  const heartbeat: Heartbeat = new Heartbeat(control, 7, 3_600_000, () => onBeat());
  let onBeat = (): void => heartbeat.soon(); // From within a beat: the next is meant.
  const next = (): Promise<void> =>
    new Promise((resolve) => {
      onBeat = resolve;
    });
  heartbeat.start();
  const first = control.beatAt(7);
  await next();
  t.not(control.beatAt(7), first);
  t.true(control.beatAgeMs(7) < 5_000);
  await new Promise((resolve) => setTimeout(resolve, 1));
  heartbeat.soon(); // From outside: instead of the one in an hour.
  await next();
  clearInterval(alive);
});
