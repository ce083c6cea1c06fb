/** Replays of several sizes with several seeds, on all cores. */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import type * as piscina from 'piscina';
import { packageFile } from '../../base/package-file.js';
import { threadFlags } from '../../runtime/thread-flags.js';
import type { CurvePoint } from './curve.js';
import {
  compare,
  type Observed,
  type ReplayResult,
  replayTasks,
  type ReplayTask,
} from './replay.js';
import type { SweepData, SweepTask } from './replay.worker.js';

export interface SweepOptions extends Omit<ReplayTask, 'size' | 'seed'> {
  /** Sizes to try, with what is predicted for them. */
  readonly points: readonly Pick<CurvePoint, 'size' | 'share'>[];
  /** Of the dice: each size is replayed with each. */
  readonly seeds: readonly number[];
  /** Called after each replay. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Replay every size with every seed, on a virtual clock.
 *
 * @returns one result for each, sizes first.
 */
export async function sweep({
  points,
  seeds,
  onProgress = () => {},
  ...shared
}: SweepOptions): Promise<ReplayResult[]> {
  const data: SweepData = shared;
  const tasks = replayTasks(points, seeds);
  const threads = Math.max(1, Math.min(tasks.length, availableParallelism()));
  const pool = new (loadPiscina().Piscina)<SweepTask, Observed>({
    filename: packageFile('dist/threads/replay.worker.js').href,
    name: 'replay',
    minThreads: threads,
    maxThreads: threads,
    workerData: data,
    ...threadFlags(),
  });
  try {
    let done = 0;
    return await Promise.all(
      tasks.map(async ({ share, ...task }) => {
        const observed = await pool.run(task);
        onProgress(++done, tasks.length);
        return compare({ ...shared, ...task }, observed, share);
      }),
    );
  } finally {
    await pool.destroy();
  }
}

/**
 * Loaded where it is used, and from its own place: it starts threads from files beside it, so it
 * cannot be bundled into an application.
 */
function loadPiscina(): typeof piscina {
  return createRequire(packageFile('package.json'))('piscina');
}
