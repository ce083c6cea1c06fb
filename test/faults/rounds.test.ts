import test from 'ava';
import { Prng } from '../../src/base/prng.js';
import { startReal } from '../cluster/fixtures/real.js';
import { FAULTS, runRound } from './rounds.js';

/** So long that a dead thread's failover cannot have waited for it. */
const DOWN_AFTER_MS = 2_500;

test('a master struck in any way is replaced, and no acknowledged write is missing', async (t) => {
  const cluster = await startReal(t, { downAfterMs: DOWN_AFTER_MS, heapMb: 48 });
  const random = new Prng(7);
  for (const fault of FAULTS) {
    const result = await runRound(cluster, { fault, writes: 3_000, random, prefix: fault });
    t.deepEqual(result.violations, [], fault);
    t.true(result.acknowledged > 2_000, fault);
    t.not(result.promoted, result.struck);
    if (fault === 'kill' || fault === 'throw') t.true(result.outageMs < DOWN_AFTER_MS, fault);
  }
});
