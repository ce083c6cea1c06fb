import test from 'ava';
import * as fc from 'fast-check';
import { Freshness } from '../../src/cache/freshness.js';

test('a replica is as old as the last note that it has all of', (t) => {
  const freshness = new Freshness();
  t.is(freshness.staleMs(0, 5, 5), 0, 'it has all');
  t.is(freshness.staleMs(0, 4, 5), Infinity, 'nothing is known');
  freshness.note(100, 10);
  freshness.note(110, 20);
  freshness.note(120, 30);
  t.is(freshness.staleMs(125, 30, 30), 0);
  t.is(freshness.staleMs(125, 30, 40), 5);
  t.is(freshness.staleMs(125, 29, 40), 15);
  t.is(freshness.staleMs(125, 20, 40), 15);
  t.is(freshness.staleMs(125, 10, 40), 25);
  t.is(freshness.staleMs(125, 9, 40), Infinity);
});

test('while nothing is written the last note moves on', (t) => {
  const freshness = new Freshness();
  freshness.note(100, 10);
  freshness.note(5_000, 10);
  t.is(freshness.staleMs(5_001, 10, 11), 1);
});

test('another history, or a clock set back, begins anew', (t) => {
  const freshness = new Freshness();
  freshness.note(100, 10);
  freshness.note(101, 5);
  t.is(freshness.staleMs(102, 6, 7), 1);
  t.is(freshness.staleMs(102, 4, 7), Infinity);
  freshness.note(50, 8);
  t.is(freshness.staleMs(51, 7, 9), Infinity);
});

test('the bound is never too small, however often it is noted', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ ms: fc.nat(5), bytes: fc.nat(3), isNoted: fc.boolean() }), {
        minLength: 1,
        maxLength: 600,
      }),
      fc.nat(1000),
      (steps, back) => {
        const freshness = new Freshness();
        const history: [at: number, offset: number][] = [];
        let now = 0;
        let offset = 0;
        for (const { ms, bytes, isNoted } of steps) {
          now += ms;
          offset += bytes;
          history.push([now, offset]);
          if (isNoted) freshness.note(now, offset);
        }
        const held = Math.max(0, offset - back);
        // What it holds was all there was until the first write beyond it.
        const first = history.find(([, at]) => at > held);
        const truth = first === undefined ? 0 : now - first[0];
        return freshness.staleMs(now, held, offset) >= truth;
      },
    ),
  );
  t.pass();
});
