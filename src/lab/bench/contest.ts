/**
 * Ours and a peer under the same load, in turn: drift of the machine hits both halves of a pair.
 */
import { RingleaderError } from '../../base/errors.js';
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

/** @returns the runs, up to the pair in which the peer was `lost`, if it was. */
export async function contest(
  ours: System,
  peer: System | null,
  { plan, peerPlan, pairs, say }: ContestOptions,
): Promise<Contest & { readonly lost: RingleaderError | null }> {
  const ourRuns: Run[] = [];
  const peerRuns: Run[] = [];
  let lost: RingleaderError | null = null;
  for (let i = 0; i < pairs; i += 1) {
    const which = `pipeline ${plan.pipeline}, run ${i + 1} of ${pairs}`;
    say(`${which}: ${ours.name}`);
    ourRuns.push(await fresh(ours, plan));
    if (peer === null) continue;
    say(`${which}: ${peer.name}`);
    try {
      peerRuns.push(await fresh(peer, peerPlan));
    } catch (error) {
      const isLost = error instanceof RingleaderError && error.code === 'CONNECTION_LOST';
      if (!isLost) throw error;
      lost = error;
      break;
    }
  }
  return {
    ours: result(ours, plan, ourRuns),
    peer: peer === null || peerRuns.length === 0 ? null : result(peer, peerPlan, peerRuns),
    lost,
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
