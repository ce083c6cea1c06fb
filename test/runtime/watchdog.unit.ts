import test from 'ava';

import { Watchdog } from '../../src/runtime/watchdog.js';

/** Rounds each 100 ms until `until`; returns what each named round said. */
function watch(watchdog: Watchdog, beats: (now: number) => number, from: number, until: number) {
  const said: string[] = [];
  for (let now = from; now <= until; now += 100) {
    const { stalled, recovered } = watchdog.check(() => ({ beat: beats(now), ageMs: 0 }), now);
    if (stalled.length > 0) said.push(`${now} stalled`);
    if (recovered.length > 0) said.push(`${now} recovered`);
  }
  return said;
}

test('a loop stands still when it has not beaten for longer than the timeout', (t) => {
  const watchdog = new Watchdog(400);
  watchdog.add('a', 0, 0);
  t.deepEqual(
    watch(watchdog, (now) => Math.min(now, 1_000), 0, 2_000),
    ['1500 stalled'],
  );
});

test('it recovers with its first beat, and may stall again', (t) => {
  const watchdog = new Watchdog(400);
  watchdog.add('a', 7, 0);
  t.deepEqual(
    watch(watchdog, (now) => (now < 1_000 ? 7 : 8), 0, 2_000),
    ['500 stalled', '1000 recovered', '1500 stalled'],
  );
});

test('a watcher that was away blames nobody for it', (t) => {
  const watchdog = new Watchdog(400);
  watchdog.add('a', 7, 0);
  t.deepEqual(
    watch(watchdog, () => 7, 0, 300),
    [],
  );
  t.deepEqual(
    watch(watchdog, () => 7, 5_000, 5_400),
    [],
  );
  t.deepEqual(
    watch(watchdog, () => 7, 5_500, 5_500),
    ['5500 stalled'],
  );
});

test('one that is removed is not watched', (t) => {
  const watchdog = new Watchdog(400);
  watchdog.add('a', 7, 0);
  watchdog.remove('a');
  t.deepEqual(
    watch(watchdog, () => 7, 0, 1_000),
    [],
  );
});

test('it looks seldom while all beat, and often when one does not; silence counts from the beat', (t) => {
  const watchdog = new Watchdog(1_000);
  watchdog.add('a', 0, 0);
  watchdog.check(() => ({ beat: 1, ageMs: 0 }), 0);
  t.is(watchdog.check(() => ({ beat: 2, ageMs: 400 }), 500).nextMs, 500);
  t.is(watchdog.check(() => ({ beat: 2, ageMs: 900 }), 1_000).nextMs, 125);
  t.deepEqual(watchdog.check(() => ({ beat: 2, ageMs: 1_000 }), 1_100).stalled, []);
  t.deepEqual(watchdog.check(() => ({ beat: 2, ageMs: 1_001 }), 1_101).stalled, ['a']);
});

test("a thread whose clock is another's is not older than the last round, nor of the future", (t) => {
  for (const [ageMs, stalledAt] of [
    [50_000, 1_000],
    [-50_000, 1_500],
  ] as const) {
    const watchdog = new Watchdog(1_000);
    watchdog.add('a', 0, 0);
    watchdog.check(() => ({ beat: 1, ageMs: 0 }), 0);
    watchdog.check(() => ({ beat: 2, ageMs }), 500);
    t.deepEqual(watchdog.check(() => ({ beat: 2, ageMs }), 1_000).stalled, []);
    t.deepEqual(watchdog.check(() => ({ beat: 2, ageMs }), stalledAt).stalled, []);
    t.deepEqual(watchdog.check(() => ({ beat: 2, ageMs }), stalledAt + 1).stalled, ['a']);
  }
});
