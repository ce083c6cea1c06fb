/** Ours and a peer under the same load, in turn: drift of the machine hits both halves of a pair. */
import { runLoad, type RunPlan } from './run.js';
import type { Contest, Run, SystemResult } from './result.js';
import type { System } from './system.js';

export interface ContestOptions {
  readonly plan: RunPlan;
  /** How the peer is loaded: over TCP, however ours is. */
  readonly peerPlan: RunPlan;
  readonly pairs: number;
  readonly say: (text: string) => void;
}

export async function contest(
  ours: System,
  peer: System | null,
  { plan, peerPlan, pairs, say }: ContestOptions,
): Promise<Contest> {
  const ourRuns: Run[] = [];
  const peerRuns: Run[] = [];
  for (let i = 0; i < pairs; i += 1) {
    const which = `pipeline ${plan.pipeline}, run ${i + 1} of ${pairs}`;
    say(`${which}: ${ours.name}`);
    ourRuns.push(await fresh(ours, plan));
    if (peer === null) continue;
    say(`${which}: ${peer.name}`);
    peerRuns.push(await fresh(peer, peerPlan));
  }
  return {
    ours: result(ours, plan, ourRuns),
    peer: peer === null ? null : result(peer, peerPlan, peerRuns),
    ratios: peerRuns.map((run, i) => ourRuns[i]!.applied / run.applied),
  };
}

function result(system: System, { via, driver, pipeline }: RunPlan, runs: Run[]): SystemResult {
  return { name: system.name, replicas: system.replicas, via, driver, pipeline, runs };
}

/** Every run begins without keys, or growth would be measured in the first one only. */
async function fresh(system: System, plan: RunPlan): Promise<Run> {
  await system.clear();
  // Reads must find something.
  if (plan.load.mix.some(({ command }) => command === 'get')) {
    const mix = [{ command: 'set', weight: 1 }] as const;
    const load = { ...plan.load, mix };
    await runLoad(system, { ...plan, load, driver: 'own', rate: null, durationMs: 300 });
  }
  return runLoad(system, plan);
}
