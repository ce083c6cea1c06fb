/**
 * Faults that come together, in plans: what happens in the midst of something else, or to several
 * at once, would hardly be met by chance.
 */
import type { Prng } from '../base/prng.js';
import type { Millis } from '../base/time.js';
import type { Fault, FaultKind } from './fault.js';
import type { WorldOptions } from './options.js';

/** More than the smallest ring (src/replication/flow-control.ts) holds. */
const BURST_BYTES = 1_400_000;

/** @returns none in a third of the runs. */
export function randomMisfortune(options: WorldOptions, random: Prng): readonly Fault[] {
  const isInside = options.placement !== 'processes';
  if (options.nodes === 2 && random.chance(0.5)) return amidSync(options, random);
  switch (random.below(14)) {
    case 0:
    case 1:
      return isInside ? lapping(options, random) : amidSync(options, random);
    case 2:
    case 3:
      return amidSync(options, random);
    case 4:
    case 5:
      return amidReconnect(options, random);
    case 6:
    case 7:
      return allStandStill(options, random);
    case 8:
    case 9:
    case 10:
      return heirsFall(options, random);
    default:
      return [];
  }
}

/** One node of the process falls more than a ring behind. */
function lapping(options: WorldOptions, random: Prng): Fault[] {
  const { downAfterMs } = options;
  const node = anyNode(options, random);
  const stalls: readonly FaultKind[] = [
    { type: 'isolate', island: [node], direction: 'both' },
    { type: 'cut', from: 'master', to: node },
    { type: 'freeze', target: node },
  ];
  const stall = random.pick(stalls);
  const forMs = 500 + random.below(4 * downAfterMs);
  const thenMs = random.below(3 * downAfterMs);
  return [
    { ...stall, forMs, thenMs: 1 + random.below(100) },
    { type: 'burst', target: 'master', bytes: BURST_BYTES, forMs: 0, thenMs },
  ];
}

/** A node comes back, and something happens while it takes its full sync. */
function amidSync(options: WorldOptions, random: Prng): Fault[] {
  const { downAfterMs, failoverTimeoutMs, sentinels } = options;
  const node = `node-${1 + random.below(options.nodes - 1)}`;
  const backMs = downAfterMs + random.below(downAfterMs);
  const sentinel = `sentinel-${random.below(sentinels)}`;
  const blows: readonly FaultKind[] = [
    { type: 'isolate', island: [node], direction: 'both' },
    { type: 'crash', target: 'master', silent: random.chance(0.3) },
    { type: 'freeze', target: 'master' },
    { type: 'failover', target: sentinel, isCoordinated: false },
  ];
  const lastingMs = 2 * downAfterMs + random.below(failoverTimeoutMs);
  const thenMs = random.below(failoverTimeoutMs);
  const begin = (forMs: Millis): readonly Fault[] => [
    { type: 'burst', target: 'master', bytes: BURST_BYTES, forMs: 0, thenMs: 100 },
    { type: 'crash', target: node, silent: false, forMs, thenMs: 2 * backMs, untilSyncOf: node },
  ];
  if (options.nodes > 2 && random.chance(0.6)) {
    return [...begin(backMs), { ...random.pick(blows), forMs: lastingMs, thenMs }];
  }
  // It does not get on with its sync, and is promoted if there is no other.
  const stall: FaultKind =
    options.placement === 'processes'
      ? { type: 'cut', from: 'master', to: node }
      : { type: 'full-mailbox', from: 'master', to: node };
  // A sentinel takes a second to hear how it is now.
  const heardMs = 1200 + random.below(1000);
  const forMs = heardMs + lastingMs;
  const end = random.pick([blows[1]!, blows[3]!, blows[3]!]);
  return [
    ...begin(1 + random.below(downAfterMs / 2)),
    { ...stall, forMs, thenMs: heardMs },
    { ...end, forMs: lastingMs, thenMs },
  ];
}

/** The master answers nothing any more, and one of the replicas that start anew is promoted. */
function amidReconnect(options: WorldOptions, random: Prng): Fault[] {
  const { downAfterMs, failoverTimeoutMs, nodes } = options;
  const forMs = 2 * downAfterMs + random.below(2 * failoverTimeoutMs);
  const end: FaultKind = random.chance(0.7)
    ? { type: 'crash', target: 'node-0', silent: true }
    : { type: 'freeze', target: 'node-0' };
  const faults: Fault[] = [{ ...end, forMs, thenMs: 1 }];
  for (let index = 1; index < nodes; index++) {
    const backMs = 1 + random.below(downAfterMs / 2);
    const target = `node-${index}`;
    faults.push({ type: 'crash', target, silent: false, forMs: backMs, thenMs: 1 });
  }
  const last = faults.at(-1)!;
  return [...faults.slice(0, -1), { ...last, thenMs: random.below(2 * failoverTimeoutMs) }];
}

/** All nodes stand still at nearly the same time: an election may find none to promote. */
function allStandStill(options: WorldOptions, random: Prng): Fault[] {
  const { downAfterMs, failoverTimeoutMs, nodes } = options;
  const faults = Array.from({ length: nodes }, (_, index): Fault => {
    const forMs = downAfterMs + random.below(failoverTimeoutMs);
    return { type: 'freeze', target: `node-${index}`, forMs, thenMs: random.below(60) };
  });
  const last = faults.at(-1)!;
  return [...faults.slice(0, -1), { ...last, thenMs: random.below(failoverTimeoutMs) }];
}

/** The master is replaced, and its successor struck once it has taken some writes, or none. */
function heirsFall(options: WorldOptions, random: Prng): Fault[] {
  const { downAfterMs, failoverTimeoutMs, nodes, sentinels } = options;
  const strike = (): FaultKind => {
    const sentinel = `sentinel-${random.below(sentinels)}`;
    const blows: readonly FaultKind[] = [
      { type: 'crash', target: 'master', silent: random.chance(0.3) },
      { type: 'freeze', target: 'master' },
      { type: 'isolate', island: ['master'], direction: 'both', sparesClients: random.chance(0.5) },
      { type: 'failover', target: sentinel, isCoordinated: random.chance(0.5) },
    ];
    return random.pick(blows);
  };
  const limitMs = 2 * failoverTimeoutMs + 4 * downAfterMs;
  const lastingMs = (): Millis => downAfterMs + random.below(failoverTimeoutMs);
  const faults: Fault[] = [];
  if (random.chance(0.5)) {
    // It does not hear of the first successor in time.
    const target = `node-${1 + random.below(nodes - 1)}`;
    const forMs = 2 * downAfterMs + random.below(failoverTimeoutMs);
    faults.push({ type: 'freeze', target, forMs, thenMs: 1 + random.below(50) });
  }
  for (let heirs = random.chance(0.3) ? 2 : 1; heirs > 0; heirs--) {
    const afterSuccessionMs = random.below(random.chance(0.5) ? 20 : downAfterMs);
    faults.push({ ...strike(), forMs: lastingMs(), thenMs: limitMs, afterSuccessionMs });
  }
  const thenMs = random.below(2 * failoverTimeoutMs);
  return [...faults, { ...strike(), forMs: lastingMs(), thenMs }];
}

const anyNode = ({ nodes }: WorldOptions, random: Prng): string => `node-${random.below(nodes)}`;
