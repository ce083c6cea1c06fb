/**
 * What is to happen in a run: a cluster, and faults one after the other. A plan is data, so that a
 * run that breaks a rule can be made shorter (shrink.ts) and told.
 */
import type { Prng } from '../base/prng.js';
import type { Millis } from '../base/time.js';
import { fastProfile, networkProfile, redisProfile } from '../sentinel/profile.js';
import { majority } from '../sentinel/quorum.js';
import type { SentinelProfile } from '../sentinel/profile.js';
import { COORDINATOR, type Placement, type WorldOptions } from './options.js';

/** An actor's id, or whoever is master when it comes to it. */
export type Target = string;

type FaultKind =
  /** It dies, and is started again after a while. `silent`: its machine goes with it. */
  | { readonly type: 'crash'; readonly target: Target; readonly silent: boolean }
  /** A crash that takes what its disk had not synced; a thread has no such. */
  | { readonly type: 'power-loss'; readonly target: Target }
  | { readonly type: 'freeze'; readonly target: Target }
  /** Nothing gets into the island, out of it, or neither. */
  | {
      readonly type: 'isolate';
      readonly island: readonly Target[];
      readonly direction: 'in' | 'out' | 'both';
      /** Clients get there all the same. */
      readonly sparesClients?: boolean;
    }
  /** It dies, and its address goes to a replica of another group's master. */
  | { readonly type: 'reuse'; readonly target: Target }
  /** Nothing gets from one to the other. */
  | { readonly type: 'cut'; readonly from: Target; readonly to: Target }
  /** Its clock is set, by so many ms. */
  | { readonly type: 'clock'; readonly target: Target; readonly byMs: Millis }
  /** Each write of a sentinel's file takes so long. */
  | { readonly type: 'slow-disk'; readonly target: Target; readonly delayMs: Millis }
  /** Wires between nodes take nothing more. */
  | { readonly type: 'full-mailbox'; readonly from: Target; readonly to: Target }
  /** A user writes so many bytes as fast as they are taken. */
  | { readonly type: 'burst'; readonly target: Target; readonly bytes: number }
  /** A user asks for a failover. */
  | { readonly type: 'failover'; readonly target: Target; readonly isCoordinated: boolean };

export type Fault = FaultKind & {
  /** How long it lasts. */
  readonly forMs: Millis;
  /** Until the next one begins. */
  readonly thenMs: Millis;
};

export interface Plan {
  readonly options: WorldOptions;
  readonly faults: readonly Fault[];
}

/** The same rules with fewer periodic messages, for the sake of the run's time. */
const simulatedFast: SentinelProfile = {
  ...fastProfile,
  minPingPeriodMs: 200,
  failoverInfoPeriodMs: 50,
};

const simulatedNetwork: SentinelProfile = { ...networkProfile, minPingPeriodMs: 250 };

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
  if (options.placement === 'processes' || !random.chance(0.3)) return { options, faults };
  const { directives } = options;
  const impatient = { ...directives, 'repl-flow-control-timeout': '300' };
  return {
    options: { ...options, directives: impatient },
    faults: [...lappingFaults(options, random), ...faults],
  };
}

/** More than the smallest ring (src/replication/flow-control.ts) holds. */
const BURST_BYTES = 1_400_000;

/** One node falls more than a ring behind. */
function lappingFaults({ nodes, downAfterMs }: WorldOptions, random: Prng): Fault[] {
  const node = ids('node', nodes)[random.below(nodes)]!;
  const forMs = 500 + random.below(4 * downAfterMs);
  const stalls: readonly FaultKind[] = [
    { type: 'isolate', island: [node], direction: 'both' },
    { type: 'cut', from: 'master', to: node },
    { type: 'freeze', target: node },
  ];
  const stall = stalls[random.below(stalls.length)]!;
  const period = 3 * downAfterMs;
  return [
    { ...stall, forMs, thenMs: 1 + random.below(100) },
    { type: 'burst', target: 'master', bytes: BURST_BYTES, forMs: 0, thenMs: random.below(period) },
  ];
}

function randomOptions(random: Prng): WorldOptions {
  const placement: Placement = (['threads', 'processes', 'mixed'] as const)[random.below(3)]!;
  const fast = placement !== 'processes';
  const sentinels = random.chance(0.85) ? 3 : 5;
  const nodes = random.chance(0.7) ? 3 : 4;
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
    directives: {},
  };
}

function randomMinReplicas(nodes: number, random: Prng): WorldOptions['minReplicas'] {
  if (!random.chance(0.25)) return null;
  return { toWrite: 1 + random.below(nodes - 1), maxLagSeconds: 1 + random.below(2) };
}

function randomFault(options: WorldOptions, random: Prng): FaultKind {
  const { nodes, sentinels, coordinator } = options;
  const pick = <T>(items: readonly T[]): T => items[random.below(items.length)]!;
  const actors = [...ids('node', nodes), ...ids('sentinel', sentinels)];
  const all = coordinator ? [...actors, COORDINATOR] : actors;
  const lone = pick(ids('sentinel', sentinels));
  switch (random.below(12)) {
    case 0:
    case 1:
      return { type: 'crash', target: 'master', silent: random.chance(0.3) };
    case 2:
      return { type: 'crash', target: pick(all), silent: random.chance(0.3) };
    case 3:
      return { type: 'power-loss', target: random.chance(0.5) ? 'master' : pick(all) };
    case 4:
      return { type: 'freeze', target: random.chance(0.5) ? 'master' : pick(all) };
    case 5: {
      // One sentinel alone, or with the master: a minority that must stay powerless.
      const island = random.chance(0.5) ? [lone, 'master'] : [lone];
      const direction = pick(['in', 'out', 'both', 'both'] as const);
      return { type: 'isolate', island, direction, sparesClients: random.chance(0.4) };
    }
    case 6:
      return {
        type: 'isolate',
        island: actors.filter(() => random.chance(0.5)),
        direction: pick(['in', 'out', 'both', 'both']),
        sparesClients: random.chance(0.4),
      };
    case 7:
      return { type: 'cut', from: pick(all), to: pick(all) };
    case 8:
      return { type: 'clock', target: lone, byMs: pick([-5000, -500, 3000, 60_000]) };
    case 9:
      return { type: 'slow-disk', target: lone, delayMs: 20 + random.below(400) };
    case 10: {
      const [from, to] = [pick(ids('node', nodes)), pick(ids('node', nodes))];
      return { type: 'full-mailbox', from, to };
    }
    default:
      return { type: 'failover', target: lone, isCoordinated: random.chance(0.5) };
  }
}

export function ids(kind: 'node' | 'sentinel', count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${kind}-${index}`);
}
