/** The active cycle's share of time, by a clock that the slices move on. */
import test from 'ava';
import { ExpireCycle, type ExpireSlice } from '../../../src/server/upkeep/expire-cycle.js';

/** Slices that look at so many keys, find so many due, and take so long. */
class Sweep {
  micros = 1_000_000;
  units: number[] = [];
  readonly cycle = new ExpireCycle(() => this.micros);

  run(slice: ExpireSlice, tookMicros: number): void {
    this.cycle.slice((units) => {
      this.units.push(units);
      this.micros += tookMicros;
      return slice;
    });
  }

  /** Run slices until the cycle ends. @returns µs. */
  runAll(slice: ExpireSlice, tookMicros: number): number {
    const begin = this.micros;
    while (this.cycle.isRunning) this.run(slice, tookMicros);
    return this.micros - begin;
  }
}

const ALL_DUE = { looked: 500, expired: 500, hasMore: true };

for (const [effort, slowMicros, fastMicros] of [
  [1, 25_000, 1000],
  [5, 33_000, 2000],
  [10, 43_000, 3250],
] as const) {
  test(`effort ${effort}: ${slowMicros} µs of every 100 ms, then ${fastMicros} µs at a time`, (t) => {
    const sweep = new Sweep();
    sweep.cycle.beginSlow(effort, 100);
    t.is(sweep.runAll(ALL_DUE, 250), slowMicros);
    t.is(sweep.cycle.capReached, 1);
    // As long a pause as the fast cycle takes, to the µs.
    t.is(sweep.cycle.beginFast(), Math.ceil(fastMicros / 1000));
    sweep.micros += fastMicros - 1;
    t.is(sweep.cycle.beginFast(), 1);
    sweep.micros += 1;
    t.is(sweep.cycle.beginFast(), 0);
    t.is(sweep.runAll(ALL_DUE, 250), fastMicros);
    t.is(sweep.cycle.capReached, 2);
    t.is(sweep.cycle.totalMicros, slowMicros + fastMicros);
  });
}

test('a cycle ends when everything has been looked at', (t) => {
  const sweep = new Sweep();
  sweep.cycle.beginSlow(1, 100);
  sweep.run({ looked: 100, expired: 100, hasMore: false }, 100);
  t.false(sweep.cycle.isRunning);
  t.is(sweep.cycle.capReached, 0);
});

test('a cycle ends when enough were looked at and few were due, at its limit', (t) => {
  const sweep = new Sweep();
  sweep.cycle.beginSlow(1, 100);
  sweep.run({ looked: 65_535, expired: 0, hasMore: true }, 100);
  t.true(sweep.cycle.isRunning);
  sweep.run({ looked: 1, expired: 0, hasMore: true }, 1);
  t.false(sweep.cycle.isRunning);

  sweep.cycle.beginSlow(1, 100);
  sweep.run({ looked: 100_000, expired: 10_001, hasMore: true }, 100);
  t.true(sweep.cycle.isRunning);
  sweep.run({ looked: 10, expired: 0, hasMore: true }, 100);
  t.false(sweep.cycle.isRunning);
});

test('nothing due leaves no fast cycle to begin; much that is stale does', (t) => {
  const sweep = new Sweep();
  sweep.cycle.beginSlow(1, 100);
  sweep.runAll({ looked: 100, expired: 0, hasMore: false }, 10);
  t.is(sweep.cycle.stalePercent, 0);
  t.is(sweep.cycle.beginFast(), null);
  for (let i = 0; i < 3; i++) {
    sweep.cycle.beginSlow(1, 100);
    sweep.runAll({ looked: 100, expired: 100, hasMore: false }, 10);
  }
  t.true(Math.abs(sweep.cycle.stalePercent - 100 * (1 - 0.95 ** 3)) < 1e-9);
  sweep.micros += 1000;
  t.is(sweep.cycle.beginFast(), 0);
});

test('slices are fitted to 400 µs, whatever the machine', (t) => {
  const sweep = new Sweep();
  sweep.cycle.beginSlow(1, 100);
  const microsPerUnit = 0.4;
  for (let i = 0; i < 10; i++) sweep.run(ALL_DUE, (sweep.units.at(-1) ?? 8192) * microsPerUnit);
  t.true(Math.abs(sweep.units.at(-1)! - 1024) <= 1, `${sweep.units.at(-1)}`);
  for (let i = 0; i < 30; i++) sweep.run(ALL_DUE, 1);
  t.is(sweep.units.at(-1), 1 << 18);
});
