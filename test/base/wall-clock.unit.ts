/** A steady clock that is set by the system's, which people set and threads look at interrupted. */
import test from 'ava';
import { WallClock } from '../../src/base/wall-clock.js';

const ORIGIN_MS = 1_700_000_000_000;

/** Two clocks that a test moves. */
class Clocks {
  steady = 0;
  /** What the system's clock is ahead of the steady one by, but for the origin. */
  ahead = 0;
  /** How long the thread is stopped after its next look at the steady clock. */
  stop = 0;

  monotonicMs(): number {
    const now = this.steady;
    this.steady += this.stop;
    this.stop = 0;
    return now;
  }

  wallMs(): number {
    return Math.floor(ORIGIN_MS + this.steady + this.ahead);
  }

  /** @returns by how many ms the clock under test is wrong. */
  error(clock: WallClock): number {
    return clock.micros() / 1000 - (ORIGIN_MS + this.steady + this.ahead);
  }
}

test('what the system is ahead by less than 2 ms is a rounding', (t) => {
  const clocks = new Clocks();
  const clock = new WallClock(clocks, ORIGIN_MS);
  for (const ahead of [0, 0.9, 1.9, -0.9]) {
    clocks.steady += 1001.3;
    clocks.ahead = ahead;
    t.true(Math.abs(clocks.error(clock) + ahead) < 0.01, `${ahead} ms`);
  }
});

test('a clock that was set is followed within a second', (t) => {
  const clocks = new Clocks();
  const clock = new WallClock(clocks, ORIGIN_MS);
  t.true(Math.abs(clocks.error(clock)) < 0.01);
  for (const ahead of [5000, -5000]) {
    clocks.ahead = ahead;
    clocks.steady += 900;
    t.true(Math.abs(clocks.error(clock)) > 4000, 'not looked at yet');
    clocks.steady += 200;
    t.true(Math.abs(clocks.error(clock)) <= 1.01);
  }
});

test('a wrong origin is noticed at once', (t) => {
  const clocks = new Clocks();
  t.true(Math.abs(clocks.error(new WallClock(clocks, ORIGIN_MS + 7))) <= 1.01);
});

test('a thread stopped between its looks at the two clocks does not set one by the other', (t) => {
  const clocks = new Clocks();
  const clock = new WallClock(clocks, ORIGIN_MS);
  clock.micros();
  clocks.steady += 1001;
  clocks.stop = 40;
  clock.micros();
  t.true(Math.abs(clocks.error(clock)) < 0.01, 'the next look is a new one');
  clocks.ahead = 100;
  clocks.steady += 1001;
  clocks.stop = 40;
  clock.micros();
  t.true(Math.abs(clocks.error(clock)) <= 1.01, 'and finds what was set');
});
