/**
 * Rules broken on purpose (src/sim/broken-rules.ts) are noticed, each on days that make it matter:
 * on those of `randomPlan` it takes more seeds.
 */
import test from 'ava';
import type { Prng } from '../../src/base/prng.js';
import { explore } from '../../src/sim/explore.js';
import type { WorldOptions } from '../../src/sim/options.js';
import type { Fault } from '../../src/sim/fault.js';
import { type Plan, randomPlan } from '../../src/sim/plan.js';
import type { BrokenRule } from '../../src/sim/rule-names.js';

/** Seeds that are tried at most. */
const SEEDS = 20;

function days(options: Partial<WorldOptions>, faults: readonly Fault[]): (random: Prng) => Plan {
  return (random) => {
    const plan = randomPlan(random);
    return { options: { ...plan.options, nodes: 3, strict: false, ...options }, faults };
  };
}

const masterDies: Fault = {
  type: 'crash',
  target: 'master',
  silent: false,
  forMs: 8000,
  thenMs: 8000,
};

/** One replica hears nothing of what the master writes, until the master dies. */
const oneIsBehind: readonly Fault[] = [
  { type: 'cut', from: 'node-0', to: 'node-1', forMs: 3000, thenMs: 2900 },
  masterDies,
];

/** The master is cut off and replaced, and its clients go on writing: it comes back with more. */
const masterIsCutOff: readonly Fault[] = [
  {
    type: 'isolate',
    island: ['master'],
    direction: 'both',
    sparesClients: true,
    forMs: 9000,
    thenMs: 12_000,
  },
];

/** The others hear nothing of the master, which hears them: what they acknowledge is old. */
const masterIsMute: readonly Fault[] = [
  {
    type: 'isolate',
    island: ['master'],
    direction: 'out',
    sparesClients: true,
    forMs: 9000,
    thenMs: 12_000,
  },
];

const masterStandsStill: readonly Fault[] = [
  { type: 'freeze', target: 'master', forMs: 3000, thenMs: 6000 },
];

const threads = { placement: 'threads', disk: 'none' } as const;

/** A candidate is told of votes by the replies to its commands. */
const processes = { placement: 'processes' } as const;

type Case = [
  breaks: BrokenRule,
  scenario: (random: Prng) => Plan,
  noticedAs: string,
  where?: string,
];

const CASES: readonly Case[] = [
  ['vote-twice', days({ sentinels: 5, quorum: 2 }, [masterDies]), 'two votes in one epoch'],
  ['skip-majority', days({}, [masterDies]), 'a leader without a majority'],
  [
    'promote-stale',
    days({ ...threads, fencing: false }, oneIsBehind),
    'a stale replica is promoted',
  ],
  ['accept-any-id', days({}, masterIsCutOff), 'a partial resync of another history'],
  [
    'answer-before-persist',
    days({ ...threads, fencing: true }, [masterDies]),
    'a vote is told before it is saved',
    ' among threads',
  ],
  [
    'answer-before-persist',
    days(processes, [masterDies]),
    'a vote is told before it is saved',
    ' among processes',
  ],
  [
    'forget-fence',
    days({ ...threads, fencing: true }, masterStandsStill),
    'an acknowledged write is lost',
  ],
  [
    'ack-unread',
    days({ placement: 'processes', disk: 'none', minReplicas: null, clients: 8 }, masterIsMute),
    'a write that WAIT told to be everywhere is lost',
  ],
  [
    'forget-min-replicas',
    days({ minReplicas: { toWrite: 1, maxLagSeconds: 1 } }, masterIsCutOff),
    'a master without its replicas takes no writes',
  ],
];

for (const [breaks, scenario, noticedAs, where = ''] of CASES) {
  test.serial(`${breaks} is noticed${where}`, async (t) => {
    const seeds = { from: 1, to: SEEDS };
    const { findings } = await explore({ seeds, scenario, breaks, shrinks: false, tells: false });
    t.is(findings[0]?.rule, noticedAs);
  });
}
