/** `ringleader backlog --replay`: which replays to run, and how their progress is told. */
import { replayOnCluster } from '../lab/backlog/cluster-replay.js';
import { compare, type ReplayResult, replayTasks } from '../lab/backlog/replay.js';
import { replayPoints, replaySection } from '../lab/backlog/replay-text.js';
import { unusable } from '../base/refuse.js';
import type { BacklogSizing } from '../lab/backlog/sizing.js';
import { sweep } from '../lab/backlog/sweep.js';
import type { Section } from '../report/report.js';
import type { EngineChoice } from '../cluster/engine/engine-choice.js';
import { engineName } from '../cluster/engine/choice.js';
import { type BacklogFlags, type BacklogInput, wholeNumber } from './backlog-input.js';
import { engineOf } from './engine.js';
import type { Progress } from './progress.js';

export interface ReplayPlan {
  readonly clock: 'virtual' | 'real';
  readonly rounds: number;
  readonly seeds: readonly number[];
  readonly factor: number;
  /** Of a replay in real time. */
  readonly engine: EngineChoice;
}

/** @returns null: no replay is asked for. @throws RingleaderError CONFIG_INVALID */
export function readPlan(flags: BacklogFlags): ReplayPlan | null {
  const rounds = wholeNumber('--rounds', flags.rounds, 1, 1_000_000);
  const seeds = wholeNumber('--seeds', flags.seeds, 1, 10_000);
  const first = wholeNumber('--seed', flags.seed, 0, 2 ** 32 - 1);
  const factor = Number(flags.factor);
  if (!(factor > 0 && factor <= 1e6)) {
    throw unusable('--factor', 'a number above 0 and up to a million is needed', flags.factor);
  }
  if (flags.engine !== undefined && flags.replay !== 'real') {
    throw unusable('--engine', 'it is for --replay real', flags.engine);
  }
  if (flags.replay === undefined) return null;
  const clock = flags.replay === true ? 'virtual' : flags.replay;
  if (clock !== 'virtual' && clock !== 'real') {
    throw unusable('--replay', 'the clock is virtual or real', JSON.stringify(clock));
  }
  const { engine = 'threads' } = engineOf(flags.engine);
  return {
    clock,
    rounds,
    seeds: Array.from({ length: seeds }, (_, i) => first + i),
    factor,
    engine,
  };
}

export async function runReplay(
  plan: ReplayPlan,
  { series, options }: BacklogInput,
  sizing: BacklogSizing,
  progress: Progress,
): Promise<{ readonly section: Section; readonly results: readonly ReplayResult[] }> {
  const { rounds, seeds, factor, engine } = plan;
  const { reconnectSeconds, inFlightBytes } = sizing;
  const pattern = options.outages;
  const shared = { series, pattern, how: { reconnectSeconds, inFlightBytes }, rounds };
  const points = replayPoints(sizing);
  const tell = (done: number, total: number): void => {
    const percent = Math.floor((done / total) * 10) * 10;
    progress.say(`replaying outages: [${'#'.repeat(percent / 10).padEnd(10, '.')}] ${percent} %`);
  };
  if (plan.clock === 'virtual') {
    const results = await sweep({ ...shared, points, seeds, onProgress: tell });
    const how = "Production's replication and rings on a virtual clock, bytes scaled down";
    return { section: replaySection(results, how), results };
  }
  const results: ReplayResult[] = [];
  const tasks = replayTasks(points, seeds);
  for (const { share, ...chosen } of tasks) {
    const task = { ...shared, ...chosen };
    const before = results.length * rounds;
    const onProgress = (round: number): void => tell(before + round, tasks.length * rounds);
    results.push(compare(task, await replayOnCluster(task, { factor, engine, onProgress }), share));
  }
  const where = engine === 'threads' ? 'on threads' : `as processes (${engineName(engine)})`;
  const how = `A master and a replica ${where}, cut off from each other, ${factor} times as fast as in reality, bytes scaled down`;
  return { section: replaySection(results, how), results };
}
