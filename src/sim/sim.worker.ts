/** A pool's thread: runs a range of seeds. */
import { brokenRules } from './broken-rules.js';
import { planOf } from './explore.js';
import type { RunResult } from './result.js';
import type { BrokenRule } from './rule-names.js';
import { runPlan } from './run.js';

export interface SeedRange {
  readonly from: number;
  readonly to: number;
  /** Of the rules, to be broken on purpose; null: none. */
  readonly broken: BrokenRule | null;
}

/** Called by piscina. @returns one result for each seed, in order. */
export async function runSeeds({ from, to, broken }: SeedRange): Promise<RunResult[]> {
  const results: RunResult[] = [];
  for (let seed = from; seed <= to; seed++) {
    const options = broken === null ? {} : { rules: brokenRules(broken) };
    results.push(await runPlan(seed, planOf(seed), options));
  }
  return results;
}
