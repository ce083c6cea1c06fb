/** Strict clusters on bad days: nothing acknowledged is lost, and histories are linearizable. */
import test from 'ava';
import type { Prng } from '../../src/base/prng.js';
import { explore, planOf, tell } from '../../src/sim/explore.js';
import type { Fault } from '../../src/sim/fault.js';
import { ids, type Plan, randomPlan } from '../../src/sim/plan.js';
import { runPlan } from '../../src/sim/run.js';

/** Of threads, three replicas mostly, without the fence's help. */
const strict = (random: Prng): Plan => {
  const plan = randomPlan(random);
  return {
    ...plan,
    options: { ...plan.options, placement: 'threads', fencing: false, strict: true },
  };
};

test.serial('partitions, deaths and pauses lose nothing that was acknowledged', async (t) => {
  const { findings, seen } = await explore({ seeds: { from: 21, to: 26 }, scenario: strict });
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
  options: {
    ...planOf(187).options,
    placement: 'threads',
    fencing: false,
    strict: true,
    nodes: 3,
    minReplicas: null,
  },
  faults: [
    { type: 'isolate', island: ['node-0', 'node-1'], direction: 'in', forMs: 1115, thenMs: 2409 },
  ],
};

test.serial('a master that answers before a majority has it is noticed', async (t) => {
  const { findings } = await explore({
    seeds: { from: 187, to: 206 },
    scenario: () => cutOff,
    breaks: 'ack-before-majority',
    shrinks: false,
    tells: false,
  });
  const [finding] = findings;
  t.regex(finding?.rule ?? '', /^(an acknowledged write is lost|a history is linearizable)$/);
  t.is((await runPlan(finding!.seed, cutOff)).violation, null);
});

const cut = (from: string, to: string, forMs: number): Fault => {
  return { type: 'cut', from, to, forMs, thenMs: 0 };
};

/** The one that is promoted lacks what the others have, and they cannot be asked at first. */
function behindPlan(): Plan {
  const sentinels = ids('sentinel', 3);
  const { options } = cutOff;
  return {
    options: { ...options, nodes: 4, disk: 'none', deathIsKnown: true, parallelSyncs: 2 },
    faults: [
      cut('node-0', 'node-1', 30_000),
      { ...cut('node-1', 'node-0', 30_000), thenMs: 1500 },
      ...['node-2', 'node-3'].flatMap((node) =>
        sentinels.flatMap((sentinel) => [cut(node, sentinel, 4000), cut(sentinel, node, 4000)]),
      ),
      { type: 'crash', target: 'node-0', silent: false, forMs: 12_000, thenMs: 9000 },
    ],
  };
}

test.serial(
  'a promoted node that is behind takes what a majority has before it serves',
  async (t) => {
    const lines = await tell(1, behindPlan(), {}, true);
    const story = lines.join('\n');
    t.regex(
      story,
      /node-1 +is promoted: [^]*"Waiting for a majority[^]*node-1 +takes a full sync from 127.0.0.1:638[12]\n[^]*node-1 +is promoted: [^]*"A majority follows this master/,
    );
    t.regex(lines.at(-1) ?? '', /^all agree/);
  },
);
