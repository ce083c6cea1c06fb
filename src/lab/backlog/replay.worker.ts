/** A pool's thread: replays one size with one seed. */
import { workerData } from 'node:worker_threads';
import { Core } from '../../core/core.js';
import type { Observed, ReplayTask } from './replay.js';
import { replayVirtually } from './virtual-replay.js';

/** What all tasks of a sweep share; handed over once a thread. */
export type SweepData = Pick<ReplayTask, 'series' | 'pattern' | 'how' | 'rounds'>;
export type SweepTask = Pick<ReplayTask, 'size' | 'seed'>;

const shared: SweepData = workerData;
const module = await Core.compile();

/** Called by piscina. */
export function replay(task: SweepTask): Observed {
  return replayVirtually(module, { ...shared, ...task });
}
