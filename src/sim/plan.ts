/**
 * What is to happen in a run: a cluster, and faults one after the other. A plan is data, so that a
 * run that breaks a rule can be made shorter (shrink.ts) and told.
 */
import type { Prng } from '../base/prng.js';
import { fastProfile, networkProfile, redisProfile } from '../sentinel/profile.js';
import { majority } from '../sentinel/quorum.js';
import type { SentinelProfile } from '../sentinel/profile.js';
import type { Fault, FaultKind } from './fault.js';
import { randomMisfortune } from './misfortunes.js';
import { COORDINATOR, type Placement, type WorldOptions } from './options.js';

export interface Plan {
  readonly options: WorldOptions;
  readonly faults: readonly Fault[];
}

/** The same rules with fewer periodic messages, for the sake of the run's time. */
const simulatedFast: SentinelProfile = {
  ...fastProfile,
  minPingPeriodMs: 200,
  failoverInfoPeriodMs: 50,
  downInfoPeriodMs: 100,
  discoveryPeriodMs: 50,
  reconnectPeriodMs: 150,
};

const simulatedNetwork: SentinelProfile = {
  ...networkProfile,
  minPingPeriodMs: 400,
  reconnectPeriodMs: 500,
};

/** A third of the runs are of threads in one process, a third of servers, a third of both. */
export function randomPlan(random: Prng): Plan {
  const options = randomOptions(random);
  const faults: Fault[] = [];
  const count = 1 + random.below(4);
  const period = options.downAfterMs * 3 + options.failoverTimeoutMs / 2;
  for (let fault = 0; fault < count; fault++) {
    const forMs = options.downAfterMs * 2 + random.below(options.failoverTimeoutMs);
    faults.push({ ...randomFault(options, random), forMs, thenMs: random.below(period) });
  }
  return { options, faults: [...randomMisfortune(options, random), ...faults] };
}

function randomOptions(random: Prng): WorldOptions {
  const placement: Placement = (['threads', 'processes', 'mixed'] as const)[random.below(3)]!;
  const fast = placement !== 'processes';
  const sentinels = random.chance(0.85) ? 3 : 5;
  const nodes = random.pick([2, 3, 3, 3, 3, 3, 4, 4]);
  const lossy = random.chance(0.5);
  const asRedis = placement === 'processes' && random.chance(0.5);
  const remoteProfile = asRedis ? redisProfile : simulatedNetwork;
  return {
    groups: 1,
    nodes,
    sentinels,
    startsAcquainted: false,
    clients: 2,
    placement,
    quorum: random.chance(0.8) ? majority(sentinels) : 1,
    downAfterMs: fast ? 500 : 2000,
    failoverTimeoutMs: fast ? 2000 : 6000,
    parallelSyncs: 1 + random.below(2),
    profile: fast ? simulatedFast : remoteProfile,
    remoteProfile,
    network: {
      delayMs: fast ? 2 : 20,
      slowMs: fast ? 50 : 300,
      loss: lossy ? 0.02 : 0,
      duplication: lossy ? 0.02 : 0,
    },
    deathIsKnown: fast && random.chance(0.7),
    fencing: random.chance(0.8),
    strict: placement === 'threads' && random.chance(0.5),
    disk: (['none', 'none', 'always', 'everysec'] as const)[random.below(4)]!,
    backlogBytes: random.chance(0.3) ? 16 * 1024 : 256 * 1024,
    coordinator: fast && random.chance(0.8),
    minReplicas: randomMinReplicas(nodes, random),
    directives: randomDirectives(random),
  };
}

/** Replicas that soon try to connect anew, and masters that soon drop one that is too slow. */
function randomDirectives(random: Prng): WorldOptions['directives'] {
  return {
    ...(random.chance(0.3) ? { 'repl-timeout': '3' } : {}),
    ...(random.chance(0.7) ? { 'repl-flow-control-timeout': '300' } : {}),
  };
}

function randomMinReplicas(nodes: number, random: Prng): WorldOptions['minReplicas'] {
  if (!random.chance(0.25)) return null;
  return { toWrite: 1 + random.below(nodes - 1), maxLagSeconds: 1 + random.below(2) };
}

function randomFault(options: WorldOptions, random: Prng): FaultKind {
  const { nodes, sentinels, coordinator } = options;
  const one = <T>(items: readonly T[]): T => random.pick(items);
  const actors = [...ids('node', nodes), ...ids('sentinel', sentinels)];
  const all = coordinator ? [...actors, COORDINATOR] : actors;
  const lone = one(ids('sentinel', sentinels));
  switch (random.below(12)) {
    case 0:
    case 1:
      return { type: 'crash', target: 'master', silent: random.chance(0.3) };
    case 2:
      return { type: 'crash', target: one(all), silent: random.chance(0.3) };
    case 3:
      return { type: 'power-loss', target: random.chance(0.5) ? 'master' : one(all) };
    case 4:
      return { type: 'freeze', target: random.chance(0.5) ? 'master' : one(all) };
    case 5: {
      // One sentinel alone, or with the master: a minority that must stay powerless.
      const island = random.chance(0.5) ? [lone, 'master'] : [lone];
      const direction = one(['in', 'out', 'both', 'both'] as const);
      return { type: 'isolate', island, direction, sparesClients: random.chance(0.4) };
    }
    case 6:
      return {
        type: 'isolate',
        island: actors.filter(() => random.chance(0.5)),
        direction: one(['in', 'out', 'both', 'both']),
        sparesClients: random.chance(0.4),
      };
    case 7:
      return { type: 'cut', ...pair(all, random) };
    case 8:
      return { type: 'clock', target: lone, byMs: one([-5000, -500, 3000, 60_000]) };
    case 9:
      return { type: 'slow-disk', target: lone, delayMs: 20 + random.below(400) };
    case 10:
      return { type: 'full-mailbox', ...pair(ids('node', nodes), random) };
    default:
      return { type: 'failover', target: lone, isCoordinated: random.chance(0.5) };
  }
}

/** Two different ones. */
function pair(all: readonly string[], random: Prng): { from: string; to: string } {
  const from = random.pick(all);
  const others = all.filter((id) => id !== from);
  return { from, to: random.pick(others) };
}

export function ids(kind: 'node' | 'sentinel', count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${kind}-${index}`);
}
