/** Majorities, for every number of voters that a cluster may have and some that none has. */
import test from 'ava';
import * as fc from 'fast-check';
import { majority, votesNeeded } from '../../src/sentinel/quorum.js';

const voters = fc.integer({ min: 1, max: 1000 });

test('a majority: two of them share a voter, and one less can be had twice', (t) => {
  t.deepEqual([1, 2, 3, 4, 5, 6, 7].map(majority), [1, 2, 2, 3, 3, 4, 4]);
  fc.assert(
    fc.property(voters, (all) => {
      const needed = majority(all);
      return needed <= all && 2 * needed > all && 2 * (needed - 1) <= all;
    }),
  );
  t.pass();
});

test('a leader needs both: a majority, and the quorum where that is more', (t) => {
  fc.assert(
    fc.property(voters, fc.integer({ min: 1, max: 1000 }), (all, quorum) => {
      const needed = votesNeeded(all, quorum);
      const enough = (votes: number): boolean => votes >= quorum && 2 * votes > all;
      return enough(needed) && !enough(needed - 1);
    }),
  );
  t.pass();
});
