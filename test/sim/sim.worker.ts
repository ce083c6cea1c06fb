/** A pool's thread: runs a range of seeds. */
import { runSeed } from './run.js';
import type { RunResult } from './run.js';

export interface SeedRange {
  readonly from: number;
  readonly count: number;
}

/** Called by piscina. @returns one result per seed, in order. */
export function runSeeds({ from, count }: SeedRange): RunResult[] {
  return Array.from({ length: count }, (_, index) => runSeed(from + index));
}
