/**
 * One run of a plan: a cluster comes up, faults happen, they stop, and it has to recover.
 *
 * Safety is checked throughout. Liveness is asked for at the end only: while faults go on, being
 * unavailable is allowed.
 */
import { Prng } from '../base/prng.js';
import type { Millis } from '../base/time.js';
import { Ballots } from '../replication/strict/ballots.js';
import { NO_DATA } from '../replication/strict/quorum.js';
import { majority } from '../sentinel/quorum.js';
import { judgeHistory, judgeOrder, judgeWaits } from './checks/promises.js';
import { TWO_MASTERS } from './counted.js';
import type { Fault } from './fault.js';
import { endAll, inject, isSyncing, servingMaster } from './faults.js';
import type { Plan } from './plan.js';
import type { RunResult } from './result.js';
import { type Rules, soundRules } from './rules.js';
import type { SimulatedCluster } from './simulated-cluster.js';
import { check, Violation } from './violation.js';
import type { Observer } from './observer.js';
import { World } from './world.js';

export interface RunOptions {
  readonly rules?: Rules;
  readonly observe?: (world: World) => Observer;
  /** More to be checked once the cluster is whole again. @throws Violation, or any error. */
  readonly check?: (cluster: SimulatedCluster) => void;
}

/** How it is counted that a strict cluster's majority has lost its memory. */
const MAJORITIES_LOST = 'majorities lost';
/** How it is counted that two masters under one epoch were left. */
const NO_ONE_MASTER = 'epochs that were left with two masters';

/** How long a cluster may take to find together before the faults begin. */
const START_MS = 20_000;
const STEP_MS = 500;
/** A majority that is missed for so long, all faults over, does not come back. */
const LOST_MS = 5000;
/** How long what is under way may take to arrive, once clients have ended. */
const SETTLE_MS = 3000;
const SETTLE_STEP_MS = 100;

/** Run a plan with the dice of a seed. */
export async function runPlan(
  seed: number,
  plan: Plan,
  { rules = soundRules, observe, check: more }: RunOptions = {},
): Promise<RunResult> {
  const world = new World(plan.options, new Prng(seed), rules);
  if (observe !== undefined) world.observer = observe(world);
  let violation: RunResult['violation'] = null;
  let recoveredMs = 0;
  try {
    world.start();
    await comeUp(world);
    for (const fault of plan.faults) {
      inject(world, fault);
      await waitAfter(world, fault);
    }
    endAll(world);
    recoveredMs = await agree(world);
    if (!hasFallen(world)) await settle(world);
    if (!hasFallen(world)) {
      judge(world, plan);
      more?.(world);
    }
  } catch (error) {
    const rule = error instanceof Violation ? error.rule : 'no error is thrown';
    const text = error instanceof Violation ? error.message : stackOf(error);
    violation = { rule, text: `${text} at ${Math.round(world.queue.now)}` };
  }
  world.coverage.count('runs');
  world.coverage.count('elections', world.elections.elections);
  world.coverage.count('simulated ms', Math.round(world.queue.now));
  return { seed, violation, recoveredMs, seen: [...world.coverage.counts] };
}

async function waitAfter(world: World, fault: Fault): Promise<void> {
  const { thenMs, untilSyncOf, afterSuccessionMs } = fault;
  const end = world.queue.now + thenMs;
  if (afterSuccessionMs !== undefined) return awaitSuccession(world, end, afterSuccessionMs);
  if (untilSyncOf === undefined) return world.run(end);
  await runUntil(world, end, () => isSyncing(world, untilSyncOf));
}

/** Let time go on, ms by ms, until it is so, or until the end. */
async function runUntil(world: World, end: Millis, isSo: () => boolean): Promise<void> {
  while (world.queue.now < end && !isSo()) {
    await world.run(Math.min(end, world.queue.now + 1));
  }
}

/** The master has been struck: wait until there is another one, and a little longer. */
async function awaitSuccession(world: World, end: Millis, moreMs: Millis): Promise<void> {
  const struck = servingMaster(world);
  await runUntil(world, end, () => {
    const now = servingMaster(world);
    return now !== undefined && now !== struck;
  });
  if (world.queue.now < end) await world.run(world.queue.now + moreMs);
}

async function comeUp(world: World): Promise<void> {
  let problem: string | null = null;
  while (world.queue.now < START_MS) {
    await world.run(world.queue.now + STEP_MS);
    problem = world.disagreement();
    if (problem === null && world.groups.every((group) => group.isAcquainted)) return;
  }
  throw new Violation('the cluster comes up', problem ?? 'not all know each other');
}

/** Wait for agreement, when all faults have ended. @returns how long it took. */
async function agree(world: World): Promise<Millis> {
  const { queue, options } = world;
  const begin = queue.now;
  const { tiltPeriodMs } = options.profile;
  const { failoverTimeoutMs, downAfterMs } = options;
  const limit = begin + tiltPeriodMs + 8 * failoverTimeoutMs + 10 * downAfterMs + 60_000;
  let problem: string | null = null;
  let wholeAt = begin;
  while (queue.now < limit) {
    await world.run(queue.now + STEP_MS);
    problem = world.disagreement();
    if (problem === null) return queue.now - begin;
    if (!hasLostMajority(world)) wholeAt = queue.now;
    else if (queue.now - wholeAt >= LOST_MS) {
      // It serves no data any more, and has to be started anew: that is its promise.
      world.coverage.count(MAJORITIES_LOST);
      return 0;
    }
  }
  if (!options.profile.guards && world.countOf(TWO_MASTERS) > 0) {
    // Redis' sentinels stay with two masters under one epoch until the next failover.
    world.coverage.count(NO_ONE_MASTER);
    return 0;
  }
  throw new Violation('the cluster recovers', problem ?? '');
}

/** Whether no majority of a strict cluster is left that knows all that was acknowledged. */
function hasLostMajority({ options, nodes, ballots: memory }: World): boolean {
  const ballots = new Ballots(memory);
  const whole = nodes.filter(({ index }) => ballots.data(index) !== NO_DATA);
  return options.strict && whole.length < majority(nodes.length);
}

/** It was left in a state in which nothing more is promised. */
const hasFallen = (world: World): boolean =>
  world.countOf(MAJORITIES_LOST) > 0 || world.countOf(NO_ONE_MASTER) > 0;

/** Clients end, and what is under way arrives. */
async function settle(world: World): Promise<void> {
  await world.run(world.queue.now + 1000); // Clients find the master, and write to it.
  for (const client of world.clients) client.stop();
  let difference = await arrive(world);
  if (difference !== null && world.disagreement() !== null) {
    // A failover for a silence that began before the faults ended, when all agreed already.
    world.coverage.count('failovers in the end');
    await agree(world);
    if (hasFallen(world)) return;
    difference = await arrive(world);
  }
  check(difference === null, 'all have the same data in the end', () => difference ?? '');
}

/** @returns what is different in the end; null: nothing is. */
async function arrive(world: World): Promise<string | null> {
  const limit = world.queue.now + SETTLE_MS;
  let difference: string | null = null;
  do {
    await world.run(world.queue.now + SETTLE_STEP_MS);
    difference = world.history.isOver ? world.difference() : 'a client waits for a reply';
  } while (difference !== null && world.queue.now < limit);
  return world.history.isOver ? difference : world.difference();
}

/** What clients were told is held against what is there. */
function judge(world: World, plan: Plan): void {
  const losses = plan.options.strict || keepsAll(world, plan) ? 'none' : 'any';
  judgeHistory(world.history, losses, (key) => world.valueOf(key), world.coverage);
  if (!world.hasLostMemory) {
    const replicas = plan.options.nodes - 1;
    judgeWaits(world.history, replicas, (key) => world.valueOf(key), world.coverage);
  }
  if (plan.options.strict) judgeOrder(world.history, world.coverage);
}

/**
 * Threads whose deaths and pauses lose nothing: whoever replaced a master has read its stream to
 * the
 * end, and the fence sees to it that nothing comes after that.
 */
function keepsAll(world: World, { options, faults }: Plan): boolean {
  const isPartitioned = faults.some(({ type }) => type === 'isolate' || type === 'cut');
  return (
    options.placement === 'threads' && options.fencing && !isPartitioned && !world.hasLeftWrites
  );
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
