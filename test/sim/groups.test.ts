/** Several masters watched by the same sentinels: their elections share one epoch. */
import test from 'ava';
import { planOf } from '../../src/sim/explore.js';
import type { Fault } from '../../src/sim/fault.js';
import type { Plan } from '../../src/sim/plan.js';
import { soundDays } from './sound-days.js';

const GROUPS = 4;

const dies = (target: string): Fault => {
  return { type: 'crash', target, silent: false, forMs: 20_000, thenMs: 0 };
};

/** Groups of two; the masters of two of them die at once. */
function plan(startsAcquainted: boolean): Plan {
  const { options } = planOf(1);
  return {
    options: {
      ...options,
      groups: GROUPS,
      nodes: 2,
      sentinels: 5,
      startsAcquainted,
      placement: 'processes',
      strict: false,
      quorum: 3,
      disk: 'none',
    },
    faults: [dies('node-0'), { ...dies('node-4'), thenMs: 15_000 }],
  };
}

for (const startsAcquainted of [false, true]) {
  const how = startsAcquainted ? 'that know each other' : 'that find each other';
  test.serial(
    `sentinels ${how} fail over the masters that die, and leave the others alone`,
    async (t) => {
      const seen = await soundDays(t, 2, plan(startsAcquainted));
      // Of each run, two masters are replaced for each of five sentinels.
      t.is(seen.get('+switch-master'), 2 * 2 * 5);
      t.is(seen.get('+sentinel') ?? 0, startsAcquainted ? 0 : 2 * GROUPS * 5 * 4);
    },
  );
}
