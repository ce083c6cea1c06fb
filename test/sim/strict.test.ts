/** Strict clusters on bad days: nothing acknowledged is lost, and histories are linearizable. */
import test from 'ava';
import type { Prng } from '../../src/base/prng.js';
import { brokenRules } from '../../src/sim/broken-rules.js';
import { explore, planOf } from '../../src/sim/explore.js';
import { type Plan, randomPlan } from '../../src/sim/plan.js';
import { runPlan } from '../../src/sim/run.js';

/** Of threads, three replicas mostly, without the fence's help. */
const strict = (random: Prng): Plan => {
  const plan = randomPlan(random);
  return {
    ...plan,
    options: { ...plan.options, placement: 'threads', fencing: false, strict: true },
  };
};

test('partitions, deaths and pauses lose nothing that was acknowledged', async (t) => {
  const { findings, seen } = await explore({ seeds: { from: 21, to: 30 }, scenario: strict });
  t.deepEqual(
    findings.map(({ text }) => text),
    [],
  );
  t.true((seen.get('established') ?? 0) > 0);
  t.true((seen.get('histories linearizable') ?? 0) > 0);
  t.is(seen.get('writes lost'), 0);
});

/** Its master is cut off with one replica that has what others have not, and goes on writing. */
const cutOff: Plan = {
  ...planOf(1),
  options: { ...planOf(187).options, placement: 'threads', fencing: false, strict: true, nodes: 3 },
  faults: [
    { type: 'isolate', island: ['node-0', 'node-1'], direction: 'in', forMs: 1115, thenMs: 2409 },
  ],
};

test('a master that answers before a majority has it is noticed', async (t) => {
  t.is((await runPlan(187, cutOff)).violation, null);
  const { violation } = await runPlan(187, cutOff, { rules: brokenRules('ack-before-majority') });
  t.is(violation?.rule, 'an acknowledged write is lost');
});
