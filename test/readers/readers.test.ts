/** The short form of `npm run readers`. */
import test from 'ava';

import { check } from './check.js';
import { killRounds } from './rounds.js';
import { checkValue, makeValue } from './values.js';

test.serial(
  'reads beside every kind of change are whole, alive and as fresh as asked for',
  async (t) => {
    const result = await check({
      reads: 50_000,
      writes: 5_000,
      seed: 3,
      keys: 1_000,
      progress: () => {},
    });
    t.deepEqual(result.faults, []);
    t.true(result.hits > 1_000, JSON.stringify(result));
  },
);

test.serial(
  'threads killed at random: reads go on, and no acknowledged write is lost',
  async (t) => {
    const { faults, rounds, reads } = await killRounds({ rounds: 2, seed: 4, progress: () => {} });
    t.deepEqual(faults, []);
    t.is(rounds.length, 2);
    t.true(reads > 1_000);
  },
);

test('a torn, foreign or short value is found out', (t) => {
  const value = makeValue('k1', 7, 1_000, 50);
  t.deepEqual(checkValue('k1', value), { batch: 7, expireAtMs: 1_000 });
  t.regex(wrong('k2', value), /another key/);
  t.regex(wrong('k1', value.subarray(0, 10)), /10 bytes/);
  for (let i = 0; i < value.length; i++) {
    const torn = Buffer.from(value);
    torn[i]! ^= 1;
    t.regex(wrong('k1', torn), /torn/);
  }
});

function wrong(key: string, value: Buffer): string {
  const facts = checkValue(key, value);
  return typeof facts === 'string' ? facts : 'nothing';
}
