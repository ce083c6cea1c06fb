/**
 * A few bad days (src/sim): no rule is broken, every cluster recovers, and the same seed gives the
 * same day again. Many more are `npm run sim -- --seeds 1..1000`.
 */
import test from 'ava';
import type { Prng } from '../../src/base/prng.js';
import { explore, planOf, tell } from '../../src/sim/explore.js';
import { type Plan, randomPlan } from '../../src/sim/plan.js';
import { runPlan } from '../../src/sim/run.js';
import { Violation } from '../../src/sim/violation.js';

test.serial('bad days of every placement: no rule is broken, and all recover', async (t) => {
  const { findings, runs, seen } = await explore({ seeds: { from: 13, to: 16 } });
  t.deepEqual(
    findings.map(({ text }) => text),
    [],
  );
  t.is(runs, 4);
  // The days must have been bad ones, or nothing was tested.
  for (const what of [
    '+switch-master',
    'partial syncs compared',
    'data compared',
    'bytes compared',
  ]) {
    t.true((seen.get(what) ?? 0) > 0, what);
  }
});

test.serial('a seed gives the same day again', async (t) => {
  const [one, other] = [await tell(3, planOf(3)), await tell(3, planOf(3))];
  t.true(one.length > 30, one.join('\n'));
  t.deepEqual(one, other);
});

const scenario = (random: Prng): Plan => ({
  ...randomPlan(random),
  faults: [
    { type: 'slow-disk', target: 'sentinel-0', delayMs: 20, forMs: 500, thenMs: 100 },
    { type: 'crash', target: 'master', silent: false, forMs: 8000, thenMs: 8000 },
  ],
});

test.serial('what breaks a rule is made short, and told', async (t) => {
  const { findings } = await explore({
    seeds: { from: 1, to: 3 },
    scenario,
    check: (cluster) => {
      if (cluster.countOf('promoted') > 0) throw new Violation('no node is promoted', 'one was');
    },
  });
  const [finding] = findings;
  t.is(finding?.rule, 'no node is promoted');
  t.deepEqual(
    finding?.plan.faults.map(({ type }) => type),
    ['crash'],
  );
  t.is(finding?.plan.options.clients, 0);
  t.regex(finding?.transcript.join('\n') ?? '', /crashes[^]*is promoted[^]*✗ no node is promoted/);
});

test.serial('a check of one’s own sees what clients were told', async (t) => {
  const plan = { ...planOf(1), faults: [] };
  let acknowledged = 0;
  const { violation } = await runPlan(1, plan, {
    check: (world) => {
      acknowledged = world.history.acknowledged().length;
    },
  });
  t.is(violation, null);
  t.true(acknowledged > 0);
});

test('a search that could find nothing is refused', async (t) => {
  const seeds = { from: 1, to: 1 };
  const code = 'CONFIG_INVALID';
  await t.throwsAsync(explore({ seeds: { from: 2, to: 1 } }), { code });
  await t.throwsAsync(explore({ seeds: { from: -1, to: 1 } }), { code });
  // @ts-expect-error There is no such option.
  await t.throwsAsync(explore({ seeds, onrun: () => {} }), { code });
  // @ts-expect-error It is no function.
  await t.throwsAsync(explore({ seeds, check: 5 }), { code });
  // @ts-expect-error It says nothing.
  await t.throwsAsync(explore(), { code });
});
