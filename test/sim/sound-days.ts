/** Days on which nothing may be found. */
import type { ExecutionContext } from 'ava';
import { explore } from '../../src/sim/explore.js';
import type { Plan } from '../../src/sim/plan.js';

/** The days 1 to `to` of one plan break no rule. @returns what they have seen. */
export async function soundDays(
  t: ExecutionContext,
  to: number,
  plan: Plan,
): Promise<ReadonlyMap<string, number>> {
  const { findings, seen } = await explore({
    seeds: { from: 1, to },
    scenario: () => plan,
    shrinks: false,
    goesOn: true,
  });
  t.deepEqual(
    findings.map(({ text }) => text),
    [],
  );
  return seen;
}
