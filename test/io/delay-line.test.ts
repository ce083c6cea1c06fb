/** A slow link's order, with timers as late and as disorderly as a busy event loop has them. */
import test from 'ava';

import { DelayLine } from '../../src/io/delay-line.js';

function slowLink() {
  const timers = {
    time: 1000,
    waiting: [] as { readonly at: number; readonly task: () => void }[],
    now: () => timers.time,
    later(delayMs: number, task: () => void) {
      const timer = { at: timers.time + delayMs, task };
      timers.waiting.push(timer);
      return () => void timers.waiting.splice(timers.waiting.indexOf(timer), 1);
    },
    /** The event loop looks at its timers, which is late or early by its own measure. */
    fire: () => {
      for (const { task } of timers.waiting.splice(0)) task();
    },
  };
  const line = new DelayLine(timers);
  let arrived = '';
  const send = (letter: string, delayMs: number): void => {
    line.pass(delayMs, () => {
      arrived += letter;
    });
  };
  return { timers, line, send, arrived: () => arrived };
}

test('without a delay what is sent arrives at once', (t) => {
  const { send, arrived, timers } = slowLink();
  send('a', 0);
  send('b', 0);
  t.is(arrived(), 'ab');
  t.deepEqual(timers.waiting, []);
});

test('what is sent after a delay has ended waits for what was sent before, on one timer', (t) => {
  const { send, arrived, timers } = slowLink();
  send('a', 20);
  timers.time += 5;
  send('b', 0);
  t.is(arrived(), '');
  t.deepEqual(
    timers.waiting.map(({ at }) => at),
    [1020],
  );
  timers.time = 1020;
  timers.fire();
  t.is(arrived(), 'ab');
  t.deepEqual(timers.waiting, []);
});

test('a timer that is late is not overtaken', (t) => {
  const { send, arrived, timers } = slowLink();
  send('a', 20);
  timers.time += 25;
  send('b', 0);
  t.is(arrived(), '');
  timers.fire();
  t.is(arrived(), 'ab');
  send('c', 0);
  t.is(arrived(), 'abc', 'and then nothing waits any more');
});

test('a timer that is early waits for the rest', (t) => {
  const { send, arrived, timers } = slowLink();
  send('a', 10);
  timers.time += 9;
  timers.fire();
  t.is(arrived(), '');
  timers.time += 1;
  timers.fire();
  t.is(arrived(), 'a');
});

test('each task has its own delay: one is not kept for those behind it', (t) => {
  const { send, arrived, timers } = slowLink();
  send('a', 10);
  send('b', 30);
  timers.time += 10;
  timers.fire();
  t.is(arrived(), 'a');
  timers.time += 20;
  timers.fire();
  t.is(arrived(), 'ab');
});

test('a closed link has no timer, and nothing arrives on it any more', (t) => {
  const { line, send, arrived, timers } = slowLink();
  send('a', 600_000);
  line.close();
  t.deepEqual(timers.waiting, []);
  send('b', 0);
  send('c', 10);
  t.deepEqual(timers.waiting, []);
  t.is(arrived(), '');
});
