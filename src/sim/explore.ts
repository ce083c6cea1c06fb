/**
 * Search seeds for a run that breaks a rule: of this project's code, or of one's own on a simulated
 * cluster. Everything happens in this thread, on a virtual clock; a seed always gives the same run.
 */
import { Prng } from '../base/prng.js';
import { checkFunction, checkOptions, refusal } from '../base/refuse.js';
import { brokenRules } from './broken-rules.js';
import { Coverage } from './coverage.js';
import { Narrator } from './narrator.js';
import { type Plan, randomPlan } from './plan.js';
import type { RunResult } from './result.js';
import type { BrokenRule } from './rule-names.js';
import { type RunOptions, runPlan } from './run.js';
import type { Rules } from './rules.js';
import { describePlan, shrink } from './shrink.js';
import type { SimulatedCluster } from './simulated-cluster.js';

/** What to run, and what must hold. */
export interface ExploreOptions {
  /** Both included. */
  readonly seeds: { readonly from: number; readonly to: number };
  /** What happens in the run of a seed; default: clusters and faults of every kind. */
  readonly scenario?: (random: Prng) => Plan;
  /**
   * What must hold once the cluster is whole again, beside what always must.
   *
   * @throws if it does not.
   */
  readonly check?: (cluster: SimulatedCluster) => void;
  /** A rule to break on purpose. */
  readonly breaks?: BrokenRule;
  /** Go on after a run that breaks a rule; default: end there. */
  readonly goesOn?: boolean;
  /** Make the plan of the first one shorter; default: yes. */
  readonly shrinks?: boolean;
  /** Run what is found once more for its transcript, which is empty otherwise; default: yes. */
  readonly tells?: boolean;
  /** After each run. */
  readonly onRun?: (result: RunResult) => void;
}

/** A run that broke a rule. */
export interface Finding {
  readonly seed: number;
  readonly rule: string;
  readonly text: string;
  /** The plan, made as short as it could be. */
  readonly plan: Plan;
  /** What is planned and what happens, to be read. */
  readonly transcript: readonly string[];
}

export interface Exploration {
  readonly runs: number;
  readonly findings: readonly Finding[];
  /** What the runs have seen, and how often. */
  readonly seen: ReadonlyMap<string, number>;
  readonly slowestRecoveryMs: number;
}

/** The plan of a seed. */
export function planOf(seed: number, scenario: ExploreOptions['scenario'] = randomPlan): Plan {
  // Dice of its own: what happens in a run must not depend on how its plan was made.
  return scenario(new Prng(seed ^ 0x5eed));
}

/**
 * Run all seeds, or up to the first that breaks a rule.
 *
 * @example
 * const { findings } = await explore({ seeds: { from: 1, to: 100 } });
 * for (const { transcript } of findings) console.log(transcript.join('\n'));
 *
 * @throws RingleaderError CONFIG_INVALID: an option that there is not, or no seeds to run.
 */
export async function explore(options: ExploreOptions & Judged): Promise<Exploration> {
  checkExplore(options);
  const { seeds, scenario, goesOn = false, shrinks = true, tells = true, onRun } = options;
  const runOptions = toRunOptions(options);
  const coverage = new Coverage();
  const findings: Finding[] = [];
  let runs = 0;
  let slowestRecoveryMs = 0;
  for (let seed = seeds.from; seed <= seeds.to; seed++) {
    const plan = planOf(seed, scenario);
    const result = await runPlan(seed, plan, runOptions);
    runs++;
    coverage.add(result.seen);
    slowestRecoveryMs = Math.max(slowestRecoveryMs, result.recoveredMs);
    onRun?.(result);
    if (result.violation === null) continue;
    const { rule, text } = result.violation;
    const shortest = shrinks ? await shrink(seed, plan, rule, runOptions) : plan;
    const transcript = tells ? await tell(seed, shortest, options) : [];
    findings.push({ seed, rule, text, plan: shortest, transcript });
    if (!goesOn) break;
  }
  return { runs, findings, seen: coverage.counts, slowestRecoveryMs };
}

/** What a run is checked for, and by which rules it goes. */
const OPTIONS = [
  'seeds',
  'scenario',
  'check',
  'breaks',
  'rules',
  'goesOn',
  'shrinks',
  'tells',
  'onRun',
] as const satisfies readonly (keyof (ExploreOptions & Judged))[];

/** A search of no seeds, or without its check, would find nothing and look like a good one. */
function checkExplore(options: ExploreOptions & Judged): void {
  checkOptions('explore()', options, OPTIONS);
  const { from, to } = Object(options.seeds);
  const isRange = Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from <= to;
  if (!isRange) {
    throw refusal('seeds', '{ from, to }, whole numbers, from 0 to the last', options.seeds);
  }
  for (const name of ['scenario', 'check', 'onRun'] as const) {
    if (options[name] !== undefined) checkFunction(name, options[name]);
  }
}

type Judged = Pick<ExploreOptions, 'check' | 'breaks'> & {
  /** In place of `breaks`. */
  readonly rules?: Rules;
};

function toRunOptions({ check, breaks, rules }: Judged): RunOptions {
  return {
    ...(breaks === undefined ? {} : { rules: brokenRules(breaks) }),
    ...(rules === undefined ? {} : { rules }),
    ...(check === undefined ? {} : { check }),
  };
}

/**
 * @param tellsLogs - nodes' logs as well.
 * @returns what happens in a run, line by line, its plan first.
 */
export async function tell(
  seed: number,
  plan: Plan,
  options: Judged = {},
  tellsLogs = false,
): Promise<string[]> {
  const lines = [`seed ${seed}`, ...describePlan(plan), ''];
  const { violation, recoveredMs } = await runPlan(seed, plan, {
    ...toRunOptions(options),
    observe: (world) => new Narrator(world, (line) => lines.push(line), tellsLogs),
  });
  lines.push(violation === null ? `all agree after ${recoveredMs} ms` : `✗ ${violation.text}`);
  return lines;
}
