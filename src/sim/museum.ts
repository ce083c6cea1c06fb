/**
 * Known failures of Sentinel deployments, each as a scenario with a check of its own. Dice choose
 * what happens and when, so that a failure is found by search, under Redis' rules; under ours the
 * same days must go well, or be warned of. @see docs/museum.md
 */
import type { Prng } from '../base/prng.js';
import type { Millis } from '../base/time.js';
import type { SentinelEffect } from '../sentinel/messages.js';
import { networkProfile, redisProfile } from '../sentinel/profile.js';
import { type Exploration, explore, planOf, tell } from './explore.js';
import { REAL_PROCESSES, type WorldOptions } from './options.js';
import type { Fault } from './fault.js';
import { massDeath } from './mass-death.js';
import { ids, type Plan } from './plan.js';
import { type Rules, soundRules } from './rules.js';
import type { SimulatedCluster } from './simulated-cluster.js';
import { Violation } from './violation.js';
import { FOREIGN_KEY } from './world.js';

/** Whose rules the sentinels go by. */
export type RuleSet = 'stock' | 'ours';

export interface Exhibit {
  readonly name: ExhibitName;
  readonly title: string;
  /** A seed on which it happens under Redis' rules. */
  readonly seed: number;
  readonly options: Partial<WorldOptions>;
  faults(random: Prng, options: WorldOptions): readonly Fault[];
  /** @returns what has gone wrong; null: nothing. */
  findFault(cluster: SimulatedCluster, options: WorldOptions): string | null;
  /** The event by which ours warns of what it does not prevent; absent: it does not happen. */
  readonly warning?: string;
  /** The rule of the simulator that it breaks; absent: one of its own name. */
  readonly rule?: string;
  /** What is otherwise than here, beside the sentinels' periods and guards. */
  readonly stockRules?: Rules;
}

export type ExhibitName =
  | 'empty-master'
  | 'silent-leader'
  | 'second-death'
  | 'stale-master'
  | 'stranger'
  | 'split-votes'
  | 'endless-handover';

const pick = <T>(random: Prng, items: readonly T[]): T => items[random.below(items.length)]!;

/** The longest time between two acknowledged writes. */
function longestOutageMs({ history, nowMs }: SimulatedCluster): Millis {
  const ends = history.acknowledged().map(({ endedAt }) => endedAt!);
  const times = [...ends.toSorted((a, b) => a - b), nowMs];
  return Math.max(...times.map((at, i) => at - (times[i - 1] ?? at)));
}

/** What comes of masters that die at once: how many have no successor within so many ms. */
function leftAlone({ outages }: SimulatedCluster, withinMs: Millis): string | null {
  const late = outages.filter(({ lastedMs }) => lastedMs === null || lastedMs > withinMs);
  return late.length === 0
    ? null
    : `${late.length} of ${outages.length} dead masters have no successor after ${withinMs} ms`;
}

/** ms for a write to get to every replica, whatever the network does. */
const REPLICATED_MS: Millis = 5000;

/** A key that had been written long before, and was not there any more. */
function vanishedKey({ history: { operations } }: SimulatedCluster): string | null {
  const vanished = operations.find(
    ({ kind, outcome, key, value, begunAt }) =>
      kind === 'read' &&
      outcome === 'ok' &&
      value === 0 &&
      operations.some(
        (write) =>
          write.kind === 'write' &&
          write.outcome === 'ok' &&
          write.key === key &&
          write.endedAt! + REPLICATED_MS < begunAt,
      ),
  );
  return vanished === undefined ? null : `${vanished.key}, at ${vanished.endedAt}`;
}

const isOf = (effect: SentinelEffect, ...words: readonly string[]): boolean =>
  effect.type === 'send' && words.every((word, i) => effect.args[i] === word);

/** FAILOVER TO as it is mostly given: without TIMEOUT, and not called off. */
function withoutLimit(ready: readonly SentinelEffect[]): readonly SentinelEffect[] {
  return ready
    .filter((effect) => !isOf(effect, 'FAILOVER', 'ABORT'))
    .map((effect) =>
      effect.type === 'send' && isOf(effect, 'FAILOVER', 'TO')
        ? { ...effect, args: effect.args.slice(0, 4) }
        : effect,
    );
}

export const EXHIBITS: readonly Exhibit[] = [
  {
    name: 'empty-master',
    title: 'a master comes back empty within down-after, and its replicas empty themselves',
    seed: 1,
    options: {},
    faults: (random, { nodes, downAfterMs }) => {
      const targets = ['master', 'master', ...ids('node', nodes)];
      return Array.from({ length: 3 }, () => ({
        type: 'crash',
        target: pick(random, targets),
        silent: random.chance(0.5),
        forMs: random.below(1.5 * downAfterMs),
        thenMs: 6000 + random.below(6000),
      }));
    },
    findFault: (cluster) => {
      const key = vanishedKey(cluster);
      return key === null ? null : `every node had a value of ${key}, and none has`;
    },
    warning: '+master-lost-data',
  },
  {
    name: 'silent-leader',
    title:
      'a sentinel is black-holed, not disconnected, once it leads: the others leave it its time',
    seed: 1,
    options: { failoverTimeoutMs: 60_000, clients: 1 },
    faults: (random, { sentinels, downAfterMs }) => [
      {
        type: 'crash',
        target: 'master',
        silent: true,
        forMs: 300_000,
        thenMs: downAfterMs + random.below(1500),
      },
      {
        type: 'freeze',
        target: pick(random, ids('sentinel', sentinels)),
        forMs: 300_000,
        thenMs: 290_000,
      },
    ],
    findFault: (cluster, { failoverTimeoutMs }) => {
      const outageMs = longestOutageMs(cluster);
      return outageMs > 2 * failoverTimeoutMs ? `no write for ${Math.round(outageMs)} ms` : null;
    },
  },
  {
    name: 'second-death',
    title: 'all nodes stand still until an election has begun and failed; then the master dies',
    seed: 1,
    options: { failoverTimeoutMs: 60_000, clients: 1 },
    faults: (random, { nodes, downAfterMs }) => {
      const forMs = downAfterMs + random.below(2000);
      const thenMs = forMs + random.below(10_000);
      return [
        ...ids('node', nodes).map((target, i): Fault => {
          return { type: 'freeze', target, forMs, thenMs: i + 1 < nodes ? 0 : thenMs };
        }),
        { type: 'crash', target: 'master', silent: true, forMs: 300_000, thenMs: 290_000 },
      ];
    },
    findFault: (cluster, { failoverTimeoutMs }) => {
      const outageMs = longestOutageMs(cluster);
      return outageMs > failoverTimeoutMs ? `no write for ${Math.round(outageMs)} ms` : null;
    },
  },
  {
    name: 'stale-master',
    title: 'a former master that was not synced yet has the highest offset, and is promoted again',
    seed: 4,
    options: {},
    faults: (random) => [
      {
        type: 'isolate',
        island: ['node-0'],
        direction: 'both',
        sparesClients: true,
        forMs: 12_000,
        thenMs: 12_000,
      },
      { type: 'cut', from: 'node-1', to: 'node-0', forMs: 60_000, thenMs: 0 },
      {
        type: 'cut',
        from: 'node-2',
        to: 'node-0',
        forMs: 60_000,
        thenMs: 8_000 + random.below(8_000),
      },
      {
        type: 'crash',
        target: pick(random, ['node-1', 'node-2']),
        silent: random.chance(0.5),
        forMs: 40_000,
        thenMs: 30_000,
      },
    ],
    // It was cut off from both others since another one was master, and has nothing of that time.
    findFault: (cluster) => {
      const isReplaced = cluster.countOf('+switch-master') > REAL_PROCESSES.sentinels;
      return isReplaced && cluster.masterId === 'node-0'
        ? 'node-0 is master again, as it was when it was replaced'
        : null;
    },
  },
  {
    name: 'stranger',
    title: "a dead replica's address goes to another group's replica, which is promoted",
    seed: 1,
    options: {},
    faults: (random, { nodes }) => [
      {
        type: 'reuse',
        target: pick(random, ids('node', nodes)),
        forMs: 500 + random.below(3000),
        thenMs: 2000 + random.below(9000),
      },
      {
        type: 'crash',
        target: 'master',
        silent: random.chance(0.5),
        forMs: 20_000,
        thenMs: 20_000,
      },
    ],
    findFault: (cluster) =>
      cluster.valueOf(FOREIGN_KEY) === 1 ? "the cluster has another group's data" : null,
  },
  {
    name: 'split-votes',
    title: 'half of the masters die at once, and their elections end each other again and again',
    seed: 1,
    options: {
      groups: 20,
      nodes: 2,
      sentinels: 5,
      quorum: 3,
      startsAcquainted: true,
      clients: 0,
      failoverTimeoutMs: 10_000,
    },
    faults: massDeath,
    // What is not elected at once is tried again after two failover-timeouts.
    findFault: (cluster, { failoverTimeoutMs }) => leftAlone(cluster, 2 * failoverTimeoutMs),
  },
  {
    name: 'endless-handover',
    title: 'the link to the replica that a master hands over to dies, and the master waits for it',
    seed: 3,
    rule: 'the cluster recovers',
    options: {},
    stockRules: { ...soundRules, afterStep: withoutLimit },
    faults: (random, { sentinels }) => [
      { type: 'cut', from: 'node-1', to: 'node-0', forMs: 60_000, thenMs: 0 },
      { type: 'cut', from: 'node-0', to: 'node-1', forMs: 60_000, thenMs: random.below(3000) },
      {
        type: 'failover',
        target: pick(random, ids('sentinel', sentinels)),
        isCoordinated: true,
        forMs: 0,
        thenMs: 55_000,
      },
    ],
    findFault: (cluster, { failoverTimeoutMs }) => {
      const outageMs = longestOutageMs(cluster);
      return outageMs > 2 * failoverTimeoutMs ? `no write for ${Math.round(outageMs)} ms` : null;
    },
  },
];

/** The same rules with fewer periodic messages, for the sake of the run's time. */
const ours = { ...networkProfile, minPingPeriodMs: 250 };

function optionsOf({ options }: Exhibit, rules: RuleSet): WorldOptions {
  const profile = rules === 'stock' ? redisProfile : ours;
  return { ...REAL_PROCESSES, ...options, profile, remoteProfile: profile };
}

/** What happens on a seed's day. */
export function exhibitPlan(exhibit: Exhibit, rules: RuleSet): (random: Prng) => Plan {
  const options = optionsOf(exhibit, rules);
  return (random) => ({ options, faults: exhibit.faults(random, options) });
}

/** @throws Violation named for the exhibit: it has happened. */
export function exhibitCheck(
  exhibit: Exhibit,
  rules: RuleSet,
): (cluster: SimulatedCluster) => void {
  const options = optionsOf(exhibit, rules);
  return (cluster) => {
    const fault = exhibit.findFault(cluster, options);
    if (fault === null) return;
    const { warning } = exhibit;
    const isWarned = rules === 'ours' && warning !== undefined && cluster.countOf(warning) > 0;
    if (!isWarned) throw new Violation(exhibit.name, fault);
  };
}

function judged(exhibit: Exhibit, rules: RuleSet) {
  const { stockRules } = exhibit;
  return {
    check: exhibitCheck(exhibit, rules),
    ...(rules === 'stock' && stockRules !== undefined ? { rules: stockRules } : {}),
  };
}

/**
 * Search for an exhibit's failure by the seed.
 *
 * @param tells - what is found, in its transcript.
 */
export function visit(
  exhibit: Exhibit,
  rules: RuleSet,
  seeds: { readonly from: number; readonly to: number },
  tells = true,
): Promise<Exploration> {
  return explore({
    seeds,
    scenario: exhibitPlan(exhibit, rules),
    ...judged(exhibit, rules),
    shrinks: false,
    tells,
  });
}

/** What happens on the seed's day, line by line. */
export function tellExhibit(exhibit: Exhibit, rules: RuleSet, seed: number): Promise<string[]> {
  const plan = planOf(seed, exhibitPlan(exhibit, rules));
  return tell(seed, plan, judged(exhibit, rules));
}

/** What comes of the exhibit's own seed, in words. */
export async function outcomeOf(exhibit: Exhibit, rules: RuleSet): Promise<string> {
  const { seed, warning } = exhibit;
  const { findings, seen } = await visit(exhibit, rules, { from: seed, to: seed }, false);
  const [finding] = findings;
  if (finding !== undefined) return finding.text;
  const isWarned = rules === 'ours' && warning !== undefined && (seen.get(warning) ?? 0) > 0;
  return isWarned ? `it happens, and is warned of: ${warning}` : 'goes well';
}
