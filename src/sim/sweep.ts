/** Seeds on all cores: each thread of a pool runs a range of them at a time. */
import { createRequire } from 'node:module';
import type * as piscina from 'piscina';
import { packageFile } from '../base/package-file.js';
import { threadFlags } from '../runtime/thread-flags.js';
import { Coverage } from './coverage.js';
import type { RunResult } from './result.js';
import type { BrokenRule } from './rule-names.js';
import type { SeedRange } from './sim.worker.js';

export interface SweepOptions {
  /** Both included. */
  readonly from: number;
  readonly to: number;
  readonly threads: number;
  readonly broken?: BrokenRule;
  /** End with the first that breaks a rule; else all are run. */
  readonly endsEarly?: boolean;
  readonly onProgress?: (sofar: Sweep) => void;
}

/** What came of the seeds that have been run. */
export interface Sweep {
  readonly runs: number;
  /** Those that broke a rule, in the order in which they ended. */
  readonly broken: readonly RunResult[];
  readonly seen: Coverage;
  readonly slowestRecoveryMs: number;
}

/** Seeds that are given to a thread at a time. */
const RANGE = 10;

/** Run seeds, and gather what they have seen. */
export async function sweep(options: SweepOptions): Promise<Sweep> {
  const { from, to, threads, broken = null, endsEarly = false, onProgress } = options;
  const pool = new (loadPiscina().Piscina)<SeedRange, RunResult[]>({
    filename: packageFile('dist/threads/sim.worker.js').href,
    name: 'runSeeds',
    minThreads: threads,
    maxThreads: threads,
    ...threadFlags(),
  });
  const seen = new Coverage();
  const sofar = { runs: 0, broken: [] as RunResult[], seen, slowestRecoveryMs: 0 };
  let next = from;
  const isOver = (): boolean => next > to || (endsEarly && sofar.broken.length > 0);
  const work = async (): Promise<void> => {
    while (!isOver()) {
      const range = { from: next, to: Math.min(to, next + RANGE - 1), broken };
      next = range.to + 1;
      for (const result of await pool.run(range)) {
        sofar.runs++;
        seen.add(result.seen);
        sofar.slowestRecoveryMs = Math.max(sofar.slowestRecoveryMs, result.recoveredMs);
        if (result.violation !== null) sofar.broken.push(result);
      }
      onProgress?.(sofar);
    }
  };
  try {
    await Promise.all(Array.from({ length: threads }, work));
    return sofar;
  } finally {
    await pool.destroy();
  }
}

/** Loaded where it is used, and from its own place: see lab/backlog/sweep.ts. */
function loadPiscina(): typeof piscina {
  return createRequire(packageFile('package.json'))('piscina');
}
