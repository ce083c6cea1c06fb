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
  let beats = 0;
  const heartbeat = new Heartbeat(control, 7, 3_600_000, () => {
    beats += 1;
    if (beats === 1) heartbeat.soon(); // From within a beat: the next is meant.
  });
  const alive = setInterval(() => {}, 1_000); // A heartbeat keeps no thread alive.
  heartbeat.start();
  t.true(control.beatAgeMs(7) < 5_000);
  const first = control.beatAt(7);
  while (beats < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  t.not(control.beatAt(7), first);
  heartbeat.soon(); // From outside: instead of the one in an hour.
  while (beats < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  clearInterval(alive);
  t.is(beats, 3);
});
