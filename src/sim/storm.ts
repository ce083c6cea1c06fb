/**
 * The storm: many sentinels watch many masters, and a share of these dies at once (a rack, a
 * switch, a hypervisor's upgrade). How long is each without a successor, under ours and under
 * Redis' rules?
 */
import { Prng } from '../base/prng.js';
import type { Millis } from '../base/time.js';
import { networkProfile, redisProfile } from '../sentinel/profile.js';
import { majority } from '../sentinel/quorum.js';
import { inject } from './faults.js';
import { massDeath } from './mass-death.js';
import type { RuleSet } from './museum.js';
import { REAL_PROCESSES, type WorldOptions } from './options.js';
import { type StormResult, StormWatch } from './storm-watch.js';
import { Violation } from './violation.js';
import { World } from './world.js';

export interface StormOptions {
  readonly sentinels: number;
  readonly masters: number;
  /** Of the masters that die, above 0 and up to 1. */
  readonly share: number;
  readonly rules: RuleSet;
  readonly seed: number;
  /** How long it is watched at most; it ends once all dead masters are replaced. */
  readonly forMs: Millis;
  /** Told now and then how many of the dead masters are replaced; before they die null. */
  readonly onProgress?: (replaced: number | null) => void;
}

export const DOWN_AFTER_MS: Millis = 2000;
export const FAILOVER_TIMEOUT_MS: Millis = 10_000;
const STEP_MS = 100;
/** Within this all links are open and everything is known. */
const START_LIMIT_MS = 30_000;
/** The deaths come at any moment of the sentinels' periods. */
const PERIOD_MS = 1000;

/**
 * Bring one about, and watch it; each master has one replica. What the simulator checks in every
 * turn of a day is checked here too.
 *
 * @throws Violation: a rule is broken, or the cluster does not come up.
 */
export async function storm(options: StormOptions): Promise<StormResult> {
  const { share, seed, forMs, onProgress } = options;
  const worldOptions = toWorldOptions(options);
  const dice = new Prng(seed ^ 0x570);
  const world = new World(worldOptions, new Prng(seed));
  const watch = new StormWatch(world);
  world.observer = watch;
  world.start();
  onProgress?.(null);
  await comeUp(world);
  await world.run(world.nowMs + dice.below(PERIOD_MS));
  const doomed = massDeath(dice, worldOptions, share);
  watch.begin(doomed.length);
  for (const fault of doomed) inject(world, fault);
  const endAt = world.nowMs + forMs;
  while (!watch.isOver && world.nowMs < endAt) {
    await world.run(world.nowMs + STEP_MS);
    onProgress?.(watch.replaced);
  }
  return watch.result();
}

async function comeUp(world: World): Promise<void> {
  let problem: string | null = 'nothing has run';
  while (problem !== null) {
    if (world.nowMs > START_LIMIT_MS) throw new Violation('the cluster comes up', problem);
    await world.run(world.nowMs + STEP_MS);
    problem = world.disagreement();
  }
}

function toWorldOptions({ sentinels, masters, rules }: StormOptions): WorldOptions {
  const profile = rules === 'stock' ? redisProfile : networkProfile;
  return {
    ...REAL_PROCESSES,
    groups: masters,
    nodes: 2,
    sentinels,
    startsAcquainted: true,
    clients: 0,
    quorum: majority(sentinels),
    downAfterMs: DOWN_AFTER_MS,
    failoverTimeoutMs: FAILOVER_TIMEOUT_MS,
    profile,
    remoteProfile: profile,
    backlogBytes: 16 * 1024,
  };
}
