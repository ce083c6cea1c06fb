/** A pause ends by its own timer, even where that ends a moment before the clock says so. */
import test from 'ava';
import { endInTime } from '../../../src/commands/connection/client-pause.js';
import { Pause } from '../../../src/server/pause.js';

test('a timer that ends early goes on for what is left of the pause', (t) => {
  const pause = new Pause();
  let now = 1_000;
  const timers: { readonly delayMs: number; readonly task: () => void }[] = [];
  const clock = {
    wallMicros: () => now * 1000,
    later(delayMs: number, task: () => void) {
      timers.push({ delayMs, task });
      return () => {};
    },
  };
  pause.start('write', 1_010);
  endInTime(pause, clock, 1_010);
  now = 1_009;
  timers[0]!.task();
  t.is(pause.mode, 'write');
  now = 1_010;
  timers[1]!.task();
  t.is(pause.mode, 'none');
  t.deepEqual(
    timers.map(({ delayMs }) => delayMs),
    [10, 1],
  );
});
