/** A slow link's order, with timers as late and as disorderly as a busy event loop has them. */
import test from 'ava';

import { DelayLine } from '../../../src/drill/stage/delay-line.js';

function slowLink() {
  const timers = {
    time: 1000,
    waiting: [] as { readonly at: number; readonly task: () => void }[],
    now: () => timers.time,
    later: (delayMs: number, task: () => void) => {
      timers.waiting.push({ at: timers.time + delayMs, task });
    },
  };
  const line = new DelayLine(timers);
  let arrived = '';
  const send = (letter: string, delayMs: number): void => {
    line.pass(delayMs, () => {
      arrived += letter;
    });
  };
  return { timers, send, arrived: () => arrived };
}

test('without a delay what is sent arrives at once', (t) => {
  const { send, arrived, timers } = slowLink();
  send('a', 0);
  send('b', 0);
  t.is(arrived(), 'ab');
  t.deepEqual(timers.waiting, []);
});

test('what is sent after a delay has ended waits for what was sent before', (t) => {
  const { send, arrived, timers } = slowLink();
  send('a', 20);
  timers.time += 5;
  send('b', 0);
  t.is(arrived(), '');
  t.deepEqual(
    timers.waiting.map(({ at }) => at),
    [1020, 1020],
  );
});

test('a timer that is late is not overtaken', (t) => {
  const { send, arrived, timers } = slowLink();
  send('a', 20);
  timers.time += 25;
  send('b', 0);
  t.is(arrived(), '');
  for (const { task } of timers.waiting) task();
  t.is(arrived(), 'ab');
  send('c', 0);
  t.is(arrived(), 'abc', 'and then nothing waits any more');
});

test('timers that end in another order change nothing', (t) => {
  const { send, arrived, timers } = slowLink();
  for (const letter of 'abc') send(letter, 10);
  for (const { task } of timers.waiting.toReversed()) task();
  t.is(arrived(), 'abc');
});
